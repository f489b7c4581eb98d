// Vector files (test/vectors/README.md): reading one, and typed access to a vector's fields. A
// field that is missing or of the wrong form throws `VectorFieldError`, which fails that vector and
// no other.
import { fromHex } from '../../shared/bytes.ts';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };
export type Vector = JsonObject & { readonly id: string; readonly kind: string };
export type VectorFile = {
  /** How many vectors of each kind the file says it has. */
  readonly counts: Readonly<Record<string, number>>;
  readonly vectors: readonly Vector[];
};

export class VectorFieldError extends Error {}

/** The file, or in words why it is not one. */
export function parseVectorFile(text: string): VectorFile | string {
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch {
    return 'not JSON';
  }
  if (!isObject(parsed)) return 'not an object';
  const { format, schema, counts, vectors } = parsed;
  if (format !== 'nym-sphinx-vectors' || schema !== 1) return 'not nym-sphinx-vectors, schema 1';
  if (!isObject(counts) || !isList(vectors)) return 'counts or vectors missing';
  const checkedCounts: Record<string, number> = {};
  for (const [kind, count] of Object.entries(counts)) {
    if (typeof count !== 'number') return 'a count that is no number';
    checkedCounts[kind] = count;
  }
  const checked: Vector[] = [];
  const ids = new Set<string>();
  for (const vector of vectors) {
    if (!isVector(vector)) return 'a vector without id and kind';
    if (ids.has(vector.id)) return `two vectors of the id ${vector.id}`;
    ids.add(vector.id);
    checked.push(vector);
  }
  return { counts: checkedCounts, vectors: checked };
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isVector(value: Json): value is Vector {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['kind'] === 'string';
}

export function bytesField(from: JsonObject, name: string): Uint8Array {
  return toBytes(from[name], name);
}

export function bytesListField(from: JsonObject, name: string): Uint8Array[] {
  return listField(from, name).map((item) => toBytes(item, name));
}

export function listField(from: JsonObject, name: string): readonly Json[] {
  const value = from[name];
  if (!isList(value)) throw new VectorFieldError(`${name}: expected a list`);
  return value;
}

/** Sizes and counts of a vector at most: a file could ask for all the memory there is. */
export const COUNT_MAX = 65_536;

/** A whole number from 0 to `COUNT_MAX`. */
export function countField(from: JsonObject, name: string): number {
  const value = from[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > COUNT_MAX) {
    throw new VectorFieldError(`${name}: expected a whole number of at most ${COUNT_MAX}`);
  }
  return value;
}

export function textField(from: JsonObject, name: string): string {
  const value = from[name];
  if (typeof value !== 'string') throw new VectorFieldError(`${name}: expected text`);
  return value;
}

/** A 64-bit number as a decimal string. */
export function bigField(value: Json | undefined, name: string): bigint {
  if (typeof value !== 'string' || !/^(0|[1-9][0-9]{0,19})$/.test(value)) {
    throw new VectorFieldError(`${name}: expected decimal digits`);
  }
  return BigInt(value);
}

function toBytes(value: Json | undefined, name: string): Uint8Array {
  const bytes = typeof value === 'string' ? fromHex(value) : null;
  if (bytes === null) throw new VectorFieldError(`${name}: expected hex`);
  return bytes;
}
