// Reply blocks (SURBs): a header that leads back to its creator, with the keys that a payload is
// sealed with (docs/protocol.md section 1.7). Eddy's network sends none; they are here because the
// format has them and its vectors prove the key schedule of each version.
import { assert } from '../assert.ts';
import { concatBytes, equalBytes, wipe } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import {
  ADDRESS_SIZE,
  HEADER_SIZE,
  HOPS_MAX,
  IDENTIFIER_SIZE,
  PAYLOAD_KEY_SEED_SIZE,
  PAYLOAD_KEY_SIZE,
  PAYLOAD_SIZE_MIN,
  SURB_BASE_SIZE,
} from './geometry.ts';
import { buildHeader, type HeaderOptions } from './header.ts';
import { derivePayloadKey, wipeRouteKeys } from './keys.ts';
import { createLioness, type LionessKey, lionessKey } from './lioness.ts';
import { padPayload, unpadPayload } from './payload.ts';

/**
 * A parsed reply block. `keys` in path order, all seeds (16 bytes) or all full payload keys (192).
 */
export type Surb = {
  readonly header: Uint8Array;
  readonly firstHop: Uint8Array;
  readonly keys: readonly Uint8Array[];
};

export type CreatedSurb = {
  /**
   * To be handed out: header ‖ first hop ‖ keys. 258: all full keys; 259: all seeds; 260: the last
   * seed.
   */
  readonly surb: Uint8Array;
  /**
   * For 260, to be kept: identifier ‖ every hop's seed; else null, since the last hop has the
   * plaintext.
   */
  readonly recovery: Uint8Array | null;
};

export type Surbs = {
  /** Null where a hop's public key is a low-order point. */
  readonly create: (options: HeaderOptions) => CreatedSurb | null;
  /** The packet that carries `plaintext` back, for the block's first hop. */
  readonly use: (surb: Surb, plaintext: Uint8Array, payloadSize: number) => Uint8Array;
  /**
   * The plaintext of a reply to a version-260 block, or null where it was altered or is another's.
   */
  readonly recover: (
    recovery: Uint8Array,
    identifier: Uint8Array,
    payload: Uint8Array,
  ) => Uint8Array | null;
};

/**
 * A reply block from bytes, or null. Its length alone says what keys it holds: less than one full
 * key is seeds. Stricter than the crate, which takes more keys than a path has hops.
 */
export function parseSurb(bytes: Uint8Array): Surb | null {
  const material = bytes.length - SURB_BASE_SIZE;
  const keySize = material < PAYLOAD_KEY_SIZE ? PAYLOAD_KEY_SEED_SIZE : PAYLOAD_KEY_SIZE;
  const keyCount = material / keySize;
  if (!Number.isInteger(keyCount) || keyCount < 1 || keyCount > HOPS_MAX) return null;
  const keys = splitKeys(new Uint8Array(bytes.subarray(SURB_BASE_SIZE)), keySize);
  const header = new Uint8Array(bytes.subarray(0, HEADER_SIZE));
  const firstHop = new Uint8Array(bytes.subarray(HEADER_SIZE, HEADER_SIZE + ADDRESS_SIZE));
  return { header, firstHop, keys };
}

export function serializeSurb(surb: Surb): Uint8Array {
  return concatBytes(surb.header, surb.firstHop, ...surb.keys);
}

export function createSurbs(engine: CryptoEngine): Surbs {
  const lioness = createLioness(engine);

  /** The full key of a seed, or a copy of the full key itself. */
  const fullKey = (key: Uint8Array): LionessKey => {
    const full = new Uint8Array(PAYLOAD_KEY_SIZE);
    if (key.length === PAYLOAD_KEY_SEED_SIZE) derivePayloadKey(engine, full, key);
    else full.set(key);
    return lionessKey(full);
  };

  const applyBackwards = (block: Uint8Array, keys: readonly Uint8Array[]): void => {
    for (const key of keys.toReversed()) {
      const full = fullKey(key);
      lioness.encrypt(block, full);
      wipe(full.bytes);
    }
  };

  return {
    create: (options) => {
      const built = buildHeader(engine, options);
      const first = options.route[0];
      if (built === null || first === undefined) return null;
      const { version, identifier } = options;
      const isFull = version === 258;
      const keys = built.keys.hops.map((hop) =>
        isFull ? hop.fullPayloadKey.slice() : hop.payloadKeySeed.slice(),
      );
      wipeRouteKeys(built.keys);
      const given = version === 260 ? keys.slice(-1) : keys;
      return {
        surb: serializeSurb({ header: built.header, firstHop: first.address, keys: given }),
        recovery: version === 260 ? concatBytes(identifier, ...keys) : null,
      };
    },
    use: (surb, plaintext, payloadSize) => {
      const payload = padPayload(plaintext, payloadSize);
      applyBackwards(payload, surb.keys);
      return concatBytes(surb.header, payload);
    },
    recover: (recovery, identifier, payload) => {
      const seedsSize = recovery.length - IDENTIFIER_SIZE;
      const seedCount = seedsSize / PAYLOAD_KEY_SEED_SIZE;
      assert(
        Number.isInteger(seedCount) && seedCount >= 1 && seedCount <= HOPS_MAX,
        'a recovery record holds an identifier and a seed per hop',
      );
      if (!equalBytes(recovery.subarray(0, IDENTIFIER_SIZE), identifier)) return null;
      const seeds = splitKeys(recovery.subarray(IDENTIFIER_SIZE), PAYLOAD_KEY_SEED_SIZE);
      const last = seeds.at(-1);
      if (last === undefined || payload.length < PAYLOAD_SIZE_MIN) return null;
      const block = new Uint8Array(payload);
      applyBackwards(block, seeds);
      const full = fullKey(last);
      lioness.decrypt(block, full);
      wipe(full.bytes);
      return unpadPayload(block);
    },
  };
}

function splitKeys(bytes: Uint8Array, size: number): Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length; offset += size) {
    keys.push(bytes.subarray(offset, offset + size));
  }
  return keys;
}
