// Every refusal is counted under its own reason, from zero, so that a missing one shows.
import { expect, it } from 'vitest';
import { createCounter, PACKET_REFUSALS } from '../../../main/mixnet/refusal.ts';
import { readProject } from '../../support/source.ts';

it('counts each reason for itself and starts all of them at zero', () => {
  const counter = createCounter(PACKET_REFUSALS);
  expect(Object.keys(counter.snapshot())).toEqual([...PACKET_REFUSALS]);
  counter.count('replay');
  counter.count('pool-full', 3);
  const { replay, 'pool-full': full, ...others } = counter.snapshot();
  expect([replay, full]).toEqual([1, 3]);
  expect(Object.values(others).every((count) => count === 0)).toBe(true);
});

it('has no reason that nobody gives, whose count would stay 0', () => {
  const given = readProject()
    .filter(({ path }) => /^(main\/mixnet|shared\/sphinx)\//.test(path))
    .filter(({ path }) => !/^main\/mixnet\/(refusal\.ts|client\/)/.test(path))
    .map(({ text }) => text)
    .join('');
  const isGiven = (reason: string) => given.includes(`'${reason}'`);
  expect(PACKET_REFUSALS.filter((reason) => !isGiven(reason))).toEqual([]);
  expect(isGiven('planted-reason')).toBe(false);
});
