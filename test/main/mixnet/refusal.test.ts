// Every refusal is counted under its own reason, from zero, so that a missing one shows.
import { expect, it } from 'vitest';
import { createCounter, PACKET_REFUSALS } from '../../../main/mixnet/refusal.ts';

it('counts each reason for itself and starts all of them at zero', () => {
  const counter = createCounter(PACKET_REFUSALS);
  expect(Object.keys(counter.snapshot())).toEqual([...PACKET_REFUSALS]);
  counter.count('replay');
  counter.count('pool-full', 3);
  const { replay, 'pool-full': full, ...others } = counter.snapshot();
  expect([replay, full]).toEqual([1, 3]);
  expect(Object.values(others).every((count) => count === 0)).toBe(true);
});
