// The mix: takes packets from the layer before it, holds each for the time its sender drew, passes
// it to the layer after it. It is the last hop of nothing but the acknowledgements of its own loops
// (design section 2, "One packet").

import type { EpochParity, SphinxFrame } from '../../shared/network/frames.ts';
import { encodeFrame } from '../../shared/network/frames.ts';
import { readDestination } from '../../shared/network/payload.ts';
import type { Now } from '../../shared/time.ts';
import { type ArrivedPacket, createHop } from './hop.ts';
import { type BaseEvent, createNodeBase, type NodeBaseOptions } from './node-base.ts';
import type { DecidedLoop, LoopCounts } from './node-loops.ts';
import { createCounter, PACKET_REFUSALS, type PacketRefusal } from './refusal.ts';
import type { LinkEffect, LinkInput, PeerId, Role } from './role.ts';
import type { UnwrapDesk, UnwrappedInput } from './unwrap-step.ts';

export type MixOptions = Omit<NodeBaseOptions, 'kind' | 'isRegistrationOpen'> & {
  /** Packets held at once; `POOL_PACKETS_MAX` where absent. */
  readonly poolPacketsMax?: number;
  /** Where packets are unwrapped; here and at once where absent. */
  readonly desk?: UnwrapDesk;
};

/**
 * Every packet that was received was forwarded, refused, an acknowledgement of an own loop, or is
 * at the desk or in the pool: `received` is the sum of the others.
 */
export type MixCounters = {
  readonly received: number;
  readonly forwarded: number;
  readonly acknowledged: number;
  readonly unwrapping: number;
  readonly poolSize: number;
  readonly refusals: Readonly<Record<PacketRefusal, number>>;
  readonly events: Readonly<Record<BaseEvent, number>>;
  readonly loops: LoopCounts;
};

export type Mix = Role<LinkInput | UnwrappedInput, LinkEffect> & {
  readonly counters: () => MixCounters;
  /** The node's own loops that were decided last. */
  readonly decidedLoops: () => readonly DecidedLoop[];
};

export function createMix(options: MixOptions, start: Now): Mix {
  const base = createNodeBase({ ...options, kind: 'mix', isRegistrationOpen: false }, start);
  const refusals = createCounter(PACKET_REFUSALS);
  const hop = createHop({
    sphinx: options.sphinx,
    keys: base.keys,
    refusals,
    delayMsMax: () => base.delayMsMax,
    nextPeer: base.nextPeer,
    ...(options.poolPacketsMax === undefined ? {} : { poolPacketsMax: options.poolPacketsMax }),
    ...(options.desk === undefined ? {} : { desk: options.desk }),
  });
  let received = 0;
  let forwarded = 0;
  let acknowledged = 0;

  const takePacket = (peer: PeerId, frame: SphinxFrame, now: Now): void => {
    received += 1;
    if (!base.isPreviousHop(peer, frame.parity, now)) {
      const isTimely = base.keys.forParity(frame.parity, now) !== null;
      refusals.count(isTimely ? 'previous-hop' : 'epoch');
      return;
    }
    takeArrived(hop.receive(frame.packet, frame.parity, peer, now), now);
  };

  const takeArrived = (arrived: ArrivedPacket | null, now: Now): void => {
    if (arrived === null) return;
    const destination = readDestination(arrived.destination, options.identity.publicKey);
    if (destination.kind !== 'self') refusals.count('destination');
    else if (base.loops.acknowledged(arrived.identifier, now)) acknowledged += 1;
    else refusals.count('acknowledgement');
  };

  const send = (peer: PeerId, parity: EpochParity, packet: Uint8Array): LinkEffect => {
    const frame = encodeFrame({ kind: 'sphinx', parity, packet }, base.pullMailCount);
    return { kind: 'send', peer, frame };
  };

  return {
    receive: (input, now) => {
      if (input.kind === 'link-up') return base.linkUp(input.peer, now);
      if (input.kind === 'link-down') {
        base.linkDown(input.peer, now);
        return [];
      }
      if (input.kind === 'unwrapped') {
        takeArrived(hop.unwrapped(input, now), now);
        return [];
      }
      const frame = base.decode(input.frame);
      if (frame === null) return [];
      if (frame.kind !== 'sphinx') return base.receive(input.peer, frame, now);
      takePacket(input.peer, frame, now);
      return [];
    },
    wake: (now) => {
      const effects = base.wake(now);
      for (const { peer, parity, packet } of hop.release(now)) {
        if (base.isLinked(peer)) {
          forwarded += 1;
          effects.push(send(peer, parity, packet));
        } else refusals.count('no-link');
      }
      return effects;
    },
    nextWakeAt: () => Math.min(base.nextWakeAtMs(), hop.nextReleaseAtMs() ?? Infinity),
    counters: () => ({
      received,
      forwarded,
      acknowledged,
      unwrapping: hop.unwrapping(),
      poolSize: hop.poolSize(),
      refusals: refusals.snapshot(),
      events: base.events(),
      loops: base.loops.counts(),
    }),
    decidedLoops: base.loops.decided,
  };
}
