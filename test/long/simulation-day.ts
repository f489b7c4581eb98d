// `npm run -s long -- simulation-day`: two hundred clients through a whole day (test/sim/day.ts),
// with transparent packets; the trace of its first hour again with the same seed.
import { simulate, traceHashAt } from '../sim/simulate.ts';
import type { LongForm } from './long.ts';

const AGAIN_HOURS = 1;

/** Of all that was sent; the rest is known to be not confirmed. */
const DELIVERED_MIN = 0.9;

export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    const options = {
      seed: Number(seed),
      hours: 24,
      scenario: 'day',
      codec: 'plain' as const,
      traffic: 'low-bandwidth' as const,
      clients: 200,
      markHours: AGAIN_HOURS,
      onHour: (hour: number) => say(`${hour} h of 24`),
    };
    say('200 clients, 24 h of low-bandwidth traffic: takes about an hour');
    const result = await simulate(options);
    const traceHashAgain = await traceHashAt(options, AGAIN_HOURS);
    const isSameAgain = traceHashAgain === result.traceHashAtMark;
    const { clients, traffic, codec } = options;
    const total = Object.values(result.states).reduce((sum, count) => sum + count, 0);
    const isDelivered = total > 0 && result.delivered >= DELIVERED_MIN * total;
    const passed = result.violations.length === 0 && isSameAgain && isDelivered;
    return { passed, clients, traffic, codec, isSameAgain, ...result };
  },
};
