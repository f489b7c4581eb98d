// The reference engine: every primitive from the audited noble libraries, in plain JavaScript. The
// oracle of the tests and the last fallback at start; some forty times slower than `native` at
// X25519. JavaScript promises neither constant time nor that a wiped secret is gone:
// docs/architecture.md says what follows.
import { ctr } from '@noble/ciphers/aes.js';
import { chacha20orig, chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { argon2idAsync } from '@noble/hashes/argon2.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { assert } from './assert.ts';
import { concatBytes, equalBytes } from './bytes.ts';
import type { AeadOpen, AeadSeal, CryptoEngine } from './crypto.ts';
import * as size from './crypto-sizes.ts';
import { isStrictEd25519 } from './ed25519-strict.ts';

const { assertSize } = size;
const zeroNonce8 = new Uint8Array(8);
const zeroBlock16 = new Uint8Array(16);
const none = new Uint8Array(0);

export const nobleEngine: CryptoEngine = {
  name: 'noble',

  x25519: (out, scalar, point) => {
    assertSize(out, size.X25519_SIZE, 'X25519 result of 32 bytes');
    assertSize(scalar, size.X25519_SIZE, 'X25519 scalar of 32 bytes');
    assertSize(point, size.X25519_SIZE, 'X25519 point of 32 bytes');
    try {
      out.set(x25519.scalarMult(scalar, point));
      return true;
    } catch {
      // With lengths asserted, the library throws for points of small order alone.
      out.fill(0);
      return false;
    }
  },
  x25519Base: (out, scalar) => {
    assertSize(out, size.X25519_SIZE, 'X25519 public key of 32 bytes');
    assertSize(scalar, size.X25519_SIZE, 'X25519 scalar of 32 bytes');
    out.set(x25519.scalarMultBase(scalar));
  },

  sha256: (out, data) => {
    assertSize(out, 32, 'SHA-256 digest of 32 bytes');
    out.set(sha256(data));
  },
  sha512: (out, data) => {
    assertSize(out, 64, 'SHA-512 digest of 64 bytes');
    out.set(sha512(data));
  },
  hmacSha256: (out, key, data) => {
    assertSize(out, 32, 'HMAC-SHA-256 of 32 bytes');
    out.set(hmac(sha256, key, data));
  },
  hmacSha512: (out, key, data) => {
    assertSize(out, 64, 'HMAC-SHA-512 of 64 bytes');
    out.set(hmac(sha512, key, data));
  },
  hkdfSha256: (out, input, salt, info) => {
    size.assertHkdf(out, info, size.HKDF_SHA256_SIZE_MAX);
    out.set(hkdf(sha256, input, salt, info, out.length));
  },
  hkdfSha512: (out, input, salt, info) => {
    size.assertHkdf(out, info, size.HKDF_SHA512_SIZE_MAX);
    out.set(hkdf(sha512, input, salt, info, out.length));
  },

  aes128CtrXor: (data, key) => {
    assertSize(key, size.AES_128_KEY_SIZE, 'AES-128 key of 16 bytes');
    data.set(ctr(key, zeroBlock16).encrypt(data));
  },
  chacha20Xor: (data, key) => {
    assertSize(key, size.CHACHA20_KEY_SIZE, 'ChaCha20 key of 32 bytes');
    chacha20orig(key, zeroNonce8, data, data);
  },
  blake2b: (out, key, data) => {
    assert(key.length <= size.BLAKE2B_KEY_SIZE_MAX, 'BLAKE2b key of at most 64 bytes');
    assert(
      out.length >= 1 && out.length <= size.BLAKE2B_SIZE_MAX,
      'BLAKE2b digest of 1 to 64 bytes',
    );
    out.set(blake2b(data, key.length === 0 ? { dkLen: out.length } : { dkLen: out.length, key }));
  },

  chacha20Poly1305Seal: sealWith(chacha20poly1305, size.CHACHA20_NONCE_SIZE),
  chacha20Poly1305Open: openWith(chacha20poly1305, size.CHACHA20_NONCE_SIZE),
  xchacha20Poly1305Seal: sealWith(xchacha20poly1305, size.XCHACHA20_NONCE_SIZE),
  xchacha20Poly1305Open: openWith(xchacha20poly1305, size.XCHACHA20_NONCE_SIZE),

  ed25519KeyPair: (publicKey, secretKey, seed) => {
    assertSize(publicKey, size.ED25519_PUBLIC_KEY_SIZE, 'Ed25519 public key of 32 bytes');
    assertSize(secretKey, size.ED25519_SECRET_KEY_SIZE, 'Ed25519 secret key of 64 bytes');
    assertSize(seed, size.ED25519_SEED_SIZE, 'Ed25519 seed of 32 bytes');
    publicKey.set(ed25519.getPublicKey(seed));
    secretKey.set(seed);
    secretKey.set(publicKey, size.ED25519_SEED_SIZE);
  },
  ed25519Sign: (out, message, secretKey) => {
    assertSize(out, size.ED25519_SIGNATURE_SIZE, 'Ed25519 signature of 64 bytes');
    assertSize(secretKey, size.ED25519_SECRET_KEY_SIZE, 'Ed25519 secret key of 64 bytes');
    out.set(ed25519.sign(message, secretKey.subarray(0, size.ED25519_SEED_SIZE)));
  },
  ed25519Verify: (signature, message, publicKey) => {
    assertSize(signature, size.ED25519_SIGNATURE_SIZE, 'Ed25519 signature of 64 bytes');
    assertSize(publicKey, size.ED25519_PUBLIC_KEY_SIZE, 'Ed25519 public key of 32 bytes');
    return isStrictEd25519(signature, publicKey) && equationHolds(signature, message, publicKey);
  },

  mlKem768KeyPair: (seed) => {
    assertSize(seed, size.ML_KEM_768_SEED_SIZE, 'ML-KEM-768 seed of 64 bytes');
    return ml_kem768.keygen(seed);
  },
  mlKem768Encapsulate: (publicKey, randomness) => {
    assertSize(randomness, size.ML_KEM_768_RANDOMNESS_SIZE, 'ML-KEM-768 randomness of 32 bytes');
    if (publicKey.length !== size.ML_KEM_768_PUBLIC_KEY_SIZE) return null;
    try {
      const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, randomness);
      return { ciphertext: cipherText, sharedSecret };
    } catch {
      // With lengths checked, the library throws for a coefficient out of range alone (FIPS 203,
      // 7.2).
      return null;
    }
  },
  mlKem768Decapsulate: (ciphertext, secretKey) => {
    assertSize(ciphertext, size.ML_KEM_768_CIPHERTEXT_SIZE, 'ML-KEM-768 ciphertext of 1,088 bytes');
    assertSize(secretKey, size.ML_KEM_768_SECRET_KEY_SIZE, 'ML-KEM-768 secret key of 2,400 bytes');
    return ml_kem768.decapsulate(ciphertext, secretKey);
  },

  argon2id: ({ password, salt, memoryKiB, passes, size: outSize }) => {
    assertSize(salt, size.ARGON2ID_SALT_SIZE, 'Argon2id salt of 16 bytes');
    assert(memoryKiB >= size.ARGON2ID_MEMORY_KIB_MIN, 'Argon2id memory of at least 8 KiB');
    return argon2idAsync(password, salt, { t: passes, m: memoryKiB, p: 1, dkLen: outSize });
  },
};

/**
 * [S]B = R + [k]A, without the cofactor. The library's own verification multiplies by the cofactor
 * and so accepts points with a small-order part that libsodium refuses.
 */
function equationHolds(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const { Point } = ed25519;
  const commitment = signature.subarray(0, 32);
  let key: InstanceType<typeof Point>;
  try {
    key = Point.fromBytes(publicKey, false);
  } catch {
    return false;
  }
  const challenge = littleEndian(sha512(concatBytes(commitment, publicKey, message)));
  const response = littleEndian(signature.subarray(32));
  const base = Point.BASE.multiplyUnsafe(response);
  const expected = base.subtract(key.multiplyUnsafe(challenge % Point.CURVE().n));
  return equalBytes(expected.toBytes(), commitment);
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

type Aead = typeof chacha20poly1305;

function sealWith(cipher: Aead, nonceSize: number): AeadSeal {
  return (out, key, nonce, associated, plaintext) => {
    size.assertSeal(out, key, nonce, nonceSize, plaintext);
    cipher(key, nonce, associated.length === 0 ? none : associated).encrypt(plaintext, out);
  };
}

function openWith(cipher: Aead, nonceSize: number): AeadOpen {
  return (out, key, nonce, associated, sealed) => {
    size.assertOpen(out, key, nonce, nonceSize, sealed);
    try {
      cipher(key, nonce, associated).decrypt(sealed, out);
      return true;
    } catch {
      // With lengths asserted, the library throws for a tag that does not fit alone.
      out.fill(0);
      return false;
    }
  };
}
