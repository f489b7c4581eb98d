// What every node does with a packet, mix or provider: unwrap, replay check, wait as the header
// says, pass on along the layers. A packet ends passed on, handed over as final, refused with a
// reason, at the desk where it is unwrapped, or in the pool.
import { assert } from '../../shared/assert.ts';
import type { EpochParity } from '../../shared/network/frames.ts';
import { networkUnwrapRules } from '../../shared/network/packet.ts';
import type { Sphinx, Unwrapped } from '../../shared/sphinx/packet.ts';
import type { Now } from '../../shared/time.ts';
import { createDelayPool, POOL_PACKETS_MAX } from './delay-pool.ts';
import type { EpochKey, EpochKeys } from './epoch-keys.ts';
import type { Counter, PacketRefusal } from './refusal.ts';
import type { PeerId } from './role.ts';
import { UNWRAP_WAITING_MAX, type UnwrapDesk, type UnwrappedInput } from './unwrap-step.ts';

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

/** A final packet, and who sent it here. */
export type ArrivedPacket = FinalPacket & { readonly from: PeerId };

export type HopOptions = {
  readonly sphinx: Sphinx;
  readonly keys: EpochKeys;
  readonly refusals: Counter<PacketRefusal>;
  /** The longest delay that a header may ask for, ms; beyond any draw of an honest sender. */
  readonly delayMsMax: () => number;
  /**
   * The neighbour with this identity key in the next layer, by the document of the packet's epoch;
   * null for anybody else. `from` is who sent the packet here.
   */
  readonly nextPeer: (
    address: Uint8Array,
    parity: EpochParity,
    now: Now,
    from: PeerId,
  ) => PeerId | null;
  readonly poolPacketsMax?: number;
  /** Where packets are unwrapped; here and at once where absent. */
  readonly desk?: UnwrapDesk;
};

export type Hop = {
  /**
   * Takes a packet in; gives it back where this node is its last hop. Null where it waits or is
   * refused.
   */
  readonly receive: (
    packet: Uint8Array,
    parity: EpochParity,
    from: PeerId,
    now: Now,
  ) => ArrivedPacket | null;
  /** The same for a packet that was at the desk. */
  readonly unwrapped: (input: UnwrappedInput, now: Now) => ArrivedPacket | null;
  /**
   * Puts a packet of this node's own making into the pool, as an acknowledgement that waits. False
   * where the pool is full.
   */
  readonly hold: (outgoing: OutgoingPacket, releaseAtMs: number) => boolean;
  /** What is due, in order. */
  readonly release: (now: Now) => readonly OutgoingPacket[];
  readonly nextReleaseAtMs: () => number | null;
  readonly poolSize: () => number;
  /** Packets at the desk. */
  readonly unwrapping: () => number;
};

/** What is known of a packet before it is unwrapped. */
type Arrival = {
  readonly parity: EpochParity;
  readonly from: PeerId;
  readonly epoch: number;
  /** The delay runs from here: what the desk takes is part of it. */
  readonly atMs: number;
};

/** A packet in the pool, and the how-manieth tag was the last that had been seen by then. */
type Held = OutgoingPacket & { readonly tag: number };

export function createHop(options: HopOptions): Hop {
  const { sphinx, keys, refusals } = options;
  const pool = createDelayPool<Held>(options.poolPacketsMax ?? POOL_PACKETS_MAX);
  let tagsSeen = 0;
  let tagsFlushed = 0;

  const see = (key: EpochKey, replayTag: Uint8Array) => {
    const seen = key.see(replayTag);
    if (seen === 'new') tagsSeen += 1;
    return seen;
  };
  /** One write for many tags: nothing that came after tag number `tag` has left yet. */
  const flush = (tag: number): void => {
    if (tag <= tagsFlushed) return;
    keys.flush();
    tagsFlushed = tagsSeen;
  };

  const refuse = (reason: PacketRefusal): null => {
    refusals.count(reason);
    return null;
  };

  /** What becomes of a packet whose header is sound and new. */
  const settle = (unwrapped: Unwrapped, arrival: Arrival, now: Now): ArrivedPacket | null => {
    const { parity, from } = arrival;
    if (unwrapped.kind === 'refused') return refuse(unwrapped.reason);
    if (unwrapped.kind === 'final') {
      const { destination, identifier, payload } = unwrapped;
      flush(tagsSeen);
      return { parity, destination, identifier, payload, from };
    }
    const peer = options.nextPeer(unwrapped.nextAddress, parity, now, from);
    if (peer === null) return refuse('next-hop');
    // Compared as integers first: a 64-bit count of ns is more than a double holds.
    if (unwrapped.delayNs > BigInt(Math.ceil(options.delayMsMax() * 1e6))) return refuse('delay');
    const delayMs = Number(unwrapped.delayNs) / 1e6;
    const held = { peer, parity, packet: unwrapped.packet, tag: tagsSeen };
    return pool.add(arrival.atMs + delayMs, held) ? null : refuse('pool-full');
  };

  const unwrapHere = (packet: Uint8Array, key: EpochKey): Unwrapped | 'full' => {
    let isFull = false;
    const rules = networkUnwrapRules((tag) => {
      const seen = see(key, tag);
      isFull = seen === 'full';
      return seen !== 'new';
    });
    const unwrapped = sphinx.unwrap(packet, key.privateKey, rules);
    return isFull ? 'full' : unwrapped;
  };

  const waiting = new Map<number, Arrival>();
  let ticket = 0;
  const handOver = (desk: UnwrapDesk, packet: Uint8Array, arrival: Arrival): null => {
    if (waiting.size >= UNWRAP_WAITING_MAX) return refuse('unwrap-full');
    ticket = (ticket + 1) >>> 0;
    waiting.set(ticket, arrival);
    desk.submit({ ticket, epoch: arrival.epoch, packet });
    return null;
  };

  return {
    receive: (packet, parity, from, now) => {
      const key = keys.forParity(parity, now);
      if (key === null) return refuse('epoch');
      const arrival = { parity, from, epoch: key.epoch, atMs: now.monotonicMs };
      if (options.desk !== undefined) return handOver(options.desk, packet, arrival);
      const unwrapped = unwrapHere(packet, key);
      return unwrapped === 'full' ? refuse('replay-set-full') : settle(unwrapped, arrival, now);
    },
    unwrapped: (input, now) => {
      const arrival = waiting.get(input.ticket);
      assert(arrival !== undefined, 'the desk answers each ticket once');
      waiting.delete(input.ticket);
      const { replayTag, outcome } = input;
      // Gone with its replay set while the packet was away.
      const key = keys.ofEpoch(arrival.epoch);
      if (key === null) return refuse('epoch');
      const seen = replayTag === null ? 'new' : see(key, replayTag);
      if (seen !== 'new') return refuse(seen === 'full' ? 'replay-set-full' : 'replay');
      if (outcome.kind === 'lost') return refuse('unwrap-lost');
      return settle(outcome, arrival, now);
    },
    hold: ({ peer, parity, packet }, releaseAtMs) =>
      pool.add(releaseAtMs, { peer, parity, packet, tag: 0 }),
    release: (now) => {
      const due = pool.takeDue(now.monotonicMs);
      flush(due.reduce((last, { tag }) => Math.max(last, tag), 0));
      return due;
    },
    nextReleaseAtMs: pool.nextReleaseAtMs,
    poolSize: pool.size,
    unwrapping: () => waiting.size,
  };
}
