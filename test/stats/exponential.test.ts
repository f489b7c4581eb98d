// Delays and emission are exponential as drawn: Kolmogorov–Smirnov at fixed seeds, and every way in
// which samplers of the field have been wrong is planted and must be found.
import { describe, expect, test } from 'vitest';
import { drawDelayNs, drawExponential, drawUnit, type RandomSource } from '../../shared/random.ts';
import { seededRandom } from '../support/random.ts';
import { exponentialCumulative, ksOneSample, ksTwoSample, meanOf } from '../support/statistics.ts';

type Sampler = (random: RandomSource, mean: number) => number;
type Found = 'distribution' | 'mean' | 'tail' | 'fraction';

const COUNT = 20_000;
const seeds = ['one', 'two', 'three', 'four', 'five'];
/** Five seeds pass together in all but one of 2,000 honest samplers. */
const P_MIN = 1e-4;
const MEAN = 0.4;

function draw(sampler: Sampler, seed: string, count = COUNT): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => sampler(random, MEAN));
}

/** What speaks against `sampler` being exponential with the mean it was given. */
function faults(sampler: Sampler): Set<Found> {
  const found = new Set<Found>();
  for (const seed of seeds) {
    const sample = draw(sampler, seed);
    const { pValue } = ksOneSample(sample, exponentialCumulative(MEAN));
    if (pValue < P_MIN) found.add('distribution');
    // Five standard errors of the mean.
    if (Math.abs(meanOf(sample) / MEAN - 1) > 5 / Math.sqrt(COUNT)) found.add('mean');
    // Two of 20,000 draws share their first nine digits with a probability of one in five; three
    // hundred never do.
    const distinct = new Set(sample.map((value) => value.toPrecision(9))).size;
    if (distinct < COUNT - 300) found.add('fraction');
  }
  // Beyond 10 means: 45.4 of a million draws expected, standard deviation 6.7.
  const tail = draw(sampler, 'tail', 1_000_000).filter((value) => value > 10 * MEAN).length;
  if (tail < 12 || tail > 79) found.add('tail');
  return found;
}

describe('the exponential sampler', () => {
  test('draws Exp with the mean it is given: shape, mean, tail, fractions', () => {
    expect(faults(drawExponential)).toEqual(new Set());
  });

  test('draws header delays that are Exp, in whole nanoseconds', () => {
    const inMs: Sampler = (random, mean) => Number(drawDelayNs(random, mean)) / 1e6;
    const sample = draw(inMs, 'delay');
    expect(ksOneSample(sample, exponentialCumulative(MEAN)).pValue).toBeGreaterThan(P_MIN);
    const hops = (random: RandomSource) => Number(drawDelayNs(random, 500)) / 1e6;
    expect(Math.abs(meanOf(draw(hops, 'hops')) / 500 - 1)).toBeLessThan(5 / Math.sqrt(COUNT));
    expect(draw(hops, 'hops').some((value) => !Number.isInteger(value))).toBe(true);
  });

  test('is neither infinite nor negative at the ends of the source', () => {
    const zeros: RandomSource = { fill: (out) => out.fill(0) };
    const ones: RandomSource = { fill: (out) => out.fill(0xff) };
    expect(drawExponential(zeros, 1)).toBeCloseTo(53 * Math.LN2, 9);
    expect(drawExponential(ones, 1)).toBeCloseTo(0, 15);
    expect(drawDelayNs(ones, 500)).toBe(0n);
  });

  test('gives the same draws for the same seed', () => {
    expect(draw(drawExponential, 'same', 50)).toEqual(draw(drawExponential, 'same', 50));
  });

  const planted: Record<string, [Sampler, Found]> = {
    'whole milliseconds': [
      (random, mean) => Math.floor(drawExponential(random, mean) * 1_000) / 1_000,
      'fraction',
    ],
    'whole seconds': [(random, mean) => Math.round(drawExponential(random, mean)), 'distribution'],
    'a clip at five means': [
      (random, mean) => Math.min(5 * mean, drawExponential(random, mean)),
      'tail',
    ],
    'a redraw beyond five means': [
      (random, mean) => {
        for (;;) {
          const value = drawExponential(random, mean);
          if (value <= 5 * mean) return value;
        }
      },
      'tail',
    ],
    'a uniform draw': [(random, mean) => 2 * mean * drawUnit(random), 'distribution'],
    'the rate for the mean': [(random, mean) => drawExponential(random, 1 / mean), 'mean'],
    'sixteen random bits': [
      (random, mean) => -Math.log(Math.ceil(drawUnit(random) * 0x10000) / 0x10000) * mean,
      'fraction',
    ],
  };
  test.for(Object.keys(planted))('is told apart from one with %s', (name) => {
    const [sampler, found] = planted[name] ?? [drawExponential, 'mean'];
    expect(faults(sampler)).toContain(found);
  });
});

describe('Kolmogorov–Smirnov', () => {
  test('gives the tabled probabilities of the limit distribution', () => {
    // Smirnov 1948: a scaled distance of 1.3581 has the probability 0.05, 1.6276 has 0.01.
    const spread = (size: number, shift: number) =>
      Array.from({ length: size }, (_, index) => Math.min(1, (index + 0.5) / size + shift));
    for (const [scaled, probability] of [
      [1.3581, 0.05],
      [1.6276, 0.01],
    ] as const) {
      const size = 1_000_000;
      const sample = spread(size, scaled / Math.sqrt(size));
      const { pValue } = ksOneSample(sample, (value) => Math.min(1, Math.max(0, value)));
      expect(pValue).toBeCloseTo(probability, 3);
    }
  });

  test('finds two samples alike that are, and not those that are not', () => {
    const one = draw(drawExponential, 'first');
    const other = draw(drawExponential, 'second');
    expect(ksTwoSample(one, other).pValue).toBeGreaterThan(P_MIN);
    const slower = other.map((value) => value * 1.1);
    expect(ksTwoSample(one, slower).pValue).toBeLessThan(P_MIN);
    expect(ksTwoSample(one, one)).toEqual({ distance: 0, pValue: 1 });
  });
});
