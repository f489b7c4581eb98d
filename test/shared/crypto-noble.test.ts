// The reference engine against one answer of each standard.
import { describe, expect, test } from 'vitest';
import { toHex } from '../../shared/bytes.ts';
import { nobleEngine as engine } from '../../shared/crypto-noble.ts';
import { hexBytes } from '../support/hex.ts';

const none = new Uint8Array(0);
const text = (value: string) => new TextEncoder().encode(value);
function filled(size: number, fill: (out: Uint8Array) => void): string {
  const out = new Uint8Array(size);
  fill(out);
  return toHex(out);
}

describe('the reference engine gives the known answer of', () => {
  test('RFC 7748 section 5.2', () => {
    const scalar = hexBytes('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
    const point = hexBytes('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c');
    expect(filled(32, (out) => engine.x25519(out, scalar, point))).toBe(
      'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
    );
  });
  test('FIPS 180-4 for abc', () => {
    expect(filled(32, (out) => engine.sha256(out, text('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
  test('RFC 4231 case 2', () => {
    const data = text('what do ya want for nothing?');
    expect(filled(32, (out) => engine.hmacSha256(out, text('Jefe'), data))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
  test('RFC 5869 case 1', () => {
    const input = new Uint8Array(22).fill(0x0b);
    const salt = hexBytes('000102030405060708090a0b0c');
    const info = hexBytes('f0f1f2f3f4f5f6f7f8f9');
    expect(filled(42, (out) => engine.hkdfSha256(out, input, salt, info))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
  });
  test('AES-128 for a zero block under a zero key', () => {
    expect(filled(16, (out) => engine.aes128CtrXor(out, new Uint8Array(16)))).toBe(
      '66e94bd4ef8a2c3b884cfa59ca342b2e',
    );
  });
  test('RFC 8439 appendix A.1 case 1', () => {
    expect(filled(32, (out) => engine.chacha20Xor(out, new Uint8Array(32)))).toBe(
      '76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7',
    );
  });
  test('BLAKE2b-256 for abc', () => {
    expect(filled(32, (out) => engine.blake2b(out, none, text('abc')))).toBe(
      'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
    );
  });
  test('RFC 8032 section 7.1 test 1', () => {
    const publicKey = new Uint8Array(32);
    const secretKey = new Uint8Array(64);
    const seed = hexBytes('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
    engine.ed25519KeyPair(publicKey, secretKey, seed);
    expect(toHex(publicKey)).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
    const signature = new Uint8Array(64);
    engine.ed25519Sign(signature, none, secretKey);
    expect(toHex(signature)).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
    expect(engine.ed25519Verify(signature, none, publicKey)).toBe(true);
  });
});

test('a point of small order gives false and an all-zero result', () => {
  const out = new Uint8Array(32).fill(7);
  expect(engine.x25519(out, new Uint8Array(32).fill(9), new Uint8Array(32))).toBe(false);
  expect(out).toEqual(new Uint8Array(32));
});

test('what is sealed opens again, and not under another tag', () => {
  const key = new Uint8Array(32).fill(1);
  const nonce = new Uint8Array(24).fill(2);
  const plaintext = text('eddy');
  const sealed = new Uint8Array(plaintext.length + 16);
  engine.xchacha20Poly1305Seal(sealed, key, nonce, none, plaintext);
  const out = new Uint8Array(plaintext.length);
  expect(engine.xchacha20Poly1305Open(out, key, nonce, none, sealed)).toBe(true);
  expect(out).toEqual(plaintext);
  sealed[0] = (sealed[0] ?? 0) ^ 1;
  expect(engine.xchacha20Poly1305Open(out, key, nonce, none, sealed)).toBe(false);
  expect(out).toEqual(new Uint8Array(plaintext.length));
});
