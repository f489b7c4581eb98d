// Every parser of sessions and contents against 20,000 inputs each (5,000 where each costs
// multiplications), and parsers with a defect.
import { expect, it } from 'vitest';
import { type Door, runDoors } from '../../support/doors.ts';
import { fastestEngine } from '../../support/engines.ts';
import { sessionDoors } from '../../support/session-doors.ts';

const doors = sessionDoors(await fastestEngine());
const run = (inputs: number, some: readonly Door[]) =>
  runDoors({ doors: some, inputs, seed: 'short' });

it('has a door for each of them', () => {
  expect(doors).toHaveLength(15);
});

it.each(doors.map((door) => [door.name, door] as const))(
  '%s: refuses what nobody should make, and throws at nothing',
  (name, door) => {
    const isCostly = ['request', 'reset', 'acceptance'].includes(name);
    const report = run(isCostly ? 5_000 : 20_000, [door]);
    expect(report.faultsTold).toEqual([]);
    expect(report.doors[name]?.taken).toBeGreaterThan(100);
    expect(report.doors[name]?.refused).toBeGreaterThan(500);
  },
);

it('finds a parser that throws, that writes into its input, and that takes too much', () => {
  const planted = (parse: (input: Uint8Array, door: Door) => Uint8Array | null) => {
    const wrong = doors.map(
      (door): Door => ({
        ...door,
        parse: (input) => parse(input, door),
      }),
    );
    return run(200, wrong).faultsTold.join('\n');
  };
  const throwing = planted((input, door) => {
    if ((input[0] ?? 0) > 9) throw new Error('no version');
    return door.parse(input);
  });
  expect(throwing).toContain('threw no version');
  const writing = planted((input, door) => {
    input[0] = 1 ^ (input[0] ?? 0);
    return door.parse(input);
  });
  expect(writing).toContain('changed its input');
  const lax = planted((input, door) => door.parse(input) ?? door.valid[0] ?? null);
  expect(lax).toContain('took what');
});
