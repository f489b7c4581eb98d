// `npm run -s long -- simulation-hour`: twenty clients for an hour with real packets, the events of
// a day in it (test/sim/day.ts); twice with the same seed, which gives the same trace.
import { type SimOptions, simulate, traceHashAt } from '../sim/simulate.ts';
import type { LongForm } from './long.ts';

/** Of all that was sent; the rest is known to be not confirmed. */
const DELIVERED_MIN = 0.9;

export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    const options: SimOptions = {
      seed: Number(seed),
      hours: 1,
      scenario: 'day',
      codec: 'sphinx',
      traffic: 'standard',
      clients: 20,
    };
    say('20 clients, 1 h of standard traffic, real packets: takes some minutes, twice');
    const result = await simulate(options);
    const isSameAgain = (await traceHashAt(options, options.hours)) === result.traceHash;
    const { clients, traffic, codec } = options;
    const total = Object.values(result.states).reduce((sum, count) => sum + count, 0);
    const isDelivered = total > 0 && result.delivered >= DELIVERED_MIN * total;
    const passed = result.violations.length === 0 && isSameAgain && isDelivered;
    return { passed, clients, traffic, codec, isSameAgain, ...result };
  },
};
