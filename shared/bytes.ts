// Bytes: comparing, joining, text forms, and a bounds-checked reader and writer (big-endian) that
// every codec is written with. Reading past the end is a value (`isWhole`), not an exception, since
// what is read came from a network.
import { base64urlnopad, hex, utf8 } from '@scure/base';
import { assert } from './assert.ts';

/** Whether two byte strings are equal. Not for secrets: see `equalConstantTime`. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** Equality whose time depends on the lengths alone (as far as a JavaScript engine allows). */
export function equalConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

/** Orders byte strings of one length: negative where `a` comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  assert(a.length === b.length, 'byte strings of one length are ordered');
  for (let index = 0; index < a.length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether every byte is zero, in time that depends on the length alone. */
export function isAllZero(bytes: Uint8Array): boolean {
  let any = 0;
  for (let index = 0; index < bytes.length; index++) any |= bytes[index] ?? 0;
  return any === 0;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Overwrites a secret. What an engine copied elsewhere stays out of reach of this. */
export function wipe(bytes: Uint8Array): void {
  bytes.fill(0);
}

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  // Keys of maps are made with it for every packet: a table is ten times faster than a decoder.
  let text = '';
  for (let index = 0; index < bytes.length; index++) text += hexPairs[bytes[index] ?? 0];
  return text;
}

/** Bytes of lower- or upper-case hex, or null. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return null;
  return hex.decode(text.toLowerCase());
}

/** Base64url without padding (RFC 4648 section 5). */
export function toBase64url(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes);
}

/** Bytes of unpadded base64url, or null; a form that is not canonical is refused. */
export function fromBase64url(text: string): Uint8Array | null {
  try {
    return base64urlnopad.decode(text);
  } catch {
    return null;
  }
}

/** UTF-8 of well-formed text; a lone surrogate is a bug of the caller's. */
export function toUtf8(text: string): Uint8Array {
  return utf8.decode(text);
}

/** The text of UTF-8 bytes, or null where they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.encode(bytes);
  } catch {
    return null;
  }
}

/** Writes a frame of known size, big-endian. Writing past the end, or finishing short, is a bug. */
export class ByteWriter {
  readonly bytes: Uint8Array;
  #view: DataView;
  #offset = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  u8(value: number): this {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xff, 'u8 in range');
    this.#view.setUint8(this.#take(1), value);
    return this;
  }

  u16(value: number): this {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xffff, 'u16 in range');
    this.#view.setUint16(this.#take(2), value);
    return this;
  }

  u32(value: number): this {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xffffffff, 'u32 in range');
    this.#view.setUint32(this.#take(4), value);
    return this;
  }

  u64(value: bigint): this {
    assert(value >= 0n && value <= 0xffffffffffffffffn, 'u64 in range');
    this.#view.setBigUint64(this.#take(8), value);
    return this;
  }

  raw(value: Uint8Array): this {
    this.bytes.set(value, this.#take(value.length));
    return this;
  }

  /** The bytes, all of them written. */
  finish(): Uint8Array {
    assert(this.#offset === this.bytes.length, 'every byte of the frame is written');
    return this.bytes;
  }

  #take(size: number): number {
    const at = this.#offset;
    assert(at + size <= this.bytes.length, 'the frame has room');
    this.#offset = at + size;
    return at;
  }
}

/**
 * Reads big-endian fields. Past the end numbers are 0, bytes are empty and `isWhole` turns false
 * for good, so a parser reads all fields and asks once, before it uses any.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #isShort = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  u8(): number {
    return this.raw(1)[0] ?? 0;
  }

  u16(): number {
    const [a = 0, b = 0] = this.raw(2);
    return a * 0x100 + b;
  }

  u32(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.raw(4);
    return a * 0x1000000 + b * 0x10000 + c * 0x100 + d;
  }

  u64(): bigint {
    const inner = new ByteReader(this.raw(8));
    return (BigInt(inner.u32()) << 32n) | BigInt(inner.u32());
  }

  /** The next `size` bytes: a view of the input, not a copy. */
  raw(size: number): Uint8Array {
    if (size < 0 || this.#offset + size > this.#bytes.length) {
      this.#isShort = true;
      this.#offset = this.#bytes.length;
      return new Uint8Array(0);
    }
    const at = this.#offset;
    this.#offset += size;
    return this.#bytes.subarray(at, this.#offset);
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Whether every read so far was inside the input. */
  get isWhole(): boolean {
    return !this.#isShort;
  }

  /** Whether every read was inside and nothing is left. */
  get isFinished(): boolean {
    return this.isWhole && this.remaining === 0;
  }
}
