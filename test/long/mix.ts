// What holds of a mix whatever it is given: the time packets spend in it is exponential, a restart
// with its keys forwards nothing twice, and every packet is accounted for under garbage. Each proof
// also meets a defect that it must find. The short form is part of the tests.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EpochKeyStore } from '../../main/mixnet/epoch-keys.ts';
import type { MixCounters } from '../../main/mixnet/mix.ts';
import { openEpochKeyFiles } from '../../main/store/epoch-key-store.ts';
import { drawBelow, drawBytes, drawExponential, type RandomSource } from '../../shared/random.ts';
import { fastestEngine } from '../support/engines.ts';
import {
  at,
  give,
  keyStoreOf,
  openMix,
  packetsIn,
  packetThrough,
  sphinxFrame,
  testTraffic,
} from '../support/mix.ts';
import { makeNetwork, type TestNetwork } from '../support/network.ts';
import { seededRandom } from '../support/random.ts';
import { exponentialCumulative, ksOneSample } from '../support/statistics.ts';
import type { LongForm } from './long.ts';

/** Loops wait for longer than any proof runs. */
const silent: RandomSource = { fill: (out) => void out.fill(0) };
const open = (made: TestNetwork, keyStore?: EpochKeyStore) =>
  openMix(made, { loopInstants: silent, ...(keyStore === undefined ? {} : { keyStore }) });

export type MixProof = {
  readonly made: TestNetwork;
  readonly seed: string;
  /** Packets whose delays are looked at, in rounds of at most a pool. */
  readonly packets: number;
  readonly restarts: number;
  /** Frames that nobody should send, among good ones. */
  readonly garbage: number;
};

const ROUND = 20_000;
const REPLAYS_PER_RESTART = 20;
/** An honest sample is below this once in a thousand, a planted defect practically always. */
const P_MIN = 0.001;

/** Time that packets spent in the mix whose delays `draw` gives. */
export function realisedDelays(
  made: TestNetwork,
  random: RandomSource,
  count: number,
  draw: (random: RandomSource) => number,
): number[] {
  const spent: number[] = [];
  for (let left = count; left > 0; left -= ROUND) {
    const one = open(made);
    for (let index = 0; index < Math.min(left, ROUND); index++) {
      const delayNs = BigInt(Math.round(draw(random) * 1e6));
      give(one, packetThrough(made, one, random, { delayNs }), at(0));
    }
    while (one.mix.counters().poolSize > 0) {
      const leavesMs = one.mix.nextWakeAt();
      if (leavesMs === null) throw new Error('a mix that holds packets wakes for them');
      const before = one.mix.counters().forwarded;
      one.mix.wake(at(leavesMs));
      const gone = one.mix.counters().forwarded - before;
      for (let index = 0; index < gone; index++) spent.push(leavesMs);
    }
  }
  return spent;
}

export function proveDelays({ made, seed, packets }: MixProof) {
  const mean = testTraffic.hopDelayMsMean;
  const pValue = (draw: (random: RandomSource) => number): number => {
    const spent = realisedDelays(made, seededRandom(`${seed} delays`), packets, draw);
    return ksOneSample(spent, exponentialCumulative(mean)).pValue;
  };
  const honest = pValue((random) => drawExponential(random, mean));
  const planted = {
    // A cap, delays in whole steps, and another mean.
    capped: pValue((random) => Math.min(2 * mean, drawExponential(random, mean))),
    stepped: pValue((random) => Math.trunc(drawExponential(random, mean) / 10) * 10),
    longer: pValue((random) => drawExponential(random, 1.5 * mean)),
  };
  const isFound = Object.values(planted).every((value) => value < P_MIN);
  return { passed: honest >= P_MIN && isFound, honest, planted };
}

/** Replays that were forwarded over `restarts` of one mix on keys in files. */
function replaysForwarded(proof: MixProof, reopen: (folder: string) => EpochKeyStore): number {
  const { made, seed, restarts } = proof;
  const random = seededRandom(`${seed} restarts`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-long-mix-'));
  try {
    const first = openEpochKeyFiles(folder, 'boot');
    for (const { epoch, privateKey } of keyStoreOf(open(made).node).load()) {
      first.create(epoch, privateKey);
    }
    first.close();
    const seen: Uint8Array[] = [];
    let forwarded = 0;
    for (let restart = 0; restart < restarts; restart++) {
      // Nothing is closed in between: the process ended as with SIGKILL.
      const one = open(made, reopen(folder));
      for (let replay = 0; replay < REPLAYS_PER_RESTART && seen.length > 0; replay++) {
        give(one, seen[drawBelow(random, seen.length)] ?? new Uint8Array(0), at(0));
      }
      forwarded += packetsIn(one.mix.wake(at(50))).length;
      const fresh = packetThrough(made, one, random, { delayNs: 0n });
      give(one, fresh, at(60));
      seen.push(fresh);
      if (packetsIn(one.mix.wake(at(60))).length !== 1) {
        throw new Error('a fresh packet is forwarded after any restart');
      }
    }
    return forwarded;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function proveRestarts(proof: MixProof) {
  const honest = replaysForwarded(proof, (folder) => openEpochKeyFiles(folder, 'boot'));
  const forgetful = replaysForwarded(proof, (folder) => {
    const store = openEpochKeyFiles(folder, 'boot');
    const none = new Uint8Array(0);
    return { ...store, load: () => store.load().map((key) => ({ ...key, tags: none })) };
  });
  const unflushed = replaysForwarded(proof, (folder) => {
    return { ...openEpochKeyFiles(folder, 'boot'), flush: () => {} };
  });
  const replays = (proof.restarts - 1) * REPLAYS_PER_RESTART;
  const planted = { forgetful, unflushed };
  const isFound = forgetful > 0 && unflushed > 0;
  return { passed: honest === 0 && isFound, replays, forwarded: honest, planted };
}

/** Received is the sum of all that can become of a packet. */
export function isConserved(counters: MixCounters): boolean {
  const refused = Object.values(counters.refusals).reduce((sum, count) => sum + count, 0);
  const { received, forwarded, acknowledged, poolSize } = counters;
  return received === forwarded + acknowledged + poolSize + refused;
}

export function proveConservation({ made, seed, garbage }: MixProof) {
  const random = seededRandom(`${seed} garbage`);
  const one = open(made);
  const good = Array.from({ length: 64 }, (_, index) =>
    packetThrough(made, one, random, { delayNs: BigInt(index) * 5_000_000n }),
  );
  let [violations, answers] = [0, 0];
  for (let index = 0; index < garbage; index++) {
    const now = at((index * 10_000) / garbage);
    const frame = sphinxFrame(good[drawBelow(random, good.length)] ?? new Uint8Array(0));
    const kind = drawBelow(random, 4);
    if (kind === 1) frame[drawBelow(random, frame.length)] = drawBelow(random, 256);
    if (kind === 2) frame.set(drawBytes(random, frame.length - 3), 3);
    const bytes = kind === 3 ? drawBytes(random, drawBelow(random, 3_000)) : frame;
    const peer = drawBelow(random, 8) === 0 ? one.after : one.before;
    answers += one.mix.receive({ kind: 'frame', peer, frame: bytes }, now).length;
    one.mix.wake(now);
    if (!isConserved(one.mix.counters())) violations += 1;
  }
  const counters = one.mix.counters();
  const refusals = Object.fromEntries(
    Object.entries(counters.refusals).filter(([, count]) => count > 0),
  );
  const { received, forwarded } = counters;
  const isFound = !isConserved({ ...counters, forwarded: forwarded - 1 });
  const passed = violations === 0 && answers === 0 && isFound && forwarded > 0;
  return { passed, frames: garbage, received, forwarded, violations, answers, refusals };
}

export function proveMix(proof: MixProof) {
  const delays = proveDelays(proof);
  const restarts = proveRestarts(proof);
  const conservation = proveConservation(proof);
  const passed = delays.passed && restarts.passed && conservation.passed;
  return { passed, delays, restarts, conservation };
}

/** `npm run -s long -- mix`. */
export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    const engine = await fastestEngine();
    say(`a mix on ${engine.name}, seed ${seed}`);
    const made = makeNetwork({ engine });
    return proveMix({ made, seed, packets: 20_000, restarts: 200, garbage: 200_000 });
  },
};
