// How far an observed share can be trusted: Wilson's score interval (Wilson 1927; formula and
// examples in Newcombe 1998). It says something sensible at none of few and at all of few, where
// the plain interval says nothing.

/** Normal quantile of a 95 % interval, two-sided. */
export const Z_95 = 1.959964;
/** Of a 99.9 % interval: for what is looked at again and again, at many nodes. */
export const Z_999 = 3.290527;

/** Shares, 0 to 1, `low` ≤ `estimate` ≤ `high`. */
export type Interval = { readonly low: number; readonly estimate: number; readonly high: number };

/** The interval of `successes` among `trials`, both whole; null where there were no trials. */
export function wilson(successes: number, trials: number, z = Z_95): Interval | null {
  if (trials === 0) return null;
  const estimate = successes / trials;
  const square = z * z;
  const middle = estimate + square / (2 * trials);
  const half = z * Math.sqrt((estimate * (1 - estimate) + square / (4 * trials)) / trials);
  const whole = 1 + square / trials;
  // At none and at all the roots meet the ends but for rounding.
  const low = successes === 0 ? 0 : (middle - half) / whole;
  const high = successes === trials ? 1 : (middle + half) / whole;
  return { low, estimate, high };
}
