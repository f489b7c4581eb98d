// Every form in which a machine may run the primitives that libsodium lacks: with vectors, without
// them, without node:crypto's AES, without both. Each answers like the reference engine, also where
// its method changes.
import { describe, expect, test } from 'vitest';
import { createHostPrimitives, hostFeatures } from '../../../main/crypto/host-primitives.ts';
import { failedPrimitives } from '../../../main/crypto/self-test.ts';
import { toHex } from '../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { seededRandom } from '../../support/random.ts';

const machines = [
  { vectors: true, nodeAes: true },
  { vectors: true, nodeAes: false },
  { vectors: false, nodeAes: true },
  { vectors: false, nodeAes: false },
];
/** Around blocks, pairs of blocks, and the chunks that fit a module's memory. */
const sizes = [0, 1, 15, 16, 17, 31, 32, 33, 55, 56, 63, 64, 65, 119, 120, 300, 348, 360, 511];
const longSizes = [512, 4_096, 65_311, 65_312, 65_313, 65_343, 65_344, 65_345, 140_000];
const random = seededRandom('host primitives');
const drawn = (size: number) => {
  const bytes = new Uint8Array(size);
  random.fill(bytes);
  return bytes;
};

test('this machine has vectors, and the cipher', () => {
  expect(hostFeatures()).toEqual({ vectors: true, nodeAes: true });
});

describe.for(machines)('vectors $vectors, AES in node:crypto $nodeAes', (features) => {
  const engine: CryptoEngine = { ...nobleEngine, ...createHostPrimitives(features) };

  test('every known answer is right', async () => {
    expect(await failedPrimitives(engine)).toEqual([]);
  });

  test.for([...sizes, ...longSizes])('AES-128-CTR of %i bytes', (size) => {
    const [key, data] = [drawn(16), drawn(size)];
    // Inside a longer buffer, of which nothing else may change.
    const buffer = new Uint8Array(size + 40).fill(7);
    const own = buffer.subarray(8, 8 + size);
    own.set(data);
    const expected = data.slice();
    engine.aes128CtrXor(own, key);
    nobleEngine.aes128CtrXor(expected, key);
    expect(toHex(own)).toBe(toHex(expected));
    expect(buffer.subarray(0, 8).every((byte) => byte === 7)).toBe(true);
    expect(buffer.subarray(8 + size).every((byte) => byte === 7)).toBe(true);
  });

  test.for(sizes)('SHA-256, HMAC and HKDF of %i bytes', (size) => {
    const [key, data] = [drawn(size), drawn(size)];
    for (const run of [
      (each: CryptoEngine, out: Uint8Array) => each.sha256(out, data),
      (each: CryptoEngine, out: Uint8Array) => each.hmacSha256(out, key, data),
      (each: CryptoEngine, out: Uint8Array) => each.hkdfSha256(out, data, key, data),
    ]) {
      const [own, expected] = [new Uint8Array(32), new Uint8Array(32)];
      run(engine, own);
      run(nobleEngine, expected);
      expect(toHex(own)).toBe(toHex(expected));
    }
  });

  test('a key of another length is a bug', () => {
    expect(() => engine.aes128CtrXor(new Uint8Array(16), new Uint8Array(32))).toThrow();
  });
});

test('AES answers rightly for every byte of a key in every place', () => {
  const { aes128CtrXor } = createHostPrimitives({ vectors: true, nodeAes: false });
  for (let place = 0; place < 16; place++) {
    for (let byte = 0; byte < 256; byte++) {
      const key = new Uint8Array(16).fill(place);
      key[place] = byte;
      const [own, expected] = [new Uint8Array(48), new Uint8Array(48)];
      aes128CtrXor(own, key);
      nobleEngine.aes128CtrXor(expected, key);
      expect(toHex(own)).toBe(toHex(expected));
    }
  }
});
