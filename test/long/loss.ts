// `npm run -s long -- loss`: an hour with one frame in twenty lost on every link and 100 ms of
// jitter, real packets: loops return as often as chance lets them. The same with a mix that loses a
// third more, which is outside of it.
import { hostile } from '../sim/hostile.ts';
import { DEVIATIONS_MAX, deviations, returnRate, runLoops } from '../sim/loop-rates.ts';
import type { LongForm } from './long.ts';

export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    const options = {
      seed: Number(seed),
      hours: 1,
      scenario: 'loss',
      codec: 'sphinx' as const,
      traffic: 'standard' as const,
    };
    say('one hour of eight nodes, real packets, twice: takes a minute or two');
    const { result, counts } = await runLoops(options);
    const planted = await runLoops({
      ...options,
      codec: 'plain',
      plant: (world) => world.setHostile('mix-2', hostile('lose', world.random)),
    });
    const found = deviations(planted.counts);
    const within = Object.values(deviations(counts)).every((one) => Math.abs(one) < DEVIATIONS_MAX);
    const isFound = Object.values(found).every((one) => one < -DEVIATIONS_MAX);
    return {
      passed: result.violations.length === 0 && within && isFound,
      mix: returnRate(counts, 'mix'),
      provider: returnRate(counts, 'provider'),
      planted: found,
      ...result,
    };
  },
};
