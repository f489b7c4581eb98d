// Loops on bad links and under providers that misuse acknowledgements: what returns is what the
// links let through, who loses more is found, and no misuse makes one arrive twice.
import { afterAll, describe, expect, it } from 'vitest';
import { removeMailboxes } from '../support/provider.ts';
import { ACKNOWLEDGEMENT_MISUSES, type AcknowledgementMisuse } from './acknowledgements.ts';
import { hostile } from './hostile.ts';
import { DEVIATIONS_MAX, deviations, runLoops } from './loop-rates.ts';
import type { SimOptions } from './simulate.ts';

afterAll(removeMailboxes);

const MINUTES = 1 / 60;
const run = (options: Partial<SimOptions>) => runLoops({ hours: 10 * MINUTES, ...options });

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
