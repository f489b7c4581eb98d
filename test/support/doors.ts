// Parsers as one kind of function, and inputs for them that nobody should make: bytes in; the bytes
// of what was taken out, or null where it was refused. None throws, none changes its input, none
// takes more than its limit, and what is taken has the one form that its encoder gives it.
import { isUtf8 } from 'node:buffer';
import { concatBytes, toUtf8 } from '../../shared/bytes.ts';
import { drawBelow, drawBytes, type RandomSource } from '../../shared/random.ts';
import { changeJson } from './changed-json.ts';
import { seededRandom } from './random.ts';

export type Door = {
  readonly name: string;
  /** Inputs that are right; the others are made from them. */
  readonly valid: readonly Uint8Array[];
  readonly parse: (input: Uint8Array) => Uint8Array | null;
  /** What means something to this parser: put into inputs, anywhere. */
  readonly pieces?: readonly Uint8Array[];
  /** JSON text: changed as a value, too. */
  readonly isJson?: boolean;
  /** Bytes of the longest input that it takes; of JSON, UTF-16 units. */
  readonly sizeMax?: number;
  /** So many inputs at most, where each costs a file. */
  readonly inputsMax?: number;
};

export type DoorsReport = {
  readonly inputs: number;
  /** For each parser: how many inputs were taken, and how many refused. */
  readonly doors: Readonly<Record<string, { readonly taken: number; readonly refused: number }>>;
  readonly faults: number;
  readonly faultsTold: readonly string[];
};

const FAULTS_TOLD_MAX = 20;
/** One input in so many is longer than a door with a limit takes; where that is long, fewer are. */
const OVERSIZE_EVERY = 1_000;
const LONG_SIZE = 100_000;
const SPACE = 0x20;

/** A door, with what it needs beside its three parts. */
export function door(
  name: string,
  valid: readonly Uint8Array[],
  parse: Door['parse'],
  more: Omit<Door, 'name' | 'valid' | 'parse'> = {},
): Door {
  return { name, valid, parse, ...more };
}

/** For what has no encoder: the input itself where it was rightly taken, else something else. */
export function taken(input: Uint8Array, isRight: boolean): Uint8Array {
  return isRight ? input : concatBytes(input, Uint8Array.of(0));
}

/** Bytes as a text: UTF-8, or a character for each byte where they are not. */
export function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

/** `inputs` for each of the doors; the same seed gives the same ones. */
export function runDoors(options: {
  readonly doors: readonly Door[];
  readonly inputs: number;
  readonly seed: string;
  /** For people, on the way: a door, what it took, how long it was. */
  readonly say?: (text: string) => void;
}): DoorsReport {
  const doors: Record<string, { taken: number; refused: number }> = {};
  const faultsTold: string[] = [];
  let faults = 0;
  let inputs = 0;
  for (const one of options.doors) {
    const random = seededRandom(`${options.seed} ${one.name}`);
    const count = { taken: 0, refused: 0 };
    const own = Math.min(options.inputs, one.inputsMax ?? options.inputs);
    for (let index = 1; index <= own; index++) {
      const fault = tryDoor(one, drawInput(random, one, index), count);
      if (fault === null) continue;
      faults++;
      if (faultsTold.length < FAULTS_TOLD_MAX) faultsTold.push(`${one.name}: ${fault}`);
    }
    inputs += own;
    doors[one.name] = count;
    const sofar = faults === 0 ? '' : `; faults so far ${faults}: ${faultsTold.at(-1)}`;
    options.say?.(`${one.name}: ${count.taken} taken, ${count.refused} refused${sofar}`);
  }
  return { inputs, doors, faults, faultsTold };
}

/** What was wrong, or null. */
function tryDoor(
  one: Door,
  input: Uint8Array,
  count: { taken: number; refused: number },
): string | null {
  const before = input.slice();
  let given: Uint8Array | null;
  try {
    given = one.parse(input);
  } catch (error) {
    return `threw ${error instanceof Error ? error.message : 'something'}`;
  }
  if (Buffer.compare(before, input) !== 0) return 'changed its input';
  if (given === null) {
    count.refused++;
    return null;
  }
  count.taken++;
  const size = one.isJson === true ? textOf(before).length : before.length;
  if (one.sizeMax !== undefined && size > one.sizeMax) return 'took more than its limit';
  return Buffer.compare(given, before) === 0 ? null : 'took what its encoder does not make';
}

function drawInput(random: RandomSource, one: Door, index: number): Uint8Array {
  const valid = one.valid[drawBelow(random, one.valid.length)] ?? new Uint8Array(0);
  const every = (one.sizeMax ?? 0) > LONG_SIZE ? 10 * OVERSIZE_EVERY : OVERSIZE_EVERY;
  if (one.sizeMax !== undefined && index % every === OVERSIZE_EVERY / 2) {
    return oversize(random, valid, one.sizeMax, one.isJson === true);
  }
  if (one.isJson === true && drawBelow(random, 2) === 0) {
    return toUtf8(changeJson(random, textOf(valid)));
  }
  if (one.pieces !== undefined && drawBelow(random, 2) === 0) {
    return withPieces(random, valid, one.pieces);
  }
  return changed(random, one, valid);
}

/** A valid input with changes; a cut, lengthened or spliced one; noise. */
function changed(random: RandomSource, one: Door, valid: Uint8Array): Uint8Array {
  const kind = drawBelow(random, 20);
  if (kind === 0) return valid.slice();
  if (kind === 1) return drawBytes(random, drawBelow(random, 2 * valid.length + 2));
  if (kind === 2) return valid.slice(0, drawBelow(random, valid.length + 1));
  if (kind === 3) {
    const longer = new Uint8Array(valid.length + 1 + drawBelow(random, 40));
    longer.set(valid);
    return longer;
  }
  const bytes = valid.slice();
  if (bytes.length === 0) return bytes;
  if (kind === 4) {
    const other = one.valid[drawBelow(random, one.valid.length)] ?? valid;
    const at = drawBelow(random, bytes.length);
    bytes.set(other.subarray(at, bytes.length), at);
  }
  // Heads hold the counts and kinds: half of the changes are there.
  const within = kind < 12 ? Math.min(bytes.length, 70) : bytes.length;
  for (let change = 0; change <= kind % 3; change++) {
    bytes[drawBelow(random, within)] = drawBelow(random, 256);
  }
  return bytes;
}

/** One to three pieces, each put in or in the place of what was there. */
function withPieces(
  random: RandomSource,
  valid: Uint8Array,
  pieces: readonly Uint8Array[],
): Uint8Array {
  let bytes = valid;
  for (let left = drawBelow(random, 3); left >= 0; left--) {
    const piece = pieces[drawBelow(random, pieces.length)] ?? new Uint8Array(0);
    const at = drawBelow(random, bytes.length + 1);
    const after = drawBelow(random, 2) === 0 ? at : Math.min(bytes.length, at + piece.length);
    bytes = concatBytes(bytes.subarray(0, at), piece, bytes.subarray(after));
  }
  return bytes;
}

/** A valid input with spaces or zeros after it, by a little or by half more than what is taken. */
function oversize(
  random: RandomSource,
  valid: Uint8Array,
  sizeMax: number,
  isJson: boolean,
): Uint8Array {
  const more = drawBelow(random, 2) === 0 ? 1 : 1 + drawBelow(random, sizeMax) / 2;
  const bytes = new Uint8Array(sizeMax + Math.ceil(more)).fill(isJson ? SPACE : 0);
  bytes.set(valid.subarray(0, bytes.length));
  return bytes;
}
