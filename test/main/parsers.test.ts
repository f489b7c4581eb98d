// Every parser of the contract, of configurations and of files against 2,000 inputs each; the long
// form `local-parsers` has a million.
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { toUtf8 } from '../../shared/bytes.ts';
import { contractDoors } from '../support/contract-doors.ts';
import { type Door, door, runDoors, taken, textOf } from '../support/doors.ts';
import { fastestEngine } from '../support/engines.ts';
import { doorsFolder, fileDoors } from '../support/file-doors.ts';
import { pictureDoors } from '../support/picture-doors.ts';

const { folder, remove } = doorsFolder();
afterAll(remove);
const engine = await fastestEngine();
const doors = [...contractDoors(), ...pictureDoors(), ...fileDoors(engine, folder)];
/** Whatever they are given is something to them. */
const takeAll = ['place of a window', 'languages of a browser', 'words of a search'];

it('has a door for each of them', () => {
  expect(new Set(doors.map(({ name }) => name)).size).toBe(35);
});

it.each(doors.map((door) => [door.name, door] as const))(
  '%s: refuses what nobody should make, and throws at nothing',
  (name, door) => {
    const inputs = Math.min(2_000, Math.ceil((door.inputsMax ?? 1_000_000) / 10));
    const report = runDoors({ doors: [door], inputs, seed: 'short' });
    expect(report.faultsTold).toEqual([]);
    const { taken = 0, refused = 0 } = report.doors[name] ?? {};
    expect(taken).toBeGreaterThan(10);
    expect(takeAll.includes(name) || refused > 10).toBe(true);
  },
);

describe('the doors find', () => {
  const faultsOf = (planted: Door) =>
    runDoors({ doors: [planted], inputs: 2_000, seed: 'planted' }).faultsTold.join('\n');
  const valid = [toUtf8(JSON.stringify({ name: 'a', port: 7 }))];
  const jsonDoor = (parse: (value: { name?: unknown }) => boolean, more: Partial<Door> = {}) =>
    door(
      'planted',
      valid,
      (input) => {
        let value: unknown;
        try {
          value = JSON.parse(textOf(input));
        } catch {
          return null;
        }
        return typeof value === 'object' && value !== null && parse(value) ? input : null;
      },
      { isJson: true, ...more },
    );

  it('a parser that passes over a field it does not know', () => {
    const loose = z.object({ name: z.string(), port: z.int() });
    const lax = jsonDoor(() => true);
    const planted = door('planted', valid, (input) => {
      if (lax.parse(input) === null) return null;
      const value: unknown = JSON.parse(textOf(input));
      const parsed = loose.safeParse(value);
      return parsed.success
        ? taken(input, JSON.stringify(parsed.data) === JSON.stringify(value))
        : null;
    });
    expect(faultsOf({ ...planted, isJson: true })).toContain('took what its encoder does not make');
  });

  it('one that throws at half of a pair, and one that throws at what is missing', () => {
    const bytes = jsonDoor(({ name }) => typeof name === 'string' && toUtf8(name).length > 0);
    expect(faultsOf(bytes)).toContain('threw ');
    const missing = jsonDoor(
      ({ name }) => String(name).length > 0 && (name as string).trim() !== '',
    );
    expect(faultsOf(missing)).toContain('threw ');
  });

  it('one that keeps no limit', () => {
    expect(faultsOf(jsonDoor(() => true, { sizeMax: 100 }))).toContain('took more than its limit');
  });
});
