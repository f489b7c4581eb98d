// The key schedule (docs/protocol.md section 1.3): what a shared secret is expanded to, the payload
// key of each version, and the secrets that a sender shares with every hop of a path.
import { assert } from '../assert.ts';
import { wipe } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import {
  BLINDING_FACTOR_SIZE,
  EXPANDED_SIZE,
  KEY_SIZE,
  MAC_KEY_SIZE,
  PAYLOAD_KEY_SEED_SIZE,
  PAYLOAD_KEY_SIZE,
  REPLAY_TAG_SIZE,
  STREAM_KEY_SIZE,
} from './geometry.ts';
import { clampedRepresentative, clampedScalar, multiplyScalars } from './scalar.ts';

const EXPAND_INFO = ascii(
  'Dwste mou enan moxlo arketa makru kai ena upomoxlio ' +
    'gia na ton topothetisw kai tha kinisw thn gh.',
);
const PAYLOAD_KEY_SALT = ascii('sphinx-payload-key-V01-CS01-HKDF:SHA256-SALT');
const PAYLOAD_KEY_INFO = ascii('sphinx-payload-key-V01-CS01-HKDF:SHA256-INFO');
const NO_SALT = new Uint8Array(0);

/**
 * Versions whose payload key is taken from the first expansion; all others derive it from a seed.
 */
const FULL_KEY_VERSIONS: readonly number[] = [1, 257, 258];

/** Views of one buffer of 288 bytes, filled by `expandSharedSecret`. */
export type HopKeys = {
  readonly bytes: Uint8Array;
  readonly streamKey: Uint8Array;
  readonly macKey: Uint8Array;
  readonly fullPayloadKey: Uint8Array;
  /** The first 16 bytes of `fullPayloadKey`. */
  readonly payloadKeySeed: Uint8Array;
  readonly blindingFactor: Uint8Array;
  readonly replayTag: Uint8Array;
};

/** Room for one hop's keys, to be filled once or many times. */
export function allocateHopKeys(): HopKeys {
  const bytes = new Uint8Array(EXPANDED_SIZE);
  let offset = 0;
  const take = (size: number): Uint8Array => {
    offset += size;
    return bytes.subarray(offset - size, offset);
  };
  const streamKey = take(STREAM_KEY_SIZE);
  const macKey = take(MAC_KEY_SIZE);
  const fullPayloadKey = take(PAYLOAD_KEY_SIZE);
  const payloadKeySeed = fullPayloadKey.subarray(0, PAYLOAD_KEY_SEED_SIZE);
  const blindingFactor = take(BLINDING_FACTOR_SIZE);
  const replayTag = take(REPLAY_TAG_SIZE);
  return { bytes, streamKey, macKey, fullPayloadKey, payloadKeySeed, blindingFactor, replayTag };
}

/** Fills `keys` from a shared secret of 32 bytes. */
export function expandSharedSecret(
  engine: CryptoEngine,
  keys: HopKeys,
  sharedSecret: Uint8Array,
): void {
  engine.hkdfSha256(keys.bytes, sharedSecret, NO_SALT, EXPAND_INFO);
}

/** Whether packets of this version derive the payload key from a 16-byte seed. */
export function derivesPayloadKeyFromSeed(version: number): boolean {
  return !FULL_KEY_VERSIONS.includes(version);
}

/** Fills `out` (192 bytes) from a payload key seed of 16 bytes. */
export function derivePayloadKey(engine: CryptoEngine, out: Uint8Array, seed: Uint8Array): void {
  assert(out.length === PAYLOAD_KEY_SIZE && seed.length === PAYLOAD_KEY_SEED_SIZE, 'key sizes');
  engine.hkdfSha256(out, seed, PAYLOAD_KEY_SALT, PAYLOAD_KEY_INFO);
}

/** Fills `out` (192 bytes) with the payload key of these hop keys in a packet of this version. */
export function payloadKeyOf(
  engine: CryptoEngine,
  out: Uint8Array,
  keys: HopKeys,
  version: number,
): void {
  if (derivesPayloadKeyFromSeed(version)) derivePayloadKey(engine, out, keys.payloadKeySeed);
  else out.set(keys.fullPayloadKey);
}

/**
 * What a sender shares with the hops of a path, in path order, and the α that the first of them
 * gets.
 */
export type RouteKeys = {
  readonly alpha: Uint8Array;
  readonly hops: readonly HopKeys[];
  /** The X25519 results that `hops` were expanded from. */
  readonly sharedSecrets: readonly Uint8Array[];
};

/**
 * Keys for every hop, from a fresh initial secret of 32 bytes: n + 1 multiplications. Null where a
 * public key is a low-order point, which no honest node has. `product: false` multiplies factor by
 * factor, as the crate does, and is what the product is proven against.
 */
export function deriveRouteKeys(
  engine: CryptoEngine,
  publicKeys: readonly Uint8Array[],
  initialSecret: Uint8Array,
  how: { readonly product: boolean } = { product: true },
): RouteKeys | null {
  const alpha = new Uint8Array(KEY_SIZE);
  engine.x25519Base(alpha, initialSecret);
  const hops: HopKeys[] = [];
  const sharedSecrets: Uint8Array[] = [];
  const factors: Uint8Array[] = [];
  let factor: Uint8Array = initialSecret;
  let product = 1n;
  for (const publicKey of publicKeys) {
    factors.push(factor);
    product = multiplyScalars(product, clampedScalar(factor));
    const scalar = how.product ? clampedRepresentative(product) : null;
    const secret = new Uint8Array(KEY_SIZE);
    const isSound = multiplyAll(engine, secret, scalar === null ? factors : [scalar], publicKey);
    if (scalar !== null) wipe(scalar);
    if (!isSound) return null;
    const keys = allocateHopKeys();
    expandSharedSecret(engine, keys, secret);
    hops.push(keys);
    sharedSecrets.push(secret);
    factor = keys.blindingFactor;
  }
  return { alpha, hops, sharedSecrets };
}

/** Overwrites what `deriveRouteKeys` gave, but for α. */
export function wipeRouteKeys(keys: RouteKeys): void {
  for (const hop of keys.hops) wipe(hop.bytes);
  for (const secret of keys.sharedSecrets) wipe(secret);
}

/** `out` = the point times every factor in turn; false where it becomes zero. */
function multiplyAll(
  engine: CryptoEngine,
  out: Uint8Array,
  factors: readonly Uint8Array[],
  point: Uint8Array,
): boolean {
  let current = point;
  for (const factor of factors) {
    if (!engine.x25519(out, factor, current)) return false;
    current = factors.length === 1 ? out : out.slice();
  }
  return true;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
