// `npm run -s long -- simulation-hour`: twenty clients for an hour with real packets, the events of
// a day in it (test/sim/day.ts); twice with the same seed, which gives the same trace.
import { type SimOptions, simulate, traceHashAt } from '../sim/simulate.ts';
import type { LongForm } from './long.ts';

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
    const passed = result.violations.length === 0 && isSameAgain;
    return { passed, clients, traffic, codec, isSameAgain, ...result };
  },
};
