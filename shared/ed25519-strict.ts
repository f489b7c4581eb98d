// What strict Ed25519 verification refuses before any arithmetic, on the bytes alone, so that every
// engine refuses the same: point encodings that are not canonical (RFC 8032 section 5.1.3), points
// of small order, an S that is not reduced (section 5.1.7). The equation itself is the one without
// the cofactor, as libsodium checks it. A table of edge cases holds all engines to the same
// answers.

/** Order of the prime subgroup, little-endian: 2^252 + 27742317777372353535851937790883648493. */
const GROUP_ORDER = littleEndian(
  '1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed',
);
/** 2^255 − 19, little-endian. */
const FIELD_PRIME = littleEndian(
  '7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed',
);
/**
 * The y of the eight points whose order divides the cofactor: 1 (order 1), −1 (order 2), 0 (order
 * 4) and two of order 8; each stands for both signs of x.
 */
const SMALL_ORDER_Y = [
  '0000000000000000000000000000000000000000000000000000000000000001',
  '7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826',
  '7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7',
].map(littleEndian);

/**
 * Whether a signature (64 bytes) and a public key (32) may go to an engine's verification at all.
 */
export function isStrictEd25519(signature: Uint8Array, publicKey: Uint8Array): boolean {
  return (
    isStrictPoint(publicKey, 0) &&
    isStrictPoint(signature, 0) &&
    isBelow(signature, 32, GROUP_ORDER, 0xff)
  );
}

/** Canonical, and not of small order. The top bit is the sign of x and no part of y. */
function isStrictPoint(bytes: Uint8Array, at: number): boolean {
  return isBelow(bytes, at, FIELD_PRIME, 0x7f) && !SMALL_ORDER_Y.some((y) => isSameY(bytes, at, y));
}

function isSameY(bytes: Uint8Array, at: number, y: Uint8Array): boolean {
  for (let index = 0; index < 32; index++) {
    const mask = index === 31 ? 0x7f : 0xff;
    if (((bytes[at + index] ?? 0) & mask) !== y[index]) return false;
  }
  return true;
}

/**
 * Whether the 32 little-endian bytes at `at`, the last of them masked, are below `bound`. All
 * public.
 */
function isBelow(bytes: Uint8Array, at: number, bound: Uint8Array, lastMask: number): boolean {
  for (let index = 31; index >= 0; index--) {
    const byte = (bytes[at + index] ?? 0) & (index === 31 ? lastMask : 0xff);
    const limit = bound[index] ?? 0;
    if (byte !== limit) return byte < limit;
  }
  return false;
}

function littleEndian(hex: string): Uint8Array {
  const bytes = new Uint8Array(32);
  for (let index = 0; index < 32; index++) {
    bytes[31 - index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
}
