// Random sources for tests: the same seed gives the same bytes, fast enough for millions of draws
// (sfc32). Nothing that has to be secret comes from here.
import type { RandomSource } from '../../shared/random.ts';

/** A source whose whole stream follows from the seed, a number or any text. */
export function seededRandom(seed: number | string): RandomSource {
  const next = sfc32(String(seed));
  return {
    fill: (out) => {
      for (let offset = 0; offset < out.length; offset += 4) {
        const word = next();
        for (let index = 0; index < 4 && offset + index < out.length; index++) {
          out[offset + index] = word >>> (8 * index);
        }
      }
    },
  };
}

/** The small fast counting generator with 128 bits of state, which FNV hashes of the seed start. */
function sfc32(seed: string): () => number {
  let [a, b, c, counter] = [1, 2, 3, 4].map((salt) => hash(`${salt}:${seed}`)) as [
    number,
    number,
    number,
    number,
  ];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 16; round++) next();
  return next;
}

function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const letter of text) {
    state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }
  return state;
}
