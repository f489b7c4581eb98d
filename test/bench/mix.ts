// One mix on real loopback links: what it passes on at saturation, per second of its own processor
// time, against what its unwrapping alone would allow; at half of that, how much later than its
// header says a packet arrives, and whether memory grows in a minute. Packets are built beforehand.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { unixMs } from '../../main/system.ts';
import { freePorts } from '../support/ports.ts';
import { type Benchmark, medianOf, rounded } from './measure.ts';
import type { FeedResult } from './mix-feeder.ts';
import type { MixUse } from './mix-node.ts';
import { linkKeyAt, PLACES, type Setup, saveSetup } from './mix-setup.ts';

const SATURATION_RUNS = 5;
const SATURATION_PACKETS = 10_000;
const HALF_SECONDS = 60;
/** Before memory is looked at for the first time. */
const WARM_SECONDS = 5;
export const benchmark: Benchmark = async function* () {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-bench-mix-'));
  const children: ChildProcess[] = [];
  const start = (name: string, ...rest: string[]) => {
    const child = fork(path.join(import.meta.dirname, name), [folder, ...rest]);
    children.push(child);
    return child;
  };
  try {
    const ports = await freePorts(Object.keys(PLACES).length);
    // The network began a minute ago: the whole benchmark lies within its first epoch.
    const setup: Setup = { folder, ports, epoch0UnixMs: Math.floor(unixMs()) - 60_000 };
    saveSetup(setup);
    for (const place of Object.values(PLACES)) linkKeyAt(setup, place);
    const build = async (count: number) => {
      const generator = start('mix-packets.ts', `${Math.ceil(count)}`);
      await new Promise((resolve) => generator.once('exit', resolve));
    };
    await build(SATURATION_PACKETS * (SATURATION_RUNS + 1));
    const mix = start('mix-node.ts');
    await message(mix);
    const feeder = start('mix-feeder.ts');
    await message(feeder);
    yield await measure(mix, feeder, build);
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
};

async function measure(
  mix: ChildProcess,
  feeder: ChildProcess,
  build: (count: number) => Promise<void>,
) {
  const feed = (run: { count: number; perSecond: number | null }) => ask<FeedResult>(feeder, run);
  const use = () => ask<MixUse>(mix, {});
  /** Until everything that came has left again, so that work and packets match. */
  const drained = async (): Promise<MixUse> => {
    for (;;) {
      const now = await use();
      if (now.poolSize === 0) return now;
      await later(50);
    }
  };
  await feed({ count: SATURATION_PACKETS, perSecond: null });
  const perCpuSecond: number[] = [];
  const perWallSecond: number[] = [];
  const unwrapRates: number[] = [];
  for (let sample = 0; sample < SATURATION_RUNS; sample++) {
    const from = await drained();
    const fed = await feed({ count: SATURATION_PACKETS, perSecond: null });
    const to = await drained();
    perCpuSecond.push(((to.forwarded - from.forwarded) * 1_000) / (to.cpuMs - from.cpuMs));
    perWallSecond.push(fed.arrived / fed.seconds);
    unwrapRates.push(1_000 / to.unwrapMsMedian);
  }
  const packetsPerSecond = medianOf(perCpuSecond);
  const unwrapPerSecond = medianOf(unwrapRates);
  const saturation = medianOf(perWallSecond);
  const half = saturation / 2;
  await build(half * (WARM_SECONDS + HALF_SECONDS) + 2);
  await feed({ count: half * WARM_SECONDS, perSecond: half });
  const before = await drained();
  const result = await feed({ count: half * HALF_SECONDS, perSecond: half });
  const last = await drained();
  return {
    packetsPerSecond: Math.round(packetsPerSecond),
    unwrapPerSecond: Math.round(unwrapPerSecond),
    packetsOverUnwrap: rounded(packetsPerSecond / unwrapPerSecond),
    wallPacketsPerSecond: Math.round(saturation),
    halfPacketsPerSecond: Math.round(half),
    addedDelayMsP50: result.p50 === null ? null : rounded(result.p50),
    addedDelayMsP99: result.p99 === null ? null : rounded(result.p99),
    rssGrowthBytes: last.rssBytes - before.rssBytes,
    rssBytes: last.rssBytes,
    lost: result.sent - result.arrived,
    refused: last.refused,
    threads: 1,
    samples: SATURATION_RUNS,
  };
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => {
      reject(new Error(`a process of the benchmark ended with ${code}`));
    };
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer);
    });
  });
}

async function ask<Answer>(child: ChildProcess, question: object): Promise<Answer> {
  const answered = message(child);
  child.send(question);
  return (await answered) as Answer;
}

/** Ports that nobody listens on at the moment. */
