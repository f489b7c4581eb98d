// Whatever the input, the three engines give the same bytes: lengths from none to over the edges of
// every block, keys of every length that the interface allows.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { everyEngine } from '../../support/engines.ts';

const engines = await everyEngine();
const seed = 20_261_123;

/**
 * Sizes around the blocks of every hash and cipher, and around where an engine changes its method.
 */
const edges = [0, 1, 15, 16, 17, 31, 32, 33, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129];
const longEdges = [255, 256, 360, 511, 512, 513, 1_023, 2_033, 2_065, 4_096];
const size = fc.oneof(fc.constantFrom(...edges, ...longEdges), fc.integer({ min: 0, max: 3_000 }));
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const bytes = size.chain(bytesOf);
const exactly32 = bytesOf(32);
const upTo64 = fc.uint8Array({ maxLength: 64 });

/** Runs `work` in every engine and compares what comes out. */
function agree(work: (engine: CryptoEngine) => readonly (Uint8Array | boolean)[]): void {
  const [first, ...others] = engines.map((engine) =>
    work(engine).map((part) => (typeof part === 'boolean' ? part : toHex(part))),
  );
  for (const other of others) expect(other).toEqual(first);
}

function made(length: number, fill: (out: Uint8Array) => void): Uint8Array {
  const out = new Uint8Array(length);
  fill(out);
  return out;
}

describe('native, wasm and noble agree', () => {
  test('on X25519, for any scalar and any point', () => {
    const smallOrder = fc
      .constantFrom(0, 1)
      .map((first) => Uint8Array.of(first, ...Array(31).fill(0)));
    // Above the prime: processed as reduced.
    const notCanonical = fc.integer({ min: 0xed, max: 0xff }).map((first) => {
      const point = new Uint8Array(32).fill(0xff);
      point[0] = first;
      return point;
    });
    const point = fc.oneof(exactly32, smallOrder, notCanonical);
    const property = fc.property(exactly32, point, (scalar, at) => {
      agree((engine) => {
        const out = new Uint8Array(32).fill(5);
        const isDone = engine.x25519(out, scalar, at);
        return [isDone, out, made(32, (base) => engine.x25519Base(base, scalar))];
      });
    });
    fc.assert(property, { seed, numRuns: 60 });
  });

  test('on hashes and their MACs', () => {
    const property = fc.property(bytes, fc.uint8Array({ maxLength: 200 }), (data, key) => {
      agree((engine) => [
        made(32, (out) => engine.sha256(out, data)),
        made(64, (out) => engine.sha512(out, data)),
        made(32, (out) => engine.hmacSha256(out, key, data)),
        made(64, (out) => engine.hmacSha512(out, key, data)),
      ]);
    });
    fc.assert(property, { seed, numRuns: 200 });
  });

  test('on a long message, fed in chunks', () => {
    for (const length of [56_000, 57_024, 57_088, 200_000]) {
      const data = new Uint8Array(length).map((_, index) => index * 7);
      agree((engine) => [
        made(32, (out) => engine.sha256(out, data)),
        made(32, (out) => engine.hmacSha256(out, data.subarray(3, 40), data)),
      ]);
    }
  });

  test('on HKDF, with more salts than are kept', () => {
    const length = fc.integer({ min: 0, max: 700 });
    const property = fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.uint8Array({ maxLength: 100 }),
      fc.uint8Array({ maxLength: 300 }),
      length,
      (input, salt, info, outSize) => {
        agree((engine) => [
          made(outSize, (out) => engine.hkdfSha256(out, input, salt, info)),
          made(outSize, (out) => engine.hkdfSha512(out, input, salt, info)),
        ]);
      },
    );
    fc.assert(property, { seed, numRuns: 200 });
  });

  test('on HKDF with an output or an info as long as it may be', () => {
    const input = new Uint8Array(32).fill(3);
    agree((engine) => [
      made(8_160, (out) => engine.hkdfSha256(out, input, input, input)),
      made(16_320, (out) => engine.hkdfSha512(out, input, input, input)),
      made(64, (out) => engine.hkdfSha256(out, input, input, new Uint8Array(1_024))),
      made(64, (out) => engine.hkdfSha512(out, input, input, new Uint8Array(1_024))),
    ]);
    for (const engine of engines) {
      expect(() => engine.hkdfSha256(new Uint8Array(8_161), input, input, input)).toThrow();
      expect(() => engine.hkdfSha512(new Uint8Array(16_321), input, input, input)).toThrow();
      const [out, longInfo] = [new Uint8Array(64), new Uint8Array(1_025)];
      expect(() => engine.hkdfSha256(out, input, input, longInfo)).toThrow();
      expect(() => engine.hkdfSha512(out, input, input, longInfo)).toThrow();
    }
  });

  test('on AES-128-CTR, ChaCha20 and BLAKE2b', () => {
    const digestSize = fc.integer({ min: 1, max: 64 });
    const property = fc.property(bytes, exactly32, upTo64, digestSize, (data, key, macKey, out) => {
      agree((engine) => [
        made(data.length, (copy) => {
          copy.set(data);
          engine.aes128CtrXor(copy, key.subarray(0, 16));
        }),
        made(data.length, (copy) => {
          copy.set(data);
          engine.chacha20Xor(copy, key);
        }),
        made(out, (digest) => engine.blake2b(digest, macKey, data)),
      ]);
    });
    fc.assert(property, { seed, numRuns: 200 });
  });

  test('on sealing, opening and refusing', () => {
    const associated = fc.uint8Array({ maxLength: 80 });
    const property = fc.property(
      bytes,
      exactly32,
      bytesOf(24),
      associated,
      fc.nat(),
      (...given) => {
        const [plaintext, key, nonce24, data, flip] = given;
        agree((engine) => {
          const results: (Uint8Array | boolean)[] = [];
          for (const [seal, open, nonce] of [
            [engine.chacha20Poly1305Seal, engine.chacha20Poly1305Open, nonce24.subarray(0, 12)],
            [engine.xchacha20Poly1305Seal, engine.xchacha20Poly1305Open, nonce24],
          ] as const) {
            const sealed = made(plaintext.length + 16, (out) =>
              seal(out, key, nonce, data, plaintext),
            );
            const opened = new Uint8Array(plaintext.length);
            expect(open(opened, key, nonce, data, sealed)).toBe(true);
            expect(opened).toEqual(plaintext);
            const forged = sealed.slice();
            forged[flip % forged.length] = (forged[flip % forged.length] ?? 0) ^ 1;
            expect(open(opened, key, nonce, data, forged)).toBe(false);
            expect(opened).toEqual(new Uint8Array(plaintext.length));
            results.push(sealed);
          }
          return results;
        });
      },
    );
    fc.assert(property, { seed, numRuns: 100 });
  });

  test('on Ed25519 signatures and on what they refuse', () => {
    const message = fc.uint8Array({ maxLength: 200 });
    const property = fc.property(exactly32, message, fc.nat(511), (keySeed, text, flip) => {
      agree((engine) => {
        const secretKey = new Uint8Array(64);
        const publicKey = made(32, (out) => engine.ed25519KeyPair(out, secretKey, keySeed));
        const signature = made(64, (out) => engine.ed25519Sign(out, text, secretKey));
        const forged = signature.slice();
        forged[flip >> 3] = (forged[flip >> 3] ?? 0) ^ (1 << (flip & 7));
        return [
          publicKey,
          signature,
          engine.ed25519Verify(signature, text, publicKey),
          engine.ed25519Verify(forged, text, publicKey),
        ];
      });
    });
    fc.assert(property, { seed, numRuns: 40 });
  });

  test('on an ML-KEM public key that is not valid', () => {
    for (const engine of engines) {
      expect(engine.mlKem768Encapsulate(new Uint8Array(1_184).fill(0xff), new Uint8Array(32))).toBe(
        null,
      );
      expect(engine.mlKem768Encapsulate(new Uint8Array(1_183), new Uint8Array(32))).toBe(null);
    }
  });

  test('on which lengths are a bug of the caller', () => {
    const short = new Uint8Array(31);
    const right = new Uint8Array(32);
    for (const engine of engines) {
      expect(() => engine.x25519(right, right, short)).toThrow();
      expect(() => engine.x25519(right, short, right)).toThrow();
      expect(() => engine.x25519(short, right, right)).toThrow();
      expect(() => engine.x25519Base(right, short)).toThrow();
      expect(() => engine.sha256(short, right)).toThrow();
      expect(() => engine.hmacSha256(short, right, right)).toThrow();
      expect(() => engine.aes128CtrXor(right, right)).toThrow();
      expect(() => engine.chacha20Xor(right, short)).toThrow();
      expect(() => engine.blake2b(new Uint8Array(65), right, right)).toThrow();
      expect(() => engine.blake2b(right, new Uint8Array(65), right)).toThrow();
      expect(() => engine.ed25519Verify(right, right, right)).toThrow();
      expect(() =>
        engine.chacha20Poly1305Seal(right, right, new Uint8Array(12), right, right),
      ).toThrow();
    }
  });
});
