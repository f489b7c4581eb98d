// Every parser of what people paste, scan or send one another, and of what a store keeps of it,
// against bytes that nobody should make: none throws, none changes its input, and what is taken has
// the one form that its encoder gives it, or is the message that was really sent. The short form is
// part of the tests.
import { equalBytes } from '../../shared/bytes.ts';
import { drawBelow, drawBytes, type RandomSource } from '../../shared/random.ts';
import { fastestEngine } from '../support/engines.ts';
import { seededRandom } from '../support/random.ts';
import { type Door, sessionDoors } from '../support/session-doors.ts';
import type { LongForm } from './long.ts';

const FAULTS_TOLD_MAX = 20;

export type ParsersReport = {
  readonly inputs: number;
  /** For each parser: how many inputs were taken, and how many refused. */
  readonly doors: Readonly<Record<string, { readonly taken: number; readonly refused: number }>>;
  readonly faults: number;
  readonly faultsTold: readonly string[];
};

/** `inputs` for each of the doors; the same seed gives the same ones. */
export function runParsers(options: {
  readonly doors: readonly Door[];
  readonly inputs: number;
  readonly seed: string;
  readonly say?: (text: string) => void;
}): ParsersReport {
  const doors: Record<string, { taken: number; refused: number }> = {};
  const faultsTold: string[] = [];
  let faults = 0;
  for (const door of options.doors) {
    const random = seededRandom(`${options.seed} ${door.name}`);
    const count = { taken: 0, refused: 0 };
    for (let index = 0; index < options.inputs; index++) {
      const input = drawInput(random, door);
      const fault = tryDoor(door, input, count);
      if (fault === null) continue;
      faults++;
      if (faultsTold.length < FAULTS_TOLD_MAX) faultsTold.push(`${door.name}: ${fault}`);
    }
    doors[door.name] = count;
    options.say?.(`${door.name}: ${count.taken} taken, ${count.refused} refused`);
  }
  const inputs = options.inputs * Object.keys(doors).length;
  return { inputs, doors, faults, faultsTold };
}

/** What was wrong, or null. */
function tryDoor(
  door: Door,
  input: Uint8Array,
  count: { taken: number; refused: number },
): string | null {
  const before = input.slice();
  let taken: Uint8Array | null;
  try {
    taken = door.parse(input);
  } catch (error) {
    return `threw ${error instanceof Error ? error.message : 'something'}`;
  }
  if (!equalBytes(before, input)) return 'changed its input';
  if (taken === null) {
    count.refused++;
    return null;
  }
  count.taken++;
  return equalBytes(taken, before) ? null : 'took what its encoder does not make';
}

/** A valid input with changes; a cut, lengthened or spliced one; noise. */
function drawInput(random: RandomSource, door: Door): Uint8Array {
  const valid = door.valid[drawBelow(random, door.valid.length)] ?? new Uint8Array(0);
  const kind = drawBelow(random, 20);
  if (kind === 0) return valid.slice();
  if (kind === 1) return drawBytes(random, drawBelow(random, 2 * valid.length + 2));
  if (kind === 2) return valid.slice(0, drawBelow(random, valid.length + 1));
  if (kind === 3) {
    const longer = new Uint8Array(valid.length + 1 + drawBelow(random, 40));
    longer.set(valid);
    return longer;
  }
  const changed = valid.slice();
  if (changed.length === 0) return changed;
  if (kind === 4) {
    const other = door.valid[drawBelow(random, door.valid.length)] ?? valid;
    const at = drawBelow(random, changed.length);
    changed.set(other.subarray(at, changed.length), at);
  }
  // Heads hold the counts and kinds: half of the changes are there.
  const within = kind < 12 ? Math.min(changed.length, 70) : changed.length;
  for (let change = 0; change <= kind % 3; change++) {
    changed[drawBelow(random, within)] = drawBelow(random, 256);
  }
  return changed;
}

const LONG_INPUTS = 1_000_000;

export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    const engine = await fastestEngine();
    const report = runParsers({ doors: sessionDoors(engine), inputs: LONG_INPUTS, seed, say });
    return { passed: report.faults === 0, ...report };
  },
};
