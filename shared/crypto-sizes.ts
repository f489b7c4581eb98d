// The lengths every crypto engine asserts at its door, in one place, so that the three engines
// refuse the same wrong calls. A wrong length is a bug of the caller, never an input from a
// network.
import { assert } from './assert.ts';

export const X25519_SIZE = 32;
export const ED25519_SEED_SIZE = 32;
export const ED25519_PUBLIC_KEY_SIZE = 32;
export const ED25519_SECRET_KEY_SIZE = 64;
export const ED25519_SIGNATURE_SIZE = 64;
export const AES_128_KEY_SIZE = 16;
export const CHACHA20_KEY_SIZE = 32;
export const AEAD_TAG_SIZE = 16;
export const CHACHA20_NONCE_SIZE = 12;
export const XCHACHA20_NONCE_SIZE = 24;
export const BLAKE2B_KEY_SIZE_MAX = 64;
export const BLAKE2B_SIZE_MAX = 64;
/** RFC 5869: 255 blocks of the hash. */
export const HKDF_SHA256_SIZE_MAX = 255 * 32;
export const HKDF_SHA512_SIZE_MAX = 255 * 64;
/** Longer than any context this program binds a key to; what an engine sets aside for it. */
export const HKDF_INFO_SIZE_MAX = 1_024;
export const ML_KEM_768_SEED_SIZE = 64;
export const ML_KEM_768_RANDOMNESS_SIZE = 32;
export const ML_KEM_768_PUBLIC_KEY_SIZE = 1_184;
export const ML_KEM_768_SECRET_KEY_SIZE = 2_400;
export const ML_KEM_768_CIPHERTEXT_SIZE = 1_088;
export const ARGON2ID_SALT_SIZE = 16;
/** RFC 9106 asks for eight blocks of 1 KiB per lane. */
export const ARGON2ID_MEMORY_KIB_MIN = 8;

/** Asserts that `bytes` has `size` bytes; `what` names the field. */
export function assertSize(bytes: Uint8Array, size: number, what: string): void {
  assert(bytes.length === size, what);
}

/** Asserts the four lengths of a seal. */
export function assertSeal(
  out: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  nonceSize: number,
  plaintext: Uint8Array,
): void {
  assertSize(key, CHACHA20_KEY_SIZE, 'AEAD key of 32 bytes');
  assertSize(nonce, nonceSize, 'AEAD nonce of its cipher’s size');
  assertSize(out, plaintext.length + AEAD_TAG_SIZE, 'sealed 16 bytes longer than the plaintext');
}

/**
 * Asserts the four lengths of an open. A sealed text shorter than its tag is the caller's to
 * refuse.
 */
export function assertOpen(
  out: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  nonceSize: number,
  sealed: Uint8Array,
): void {
  assertSize(key, CHACHA20_KEY_SIZE, 'AEAD key of 32 bytes');
  assertSize(nonce, nonceSize, 'AEAD nonce of its cipher’s size');
  assertSize(sealed, out.length + AEAD_TAG_SIZE, 'sealed 16 bytes longer than the plaintext');
}

/** Asserts the lengths of an HKDF; `outSizeMax` is 255 blocks of its hash. */
export function assertHkdf(out: Uint8Array, info: Uint8Array, outSizeMax: number): void {
  assert(out.length <= outSizeMax, 'HKDF output of at most 255 blocks of its hash');
  assert(info.length <= HKDF_INFO_SIZE_MAX, 'HKDF info of at most 1,024 bytes');
}
