// What every node does with a packet, mix or provider: unwrap, replay check, wait as the header
// says, pass on along the layers. A packet ends passed on, handed over as final, refused with a
// reason, or in the pool.
import type { EpochParity } from '../../shared/network/frames.ts';
import { networkUnwrapRules } from '../../shared/network/packet.ts';
import type { Sphinx } from '../../shared/sphinx/packet.ts';
import type { Now } from '../../shared/time.ts';
import { createDelayPool, POOL_PACKETS_MAX } from './delay-pool.ts';
import type { EpochKeys } from './epoch-keys.ts';
import type { Counter, PacketRefusal } from './refusal.ts';
import type { PeerId } from './role.ts';

/**
 * A packet on its way to a neighbour. It keeps the parity it came with, whatever epoch it is by
 * then.
 */
export type OutgoingPacket = {
  readonly peer: PeerId;
  readonly parity: EpochParity;
  readonly packet: Uint8Array;
};

/** A packet that ends here. The payload is decrypted and still padded. */
export type FinalPacket = {
  readonly parity: EpochParity;
  readonly destination: Uint8Array;
  readonly identifier: Uint8Array;
  readonly payload: Uint8Array;
};

export type HopOptions = {
  readonly sphinx: Sphinx;
  readonly keys: EpochKeys;
  readonly refusals: Counter<PacketRefusal>;
  /** The longest delay that a header may ask for, ms; beyond any draw of an honest sender. */
  readonly delayMsMax: () => number;
  /**
   * The neighbour with this identity key in the next layer, by the document of the packet's epoch;
   * null for anybody else.
   */
  readonly nextPeer: (address: Uint8Array, parity: EpochParity, now: Now) => PeerId | null;
  readonly poolPacketsMax?: number;
};

export type Hop = {
  /**
   * Takes a packet in; gives it back where this node is its last hop. Null where it waits or is
   * refused.
   */
  readonly receive: (packet: Uint8Array, parity: EpochParity, now: Now) => FinalPacket | null;
  /**
   * Puts a packet of this node's own making into the pool, as an acknowledgement that waits. False
   * where the pool is full.
   */
  readonly hold: (outgoing: OutgoingPacket, releaseAtMs: number) => boolean;
  /** What is due, in order. */
  readonly release: (now: Now) => readonly OutgoingPacket[];
  readonly nextReleaseAtMs: () => number | null;
  readonly poolSize: () => number;
};

export function createHop(options: HopOptions): Hop {
  const { sphinx, keys, refusals } = options;
  const pool = createDelayPool<OutgoingPacket>(options.poolPacketsMax ?? POOL_PACKETS_MAX);

  const hold = (outgoing: OutgoingPacket, releaseAtMs: number): boolean =>
    pool.add(releaseAtMs, outgoing);

  return {
    receive: (packet, parity, now) => {
      const refuse = (reason: PacketRefusal): null => {
        refusals.count(reason);
        return null;
      };
      const key = keys.forParity(parity, now);
      if (key === null) return refuse('epoch');
      let isFull = false;
      const rules = networkUnwrapRules((tag) => {
        const seen = key.see(tag);
        isFull = seen === 'full';
        return seen !== 'new';
      });
      const unwrapped = sphinx.unwrap(packet, key.privateKey, rules);
      if (unwrapped.kind === 'refused')
        return refuse(isFull ? 'replay-set-full' : unwrapped.reason);
      if (unwrapped.kind === 'final') {
        const { destination, identifier, payload } = unwrapped;
        return { parity, destination, identifier, payload };
      }
      const peer = options.nextPeer(unwrapped.nextAddress, parity, now);
      if (peer === null) return refuse('next-hop');
      // Compared as integers first: a 64-bit count of ns is more than a double holds.
      if (unwrapped.delayNs > BigInt(Math.ceil(options.delayMsMax() * 1e6))) return refuse('delay');
      const delayMs = Number(unwrapped.delayNs) / 1e6;
      const outgoing = { peer, parity, packet: unwrapped.packet };
      if (!hold(outgoing, now.monotonicMs + delayMs)) refusals.count('pool-full');
      return null;
    },
    hold,
    release: (now) => pool.takeDue(now.monotonicMs),
    nextReleaseAtMs: pool.nextReleaseAtMs,
    poolSize: pool.size,
  };
}
