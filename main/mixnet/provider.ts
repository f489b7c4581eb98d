// The provider: first hop for its clients, last hop for its mailboxes (design section 2,
// "Mailbox"). What comes from a client can only go on to layer 1; what comes from layer 3 can only
// end here, so that no packet gets around the mixes.
import { encodeFrame, type Frame, type SphinxFrame } from '../../shared/network/frames.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import type { Now } from '../../shared/time.ts';
import { type ArrivedPacket, createHop } from './hop.ts';
import type { MailboxStore } from './mailbox-store.ts';
import { type BaseEvent, createNodeBase, type NodeBaseOptions } from './node-base.ts';
import type { DecidedLoop, LoopCounts } from './node-loops.ts';
import { type ClientRefusal, createProviderClients } from './provider-clients.ts';
import { createProviderMail, type ProviderMailCounts } from './provider-mail.ts';
import { createCounter, PACKET_REFUSALS, type PacketRefusal } from './refusal.ts';
import type { LinkEffect, LinkInput, PeerId, Role } from './role.ts';
import type { UnwrapDesk, UnwrappedInput } from './unwrap-step.ts';

/** How often mail and tokens that are over are looked for. */
export const EXPIRY_MS = 10 * 60_000;

export type ProviderOptions = Omit<NodeBaseOptions, 'kind' | 'isRegistrationOpen'> & {
  readonly store: MailboxStore;
  /** `open`, or the invites (hex of 32 bytes) that each register one mailbox. */
  readonly registration: 'open' | ReadonlySet<string>;
  readonly retentionMs: number;
  readonly mailsMax: number;
  /** Packets held at once; `POOL_PACKETS_MAX` where absent. */
  readonly poolPacketsMax?: number;
  /** Where packets are unwrapped; here and at once where absent. */
  readonly desk?: UnwrapDesk;
};

/**
 * Every packet that was received was forwarded, refused, stored, discarded, an acknowledgement, at
 * the desk, in the pool or in the batch; the pool also holds the acknowledgements that were sent
 * off.
 */
export type ProviderCounters = {
  readonly received: number;
  readonly forwarded: number;
  /** Acknowledgements of own loops. */
  readonly acknowledged: number;
  readonly unwrapping: number;
  readonly poolSize: number;
  readonly clients: number;
  readonly pulls: number;
  readonly mail: ProviderMailCounts;
  readonly refusals: Readonly<Record<PacketRefusal, number>>;
  readonly clientRefusals: Readonly<Record<ClientRefusal, number>>;
  readonly events: Readonly<Record<BaseEvent, number>>;
  readonly loops: LoopCounts;
};

export type Provider = Role<LinkInput | UnwrappedInput, LinkEffect> & {
  readonly counters: () => ProviderCounters;
  /** The node's own loops that were decided last. */
  readonly decidedLoops: () => readonly DecidedLoop[];
};

export function createProvider(options: ProviderOptions, start: Now): Provider {
  const { base, hop, mail, clients, refusals, state } = assemble(options, start);
  const { store } = options;

  const send = (peer: PeerId, frame: Frame): LinkEffect => ({
    kind: 'send',
    peer,
    frame: encodeFrame(frame, base.pullMailCount),
  });

  const takePacket = (peer: PeerId, frame: SphinxFrame, now: Now): void => {
    const isFromClient = peer.startsWith('client:');
    if (isFromClient && !clients.mayPass(peer, now)) return;
    state.received += 1;
    if (!isFromClient && !base.isPreviousHop(peer, frame.parity, now)) {
      const isTimely = base.keys.forParity(frame.parity, now) !== null;
      refusals.count(isTimely ? 'previous-hop' : 'epoch');
      return;
    }
    takeArrived(hop.receive(frame.packet, frame.parity, peer, now), now);
  };

  const takeArrived = (arrived: ArrivedPacket | null, now: Now): void => {
    if (arrived === null) return;
    if (arrived.from.startsWith('client:')) refusals.count('destination');
    else mail.take(arrived, now);
  };

  const receiveFrame = (peer: PeerId, frame: Frame, now: Now): readonly LinkEffect[] => {
    if (frame.kind === 'sphinx') {
      takePacket(peer, frame, now);
      return [];
    }
    if (peer.startsWith('client:')) {
      if (frame.kind === 'registration-request')
        return [send(peer, clients.register(peer, frame, now))];
      if (frame.kind === 'pull-request') {
        const answer = clients.pull(peer, frame, now);
        if (answer === null) return [{ kind: 'close', peer }];
        if (answer === 'busy') return [];
        state.pulls += 1;
        return [send(peer, answer)];
      }
    }
    return base.receive(peer, frame, now);
  };

  const receive = (input: LinkInput | UnwrappedInput, now: Now): readonly LinkEffect[] => {
    if (input.kind === 'unwrapped') {
      takeArrived(hop.unwrapped(input, now), now);
      return [];
    }
    const { peer } = input;
    if (input.kind === 'link-up') {
      const isClient = peer.startsWith('client:');
      return base.linkUp(peer, now, isClient ? clients.open(peer) : undefined);
    }
    if (input.kind === 'link-down') {
      clients.close(peer, now);
      base.linkDown(peer, now);
      return [];
    }
    const frame = base.decode(input.frame);
    return frame === null ? [] : receiveFrame(peer, frame, now);
  };

  const wake = (now: Now): readonly LinkEffect[] => {
    const effects = base.wake(now);
    mail.wake(now);
    for (const { peer, parity, packet } of hop.release(now)) {
      if (base.isLinked(peer)) {
        state.forwarded += 1;
        effects.push(send(peer, { kind: 'sphinx', parity, packet }));
      } else refusals.count('no-link');
    }
    if (now.monotonicMs >= state.expiryAtMs) {
      store.expire(now);
      state.expiryAtMs = now.monotonicMs + EXPIRY_MS;
    }
    return effects;
  };

  return {
    receive,
    wake,
    nextWakeAt: () =>
      Math.min(
        base.nextWakeAtMs(),
        hop.nextReleaseAtMs() ?? Infinity,
        mail.nextWakeAtMs() ?? Infinity,
        state.expiryAtMs,
      ),
    counters: () => ({
      received: state.received,
      forwarded: state.forwarded,
      acknowledged: state.acknowledged,
      unwrapping: hop.unwrapping(),
      poolSize: hop.poolSize(),
      clients: clients.count(),
      pulls: state.pulls,
      mail: mail.counts(),
      refusals: refusals.snapshot(),
      clientRefusals: clients.refusals(),
      events: base.events(),
      loops: base.loops.counts(),
    }),
    decidedLoops: base.loops.decided,
  };
}

/** What changes while a provider runs, beside what its parts keep. */
type State = {
  received: number;
  forwarded: number;
  acknowledged: number;
  pulls: number;
  expiryAtMs: number;
};

/** The parts, each given what it needs of the others. */
function assemble(options: ProviderOptions, start: Now) {
  const { engine, sphinx, random, store, registration, retentionMs, mailsMax } = options;
  const identityKey = options.identity.publicKey;
  const isRegistrationOpen = registration === 'open';
  const base = createNodeBase({ ...options, kind: 'provider', isRegistrationOpen }, start);
  const refusals = createCounter(PACKET_REFUSALS);
  const state: State = {
    received: 0,
    forwarded: 0,
    acknowledged: 0,
    pulls: 0,
    expiryAtMs: start.monotonicMs + EXPIRY_MS,
  };

  const hop = createHop({
    sphinx,
    keys: base.keys,
    refusals,
    delayMsMax: () => base.delayMsMax,
    // Only a client's goes on.
    nextPeer: (address, parity, now, from) =>
      from.startsWith('client:') ? base.nextPeer(address, parity, now) : null,
    ...(options.poolPacketsMax === undefined ? {} : { poolPacketsMax: options.poolPacketsMax }),
    ...(options.desk === undefined ? {} : { desk: options.desk }),
  });
  const mail = createProviderMail({
    hop,
    store,
    random,
    refusals,
    identityKey,
    delayMsMax: () => base.delayMsMax,
    nextPeer: base.nextPeer,
    onOwnAcknowledgement: (identifier, now) => {
      if (base.loops.acknowledged(identifier, now)) state.acknowledged += 1;
      else refusals.count('acknowledgement');
    },
  });
  const clients = createProviderClients({
    engine,
    random,
    store,
    mail,
    networkHash: base.networkHash,
    identityKey,
    traffic: () => trafficSets[options.traffic],
    registration,
    retentionMs,
    mailsMax,
  });
  return { base, hop, mail, clients, refusals, state };
}
