// Codecs stand on these: the bounds are what keeps a frame from a network from being read past its
// end.
import { describe, expect, it } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  concatBytes,
  equalConstantTime,
  fromBase64url,
  fromHex,
  isAllZero,
  toBase64url,
  toHex,
} from '../../shared/bytes.ts';

describe('reader and writer', () => {
  it('give back what was written, big-endian', () => {
    const bytes = new ByteWriter(18)
      .u8(1)
      .u16(0x0203)
      .u32(0x04050607)
      .u64(8n)
      .raw(fill(3))
      .finish();
    expect(toHex(bytes)).toBe('010203040506070000000000000008030303');
    const reader = new ByteReader(bytes);
    expect([reader.u8(), reader.u16(), reader.u32(), reader.u64()]).toEqual([1, 515, 67438087, 8n]);
    expect(reader.raw(3)).toEqual(fill(3));
    expect(reader.isFinished).toBe(true);
  });

  it('a read past the end gives nothing and is remembered', () => {
    const reader = new ByteReader(fill(3));
    expect(reader.u32()).toBe(0);
    expect(reader.raw(1)).toHaveLength(0);
    expect(reader.isWhole).toBe(false);
    expect(reader.isFinished).toBe(false);
  });

  it('a writer takes neither more nor less than its size', () => {
    expect(() => new ByteWriter(1).u16(1)).toThrow('room');
    expect(() => new ByteWriter(2).u8(1).finish()).toThrow('every byte');
    expect(() => new ByteWriter(1).u8(256)).toThrow('range');
  });
});

it('text forms are exact: canonical base64url, hex of even length', () => {
  expect(fromHex('0g')).toBeNull();
  expect(fromHex('012')).toBeNull();
  expect(fromHex('FF')).toEqual(Uint8Array.of(255));
  expect(fromBase64url(toBase64url(fill(20)))).toEqual(fill(20));
  expect(fromBase64url('A')).toBeNull();
  expect(fromBase64url('AB')).toBeNull();
});

it('comparing looks at every byte', () => {
  expect(equalConstantTime(fill(3), fill(3))).toBe(true);
  expect(equalConstantTime(fill(3), concatBytes(fill(3).subarray(1), Uint8Array.of(9)))).toBe(
    false,
  );
  expect(isAllZero(new Uint8Array(5))).toBe(true);
  expect(isAllZero(Uint8Array.of(0, 0, 1))).toBe(false);
});

function fill(size: number): Uint8Array {
  return new Uint8Array(size).fill(size);
}
