// Loops on bad links and under providers that misuse acknowledgements: what returns is what the
// links let through, who loses more is found, and no misuse makes one arrive twice.
import { afterAll, describe, expect, it } from 'vitest';
import type { LoopCounts } from '../../main/mixnet/node-loops.ts';
import { removeMailboxes } from '../support/provider.ts';
import { ACKNOWLEDGEMENT_MISUSES, type AcknowledgementMisuse } from './acknowledgements.ts';
import { hostile } from './hostile.ts';
import type { SimNetwork } from './network.ts';
import { FRAME_LOSS } from './scenarios.ts';
import { type SimOptions, simulate } from './simulate.ts';

afterAll(removeMailboxes);

const MINUTES = 1 / 60;
/** Frames that a loop needs, out and back; a provider's own takes every layer twice. */
const FRAMES = { mix: 4, provider: 8 } as const;
/** Standard deviations; an honest run is beyond it once in 10^4. */
const DEVIATIONS_MAX = 4;

async function run(options: Partial<SimOptions>) {
  const seen: { network?: SimNetwork } = {};
  const result = await simulate({
    seed: 11,
    hours: 10 * MINUTES,
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
  const counts = lives.map(({ kind, name, role }) => ({
    kind,
    name,
    loops: role.counters().loops,
  }));
  return { result, counts };
}

/** How many standard deviations the return rate is from what the links let through. */
function deviation(loops: readonly LoopCounts[], frames: number): number {
  const sum = (of: (counts: LoopCounts) => number) => loops.reduce((all, one) => all + of(one), 0);
  const returned = sum(({ returned: inTime, late }) => inTime + late);
  const decided = returned + sum(({ lost }) => lost);
  const expected = (1 - FRAME_LOSS) ** frames;
  return (returned / decided - expected) / Math.sqrt((expected * (1 - expected)) / decided);
}

function deviations(counts: Awaited<ReturnType<typeof run>>['counts']) {
  const of = (kind: 'mix' | 'provider') =>
    deviation(
      counts.filter((one) => one.kind === kind).map(({ loops }) => loops),
      FRAMES[kind],
    );
  return { mix: of('mix'), provider: of('provider') };
}

describe('with one frame in twenty lost and 100 ms of jitter', () => {
  it('loops return as often as the links let them', async () => {
    const { result, counts } = await run({ scenario: 'loss' });
    expect(result.violations).toEqual([]);
    expect(result.faults.lost).toBeGreaterThan(100);
    const { mix, provider } = deviations(counts);
    expect(Math.abs(mix)).toBeLessThan(DEVIATIONS_MAX);
    expect(Math.abs(provider)).toBeLessThan(DEVIATIONS_MAX);
  });

  it('a mix that loses a third more is outside', async () => {
    const { counts } = await run({
      scenario: 'loss',
      plant: (world) => world.setHostile('mix-2', hostile('lose', world.random)),
    });
    const { mix, provider } = deviations(counts);
    expect(mix).toBeLessThan(-DEVIATIONS_MAX);
    expect(provider).toBeLessThan(-DEVIATIONS_MAX);
  });
});

describe('a provider that misuses acknowledgements', () => {
  const misuse = async (name: AcknowledgementMisuse | null) => {
    const scenario = name === null ? 'calm' : `acknowledgements-${name}`;
    const { result, counts } = await run({ scenario, hours: 6 * MINUTES });
    const lost = result.lost / result.packets;
    const returned = counts.every(({ loops }) => loops.returned + loops.late <= loops.sent);
    return { result, lost, returned };
  };

  it.each([...ACKNOWLEDGEMENT_MISUSES])('and means to %s binds all others', async (name) => {
    const { result, returned } = await misuse(name);
    expect(result.violations).toEqual([]);
    expect(result.faults.hostile).toBeGreaterThan(50);
    expect(returned).toBe(true);
  });

  it('shows in the loops where it withholds, and is refused where it repeats', async () => {
    const calm = await misuse(null);
    const withheld = await misuse('withhold');
    const repeated = await misuse('repeat');
    expect(calm.lost).toBeLessThan(0.02);
    expect(withheld.lost).toBeGreaterThan(0.15);
    expect(calm.result.refusals['replay'] ?? 0).toBe(0);
    expect(repeated.result.refusals['replay']).toBeGreaterThan(50);
    expect(repeated.lost).toBeLessThan(0.02);
  });
});
