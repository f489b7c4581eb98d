// One mix on real loopback links: what it passes on at saturation, per second of its own processor
// time, against what its unwrapping alone would allow; at half of that, how much later than its
// header says a packet arrives, and whether memory grows in a minute. Packets are built beforehand.
// With worker threads, a mix without them is saturated first: it says what an unwrap takes, and how
// much faster the workers are.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { NODE_FLAGS } from '../../main/cli/node-child.ts';
import { unixMs } from '../../main/system.ts';
import { freePorts } from '../support/ports.ts';
import { type Benchmark, medianOf, rounded } from './measure.ts';
import type { FeedResult } from './mix-feeder.ts';
import type { MixUse } from './mix-node.ts';
import { linkKeyAt, PLACES, type Setup, saveSetup } from './mix-setup.ts';

const SATURATION_RUNS = 5;
/** In one saturation run, for each second that the benchmark is given: 10,000 in a whole minute. */
const SATURATION_PACKETS_PER_SECOND = 10_000 / 60;
const SATURATION_PACKETS_MIN = 2_000;
/** With fewer, the workers would take turns with the processes that feed the mix. */
const GROWTH_CORES_MIN = 4;
/** Before memory is looked at for the first time. */
const WARM_SECONDS = 5;
export const benchmark: Benchmark = async function* ({ seconds, threads }) {
  const perRun = Math.max(SATURATION_PACKETS_MIN, seconds * SATURATION_PACKETS_PER_SECOND);
  const packets = Math.round(perRun);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-bench-mix-'));
  const children = new Set<ChildProcess>();
  const start = (name: string, ...rest: string[]) => {
    // As production runs a node; the feeder's pauses would be taken for the mix's.
    const execArgv = [...process.execArgv, ...NODE_FLAGS];
    const child = fork(path.join(import.meta.dirname, name), [folder, ...rest], { execArgv });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  const build = async (count: number) => {
    await ended(start('mix-packets.ts', `${Math.ceil(count)}`));
  };
  const open = async (workers: number): Promise<Bench> => {
    const mix = start('mix-node.ts', `${workers}`);
    await message(mix);
    const feeder = start('mix-feeder.ts');
    await message(feeder);
    return { mix, feeder, build, packets, seconds };
  };
  try {
    const ports = await freePorts(Object.keys(PLACES).length);
    // The network began a minute ago: the whole benchmark lies within its first epoch.
    const setup: Setup = { folder, ports, epoch0UnixMs: Math.floor(unixMs()) - 60_000 };
    saveSetup(setup);
    for (const place of Object.values(PLACES)) linkKeyAt(setup, place);
    await build(packets * (SATURATION_RUNS + 1));
    let alone: Saturation | null = null;
    if (threads > 0) {
      const bench = await open(0);
      alone = await saturate(bench);
      const both = [ended(bench.mix), ended(bench.feeder)];
      for (const child of [bench.mix, bench.feeder]) child.disconnect();
      await Promise.all(both);
    }
    const bench = await open(threads);
    const saturation = await saturate(bench);
    const unwrapPerSecond = (alone ?? saturation).unwrapPerSecond ?? 0;
    const hasCores = os.availableParallelism() >= GROWTH_CORES_MIN;
    const base = hasCores ? (alone?.perWallSecond ?? null) : null;
    yield {
      packetsPerSecond: Math.round(saturation.perCpuSecond),
      unwrapPerSecond: Math.round(unwrapPerSecond),
      packetsOverUnwrap: rounded(saturation.perCpuSecond / unwrapPerSecond),
      wallPacketsPerSecond: Math.round(saturation.perWallSecond),
      ...(await runAtHalf(bench, saturation.perWallSecond / 2)),
      threads,
      growth: base === null ? null : rounded(saturation.perWallSecond / base),
      samples: SATURATION_RUNS,
    };
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
};

type Bench = {
  readonly mix: ChildProcess;
  readonly feeder: ChildProcess;
  /** Adds so many packets to the file. */
  readonly build: (count: number) => Promise<void>;
  /** In one saturation run. */
  readonly packets: number;
  /** At half of saturation. */
  readonly seconds: number;
};

/** Until everything that came has left again, so that work and packets match. */
async function drained({ mix }: Bench): Promise<MixUse> {
  for (;;) {
    const now = await ask<MixUse>(mix, {});
    if (now.held === 0) return now;
    await later(50);
  }
}

type Saturation = {
  readonly perCpuSecond: number;
  readonly perWallSecond: number;
  /** Null where workers unwrap. */
  readonly unwrapPerSecond: number | null;
};

async function saturate(bench: Bench): Promise<Saturation> {
  const feed = () => ask<FeedResult>(bench.feeder, { count: bench.packets, perSecond: null });
  await feed();
  const perCpuSecond: number[] = [];
  const perWallSecond: number[] = [];
  const unwrapRates: number[] = [];
  for (let sample = 0; sample < SATURATION_RUNS; sample++) {
    const from = await drained(bench);
    const fed = await feed();
    const to = await drained(bench);
    perCpuSecond.push(((to.forwarded - from.forwarded) * 1_000) / (to.cpuMs - from.cpuMs));
    perWallSecond.push(fed.arrived / fed.seconds);
    if (to.unwrapMsMedian !== null) unwrapRates.push(1_000 / to.unwrapMsMedian);
  }
  return {
    perCpuSecond: medianOf(perCpuSecond),
    perWallSecond: medianOf(perWallSecond),
    unwrapPerSecond: unwrapRates.length === 0 ? null : medianOf(unwrapRates),
  };
}

async function runAtHalf(bench: Bench, perSecond: number) {
  const feed = (seconds: number) =>
    ask<FeedResult>(bench.feeder, { count: perSecond * seconds, perSecond });
  await bench.build(perSecond * (WARM_SECONDS + bench.seconds) + 2);
  await feed(WARM_SECONDS);
  const before = await drained(bench);
  const result = await feed(bench.seconds);
  const during = await ask<MixUse>(bench.mix, {});
  const last = await drained(bench);
  return {
    halfPacketsPerSecond: Math.round(perSecond),
    addedDelayMsP50: result.p50 === null ? null : rounded(result.p50),
    addedDelayMsP99: result.p99 === null ? null : rounded(result.p99),
    rssGrowthBytes: last.memory.rss - before.memory.rss,
    rssBytes: last.memory.rss,
    memoryGrowthBytes: growthOf(before, last),
    lost: result.sent - result.arrived,
    refused: last.refused,
    mixTurns: during.turns,
    feederTurns: result.turns,
  };
}

/** What JavaScript knows of the growth; tags and packets are array buffers. */
function growthOf({ memory: before }: MixUse, { memory: last }: MixUse) {
  return {
    heapUsed: last.heapUsed - before.heapUsed,
    heapTotal: last.heapTotal - before.heapTotal,
    arrayBuffers: last.arrayBuffers - before.arrayBuffers,
    otherExternal: last.external - last.arrayBuffers - (before.external - before.arrayBuffers),
  };
}

function ended(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('exit', resolve));
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => {
      reject(new Error(`a process of the benchmark ended with ${code}`));
    };
    child.once('exit', onExit);
    child.once('message', (answer) => {
      child.off('exit', onExit);
      resolve(answer);
    });
  });
}

async function ask<Answer>(child: ChildProcess, question: object): Promise<Answer> {
  const answered = message(child);
  child.send(question);
  return (await answered) as Answer;
}
