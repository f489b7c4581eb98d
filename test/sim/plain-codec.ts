// The transparent codec of large runs: packets of the same lengths, drawn from the same source in
// the same order, without the cryptography. Roles cannot tell: altered, foreign and repeated
// packets are refused for the same reasons. A run with it leaves the trace that a run with real
// packets leaves (a test compares).
import { equalBytes } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { drawBytes } from '../../shared/random.ts';
import { finalPaddingSize, HEADER_SIZE, PACKET_SIZE } from '../../shared/sphinx/geometry.ts';
import type { HeaderOptions } from '../../shared/sphinx/header.ts';
import type { Sphinx, SphinxRefusal, Unwrapped } from '../../shared/sphinx/packet.ts';
import { padPayload } from '../../shared/sphinx/payload.ts';

/** Header: hop 1, hops 1, nonce 32, sum of the payload 4, sum of the header 4, then 44 per hop. */
const NONCE = 2;
const PAYLOAD_SUM = 34;
const HEADER_SUM = 38;
const HOPS = 42;
/** Address 32 (destination at the last), delay 8, start of the hop's key 4. */
const HOP_SIZE = 44;
const IDENTIFIER = HOPS + 5 * HOP_SIZE;

/** An engine whose costly operations are replaced by cheap ones that agree with each other. */
export function plainEngine(real: CryptoEngine): CryptoEngine {
  return {
    ...real,
    x25519: (out, scalar, point) => {
      for (let index = 0; index < 32; index++) {
        out[index] = (scalar[index] ?? 0) ^ (point[index] ?? 0);
      }
      return true;
    },
    x25519Base: (out, scalar) => out.set(scalar),
    chacha20Poly1305Seal: (out, key, _nonce, associated, plaintext) => {
      out.set(plaintext);
      out.fill(0, plaintext.length);
      new DataView(out.buffer, out.byteOffset + plaintext.length).setUint32(
        0,
        sum(plaintext, sum(associated, sum(key, 1))),
      );
    },
    chacha20Poly1305Open: (out, key, _nonce, associated, sealed) => {
      const text = sealed.subarray(0, sealed.length - 16);
      const view = new DataView(sealed.buffer, sealed.byteOffset + text.length, 16);
      out.set(text);
      return view.getUint32(0) === sum(text, sum(associated, sum(key, 1)));
    },
  };
}

/**
 * Sphinx without the secrecy, for keys of `plainEngine`, whose public keys are their private ones.
 */
export function createPlainSphinx(): Sphinx {
  return {
    wrap: (options) => {
      const header = buildHeader(options);
      const packet = new Uint8Array(HEADER_SIZE + options.payloadSize);
      const payload = padPayload(options.plaintext, options.payloadSize);
      packet.set(header);
      packet.set(payload, HEADER_SIZE);
      new DataView(packet.buffer).setUint32(PAYLOAD_SUM, sum(payload, 1));
      seal(packet);
      return packet;
    },
    createHeader: (options) => {
      const [first] = options.route;
      if (first === undefined) return null;
      const header = buildHeader(options);
      seal(header);
      return { firstHop: first.address.slice(), header };
    },
    unwrap: (packet, privateKey, rules) => {
      if (packet.length !== PACKET_SIZE) return refuse('length');
      const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
      const [hop = 0, count = 0] = packet;
      const at = HOPS + hop * HOP_SIZE;
      const isSound = hop < count && count <= 5 && headerSum(packet) === view.getUint32(HEADER_SUM);
      const ownKey = privateKey.subarray(0, 4);
      if (!isSound || !equalBytes(packet.subarray(at + 40, at + 44), ownKey)) return refuse('mac');
      const replayTag = new Uint8Array(32);
      replayTag.set(packet.subarray(NONCE, NONCE + 31));
      replayTag[0] = (replayTag[0] ?? 0) ^ hop;
      if (rules.isReplay(replayTag)) return refuse('replay');
      return hop === count - 1 ? final(packet, replayTag, at) : forward(packet, replayTag, at);
    },
  };
}

function buildHeader(options: HeaderOptions): Uint8Array {
  const header = new Uint8Array(HEADER_SIZE);
  const view = new DataView(header.buffer);
  const count = options.route.length;
  header[1] = count;
  header.set(drawBytes(options.random, 32), NONCE);
  drawBytes(options.random, finalPaddingSize(count));
  for (const [index, hop] of options.route.entries()) {
    const at = HOPS + index * HOP_SIZE;
    const isLast = index === count - 1;
    header.set(isLast ? options.destination : (options.route[index + 1]?.address ?? []), at);
    view.setBigUint64(at + 32, options.delaysNs[index] ?? 0n);
    header.set(hop.publicKey.subarray(0, 4), at + 40);
  }
  header.set(options.identifier, IDENTIFIER);
  return header;
}

function forward(packet: Uint8Array, replayTag: Uint8Array, at: number): Unwrapped {
  const next = packet.slice();
  next[0] = (next[0] ?? 0) + 1;
  seal(next);
  const view = new DataView(packet.buffer, packet.byteOffset);
  return {
    kind: 'forward',
    version: 259,
    replayTag,
    nextAddress: packet.slice(at, at + 32),
    delayNs: view.getBigUint64(at + 32),
    packet: next,
  };
}

function final(packet: Uint8Array, replayTag: Uint8Array, at: number): Unwrapped {
  const payload = packet.slice(HEADER_SIZE);
  const view = new DataView(packet.buffer, packet.byteOffset);
  const isWhole = view.getUint32(PAYLOAD_SUM) === sum(payload, 1);
  // What the wide-block cipher would make of a payload that was altered on the way.
  if (!isWhole) payload.fill(0xff);
  return {
    kind: 'final',
    version: 259,
    replayTag,
    destination: packet.slice(at, at + 32),
    identifier: packet.slice(IDENTIFIER, IDENTIFIER + 16),
    payload,
  };
}

function seal(packet: Uint8Array): void {
  new DataView(packet.buffer, packet.byteOffset).setUint32(HEADER_SUM, headerSum(packet));
}

function headerSum(packet: Uint8Array): number {
  return sum(packet.subarray(HOPS, HEADER_SIZE), sum(packet.subarray(0, HEADER_SUM), 1));
}

function refuse(reason: SphinxRefusal): Unwrapped {
  return { kind: 'refused', reason };
}

/** A quick checksum: it has to notice accidents of a simulation, not attackers. */
function sum(bytes: Uint8Array, start: number): number {
  let state = start;
  const words = bytes.length >> 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let index = 0; index < words; index++) {
    const mixed = Math.imul(state ^ view.getInt32(4 * index), 0x01000193);
    state = mixed ^ (mixed >>> 15);
  }
  for (let index = 4 * words; index < bytes.length; index++) {
    state = Math.imul(state, 0x01000193) ^ (bytes[index] ?? 0);
  }
  return state >>> 0;
}
