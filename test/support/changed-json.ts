// JSON with one to three of its values changed as nobody should: other types, numbers at edges,
// fields that are missing, doubled or unknown, names that objects have by themselves, depth.
import { assert } from '../../shared/assert.ts';
import { drawBelow, type RandomSource } from '../../shared/random.ts';

const DEPTH = 10_000;
/** Added to a list: more than most lists may have. */
const MORE = 17;
/** What stands in the place of another value. */
const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  0.5,
  65_535,
  65_536,
  2 ** 31,
  2 ** 53 - 1,
  2 ** 53,
  1e21,
  -1e300,
  '',
  ' ',
  'a',
  '0',
  '\0',
  '\ud800',
  '\udc00\ud800',
  '\ufeffa',
  'e\u0301',
  '\u202e',
  '../../x',
  'a'.repeat(300),
  'A'.repeat(43),
  [],
  [[]],
  {},
  { a: null },
];
const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', 'a', '0'];

type Slot = { readonly holder: object; readonly key: string };

/** A changed copy of a text of JSON; lone surrogates stay escapes in it. */
export function changeJson(random: RandomSource, text: string): string {
  if (drawBelow(random, 2_000) === 0) return '['.repeat(DEPTH) + ']'.repeat(DEPTH);
  const root = { value: JSON.parse(text) as unknown };
  for (let left = drawBelow(random, 3); left >= 0; left--) changeOne(random, root);
  const changed = JSON.stringify(root.value) ?? 'null';
  const first = drawBelow(random, 12) === 0 ? /^\{("[^"\\]+"):/.exec(changed)?.[1] : undefined;
  // The same name twice: the later one holds.
  return first === undefined ? changed : `{${first}:0,${changed.slice(1)}`;
}

function changeOne(random: RandomSource, root: object): void {
  const slots: Slot[] = [];
  collect(root, slots);
  // Where all was taken away, there is nothing to change.
  if (slots.length === 0) return;
  const { holder, key } = pick(random, slots);
  const old = (holder as Record<string, unknown>)[key];
  switch (drawBelow(random, 6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else if (holder !== root) Reflect.deleteProperty(holder, key);
      break;
    case 1:
      put(holder, key, [copy(old), copy(old)]);
      break;
    case 2:
      if (Array.isArray(holder)) holder.push(...Array.from({ length: MORE }, () => copy(old)));
      else if (holder !== root) put(holder, pick(random, names), copy(old));
      break;
    case 3: {
      const other = pick(random, slots);
      put(holder, key, copy((other.holder as Record<string, unknown>)[other.key]));
      break;
    }
    default:
      put(holder, key, copy(pick(random, values)));
  }
}

/** Also for names that an assignment would mean otherwise. */
function put(holder: object, key: string, value: unknown): void {
  const rest = { writable: true, enumerable: true, configurable: true };
  Object.defineProperty(holder, key, { value, ...rest });
}

/** Faster than a structured clone by far, which is most of what a small input costs. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  const copied = {};
  for (const [key, one] of Object.entries(value)) put(copied, key, copy(one));
  return copied;
}

function collect(holder: object, into: Slot[]): void {
  for (const key of Object.keys(holder)) {
    into.push({ holder, key });
    const value = (holder as Record<string, unknown>)[key];
    if (typeof value === 'object' && value !== null) collect(value, into);
  }
}

function pick<T>(random: RandomSource, list: readonly T[]): T {
  const item = list[drawBelow(random, list.length)];
  assert(item !== undefined, 'a list that is drawn from is not empty');
  return item;
}
