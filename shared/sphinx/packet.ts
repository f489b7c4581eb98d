// Sphinx packets as the Rust crate `sphinx-packet` defines them: wrapping on the sender's side,
// unwrapping at a hop, and headers without a payload (docs/protocol.md section 1). One instance
// keeps the buffers of the hot path, so unwrap allocates little more than what it gives; it is
// synchronous and not re-entrant.
import { assert } from '../assert.ts';
import { concatBytes, equalConstantTime, wipe } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import {
  ADDRESS_SIZE,
  ALPHA_SIZE,
  BLOCK_ADDRESS_OFFSET,
  BLOCK_DELAY_OFFSET,
  BLOCK_IDENTIFIER_OFFSET,
  BLOCK_MAC_OFFSET,
  HEADER_SIZE,
  IDENTIFIER_SIZE,
  KEY_SIZE,
  MAC_OFFSET,
  MAC_SIZE,
  PAYLOAD_KEY_SIZE,
  PAYLOAD_SIZE_MIN,
  ROUTING_OFFSET,
  SLOT_SIZE,
  VERSION_OFFSET,
} from './geometry.ts';
import {
  buildHeader,
  FLAG_FINAL,
  FLAG_FORWARD,
  type HeaderOptions,
  readDelay,
  readVersion,
} from './header.ts';
import { allocateHopKeys, expandSharedSecret, payloadKeyOf, wipeRouteKeys } from './keys.ts';
import { createLioness, lionessKey } from './lioness.ts';
import { padPayload } from './payload.ts';

/** Why a packet is refused by the hop that unwraps it. */
export type SphinxRefusal =
  /** Shorter than any packet, or not of the one size that is accepted. */
  | 'length'
  /** α is a low-order point: the shared secret is zero for everybody. */
  | 'low-order'
  /** The header was altered, or was made for another key. */
  | 'mac'
  /** The replay check knows the tag. */
  | 'replay'
  /** Neither forward nor final. */
  | 'flag'
  | 'version';

export const SPHINX_REFUSALS: readonly SphinxRefusal[] = [
  'length',
  'low-order',
  'mac',
  'replay',
  'flag',
  'version',
];

/** What a hop makes of a packet. All byte strings are the caller's own. */
export type Unwrapped =
  | {
      readonly kind: 'forward';
      readonly version: number;
      readonly replayTag: Uint8Array;
      readonly nextAddress: Uint8Array;
      readonly delayNs: bigint;
      /** For the next hop; as long as the one that came in. */
      readonly packet: Uint8Array;
    }
  | {
      readonly kind: 'final';
      readonly version: number;
      readonly replayTag: Uint8Array;
      readonly destination: Uint8Array;
      readonly identifier: Uint8Array;
      /** Decrypted and still padded; `unpadPayload` says whether it is whole. */
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'refused'; readonly reason: SphinxRefusal };

/** What a hop accepts. */
export type UnwrapRules = {
  /** Accepted versions; `any` is for format tests alone. */
  readonly versions: readonly number[] | 'any';
  /** The one accepted size of the whole packet; `any` takes all that can be decrypted. */
  readonly packetSize: number | 'any';
  /**
   * Asked once the header is known to be sound and before anything else is spent on it: true
   * refuses the packet. It may keep the tag (the caller's own copy). It must not use this Sphinx
   * instance.
   */
  readonly isReplay: (replayTag: Uint8Array) => boolean;
};

export type WrapOptions = HeaderOptions & {
  /** Bytes of the payload, at least 33. */
  readonly payloadSize: number;
  /** At most `payloadSize` - 17 bytes. */
  readonly plaintext: Uint8Array;
};

/** A ready-made header and where to send the packet that is made of it. */
export type ReadyHeader = { readonly firstHop: Uint8Array; readonly header: Uint8Array };

export type Sphinx = {
  /**
   * A packet for the route's first hop. Null where a hop's public key is a low-order point; wrong
   * sizes and counts are bugs and asserted.
   */
  readonly wrap: (options: WrapOptions) => Uint8Array | null;
  /**
   * A header whose payload keys nobody keeps: with any bytes for a payload it makes a packet that
   * arrives. Null as for `wrap`.
   */
  readonly createHeader: (options: HeaderOptions) => ReadyHeader | null;
  /** Never throws for any packet; at most two scalar multiplications. `privateKey` has 32 bytes. */
  readonly unwrap: (packet: Uint8Array, privateKey: Uint8Array, rules: UnwrapRules) => Unwrapped;
};

export function createSphinx(engine: CryptoEngine): Sphinx {
  const lioness = createLioness(engine);
  return {
    wrap: (options) => {
      const payload = padPayload(options.plaintext, options.payloadSize);
      const built = buildHeader(engine, options);
      if (built === null) return null;
      const payloadKey = lionessKey(new Uint8Array(PAYLOAD_KEY_SIZE));
      for (const keys of built.keys.hops.toReversed()) {
        payloadKeyOf(engine, payloadKey.bytes, keys, options.version);
        lioness.encrypt(payload, payloadKey);
      }
      wipe(payloadKey.bytes);
      wipeRouteKeys(built.keys);
      return concatBytes(built.header, payload);
    },
    createHeader: (options) => {
      const built = buildHeader(engine, options);
      const first = options.route[0];
      if (built === null || first === undefined) return null;
      wipeRouteKeys(built.keys);
      return { firstHop: new Uint8Array(first.address), header: built.header };
    },
    unwrap: createUnwrap(engine),
  };
}

function createUnwrap(engine: CryptoEngine): Sphinx['unwrap'] {
  const lioness = createLioness(engine);
  const keys = allocateHopKeys();
  const sharedSecret = new Uint8Array(KEY_SIZE);
  const payloadKey = lionessKey(new Uint8Array(PAYLOAD_KEY_SIZE));
  const tag = new Uint8Array(32);
  const tagHead = tag.subarray(0, MAC_SIZE);
  // The header and the slot of zeros behind it, with fixed views: making one costs more than a
  // copy.
  const header = new Uint8Array(HEADER_SIZE + SLOT_SIZE);
  const alpha = header.subarray(0, ALPHA_SIZE);
  const mac = header.subarray(MAC_OFFSET, ROUTING_OFFSET);
  const routing = header.subarray(ROUTING_OFFSET, HEADER_SIZE);
  const block = header.subarray(ROUTING_OFFSET);
  const forwarded = block.subarray(BLOCK_MAC_OFFSET);
  const nextAlpha = new Uint8Array(ALPHA_SIZE);
  let isBusy = false;

  /** Whether the header belongs to this key; leaves its keys in `keys`. */
  const checkHeader = (privateKey: Uint8Array): SphinxRefusal | null => {
    if (!engine.x25519(sharedSecret, privateKey, alpha)) return 'low-order';
    expandSharedSecret(engine, keys, sharedSecret);
    engine.hmacSha256(tag, keys.macKey, routing);
    return equalConstantTime(tagHead, mac) ? null : 'mac';
  };

  const decryptPayload = (payload: Uint8Array, version: number): void => {
    payloadKeyOf(engine, payloadKey.bytes, keys, version);
    lioness.decrypt(payload, payloadKey);
  };

  const forward = (packet: Uint8Array, version: number, replayTag: Uint8Array): Unwrapped => {
    // Not slice(): on a Node buffer that is a view, and the input would be written to.
    const next = new Uint8Array(packet);
    // Never low-order where the shared secret was not; if it were, it would be refused.
    if (!engine.x25519(nextAlpha, keys.blindingFactor, alpha)) return refuse('low-order');
    next.set(nextAlpha);
    next.set(forwarded, MAC_OFFSET);
    decryptPayload(next.subarray(HEADER_SIZE), version);
    return {
      kind: 'forward',
      version,
      replayTag,
      nextAddress: block.slice(BLOCK_ADDRESS_OFFSET, BLOCK_ADDRESS_OFFSET + ADDRESS_SIZE),
      delayNs: readDelay(block, BLOCK_DELAY_OFFSET),
      packet: next,
    };
  };

  const final = (packet: Uint8Array, version: number, replayTag: Uint8Array): Unwrapped => {
    const payload = new Uint8Array(packet.subarray(HEADER_SIZE));
    decryptPayload(payload, version);
    return {
      kind: 'final',
      version,
      replayTag,
      destination: block.slice(BLOCK_ADDRESS_OFFSET, BLOCK_ADDRESS_OFFSET + ADDRESS_SIZE),
      identifier: block.slice(BLOCK_IDENTIFIER_OFFSET, BLOCK_IDENTIFIER_OFFSET + IDENTIFIER_SIZE),
      payload,
    };
  };

  const process = (packet: Uint8Array, privateKey: Uint8Array, rules: UnwrapRules): Unwrapped => {
    const { packetSize, versions } = rules;
    if (packetSize !== 'any' && packet.length !== packetSize) return refuse('length');
    if (packet.length < HEADER_SIZE + PAYLOAD_SIZE_MIN) return refuse('length');
    header.set(packet.subarray(0, HEADER_SIZE));
    header.fill(0, HEADER_SIZE);
    const reason = checkHeader(privateKey);
    if (reason !== null) return refuse(reason);
    const replayTag = keys.replayTag.slice();
    if (rules.isReplay(replayTag)) return refuse('replay');

    engine.aes128CtrXor(block, keys.streamKey);
    const flag = block[0];
    if (flag !== FLAG_FORWARD && flag !== FLAG_FINAL) return refuse('flag');
    const version = readVersion(block, VERSION_OFFSET);
    if (versions !== 'any' && !versions.includes(version)) return refuse('version');
    return flag === FLAG_FORWARD
      ? forward(packet, version, replayTag)
      : final(packet, version, replayTag);
  };

  return (packet, privateKey, rules) => {
    assert(privateKey.length === KEY_SIZE, 'a Sphinx private key has 32 bytes');
    assert(!isBusy, 'the replay check leaves this Sphinx instance alone');
    isBusy = true;
    try {
      return process(packet, privateKey, rules);
    } finally {
      isBusy = false;
      wipe(sharedSecret);
      wipe(keys.bytes);
      wipe(payloadKey.bytes);
      wipe(header);
    }
  };
}

function refuse(reason: SphinxRefusal): Unwrapped {
  return { kind: 'refused', reason };
}
