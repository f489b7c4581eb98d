// Every engine against the published vectors of each primitive; where each file came from stands in
// test/vectors/README.md.
import { createCipheriv, hkdfSync } from 'node:crypto';
import { ctr } from '@noble/ciphers/aes.js';
import { argon2id } from '@noble/hashes/argon2.js';
import { shake128 } from '@noble/hashes/sha3.js';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../../shared/bytes.ts';
import { everyEngine } from '../../support/engines.ts';
import { hexBytes } from '../../support/hex.ts';
import xchacha from '../../vectors/draft-irtf-cfrg-xchacha.json' with { type: 'json' };
import edgeCases from '../../vectors/ed25519-edge-cases.json' with { type: 'json' };
import sha2 from '../../vectors/fips180-sha2.json' with { type: 'json' };
import hkdfSha512 from '../../vectors/hkdf-sha512.json' with { type: 'json' };
import mlKem from '../../vectors/mlkem768-accumulated.json' with { type: 'json' };
import aes from '../../vectors/nist-aes128.json' with { type: 'json' };
import hmac from '../../vectors/rfc4231-hmac.json' with { type: 'json' };
import hkdf from '../../vectors/rfc5869-hkdf.json' with { type: 'json' };
import blake2 from '../../vectors/rfc7693-blake2b.json' with { type: 'json' };
import x25519 from '../../vectors/rfc7748-x25519.json' with { type: 'json' };
import ed25519 from '../../vectors/rfc8032-ed25519.json' with { type: 'json' };
import chacha from '../../vectors/rfc8439-chacha20.json' with { type: 'json' };
import argon2 from '../../vectors/rfc9106-argon2id.json' with { type: 'json' };

const none = new Uint8Array(0);
function made(size: number, fill: (out: Uint8Array) => void): string {
  const out = new Uint8Array(size);
  fill(out);
  return toHex(out);
}

const iterationStart = new Uint8Array(32).with(0, 9);

describe.for(await everyEngine())('$name gives every answer of', (engine) => {
  test('RFC 7748: sections 5.2 and 6.1', () => {
    for (const { scalar, point, result } of x25519.scalarMultiplication) {
      expect(made(32, (out) => engine.x25519(out, hexBytes(scalar), hexBytes(point)))).toBe(result);
      if (/^090*$/.test(point)) {
        expect(made(32, (out) => engine.x25519Base(out, hexBytes(scalar)))).toBe(result);
      }
    }
  });

  test('RFC 7748: section 5.2, iterated once and 1,000 times', () => {
    let [scalar, point] = [iterationStart, iterationStart];
    for (let times = 1; times <= 1_000; times++) {
      const result = new Uint8Array(32);
      engine.x25519(result, scalar, point);
      [scalar, point] = [result, scalar];
      const known = x25519.iterated.find((answer) => answer.times === times);
      if (known !== undefined) expect(toHex(scalar)).toBe(known.result);
    }
  });

  test('FIPS 180-4: SHA-256 and SHA-512', () => {
    for (const { text, repeat, sha256, sha512 } of sha2) {
      const data = new TextEncoder().encode(text.repeat(repeat));
      expect(made(32, (out) => engine.sha256(out, data))).toBe(sha256);
      if (sha512 !== undefined) expect(made(64, (out) => engine.sha512(out, data))).toBe(sha512);
    }
  });

  test('RFC 4231: HMAC with SHA-256 and SHA-512', () => {
    for (const { key, data, sha256, sha512 } of hmac) {
      const [keyBytes, dataBytes] = [hexBytes(key), hexBytes(data)];
      const short = made(32, (out) => engine.hmacSha256(out, keyBytes, dataBytes));
      const long = made(64, (out) => engine.hmacSha512(out, keyBytes, dataBytes));
      // Case 5 publishes truncated answers.
      expect(short.slice(0, sha256.length)).toBe(sha256);
      expect(long.slice(0, sha512.length)).toBe(sha512);
    }
  });

  test('RFC 5869: HKDF with SHA-256', () => {
    for (const { input, salt, info, output } of hkdf) {
      const size = output.length / 2;
      const given = [hexBytes(input), hexBytes(salt), hexBytes(info)] as const;
      expect(made(size, (out) => engine.hkdfSha256(out, ...given))).toBe(output);
    }
  });

  test('RFC 5869’s inputs with SHA-512, as two other programs answer', () => {
    for (const { input, salt, info, output } of hkdfSha512) {
      const size = output.length / 2;
      const given = [hexBytes(input), hexBytes(salt), hexBytes(info)] as const;
      expect(made(size, (out) => engine.hkdfSha512(out, ...given))).toBe(output);
    }
  });

  test('NIST AESAVS: AES-128 of the zero block', () => {
    for (const { key, ciphertext } of aes.zeroBlock) {
      expect(made(16, (out) => engine.aes128CtrXor(out, hexBytes(key)))).toBe(ciphertext);
    }
  });

  test('RFC 8439: appendix A.1, keystream blocks', () => {
    for (const { key, block, keystream } of chacha.keystream) {
      const blocks = made(64 * (block + 1), (out) => engine.chacha20Xor(out, hexBytes(key)));
      expect(blocks.slice(128 * block)).toBe(keystream);
    }
  });

  test('RFC 8439 section 2.8.2 and draft-irtf-cfrg-xchacha appendix A.3.1', () => {
    for (const [vectors, seal, open] of [
      [chacha.aead, engine.chacha20Poly1305Seal, engine.chacha20Poly1305Open],
      [xchacha.aead, engine.xchacha20Poly1305Seal, engine.xchacha20Poly1305Open],
    ] as const) {
      for (const { key, nonce, associated, plaintext, sealed } of vectors) {
        const given = [hexBytes(key), hexBytes(nonce), hexBytes(associated)] as const;
        const text = hexBytes(plaintext);
        expect(made(text.length + 16, (out) => seal(out, ...given, text))).toBe(sealed);
        expect(made(text.length, (out) => open(out, ...given, hexBytes(sealed)))).toBe(plaintext);
      }
    }
  });

  test('RFC 7693: appendices A and E', () => {
    const abc = new TextEncoder().encode('abc');
    expect(made(64, (out) => engine.blake2b(out, none, abc))).toBe(blake2.abc);
    const digests: Uint8Array[] = [];
    for (const size of [20, 32, 48, 64]) {
      for (const inputSize of [0, 3, 128, 129, 255, 1_024]) {
        const input = selfTestSequence(inputSize, inputSize);
        for (const key of [none, selfTestSequence(size, size)]) {
          const digest = new Uint8Array(size);
          engine.blake2b(digest, key, input);
          digests.push(digest);
        }
      }
    }
    const all = hexBytes(digests.map(toHex).join(''));
    expect(made(32, (out) => engine.blake2b(out, none, all))).toBe(blake2.selfTest);
  });

  test('RFC 8032: section 7.1', () => {
    for (const vector of ed25519) {
      const secretKey = new Uint8Array(64);
      const seed = hexBytes(vector.seed);
      const message = hexBytes(vector.message);
      expect(made(32, (out) => engine.ed25519KeyPair(out, secretKey, seed))).toBe(vector.publicKey);
      expect(toHex(secretKey)).toBe(vector.seed + vector.publicKey);
      expect(made(64, (out) => engine.ed25519Sign(out, message, secretKey))).toBe(vector.signature);
      const [signature, publicKey] = [hexBytes(vector.signature), hexBytes(vector.publicKey)];
      expect(engine.ed25519Verify(signature, message, publicKey)).toBe(true);
      signature[0] = (signature[0] ?? 0) ^ 1;
      expect(engine.ed25519Verify(signature, message, publicKey)).toBe(false);
    }
  });

  test.for(edgeCases)('Ed25519 edge case $case: $what', (vector) => {
    const given = [vector.signature, vector.message, vector.publicKey].map(hexBytes);
    const [signature = none, message = none, publicKey = none] = given;
    expect(engine.ed25519Verify(signature, message, publicKey)).toBe(vector.isValid);
  });

  test('ML-KEM-768: the accumulated vectors of 100 rounds', () => {
    const source = shake128.create();
    const answers = shake128.create();
    for (let round = 0; round < mlKem.iterations; round++) {
      const { publicKey, secretKey } = engine.mlKem768KeyPair(source.xof(64));
      const encapsulated = engine.mlKem768Encapsulate(publicKey, source.xof(32));
      if (encapsulated === null) throw new Error('its own public key is refused');
      const { ciphertext, sharedSecret } = encapsulated;
      expect(engine.mlKem768Decapsulate(ciphertext, secretKey)).toEqual(sharedSecret);
      const rejected = engine.mlKem768Decapsulate(source.xof(1_088), secretKey);
      for (const part of [publicKey, ciphertext, sharedSecret, rejected]) answers.update(part);
    }
    expect(toHex(answers.xof(32))).toBe(mlKem.result);
  });

  test('Argon2id with one lane, as OpenSSL answers', async () => {
    for (const { password, salt, memoryKiB, passes, output } of argon2.oneLane) {
      const size = output.length / 2;
      const given = { password: hexBytes(password), salt: hexBytes(salt), memoryKiB, passes, size };
      expect(toHex(await engine.argon2id(given))).toBe(output);
    }
  });
});

test('RFC 9106 section 5.3: the reference library, with lanes, secret and data', () => {
  const { password, salt, secret, associated, memoryKiB, passes, lanes, output } = argon2.section53;
  const options = { t: passes, m: memoryKiB, p: lanes, dkLen: 32, version: 0x13 };
  const inputs = { key: hexBytes(secret), personalization: hexBytes(associated) };
  const tag = argon2id(hexBytes(password), hexBytes(salt), { ...options, ...inputs });
  expect(toHex(tag)).toBe(output);
});

test('SP 800-38A F.5.1: both ciphers under the engines, whose own counter starts at zero', () => {
  const { key, counter, plaintext, ciphertext } = aes.sp80038aF51;
  const given = [hexBytes(key), hexBytes(counter)] as const;
  const node = createCipheriv('aes-128-ctr', ...given).update(hexBytes(plaintext));
  expect(toHex(node)).toBe(ciphertext);
  expect(toHex(ctr(...given).encrypt(hexBytes(plaintext)))).toBe(ciphertext);
});

/** The input generator of RFC 7693 appendix E: a Fibonacci sequence, its top bytes. */
function selfTestSequence(size: number, seed: number): Uint8Array {
  let a = Math.imul(0xdead4bad, seed) >>> 0;
  let b = 1;
  return Uint8Array.from({ length: size }, () => {
    [a, b] = [b, (a + b) >>> 0];
    return b >>> 24;
  });
}

test('OpenSSL gives the answers kept for HKDF with SHA-512', () => {
  for (const { input, salt, info, output } of hkdfSha512) {
    const given = [hexBytes(input), hexBytes(salt), hexBytes(info), output.length / 2] as const;
    expect(toHex(new Uint8Array(hkdfSync('sha512', ...given)))).toBe(output);
  }
});
