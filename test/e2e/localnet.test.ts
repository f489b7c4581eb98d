// A network on this machine as its user starts it: a mail from one provider's client through three
// mixes into another provider's mailbox and out by a pull; faults; a restart; an orderly end.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monotonicMs, systemRandom, unixMs } from '../../main/system.ts';
import { equalBytes } from '../../shared/bytes.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';
import { CONTENT_SIZE } from '../../shared/network/geometry.ts';
import { parseNetworkFile } from '../../shared/network/network-file.ts';
import { type Topology, timeliness, verifyDocument } from '../../shared/network/topology.ts';
import { drawBytes } from '../../shared/random.ts';
import { drawAuthKeys, openPlainClient, type PlainClient } from '../support/plain-client.ts';
import { descendants, isRunning } from '../support/processes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-localnet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type NodeLine = { name: string; kind: string; address: string; pid: number };
type Ready = { ready: true; network: string; documentUrl: string; nodes: NodeLine[] };
type Localnet = {
  readonly child: ChildProcess;
  readonly ready: Ready;
  /** Every process that it stands for. */
  readonly pids: readonly number[];
  readonly lines: string[];
};

const shape = ['--layers', '3', '--mixes', '2', '--providers', '2', '--traffic', 'test'];

async function start(args: readonly string[] = [...shape, '--faults']): Promise<Localnet> {
  const bootstrap = path.join(root, 'scripts/bootstrap.mjs');
  const child = spawn(process.execPath, [bootstrap, 'localnet', '--data', folder, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, INIT_CWD: root },
  });
  const lines: string[] = [];
  const ready = await new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      resolve(JSON.parse(line) as Ready);
    });
    child.once('exit', (code) => reject(new Error(`localnet ended with ${code}`)));
  });
  return { child, ready, lines, pids: descendants(child.pid ?? 0) };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  return new Promise((resolve) => child.once('exit', resolve));
}

/** The newest document, checked as any client does. */
async function fetchTopology(ready: Ready): Promise<Topology> {
  const parsed = parseNetworkFile(readFileSync(ready.network, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.field);
  for (;;) {
    const response = await fetch(ready.documentUrl);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const verified = verifyDocument(nobleEngine, parsed.network, bytes);
    if (!verified.ok) throw new Error(verified.reason);
    // The next epoch's document comes out ahead; a packet goes by the running one.
    if (timeliness(verified.topology, unixMs()).kind === 'current') return verified.topology;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function eventually<Value>(what: string, ask: () => Promise<Value | null>): Promise<Value> {
  const until = monotonicMs() + 30_000;
  for (;;) {
    const value = await ask();
    if (value !== null) return value;
    if (monotonicMs() > until) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const aliceKeys = drawAuthKeys();
const bobKeys = drawAuthKeys();
const token = drawBytes(systemRandom, 16);
const put = (number: number) =>
  ({
    kind: 'put',
    number,
    token,
    tokenKind: 'contacts',
    quota: null,
    expiresUnixMs: null,
  }) as const;

async function openPair(topology: Topology) {
  const [first, second] = topology.providers;
  if (first === undefined || second === undefined) throw new Error('two providers');
  const alice = await openPlainClient(topology, first, aliceKeys);
  const bob = await openPlainClient(topology, second, bobKeys);
  return { alice, bob, to: { provider: second, mailbox: bob.mailbox, token } };
}

/** Five tries, as a client has; a busy machine may lose one. */
async function mailUntilAcknowledged(
  alice: PlainClient,
  to: Awaited<ReturnType<typeof openPair>>['to'],
  content: Uint8Array,
): Promise<void> {
  const identifiers: Uint8Array[] = [];
  let nextAtMs = 0;
  await eventually('the acknowledgement', async () => {
    if (identifiers.length < 5 && monotonicMs() > nextAtMs) {
      identifiers.push(alice.mail(to, content));
      nextAtMs = monotonicMs() + 5_000;
    }
    const { acknowledgements } = await alice.pull();
    const isOne = ({ identifier }: { identifier: Uint8Array }) =>
      identifiers.some((sent) => equalBytes(sent, identifier));
    return acknowledgements.find(isOne) ?? null;
  });
}

/** Of every node: where its status page is. */
function statusPorts(): number[] {
  const plan = JSON.parse(readFileSync(path.join(folder, 'localnet.json'), 'utf8')) as {
    nodes: { statusPort: number }[];
  };
  return plan.nodes.map(({ statusPort }) => statusPort);
}

async function metricLines(): Promise<[name: string, value: string][]> {
  const pages = statusPorts().map(async (port) => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    const lines = (await response.text()).trim().split('\n');
    return lines.map((line) => line.split(' ') as [string, string]);
  });
  return (await Promise.all(pages)).flat();
}

/** How often links ended at any node, by reason, and the latest wake of all. */
async function linkEnds() {
  const all = await metricLines();
  const lags = all.filter(([name]) => name === 'eddy_wake_lag_ms_max');
  const ends: Record<string, number> = {};
  for (const [name, count] of all) {
    // Clients of other tests come and go in order.
    const isBreak = name.startsWith('eddy_link_closed_') && !name.endsWith('_ended');
    if (isBreak) ends[name] = (ends[name] ?? 0) + Number(count);
  }
  return { ends, lagMsMax: Math.max(...lags.map(([, lag]) => Number(lag))) };
}

const pullMail = (client: PlainClient, content: Uint8Array) =>
  eventually('the mail', async () => {
    const { mails } = await client.pull();
    return mails.find((mail) => equalBytes(mail.content, content)) ?? null;
  });

describe('a local network', () => {
  let net: Localnet;
  beforeAll(async () => {
    net = await start();
  });
  afterAll(() => net.child.kill('SIGKILL'));

  it('prints one line when it is ready, with a process for each node', () => {
    expect(net.lines).toHaveLength(1);
    const kinds = net.ready.nodes.map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['authority', ...Array(6).fill('mix'), 'provider', 'provider']);
    expect(new Set(net.ready.nodes.map(({ pid }) => pid)).size).toBe(9);
    for (const { address, pid } of net.ready.nodes) {
      expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(isRunning(pid)).toBe(true);
    }
  });

  it('tells the key exchange of the links that its nodes dialled, hybrid all of them', async () => {
    const counted = { x25519mlkem768: 0, x25519: 0, other: 0 };
    for (const [name, value] of await metricLines()) {
      const group = name.replace('eddy_links_outbound_', '') as keyof typeof counted;
      if (name !== group) counted[group] += Number(value);
    }
    expect(counted.x25519mlkem768).toBeGreaterThan(0);
    expect(counted).toMatchObject({ x25519: 0, other: 0 });
    const asked = statusPorts().map(async (port) => {
      const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as object;
      expect(health).toMatchObject({ outboundX25519: 0, outboundOther: 0 });
      return (health as { outboundX25519MLKEM768: number }).outboundX25519MLKEM768;
    });
    const told = (await Promise.all(asked)).reduce((sum, links) => sum + links, 0);
    expect(told).toBeGreaterThan(0);
  });

  it('carries a mail into a mailbox and out by a pull, and its acknowledgement back', async () => {
    const { alice, bob, to } = await openPair(await fetchTopology(net.ready));
    expect(alice.group()).toBe('X25519MLKEM768');
    await bob.pull(put(1));
    await eventually('the token', async () =>
      (await bob.pull()).tokenCommandNumber === 1 ? true : null,
    );
    const content = drawBytes(systemRandom, CONTENT_SIZE);
    const identifier = alice.mail(to, content);
    await pullMail(bob, content);
    await eventually('the acknowledgement', async () => {
      const { acknowledgements } = await alice.pull();
      return acknowledgements.find((one) => equalBytes(one.identifier, identifier)) ?? null;
    });
    await alice.end();
    await bob.end();
  });

  it('loses what a fault says, and heals when the fault ends', async () => {
    const { alice, bob, to } = await openPair(await fetchTopology(net.ready));
    const provider = net.ready.nodes.find(({ address }) => to.provider.addresses.includes(address));
    const say = (fault: object) =>
      net.child.stdin?.write(`${JSON.stringify({ fault: { node: provider?.name, ...fault } })}\n`);
    say({ drop: 1 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const lost = drawBytes(systemRandom, CONTENT_SIZE);
    alice.mail(to, lost);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    say({ drop: 0 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const content = drawBytes(systemRandom, CONTENT_SIZE);
    alice.mail(to, content);
    const found = await pullMail(bob, content);
    expect(equalBytes(found.content, content)).toBe(true);
    const { mails } = await bob.pull();
    expect(mails.some((mail) => equalBytes(mail.content, lost))).toBe(false);
    await alice.end();
    await bob.end();
  });

  it('keeps every link while all of its nodes stand still for a while', async () => {
    const before = await linkEnds();
    for (const { name } of net.ready.nodes) {
      net.child.stdin?.write(`${JSON.stringify({ fault: { node: name, pauseMs: 3_500 } })}\n`);
    }
    // More than test traffic may be silent, twice the time that a link is looked at after it.
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    const after = await linkEnds();
    expect(after.lagMsMax).toBeGreaterThan(3_000);
    expect(after.ends).toEqual(before.ends);
  });

  it('starts a node again that was killed, with the mail it had', async () => {
    const { alice, bob, to } = await openPair(await fetchTopology(net.ready));
    const content = drawBytes(systemRandom, CONTENT_SIZE);
    const identifier = alice.mail(to, content);
    await eventually('the acknowledgement', async () => {
      const { acknowledgements } = await alice.pull();
      return acknowledgements.find((one) => equalBytes(one.identifier, identifier)) ?? null;
    });
    await alice.end();
    await bob.end();
    const node = net.ready.nodes.find(({ address }) => to.provider.addresses.includes(address));
    net.child.stdin?.write(`${JSON.stringify({ fault: { node: node?.name, kill: true } })}\n`);
    await eventually('the end of the node', async () => (isRunning(node?.pid ?? 0) ? null : true));
    const again = await eventually('the node', async () => {
      const { bob: client } = await openPair(await fetchTopology(net.ready)).catch(() => ({
        bob: null,
      }));
      return client;
    });
    await pullMail(again, content);
    await again.end();
  });

  it('goes on as the same network after a restart, and ends with nothing left', async () => {
    const { alice, bob, to } = await openPair(await fetchTopology(net.ready));
    const content = drawBytes(systemRandom, CONTENT_SIZE);
    await mailUntilAcknowledged(alice, to, content);
    await alice.end();
    await bob.end();
    const before = await fetchTopology(net.ready);
    net.child.kill('SIGTERM');
    expect(await exitOf(net.child)).toBe(0);
    expect(net.pids.filter(isRunning)).toEqual([]);

    const first = net.ready;
    net = await start(['--faults']);
    expect(net.ready.nodes.map(({ name, address }) => `${name} ${address}`)).toEqual(
      first.nodes.map(({ name, address }) => `${name} ${address}`),
    );
    const after = await fetchTopology(net.ready);
    expect([...after.byPeer.keys()].sort()).toEqual([...before.byPeer.keys()].sort());
    const pair = await openPair(after);
    await pullMail(pair.bob, content);
    await pair.alice.end();
    await pair.bob.end();

    // However its parent ends.
    net.child.kill('SIGKILL');
    await eventually('the end of all', async () => (net.pids.some(isRunning) ? null : true));
  });
});
