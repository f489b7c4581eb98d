// The rate of a door, at its limits and one past.
import { expect, it } from 'vitest';
import { createRate, FLOOD_PER_SECOND_MAX, FRAMES_PER_SECOND_MAX } from '../../main/rate.ts';

it('takes its number of frames a second, refuses the next ones, and calls the rest a flood', () => {
  const rate = createRate();
  const verdicts = Array.from({ length: FLOOD_PER_SECOND_MAX + 1 }, () => rate.take(500));
  expect(verdicts[FRAMES_PER_SECOND_MAX - 1]).toBe('within');
  expect(verdicts[FRAMES_PER_SECOND_MAX]).toBe('over');
  expect(verdicts[FLOOD_PER_SECOND_MAX - 1]).toBe('over');
  expect(verdicts[FLOOD_PER_SECOND_MAX]).toBe('flood');
  expect(rate.take(1_499)).toBe('flood');
  expect(rate.take(1_500)).toBe('within');
});
