// How many loops of nodes come back over links that lose frames, against what chance lets through.
import type { LoopCounts } from '../../main/mixnet/node-loops.ts';
import type { Life, SimNetwork } from './network.ts';
import { FRAME_LOSS } from './scenarios.ts';
import { type SimOptions, simulate } from './simulate.ts';

type Kind = Life['kind'];
/** Frames that a loop needs, out and back; a provider's own takes every layer twice. */
const FRAMES: Readonly<Record<Kind, number>> = { mix: 4, provider: 8 };
/** Standard deviations; an honest run is beyond it once in 10^4. */
export const DEVIATIONS_MAX = 4;

export type NodeLoopCounts = {
  readonly kind: Kind;
  readonly name: string;
  readonly loops: LoopCounts;
};

/** A run, and what became of the loops of every life of a node. */
export async function runLoops(options: Partial<SimOptions>) {
  const seen: { network?: SimNetwork } = {};
  const result = await simulate({
    seed: 11,
    hours: 1,
    scenario: 'calm',
    codec: 'plain',
    traffic: 'standard',
    ...options,
    plant: (world, network) => {
      seen.network = network;
      options.plant?.(world, network);
    },
  });
  const lives = seen.network?.lives ?? [];
  const counts = lives.map(
    ({ kind, name, role }): NodeLoopCounts => ({ kind, name, loops: role.counters().loops }),
  );
  return { result, counts };
}

/** Loops of one kind of node: how many were decided, came back, and should have. */
export function returnRate(counts: readonly NodeLoopCounts[], kind: Kind) {
  const ofKind = counts.filter((one) => one.kind === kind).map(({ loops }) => loops);
  const sum = (of: (one: LoopCounts) => number) => ofKind.reduce((all, one) => all + of(one), 0);
  const returned = sum(({ returned: inTime, late }) => inTime + late);
  const decided = returned + sum(({ lost }) => lost);
  const expectedShare = (1 - FRAME_LOSS) ** FRAMES[kind];
  const deviation = Math.sqrt((expectedShare * (1 - expectedShare)) / decided);
  const share = returned / decided;
  return {
    decided,
    returned,
    share,
    expectedShare,
    deviations: (share - expectedShare) / deviation,
  };
}

/** How many standard deviations the return rates are from what the links let through. */
export function deviations(counts: readonly NodeLoopCounts[]) {
  return {
    mix: returnRate(counts, 'mix').deviations,
    provider: returnRate(counts, 'provider').deviations,
  };
}
