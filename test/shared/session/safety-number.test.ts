// Safety numbers: the same on both sides, another for every other key, and pictures that compare.
import { expect, it } from 'vitest';
import { toBase64url } from '../../../shared/bytes.ts';
import { createIdentity } from '../../../shared/session/identity.ts';
import {
  compareSafetyScan,
  SAFETY_NUMBER_ITERATIONS,
  safetyNumber,
} from '../../../shared/session/safety-number.ts';
import { fastestEngine } from '../../support/engines.ts';
import { seededRandom } from '../../support/random.ts';

const engine = await fastestEngine();
const [ada, bob, eve] = ['ada', 'bob', 'eve'].map((name) =>
  createIdentity(engine, seededRandom(name)),
) as [
  ReturnType<typeof createIdentity>,
  ReturnType<typeof createIdentity>,
  ReturnType<typeof createIdentity>,
];
const adas = safetyNumber(engine, ada, bob);
const bobs = safetyNumber(engine, bob, ada);

it('is 60 digits in 12 groups, the same on both sides', () => {
  expect(adas.groups).toHaveLength(12);
  expect(adas.groups.every((group) => /^\d{5}$/.test(group))).toBe(true);
  expect(bobs.groups).toEqual(adas.groups);
});

it('changes with every long-term key of either', () => {
  const others = [
    safetyNumber(engine, { ...ada, signingKey: eve.signingKey }, bob),
    safetyNumber(engine, { ...ada, agreementKey: eve.agreementKey }, bob),
    safetyNumber(engine, ada, { ...bob, signingKey: eve.signingKey }),
    safetyNumber(engine, ada, { ...bob, agreementKey: eve.agreementKey }),
  ].map(({ groups }) => groups.join());
  expect(new Set([adas.groups.join(), ...others]).size).toBe(5);
});

it('runs the hash 5,200 times for each person', () => {
  let runs = 0;
  const counting = {
    ...engine,
    sha512: (out: Uint8Array, data: Uint8Array) => {
      runs++;
      engine.sha512(out, data);
    },
  };
  safetyNumber(counting, ada, bob);
  expect(SAFETY_NUMBER_ITERATIONS).toBe(5_200);
  expect(runs).toBe(2 * SAFETY_NUMBER_ITERATIONS);
});

it('compares a picture: match, mismatch, own, newer, something else', () => {
  expect(compareSafetyScan(adas.scanText, bobs.scanText)).toBe('match');
  expect(compareSafetyScan(adas.scanText, adas.scanText)).toBe('own');
  expect(compareSafetyScan(adas.scanText, safetyNumber(engine, eve, ada).scanText)).toBe(
    'mismatch',
  );
  expect(compareSafetyScan(adas.scanText, safetyNumber(engine, bob, eve).scanText)).toBe(
    'mismatch',
  );
  const newer = `eddy:s/${toBase64url(Uint8Array.of(2, 1, 2, 3))}`;
  expect(compareSafetyScan(adas.scanText, newer)).toBe('newer_version');
  for (const text of ['', 'eddy:s/', 'eddy:c/AAAA', 'eddy:s/AA', bobs.scanText.slice(0, -1), 'x']) {
    expect(compareSafetyScan(adas.scanText, text)).toBe('not_a_safety_number');
  }
});

it('compares all of it: no byte of a picture may differ', () => {
  const bytes = Buffer.from(bobs.scanText.slice(7), 'base64url');
  for (let offset = 1; offset < bytes.length; offset++) {
    const altered = Buffer.from(bytes);
    altered[offset] = (altered[offset] ?? 0) ^ 1;
    const text = `eddy:s/${altered.toString('base64url')}`;
    expect(compareSafetyScan(adas.scanText, text)).toBe('mismatch');
  }
});
