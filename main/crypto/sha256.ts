// SHA-256, HMAC (RFC 2104) and HKDF (RFC 5869) over the WebAssembly compression function, laid out
// so that nothing is copied twice: messages are padded where they lie in the module's memory,
// HMAC's two pads are compressed once per key, and HKDF's blocks stay in the module until the last.
// One instance per thread, never entered twice at once: everything here is synchronous.
import { assert } from '../../shared/assert.ts';
import { equalBytes } from '../../shared/bytes.ts';
import { assertHkdf, HKDF_INFO_SIZE_MAX, HKDF_SHA256_SIZE_MAX } from '../../shared/crypto-sizes.ts';
import {
  instantiateSha256,
  SHA256_SCHEDULE,
  SHA256_SCHEDULE_SIZE,
  type Sha256Schedule,
} from './sha256-wasm.ts';
import { WASM_PAGE_SIZE } from './wasm-code.ts';

export type Sha256 = {
  readonly sha256: (out: Uint8Array, data: Uint8Array) => void;
  readonly hmacSha256: (out: Uint8Array, key: Uint8Array, data: Uint8Array) => void;
  readonly hkdfSha256: (
    out: Uint8Array,
    input: Uint8Array,
    salt: Uint8Array,
    info: Uint8Array,
  ) => void;
};

/** FIPS 180-4 section 5.3.3. */
const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];
const BLOCK = 64;
const DIGEST = 32;

// The module's memory: its schedule, chaining values, blocks, HKDF's output, messages.
const IV = SHA256_SCHEDULE + SHA256_SCHEDULE_SIZE;
const STATE = IV + 32;
const INNER = IV + 64;
const OUTER = IV + 96;
const PAD = IV + 128;
const OUTER_BLOCK = IV + 192;
const OUTPUT = IV + 256;
const MESSAGE = OUTPUT + HKDF_SHA256_SIZE_MAX + 32;
const MESSAGE_SIZE = WASM_PAGE_SIZE - MESSAGE;
/** Whole blocks a long message is fed in. */
const CHUNK_SIZE = Math.floor((MESSAGE_SIZE - 2 * BLOCK) / BLOCK) * BLOCK;
// HKDF's longest message lies in a chunk at once: a digest, the info, a counter.
assert(DIGEST + HKDF_INFO_SIZE_MAX + 1 <= CHUNK_SIZE, 'HKDF info fits a chunk');
/**
 * Salts whose compressed pads are kept: a program has few, and they are public. The oldest goes.
 */
export const HKDF_SALTS_KEPT_MAX = 4;

type KeptSalt = { readonly salt: Uint8Array; readonly pads: Int32Array };

/** An instance with memory of its own (64 KiB). Throws for vectors where the machine has none. */
export function createSha256(schedule: Sha256Schedule): Sha256 {
  const { memory, compress, digest } = instantiateSha256(schedule);
  const bytes = new Uint8Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  const keptSalts: KeptSalt[] = [];
  words.set(
    INITIAL.map((word) => word | 0),
    IV / 4,
  );
  // The outer message is always one digest behind one pad: its padding never changes.
  bytes[OUTER_BLOCK + DIGEST] = 0x80;
  writeBitLength(bytes, OUTER_BLOCK + BLOCK, BLOCK + DIGEST);

  /**
   * Pads what ends at `end` of a message of `size` bytes that began at `start`; gives its blocks.
   */
  function padMessage(start: number, end: number, size: number): number {
    const blocks = Math.floor((end - start + 8) / BLOCK) + 1;
    const last = start + blocks * BLOCK;
    bytes[end] = 0x80;
    for (let at = end + 1; at < last - 8; at++) bytes[at] = 0;
    writeBitLength(bytes, last, size);
    return blocks;
  }

  /**
   * Hashes `data` behind `before` bytes that are in the chaining value at `from`; result in STATE.
   */
  function absorb(from: number, before: number, data: Uint8Array): void {
    let chained = from;
    let offset = 0;
    for (; data.length - offset > CHUNK_SIZE; offset += CHUNK_SIZE) {
      bytes.set(data.subarray(offset, offset + CHUNK_SIZE), MESSAGE);
      compress(STATE, chained, MESSAGE, CHUNK_SIZE / BLOCK);
      chained = STATE;
    }
    const rest = data.length - offset;
    bytes.set(offset === 0 ? data : data.subarray(offset), MESSAGE);
    const blocks = padMessage(MESSAGE, MESSAGE + rest, before + data.length);
    compress(STATE, chained, MESSAGE, blocks);
    zero(words, MESSAGE, Math.ceil(Math.min(data.length, CHUNK_SIZE) / 4) * 4);
  }

  /** Compresses the two pads of the key of `size` (≤ 64) bytes at PAD into INNER and OUTER. */
  function expandKey(size: number): void {
    for (let at = PAD + size; at < PAD + BLOCK; at++) bytes[at] = 0;
    const first = PAD / 4;
    for (let at = first; at < first + BLOCK / 4; at++) words[at] = (words[at] ?? 0) ^ 0x36363636;
    compress(INNER, IV, PAD, 1);
    for (let at = first; at < first + BLOCK / 4; at++) words[at] = (words[at] ?? 0) ^ 0x6a6a6a6a;
    compress(OUTER, IV, PAD, 1);
    zero(words, PAD, BLOCK);
  }

  function setKey(key: Uint8Array): void {
    if (key.length <= BLOCK) {
      bytes.set(key, PAD);
      expandKey(key.length);
    } else {
      absorb(IV, 0, key);
      digest(PAD, STATE);
      expandKey(DIGEST);
    }
  }

  /** From the inner hash in STATE to the MAC at `to`. */
  function finishMac(to: number): void {
    digest(OUTER_BLOCK, STATE);
    compress(STATE, OUTER, OUTER_BLOCK, 1);
    digest(to, STATE);
  }

  function setSalt(salt: Uint8Array): void {
    const kept = keptSalts.find((candidate) => equalBytes(candidate.salt, salt));
    if (kept !== undefined) {
      words.set(kept.pads, INNER / 4);
      return;
    }
    setKey(salt);
    if (keptSalts.length === HKDF_SALTS_KEPT_MAX) keptSalts.shift();
    keptSalts.push({ salt: salt.slice(), pads: words.slice(INNER / 4, (OUTER + DIGEST) / 4) });
  }

  /** Leaves no secret behind in the module: chaining values, digests, output. */
  function forget(outputSize: number): void {
    zero(words, SHA256_SCHEDULE, SHA256_SCHEDULE_SIZE);
    zero(words, STATE, PAD - STATE);
    zero(words, OUTER_BLOCK, DIGEST);
    zero(words, OUTPUT, outputSize);
  }

  return {
    sha256: (out, data) => {
      assert(out.length === DIGEST, 'SHA-256 digest of 32 bytes');
      absorb(IV, 0, data);
      digest(OUTPUT, STATE);
      out.set(bytes.subarray(OUTPUT, OUTPUT + DIGEST));
      forget(DIGEST);
    },

    hmacSha256: (out, key, data) => {
      assert(out.length === DIGEST, 'HMAC-SHA-256 of 32 bytes');
      setKey(key);
      absorb(INNER, BLOCK, data);
      finishMac(OUTPUT);
      out.set(bytes.subarray(OUTPUT, OUTPUT + DIGEST));
      forget(DIGEST);
    },

    hkdfSha256: (out, input, salt, info) => {
      const size = out.length;
      assertHkdf(out, info, HKDF_SHA256_SIZE_MAX);
      // Extract: the pseudorandom key, which is the key of every MAC from here on.
      setSalt(salt);
      absorb(INNER, BLOCK, input);
      finishMac(PAD);
      expandKey(DIGEST);
      // Expand. T(1) has no T before it, so its message is shorter and is padded differently.
      let counterAt = MESSAGE + info.length;
      bytes.set(info, MESSAGE);
      bytes[counterAt] = 1;
      let blocks = padMessage(MESSAGE, counterAt + 1, BLOCK + info.length + 1);
      for (let index = 1; (index - 1) * DIGEST < size; index++) {
        if (index === 2) {
          counterAt = MESSAGE + DIGEST + info.length;
          bytes.set(info, MESSAGE + DIGEST);
          blocks = padMessage(MESSAGE, counterAt + 1, BLOCK + DIGEST + info.length + 1);
        }
        if (index > 1) {
          digest(MESSAGE, STATE);
          bytes[counterAt] = index;
        }
        compress(STATE, INNER, MESSAGE, blocks);
        finishMac(OUTPUT + (index - 1) * DIGEST);
      }
      out.set(bytes.subarray(OUTPUT, OUTPUT + size));
      zero(words, MESSAGE, DIGEST);
      forget(Math.ceil(size / DIGEST) * DIGEST);
    },
  };
}

/** Message length in bits, big-endian, in the 8 bytes before `end`. */
function writeBitLength(bytes: Uint8Array, end: number, size: number): void {
  const high = Math.floor(size / 0x20000000);
  const low = (size << 3) >>> 0;
  bytes[end - 8] = high >>> 24;
  bytes[end - 7] = high >>> 16;
  bytes[end - 6] = high >>> 8;
  bytes[end - 5] = high;
  bytes[end - 4] = low >>> 24;
  bytes[end - 3] = low >>> 16;
  bytes[end - 2] = low >>> 8;
  bytes[end - 1] = low;
}

/** Zeroes `size` bytes (a multiple of 4) word by word: for so few a call of `fill` costs more. */
function zero(words: Int32Array, at: number, size: number): void {
  for (let word = at / 4; word < (at + size) / 4; word++) words[word] = 0;
}
