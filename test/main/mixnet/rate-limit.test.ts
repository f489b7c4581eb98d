// The published rate passes, Poisson clumps pass, a flood does not.
import { expect, it } from 'vitest';
import { RATE_DEPTH_PACKETS, RATE_SLACK } from '../../../main/mixnet/mailbox-rates.ts';
import { createRateLimit } from '../../../main/mixnet/rate-limit.ts';
import { drawExponential } from '../../../shared/random.ts';
import { seededRandom } from '../../support/random.ts';

it('never refuses a Poisson stream of the published rate', () => {
  const random = seededRandom('rate limit');
  const limit = createRateLimit(1.5 * RATE_SLACK, RATE_DEPTH_PACKETS);
  let nowMs = 0;
  let refused = 0;
  for (let packet = 0; packet < 200_000; packet++) {
    nowMs += drawExponential(random, 1_000 / 1.5);
    if (!limit.take(nowMs)) refused += 1;
  }
  expect(refused).toBe(0);
});

it('holds a stream of twice the rate to the rate and its slack', () => {
  const limit = createRateLimit(1.5 * RATE_SLACK, RATE_DEPTH_PACKETS);
  let taken = 0;
  for (let packet = 0; packet < 30_000; packet++) if (limit.take((packet * 1_000) / 3)) taken += 1;
  expect(taken).toBeGreaterThan(18_000);
  expect(taken).toBeLessThan(18_750 + RATE_DEPTH_PACKETS + 1);
});

it('is not fed by a clock that goes back', () => {
  const limit = createRateLimit(1, 1);
  expect([limit.take(1_000), limit.take(500), limit.take(1_000)]).toEqual([true, false, false]);
});
