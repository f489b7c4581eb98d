// The header: nested routing blocks, each under one hop's keystream and MAC (docs/protocol.md
// section 1.4). Building draws everything random from one source in a stated order; opening is in
// packet.ts, which owns the buffers of the hot path.
import { assert } from '../assert.ts';
import { wipe } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { drawBytes, type RandomSource } from '../random.ts';
import {
  ADDRESS_SIZE,
  BLOCK_ADDRESS_OFFSET,
  BLOCK_DELAY_OFFSET,
  BLOCK_IDENTIFIER_OFFSET,
  BLOCK_MAC_OFFSET,
  FINAL_BLOCK_SIZE,
  finalPaddingSize,
  HEADER_SIZE,
  HOPS_MAX,
  IDENTIFIER_SIZE,
  KEY_SIZE,
  KEYSTREAM_SIZE,
  MAC_OFFSET,
  MAC_SIZE,
  ROUTING_OFFSET,
  ROUTING_SIZE,
  SLOT_SIZE,
  VERSION_OFFSET,
} from './geometry.ts';
import { deriveRouteKeys, type HopKeys, type RouteKeys } from './keys.ts';

/** Routing flags, the first byte of a decrypted routing block. */
export const FLAG_FORWARD = 1;
export const FLAG_FINAL = 2;

/** The versions that can be built. The network uses 259. */
export type PacketVersion = 258 | 259 | 260;

/** A node on a path: the address that the hop before it reads, and its X25519 Sphinx key. */
export type Hop = { readonly address: Uint8Array; readonly publicKey: Uint8Array };

/** Where a header leads and what its hops are told. */
export type HeaderOptions = {
  /** One to five hops, in the order in which they are passed. */
  readonly route: readonly Hop[];
  /** One per hop, nanoseconds, below 2^64; the last one does not enter the header. */
  readonly delaysNs: readonly bigint[];
  /** 32 bytes, read by the last hop alone. */
  readonly destination: Uint8Array;
  /** 16 bytes, read by the last hop alone. */
  readonly identifier: Uint8Array;
  readonly version: PacketVersion;
  /**
   * Drawn from in this order: the initial secret (32), the final padding (8 to 248). Nothing else
   * is.
   */
  readonly random: RandomSource;
};

/** A header and the keys it was built with; null where a hop's public key is a low-order point. */
export function buildHeader(
  engine: CryptoEngine,
  options: HeaderOptions,
): { readonly header: Uint8Array; readonly keys: RouteKeys } | null {
  assertOptions(options);
  const initialSecret = drawBytes(options.random, KEY_SIZE);
  const padding = drawBytes(options.random, finalPaddingSize(options.route.length));
  const publicKeys = options.route.map((hop) => hop.publicKey);
  const keys = deriveRouteKeys(engine, publicKeys, initialSecret);
  wipe(initialSecret);
  if (keys === null) return null;
  return { header: encloseRoute(engine, keys, options, padding), keys };
}

/** Writes the 3 bytes of a version: a zero and the number, big-endian. */
export function writeVersion(out: Uint8Array, version: number): void {
  out[0] = version >>> 16;
  out[1] = version >>> 8;
  out[2] = version;
}

/** The number in the 3 bytes at `offset`. */
export function readVersion(bytes: Uint8Array, offset: number): number {
  const [high, middle, low] = [bytes[offset], bytes[offset + 1], bytes[offset + 2]];
  return ((high ?? 0) << 16) | ((middle ?? 0) << 8) | (low ?? 0);
}

/** A delay in nanoseconds as 8 bytes, big-endian. */
export function writeDelay(out: Uint8Array, delayNs: bigint): void {
  new DataView(out.buffer, out.byteOffset).setBigUint64(0, delayNs);
}

/** The delay in the 8 bytes at `offset`. */
export function readDelay(bytes: Uint8Array, offset: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(offset);
}

/**
 * The filler: what the hops' own keystreams make of the zeros they append, so that the last hop's
 * MAC covers a full-length β. `keystreams` are those of all hops.
 */
export function createFiller(keystreams: readonly Uint8Array[]): Uint8Array {
  const filler = new Uint8Array(SLOT_SIZE * (keystreams.length - 1));
  for (let hop = 1; hop < keystreams.length; hop++) {
    const tail = keystreams[hop - 1]?.subarray(KEYSTREAM_SIZE - SLOT_SIZE * hop);
    if (tail !== undefined) xorInto(filler, tail);
  }
  return filler;
}

/** The first 360 bytes of a hop's keystream. */
export function drawKeystream(engine: CryptoEngine, streamKey: Uint8Array): Uint8Array {
  const keystream = new Uint8Array(KEYSTREAM_SIZE);
  engine.aes128CtrXor(keystream, streamKey);
  return keystream;
}

/** From the last hop inwards out: each block holds the next one's MAC and all but its last slot. */
function encloseRoute(
  engine: CryptoEngine,
  keys: RouteKeys,
  options: HeaderOptions,
  padding: Uint8Array,
): Uint8Array {
  const hopCount = options.route.length;
  const keystreams = keys.hops.map((hop) => drawKeystream(engine, hop.streamKey));
  const header = new Uint8Array(HEADER_SIZE);
  header.set(keys.alpha);
  const routing = header.subarray(ROUTING_OFFSET);
  const mac = header.subarray(MAC_OFFSET, ROUTING_OFFSET);

  for (let index = hopCount - 1; index >= 0; index--) {
    const hop = keys.hops[index];
    const keystream = keystreams[index];
    const delayNs = options.delaysNs[index];
    assert(hop !== undefined && keystream !== undefined && delayNs !== undefined, 'one per hop');
    const next = options.route[index + 1];
    if (next === undefined) {
      const finalSize = FINAL_BLOCK_SIZE + padding.length;
      writeFinalBlock(routing, options, padding);
      xorInto(routing.subarray(0, finalSize), keystream);
      routing.set(createFiller(keystreams), finalSize);
    } else {
      routing.copyWithin(SLOT_SIZE, 0, ROUTING_SIZE - SLOT_SIZE);
      writeForwardSlot(routing, next.address, delayNs, mac, options.version);
      xorInto(routing, keystream);
    }
    mac.set(headerMac(engine, hop, routing));
  }
  for (const keystream of keystreams) wipe(keystream);
  return header;
}

function headerMac(engine: CryptoEngine, hop: HopKeys, routing: Uint8Array): Uint8Array {
  const tag = new Uint8Array(32);
  engine.hmacSha256(tag, hop.macKey, routing);
  return tag.subarray(0, MAC_SIZE);
}

function writeFinalBlock(routing: Uint8Array, options: HeaderOptions, padding: Uint8Array): void {
  routing[0] = FLAG_FINAL;
  writeVersion(routing.subarray(VERSION_OFFSET), options.version);
  routing.set(options.destination, BLOCK_ADDRESS_OFFSET);
  routing.set(options.identifier, BLOCK_IDENTIFIER_OFFSET);
  routing.set(padding, FINAL_BLOCK_SIZE);
}

function writeForwardSlot(
  routing: Uint8Array,
  nextAddress: Uint8Array,
  delayNs: bigint,
  nextMac: Uint8Array,
  version: number,
): void {
  routing[0] = FLAG_FORWARD;
  writeVersion(routing.subarray(VERSION_OFFSET), version);
  routing.set(nextAddress, BLOCK_ADDRESS_OFFSET);
  writeDelay(routing.subarray(BLOCK_DELAY_OFFSET), delayNs);
  routing.set(nextMac, BLOCK_MAC_OFFSET);
}

function xorInto(out: Uint8Array, mask: Uint8Array): void {
  const size = Math.min(out.length, mask.length);
  for (let index = 0; index < size; index++) out[index] = (out[index] ?? 0) ^ (mask[index] ?? 0);
}

function assertOptions(options: HeaderOptions): void {
  const { route, delaysNs } = options;
  assert(route.length >= 1 && route.length <= HOPS_MAX, 'a path has one to five hops');
  assert(delaysNs.length === route.length, 'there is one delay per hop');
  for (const delayNs of delaysNs) {
    assert(delayNs >= 0n && delayNs <= 0xffffffffffffffffn, 'a delay has 64 bits');
  }
  for (const hop of route) {
    assert(hop.address.length === ADDRESS_SIZE, 'a node address has 32 bytes');
    assert(hop.publicKey.length === KEY_SIZE, 'a Sphinx key has 32 bytes');
  }
  assert(options.destination.length === ADDRESS_SIZE, 'a destination has 32 bytes');
  assert(options.identifier.length === IDENTIFIER_SIZE, 'an identifier has 16 bytes');
}
