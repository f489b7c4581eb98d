// The pooled random source: never the same byte twice, nothing left behind, large draws direct.
import { describe, expect, test } from 'vitest';
import { createSystemRandom, RANDOM_POOL_SIZE, systemRandom } from '../../main/system.ts';
import { drawBytes } from '../../shared/random.ts';

/** Counts up through 16 bits, so that a byte's place in the stream can be read off. */
function countingSystem() {
  const fills: number[] = [];
  let next = 0;
  const fill = (out: Uint8Array) => {
    fills.push(out.length);
    for (let index = 0; index < out.length; index++) out[index] = next++ % 251;
  };
  return { fill, fills };
}

describe('the random source of the program', () => {
  test('gives small draws from one fill of the pool, in order and once', () => {
    const system = countingSystem();
    const random = createSystemRandom(system.fill);
    const drawn = Array.from({ length: RANDOM_POOL_SIZE / 8 }, () => [...drawBytes(random, 8)]);
    expect(drawn.flat()).toEqual(Array.from({ length: RANDOM_POOL_SIZE }, (_, at) => at % 251));
    expect(system.fills).toEqual([RANDOM_POOL_SIZE]);
    drawBytes(random, 1);
    expect(system.fills).toEqual([RANDOM_POOL_SIZE, RANDOM_POOL_SIZE]);
  });

  test('throws the rest of a pool away rather than give a draw in two parts', () => {
    const system = countingSystem();
    const random = createSystemRandom(system.fill);
    for (let count = 0; count < 8; count++) drawBytes(random, 500);
    expect(system.fills.length).toBe(1);
    const [first] = drawBytes(random, 500);
    expect(first).toBe(RANDOM_POOL_SIZE % 251);
  });

  test('takes draws of up to an eighth of the pool from it, larger ones from the system', () => {
    const system = countingSystem();
    const random = createSystemRandom(system.fill);
    drawBytes(random, RANDOM_POOL_SIZE / 8);
    drawBytes(random, RANDOM_POOL_SIZE / 8 + 1);
    expect(system.fills).toEqual([RANDOM_POOL_SIZE, RANDOM_POOL_SIZE / 8 + 1]);
  });

  test('never repeats a draw of 16 bytes', () => {
    const seen = new Set(Array.from({ length: 20_000 }, () => drawBytes(systemRandom, 16).join()));
    expect(seen.size).toBe(20_000);
  });
});
