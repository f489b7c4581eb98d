// What handshake and ratchet derive keys with: a running hash over everything both sides sent,
// HKDF cut into named parts, and seals under keys that are used once. One place, so that
// docs/protocol.md ("Handshake", "Session") has one place to be right about.
import { assert } from '../assert.ts';
import { concatBytes, wipe } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { AEAD_TAG_SIZE, CHACHA20_NONCE_SIZE } from '../crypto-sizes.ts';
import { KEY_SIZE } from '../network/geometry.ts';

/** SHA-512. */
export const TRANSCRIPT_SIZE = 64;
const zeroNonce = new Uint8Array(CHACHA20_NONCE_SIZE);

/** SHA-512 over the parts in a row. Every part but the last has one length where it is used. */
export function transcriptHash(engine: CryptoEngine, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = new Uint8Array(TRANSCRIPT_SIZE);
  engine.sha512(hash, concatBytes(...parts));
  return hash;
}

/** X25519 with a point that is known not to be of low order: a zero here is a bug. */
export function agree(engine: CryptoEngine, secret: Uint8Array, point: Uint8Array): Uint8Array {
  const shared = tryAgree(engine, secret, point);
  assert(shared !== null, 'a checked key agrees');
  return shared;
}

/** X25519; null for a point of low order. */
export function tryAgree(
  engine: CryptoEngine,
  secret: Uint8Array,
  point: Uint8Array,
): Uint8Array | null {
  const shared = new Uint8Array(KEY_SIZE);
  return engine.x25519(shared, secret, point) ? shared : null;
}

/** Whether nobody can be agreed with under this key (X25519, 32 bytes). */
export function isLowOrder(engine: CryptoEngine, key: Uint8Array): boolean {
  return tryAgree(engine, probe, key) === null;
}

/** Any scalar tells a point of low order from others, since clamping clears its cofactor. */
const probe = new Uint8Array(KEY_SIZE).fill(1);

/** HKDF-SHA-512 of the inputs in a row, which are wiped; `size` bytes. */
export function deriveBytes(
  engine: CryptoEngine,
  size: number,
  inputs: readonly Uint8Array[],
  salt: Uint8Array,
  info: Uint8Array,
): Uint8Array {
  const joined = concatBytes(...inputs);
  for (const input of inputs) wipe(input);
  const derived = new Uint8Array(size);
  engine.hkdfSha512(derived, joined, salt, info);
  wipe(joined);
  return derived;
}

/** ChaCha20-Poly1305 under a key that seals nothing else, so that the nonce may be zero. */
export function sealOnce(
  engine: CryptoEngine,
  key: Uint8Array,
  associated: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const sealed = new Uint8Array(plaintext.length + AEAD_TAG_SIZE);
  engine.chacha20Poly1305Seal(sealed, key, zeroNonce, associated, plaintext);
  return sealed;
}

/** What `sealOnce` sealed, or null. */
export function openOnce(
  engine: CryptoEngine,
  key: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  if (sealed.length < AEAD_TAG_SIZE) return null;
  const plaintext = new Uint8Array(sealed.length - AEAD_TAG_SIZE);
  const isOpen = engine.chacha20Poly1305Open(plaintext, key, zeroNonce, associated, sealed);
  return isOpen ? plaintext : null;
}

/** Ed25519 over a label of its own and a hash, so that no signature passes for another kind's. */
export function signHash(
  engine: CryptoEngine,
  label: Uint8Array,
  hash: Uint8Array,
  signingSecret: Uint8Array,
): Uint8Array {
  const signature = new Uint8Array(64);
  engine.ed25519Sign(signature, concatBytes(label, hash), signingSecret);
  return signature;
}
