// Sequences and times are 64 bits wide on links and whole numbers in the program. What a number
// cannot hold exactly is refused, not rounded.
import { assert } from '../assert.ts';
import type { ByteReader, ByteWriter } from '../bytes.ts';

/** Writes a whole number from 0 to 2^53 - 1 in 8 bytes. */
export function writeUint53(writer: ByteWriter, value: number): void {
  assert(Number.isSafeInteger(value) && value >= 0, 'a 53-bit number is whole and not negative');
  writer.u64(BigInt(value));
}

/** Reads 8 bytes; null above 2^53 - 1. */
export function readUint53(reader: ByteReader): number | null {
  const value = reader.u64();
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(value);
}
