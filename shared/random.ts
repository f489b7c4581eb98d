// Random sources and the draws built on them. A function that takes a source uses no other: the
// same source gives the same bytes, so that packets, schedules and whole simulations replay from a
// seed.

/** Fills buffers with random bytes: the operating system's in production, seeded in tests. */
export type RandomSource = { readonly fill: (out: Uint8Array) => void };

/** `size` fresh bytes. */
export function drawBytes(random: RandomSource, size: number): Uint8Array {
  const out = new Uint8Array(size);
  random.fill(out);
  return out;
}

const draw8 = new Uint8Array(8);
const view8 = new DataView(draw8.buffer);

/** Uniform in (0, 1]: 53 random bits, zero excluded, so that its logarithm is finite. */
export function drawUnit(random: RandomSource): number {
  random.fill(draw8);
  const high = view8.getUint32(0) >>> 5;
  const low = view8.getUint32(4) >>> 6;
  return (high * 0x4000000 + low + 1) / 0x20000000000000;
}

/** Uniform integer in [0, below); `below` from 1 to 2^32. Without modulo bias. */
export function drawBelow(random: RandomSource, below: number): number {
  if (!Number.isInteger(below) || below < 1 || below > 0x100000000) {
    throw new RangeError(`below: expected an integer from 1 to 2^32, got ${below}`);
  }
  const limit = Math.floor(0x100000000 / below) * below;
  for (;;) {
    random.fill(draw8);
    const value = view8.getUint32(0);
    if (value < limit) return value % below;
  }
}

/**
 * A draw from the exponential distribution with the given mean, in the mean's unit; fractional.
 * Inverse transform of 53 random bits: the largest draw is 36.7 means, which happens once in 2^53
 * draws, so no window anybody can observe sees it clipped.
 */
export function drawExponential(random: RandomSource, mean: number): number {
  return -Math.log(drawUnit(random)) * mean;
}

/** Nanoseconds in a millisecond, the unit of times against that of headers. */
const NS_PER_MS = 1_000_000;

/**
 * The delay of one hop as a header carries it: exponential with mean `meanMs`, rounded to whole
 * nanoseconds, which is finer than any clock that could observe it.
 */
export function drawDelayNs(random: RandomSource, meanMs: number): bigint {
  return BigInt(Math.round(drawExponential(random, meanMs) * NS_PER_MS));
}
