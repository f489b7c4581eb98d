// Values that a schema of the contract takes, made from the schema itself: so that every call and
// every event has samples, also those that are added later.
import * as z from 'zod/mini';

type Schema = z.core.$ZodType;

const texts = ['a', 'Ünal 艾达', '', '0'.repeat(32), 'QUJD', 'eddy:c/x', 'internal'];
const numbers = [0, 1, 5, 300, 60_000, 1_700_000_000_000, 0.5];

/** The sample of a schema for a turn: other turns take other branches, and leave out others. */
export function sampleOf(schema: Schema, turn: number): unknown {
  const { def } = schema._zod as unknown as { def: z.core.$ZodTypes['_zod']['def'] };
  const isOther = turn % 2 === 1;
  if (def.type === 'string') return firstTaken(schema, texts, turn);
  if (def.type === 'number') return firstTaken(schema, numbers, turn);
  if (def.type === 'boolean') return isOther;
  if (def.type === 'literal') return def.values[0];
  if (def.type === 'enum') return pick(Object.values(def.entries), turn);
  if (def.type === 'nullable') return isOther ? null : sampleOf(def.innerType, turn);
  if (def.type === 'optional') return isOther ? undefined : sampleOf(def.innerType, turn);
  if (def.type === 'union') return sampleOf(pick(def.options, turn) ?? z.null(), turn);
  if (def.type === 'record') return { words: sampleOf(def.valueType, turn) };
  if (def.type === 'tuple') return def.items.map((item, index) => sampleOf(item, turn + index));
  if (def.type === 'array') {
    return Array.from({ length: turn % 3 }, (_, index) => sampleOf(def.element, turn + index));
  }
  if (def.type !== 'object') throw new Error(`no sample of a schema of type ${def.type}`);
  const fields = Object.entries(def.shape).map(
    ([name, field], index) => [name, sampleOf(field, turn + index)] as const,
  );
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function firstTaken(schema: Schema, values: readonly unknown[], turn: number): unknown {
  const rotated = values.map((_, index) => pick(values, index + turn));
  const found = rotated.find((value) => z.safeParse(schema, value).success);
  if (found === undefined) throw new Error('no sample fits this schema');
  return found;
}

function pick<T>(list: readonly T[], turn: number): T | undefined {
  return list[turn % list.length];
}
