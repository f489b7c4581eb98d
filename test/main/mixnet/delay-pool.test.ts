// The pool gives packets back at their instants, in order, and never holds more than it may.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDelayPool } from '../../../main/mixnet/delay-pool.ts';

it('gives back what is due, earliest first, and all of it in the end', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true })), (instants) => {
      const pool = createDelayPool<number>();
      for (const instant of instants) pool.add(instant, instant);
      const sorted = [...instants].sort((a, b) => a - b);
      expect(pool.nextReleaseAtMs()).toBe(sorted[0] ?? null);
      const first = pool.takeDue(50);
      expect(first).toEqual(sorted.filter((instant) => instant <= 50));
      expect([...first, ...pool.takeDue(100)]).toEqual(sorted);
      expect(pool.size()).toBe(0);
    }),
  );
});

it('keeps the order of arrival within one instant', () => {
  const pool = createDelayPool<number>();
  for (let index = 0; index < 50; index++) pool.add(1, index);
  expect(pool.takeDue(1)).toEqual(Array.from({ length: 50 }, (_, index) => index));
});

it('refuses the newest when it is full, and takes again when something left', () => {
  const pool = createDelayPool<string>(2);
  expect([pool.add(1, 'a'), pool.add(2, 'b'), pool.add(0, 'c')]).toEqual([true, true, false]);
  expect(pool.takeDue(1)).toEqual(['a']);
  expect(pool.add(0, 'c')).toBe(true);
});
