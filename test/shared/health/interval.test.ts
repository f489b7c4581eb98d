// Wilson's interval and quantiles against published numbers.
import { describe, expect, it } from 'vitest';
import { wilson, Z_95, Z_999 } from '../../../shared/health/interval.ts';
import { quantile } from '../../../shared/health/quantile.ts';

describe("Wilson's interval", () => {
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i among %i is the published one', (successes, trials, low, high) => {
    const interval = wilson(successes, trials);
    expect(interval?.low).toBeCloseTo(low, 4);
    expect(interval?.high).toBeCloseTo(high, 4);
    expect(interval?.estimate).toBe(successes / trials);
  });

  it('is that of the design: 213 of 221 loops, and 150 in ten minutes', () => {
    expect(wilson(213, 221)?.low).toBeCloseTo(0.93, 3);
    expect(wilson(213, 221)?.high).toBeCloseTo(0.982, 3);
    expect(wilson(891, 900)?.low).toBeCloseTo(0.981, 3);
    expect(wilson(891, 900)?.high).toBeCloseTo(0.995, 3);
  });

  it('stays between none and all, and is wider where it has to be surer', () => {
    for (const trials of [1, 2, 20, 150]) {
      for (let successes = 0; successes <= trials; successes++) {
        const interval = wilson(successes, trials, Z_95);
        const sure = wilson(successes, trials, Z_999);
        if (interval === null || sure === null) throw new Error('there were trials');
        expect(interval.low).toBeGreaterThanOrEqual(0);
        expect(interval.low).toBeLessThanOrEqual(interval.estimate);
        expect(interval.high).toBeGreaterThanOrEqual(interval.estimate);
        expect(interval.high).toBeLessThanOrEqual(1);
        expect(sure.low).toBeLessThanOrEqual(interval.low);
        expect(sure.high).toBeGreaterThanOrEqual(interval.high);
      }
    }
  });

  it('says nothing of nothing, and no return of many sends is no perfect share', () => {
    expect(wilson(0, 0)).toBeNull();
    // A reference counted a segment with sends and no returns as whole.
    expect(wilson(0, 40)?.high).toBeLessThan(0.1);
  });
});

describe('a quantile', () => {
  it('lies between neighbours, whatever their order', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.95)).toBeCloseTo(48, 10);
    expect(quantile([7], 0.95)).toBe(7);
    expect(quantile([1, 2, 3], 0)).toBe(1);
    expect(quantile([1, 2, 3], 1)).toBe(3);
    expect(quantile([], 0.5)).toBeNull();
  });
});
