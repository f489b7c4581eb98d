// How long a message takes, against the distribution it is made of.
import { describe, expect, it } from 'vitest';
import {
  expectedRoundTripMs,
  messageTime,
  SAMPLES_MIN,
} from '../../../shared/health/message-time.ts';
import { quantile } from '../../../shared/health/quantile.ts';
import { trafficSets } from '../../../shared/network/traffic.ts';
import { drawExponential, drawUnit, type RandomSource } from '../../../shared/random.ts';
import { seededRandom } from '../../support/random.ts';

const traffic = trafficSets.standard;
const way = (random: RandomSource) =>
  [0, 1, 2, 3].reduce((sum) => sum + drawExponential(random, traffic.hopDelayMsMean), 0);
/** So many loops that took two seconds. */
const same = (count: number) => Array.from({ length: count }, () => 2_000);

describe('the time of a message', () => {
  it('is not told of fewer than twenty loops', () => {
    expect(messageTime(same(SAMPLES_MIN - 1), traffic)).toBeNull();
    expect(messageTime(same(SAMPLES_MIN), traffic)).not.toBeNull();
  });

  it('is the way where slots and pulls come at once', () => {
    const quick = { ...traffic, payloadIntervalMsMean: 0.01, pullIntervalMs: 0.01 };
    const times = messageTime(same(20), quick);
    expect(times?.fromMs).toBeCloseTo(2_000, 0);
    expect(times?.toMs).toBeCloseTo(2_000, 0);
  });

  it('has the quantiles of slot wait, way and pull wait drawn one by one', () => {
    const random = seededRandom('message time');
    const ways = Array.from({ length: 2_000 }, () => way(random));
    const times = messageTime(ways, traffic);
    const drawn = Array.from(
      { length: 20_000 },
      () =>
        way(random) +
        drawExponential(random, traffic.payloadIntervalMsMean) +
        drawUnit(random) * traffic.pullIntervalMs,
    );
    // Within 3 %: the spread of a median of 2,000 draws is 1 %.
    expect((times?.fromMs ?? 0) / (quantile(drawn, 0.5) ?? 1)).toBeCloseTo(1, 1.3);
    expect((times?.toMs ?? 0) / (quantile(drawn, 0.95) ?? 1)).toBeCloseTo(1, 1.3);
    // The network of the design: most within 7 seconds.
    expect(times?.toMs).toBeGreaterThan(6_000);
    expect(times?.toMs).toBeLessThan(7_500);
  });
});

it('the expected round trip is the median of what was drawn, and half a pull', () => {
  expect(expectedRoundTripMs([1_000, 3_000, 2_000], traffic)).toBe(3_000);
  expect(expectedRoundTripMs([], traffic)).toBeNull();
});
