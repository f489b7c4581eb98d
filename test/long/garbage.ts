// Garbage on every port of a running network, all kinds of it at once: nothing changes but
// counters. Real node processes over real sockets; what they say of themselves on their status
// pages is compared from before to after. The short form is part of the tests.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { monotonicMs } from '../../main/system.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import { GARBAGE_KINDS, meet } from '../support/garbage-peers.ts';
import type { LongForm } from './long.ts';

/** Resident memory a node may gain: what its runtime takes in before it collects. */
const RSS_GROWTH_BYTES_MAX = 64 * 1_048_576;
/**
 * Of the loops that are decided while the garbage comes. Far below what a quiet machine gives: on
 * one whose cores are all taken, links are cut and made anew with no garbage at all.
 */
const LOOPS_RETURNED_MIN = 0.5;
/** Between two peers of one kind at one port: the point is what they send, not how many. */
const PAUSE_MS = 25;
const STEADY_MS_MAX = 90_000;
const TRAFFIC = 'test';
const root = path.resolve(import.meta.dirname, '../..');

export type NodeMetrics = Readonly<Record<string, number>>;
type NodeAt = { readonly name: string; readonly port: number; readonly statusPort: number };

export type GarbageReport = {
  readonly passed: boolean;
  readonly faults: readonly string[];
  readonly peers: number;
  readonly attackSeconds: number;
  readonly nodes: number;
  /** Links that were ended, by the reason that the nodes counted. */
  readonly closed: Readonly<Record<string, number>>;
  readonly loopsReturned: number;
  readonly loopsLost: number;
  readonly rssGrowthBytesMax: number;
};

/** What changed that should not have, or did not change that should have. */
export function faultsOf(name: string, before: NodeMetrics, after: NodeMetrics): string[] {
  const faults: string[] = [];
  const change = (metric: string) => (after[metric] ?? 0) - (before[metric] ?? 0);
  if (after['neighbours_up'] !== before['neighbours_up']) faults.push('links are down');
  // What only a link between nodes can end of, in so short a time.
  for (const reason of ['silent', 'no_cover', 'not_reading', 'wrong_key']) {
    if (change(`link_closed_${reason}`) > 0) faults.push(`a link was ended: ${reason}`);
  }
  if (change('resident_bytes') > RSS_GROWTH_BYTES_MAX) {
    faults.push(`${change('resident_bytes')} bytes more`);
  }
  if (change('wakes') <= 0) faults.push('the role did not run on, or began anew');
  if (change('mail_mails_stored') > 0) faults.push('garbage was stored as mail');
  if (closedBy(before, after)['protocol'] === undefined) faults.push('garbage was not counted');
  return faults.map((fault) => `${name}: ${fault}`);
}

/** Whether loops went on returning, over all nodes. */
export function loopFaults(before: readonly NodeMetrics[], after: readonly NodeMetrics[]) {
  const change = (metric: string) =>
    sumOf(after.map((one) => one[metric] ?? 0)) - sumOf(before.map((one) => one[metric] ?? 0));
  const loopsReturned = change('loops_returned') + change('loops_late');
  const loopsLost = change('loops_lost');
  const share = loopsReturned / (loopsReturned + loopsLost);
  const faults = share >= LOOPS_RETURNED_MIN ? [] : [`of the loops ${share} returned`];
  return { loopsReturned, loopsLost, faults };
}

export async function runGarbage(seconds: number): Promise<GarbageReport> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-garbage-'));
  const { child, nodes } = await startNetwork(folder);
  try {
    await steady(nodes);
    const before = await Promise.all(nodes.map(metricsOf));
    const peers = await attack(nodes, seconds);
    await steady(nodes);
    const after = await Promise.all(nodes.map(metricsOf));
    const loops = loopFaults(before, after);
    const own = nodes.flatMap(({ name }, index) =>
      faultsOf(name, before[index] ?? {}, after[index] ?? {}),
    );
    const faults = [...own, ...loops.faults];
    const growths = after.map(
      (one, index) => (one['resident_bytes'] ?? 0) - (before[index]?.['resident_bytes'] ?? 0),
    );
    return {
      passed: faults.length === 0,
      faults,
      peers,
      attackSeconds: seconds,
      nodes: nodes.length,
      closed: mergeSums(after.map((one, index) => closedBy(before[index] ?? {}, one))),
      loopsReturned: loops.loopsReturned,
      loopsLost: loops.loopsLost,
      rssGrowthBytesMax: Math.max(...growths),
    };
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startNetwork(folder: string): Promise<{ child: ChildProcess; nodes: NodeAt[] }> {
  const bootstrap = path.join(root, 'scripts/bootstrap.mjs');
  const shape = ['--layers', '3', '--mixes', '1', '--providers', '2', '--traffic', TRAFFIC];
  const child = spawn(process.execPath, [bootstrap, 'localnet', '--data', folder, ...shape], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, INIT_CWD: root },
  });
  await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`localnet ended with ${code}`);
    }),
  ]);
  const plan = JSON.parse(readFileSync(path.join(folder, 'localnet.json'), 'utf8')) as {
    readonly nodes: readonly NodeAt[];
  };
  return { child, nodes: [...plan.nodes] };
}

async function metricsOf({ statusPort }: NodeAt): Promise<NodeMetrics> {
  const response = await fetch(`http://127.0.0.1:${statusPort}/metrics`);
  const lines = (await response.text()).trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(' ');
      return [name.replace('eddy_', ''), Number(value)];
    }),
  );
}

/** Every link is up, and loops return since now. */
async function steady(nodes: readonly NodeAt[]): Promise<void> {
  const first = await Promise.all(nodes.map(metricsOf));
  const until = monotonicMs() + STEADY_MS_MAX;
  for (;;) {
    const now = await Promise.all(nodes.map(metricsOf));
    const isUp = now.every((one) => one['neighbours_up'] === one['neighbours']);
    if (isUp && loopFaults(first, now).loopsReturned > 20) return;
    if (monotonicMs() > until) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** One peer of each kind at each port at any time; gives how many there were. */
async function attack(nodes: readonly NodeAt[], seconds: number): Promise<number> {
  const until = monotonicMs() + seconds * 1_000;
  let peers = 0;
  const keepOn = async (port: number, kind: (typeof GARBAGE_KINDS)[number]) => {
    while (monotonicMs() < until) {
      peers += 1;
      await meet(port, kind, trafficSets[TRAFFIC].pullMailCount);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const ports = nodes.flatMap(({ port, statusPort }) => [port, statusPort]);
  const all = ports.flatMap((port) => GARBAGE_KINDS.map((kind) => keepOn(port, kind)));
  await Promise.all(all);
  return peers;
}

/** Links ended in between, by reason; those that did not happen are left out. */
function closedBy(before: NodeMetrics, after: NodeMetrics): Record<string, number> {
  const prefix = 'link_closed_';
  const changes = Object.entries(after)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, count]) => [name.slice(prefix.length), count - (before[name] ?? 0)] as const);
  return Object.fromEntries(changes.filter(([, count]) => count > 0));
}

function mergeSums(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const one of all) {
    for (const [name, count] of Object.entries(one)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** `npm run -s long -- garbage`: ten seconds. */
export const longForm: LongForm = {
  run: async ({ say }) => {
    say('ten seconds of garbage on every port of a local network');
    return runGarbage(10);
  },
};
