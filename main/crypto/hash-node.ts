// What the fast engines take from node:crypto beside AES: SHA-512 with HMAC and HKDF, which no hot
// path calls, and SHA-256 of long inputs, where the machine's SHA instructions outweigh the cost of
// the call.
import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { assert } from '../../shared/assert.ts';
import { assertHkdf, HKDF_SHA512_SIZE_MAX } from '../../shared/crypto-sizes.ts';

const DIGEST = 64;
const zeroSalt = new Uint8Array(DIGEST);

export function nodeSha256(out: Uint8Array, data: Uint8Array): void {
  out.set(createHash('sha256').update(data).digest());
}

export function nodeSha512(out: Uint8Array, data: Uint8Array): void {
  assert(out.length === DIGEST, 'SHA-512 digest of 64 bytes');
  out.set(createHash('sha512').update(data).digest());
}

export function nodeHmacSha512(out: Uint8Array, key: Uint8Array, data: Uint8Array): void {
  assert(out.length === DIGEST, 'HMAC-SHA-512 of 64 bytes');
  out.set(createHmac('sha512', wrap(key)).update(data).digest());
}

/** RFC 5869 over HMAC-SHA-512. */
export function nodeHkdfSha512(
  out: Uint8Array,
  input: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
): void {
  assertHkdf(out, info, HKDF_SHA512_SIZE_MAX);
  const extracted = createHmac('sha512', wrap(salt)).update(input).digest();
  const key = createSecretKey(extracted);
  let previous: Uint8Array = new Uint8Array(0);
  for (let index = 1; (index - 1) * DIGEST < out.length; index++) {
    const offset = (index - 1) * DIGEST;
    const mac = createHmac('sha512', key).update(previous).update(info);
    previous = mac.update(Uint8Array.of(index)).digest();
    out.set(previous.subarray(0, Math.min(DIGEST, out.length - offset)), offset);
  }
  extracted.fill(0);
}

/** An empty HMAC key is the same as one of zeros, which every version of node:crypto takes. */
function wrap(key: Uint8Array) {
  return createSecretKey(key.length === 0 ? zeroSalt : key);
}
