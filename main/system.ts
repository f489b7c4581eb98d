// The only clock and random source of the program. Everything else is given `now` and a random
// source, so that it can be tested on virtual time and replayed from a seed.
import { randomFillSync } from 'node:crypto';

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
