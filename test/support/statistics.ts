// Statistics for tests of what an observer sees: Kolmogorov–Smirnov with one sample and with two,
// and the distributions they are held against.

export type KolmogorovSmirnov = {
  /** Largest distance between the distribution functions. */
  readonly distance: number;
  /** Probability of a distance this large where the hypothesis holds. */
  readonly pValue: number;
};

/** Whether `sample` comes from the distribution with this cumulative function. */
export function ksOneSample(
  sample: readonly number[],
  cumulative: (value: number) => number,
): KolmogorovSmirnov {
  const sorted = Float64Array.from(sample).sort();
  let distance = 0;
  sorted.forEach((value, index) => {
    const expected = cumulative(value);
    const below = Math.abs(expected - index / sorted.length);
    const above = Math.abs((index + 1) / sorted.length - expected);
    distance = Math.max(distance, below, above);
  });
  return { distance, pValue: tailProbability(distance, sorted.length) };
}

/** Whether two samples come from one distribution. Ties count once all of them are passed. */
export function ksTwoSample(
  first: readonly number[],
  second: readonly number[],
): KolmogorovSmirnov {
  const a = Float64Array.from(first).sort();
  const b = Float64Array.from(second).sort();
  let [i, j, distance] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  const size = (a.length * b.length) / (a.length + b.length);
  return { distance, pValue: tailProbability(distance, size) };
}

/** How often each bit of byte strings of one length was set. */
export type BitCounts = {
  readonly add: (bytes: Uint8Array) => void;
  readonly ones: () => Uint32Array;
  readonly samples: () => number;
};

export function createBitCounts(): BitCounts {
  let ones = new Uint32Array(0);
  let samples = 0;
  return {
    add: (bytes) => {
      if (samples === 0) ones = new Uint32Array(8 * bytes.length);
      samples += 1;
      for (let bit = 0; bit < ones.length; bit++) {
        ones[bit] = (ones[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1);
      }
    },
    ones: () => ones,
    samples: () => samples,
  };
}

/** How many standard deviations apart two are in the bit that tells them apart best. */
export function furthestBit(first: BitCounts, second: BitCounts): number {
  const [a, b] = [first.ones(), second.ones()];
  const [n, m] = [first.samples(), second.samples()];
  let max = 0;
  for (let bit = 0; bit < a.length; bit++) {
    const [ones, others] = [a[bit] ?? 0, b[bit] ?? 0];
    const share = (ones + others) / (n + m);
    if (share === 0 || share === 1) continue;
    const deviation = Math.sqrt(share * (1 - share) * (1 / n + 1 / m));
    max = Math.max(max, Math.abs(ones / n - others / m) / deviation);
  }
  return Math.round(max * 100) / 100;
}

/** Cumulative function of the exponential distribution. */
export function exponentialCumulative(mean: number): (value: number) => number {
  return (value) => (value <= 0 ? 0 : -Math.expm1(-value / mean));
}

export function meanOf(sample: readonly number[]): number {
  return sample.reduce((sum, value) => sum + value, 0) / sample.length;
}

/** Kolmogorov's limit distribution with Stephens' correction for finite samples. */
function tailProbability(distance: number, size: number): number {
  const root = Math.sqrt(size);
  const scaled = (root + 0.12 + 0.11 / root) * distance;
  // Below this the sum converges too slowly, and the probability is 1 to fifteen digits.
  if (scaled < 0.2) return 1;
  let sum = 0;
  for (let term = 1; term <= 100; term++) {
    sum += (term % 2 === 1 ? 2 : -2) * Math.exp(-2 * term * term * scaled * scaled);
  }
  return Math.min(1, Math.max(0, sum));
}
