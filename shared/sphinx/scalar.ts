// Products of X25519 scalars. A sender owes hop i the point [c0·c1·…·c(i-1)]Y, where each c is a
// clamped scalar. Engines clamp what they are given, so the product is handed to them as a scalar
// that clamping leaves as it is: then one multiplication per hop is enough. Decision 12 says why it
// is equal.
import { assert } from '../assert.ts';

/** The prime order of Curve25519's base point (RFC 7748 section 4.1). */
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const CLAMPED_MIN = 2n ** 254n;
const CLAMPED_BELOW = 2n ** 255n;

/** The number that X25519 multiplies with when it is given these 32 bytes. */
export function clampedScalar(bytes: Uint8Array): bigint {
  assert(bytes.length === 32, 'a scalar has 32 bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset, 32);
  let value = 0n;
  for (let offset = 24; offset >= 0; offset -= 8) {
    value = (value << 64n) | view.getBigUint64(offset, true);
  }
  return CLAMPED_MIN | (value & (CLAMPED_MIN - 8n));
}

/**
 * a · b modulo the group order. Never zero for clamped factors: no clamped scalar is a multiple of
 * it.
 */
export function multiplyScalars(a: bigint, b: bigint): bigint {
  return (a * b) % GROUP_ORDER;
}

/**
 * 32 bytes that clamping leaves unchanged and that stand for `product` or its negative modulo the
 * group order (both give the same u-coordinate). Null for about one product in 2^125, where neither
 * exists.
 *
 * t = p + kL must be a multiple of 8 between 2^254 and 2^255: the first fixes k modulo 8 (L is 5
 * there), the second asks for k in 4..7, as L is 2^252 and a little. For L - p the same rule gives
 * 7 - k, so one of the two always does, but for a p within 2^127 of 0 or L, where the little
 * counts.
 */
export function clampedRepresentative(product: bigint): Uint8Array | null {
  assert(product > 0n && product < GROUP_ORDER, 'a product is reduced and not zero');
  for (const residue of [product, GROUP_ORDER - product]) {
    const value = residue + ((residue * 3n) % 8n) * GROUP_ORDER;
    if (value >= CLAMPED_MIN && value < CLAMPED_BELOW) return littleEndian(value);
  }
  return null;
}

function littleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let index = 0n; index < 4n; index++) {
    view.setBigUint64(Number(index) * 8, (value >> (index * 64n)) & 0xffffffffffffffffn, true);
  }
  return bytes;
}
