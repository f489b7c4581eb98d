// The only clock and random source of the program. Everything else is given `now` and a random
// source, so that it can be tested on virtual time and replayed from a seed.
import { randomFillSync } from 'node:crypto';
import type { RandomSource } from '../shared/random.ts';

/** Milliseconds since an arbitrary start; never goes back; fractional. */
export function monotonicMs(): number {
  return performance.now();
}

/** Milliseconds since 1970 by the machine's clock, which a user may set wrong. */
export function unixMs(): number {
  return Date.now();
}

/** `size` bytes of the operating system's random source. */
export function randomBytes(size: number): Uint8Array {
  return randomFillSync(new Uint8Array(size));
}

/** Bytes drawn from the system at once. A draw larger than an eighth of it bypasses the pool. */
export const RANDOM_POOL_SIZE = 4_096;

/**
 * The program's random source: the operating system's bytes, in the order they came, none given out
 * twice. Small draws (a delay takes 8 bytes) are cut from a pool, since asking the system costs
 * more than the bytes; what has been given out is overwritten in the pool at once. One per thread:
 * a worker has a pool of its own.
 */
export const systemRandom: RandomSource = createSystemRandom(randomFillSync);

/** `systemRandom` over another filler, for tests of the pool. */
export function createSystemRandom(fillFromSystem: (out: Uint8Array) => unknown): RandomSource {
  const pool = new Uint8Array(RANDOM_POOL_SIZE);
  let offset = RANDOM_POOL_SIZE;
  return {
    fill: (out) => {
      const size = out.length;
      if (size > RANDOM_POOL_SIZE / 8) {
        fillFromSystem(out);
        return;
      }
      if (offset + size > RANDOM_POOL_SIZE) {
        fillFromSystem(pool);
        offset = 0;
      }
      for (let index = 0; index < size; index++) {
        out[index] = pool[offset + index] ?? 0;
        pool[offset + index] = 0;
      }
      offset += size;
    },
  };
}
