// Every parser of what comes over links, and of what says who the network is, against 2,000 inputs
// each; the long form `network-parsers` has a million.
import { expect, it } from 'vitest';
import { type Door, runDoors } from '../../support/doors.ts';
import { fastestEngine } from '../../support/engines.ts';
import { frameDoors } from '../../support/frame-doors.ts';
import { networkDoors } from '../../support/network-doors.ts';

const engine = await fastestEngine();
const doors = [...networkDoors(engine), ...frameDoors(engine)];

it('has a door for each of them', () => {
  expect(new Set(doors.map(({ name }) => name)).size).toBe(36);
});

it.each(doors.map((door) => [door.name, door] as const))(
  '%s: refuses what nobody should make, and throws at nothing',
  (name, door) => {
    const report = runDoors({ doors: [door], inputs: 2_000, seed: 'short' });
    expect(report.faultsTold).toEqual([]);
    expect(report.doors[name]?.taken).toBeGreaterThan(50);
    expect(report.doors[name]?.refused).toBeGreaterThan(50);
  },
);

it('finds a parser that reads padding as zeros, and one that believes any signer', () => {
  const faultsOf = (name: string, parse: (input: Uint8Array, one: Door) => Uint8Array | null) => {
    const one = doors.find((door) => door.name === name);
    if (one === undefined) throw new Error('no such door');
    const planted = { ...one, parse: (input: Uint8Array) => parse(input, one) };
    return runDoors({ doors: [planted], inputs: 1_000, seed: 'planted' }).faultsTold.join('\n');
  };
  const padded = faultsOf('fragment', (input, one) => {
    const copy = input.slice();
    copy.fill(0, 1_500);
    return one.parse(copy);
  });
  expect(padded).toContain('took what its encoder does not make');
  const believed = doors.find(({ name }) => name === 'descriptor, whatever its node says');
  const signed = faultsOf('descriptor', (input, one) =>
    believed?.parse(input) === null ? null : (one.valid[0] ?? null),
  );
  expect(signed).toContain('took what its encoder does not make');
});
