// The first hop's half of a provider: who its clients are, what each may send, and their pulls. A
// link belongs to a mailbox once a registration or a pull on it carried a proof made for this link.
import { equalBytes, toHex } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { mailboxOf } from '../../shared/network/address.ts';
import { CHALLENGE_SIZE, PULL_ACKNOWLEDGEMENT_COUNT } from '../../shared/network/frame-sizes.ts';
import {
  type ProofContext,
  type PullAnswer,
  type PullRequest,
  pullProofMessage,
  type RegistrationAnswer,
  type RegistrationRequest,
  type RegistrationResult,
  registrationProofMessage,
} from '../../shared/network/mailbox-frames.ts';
import { clientPacketsPerMs, type Traffic } from '../../shared/network/traffic.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import type { Now } from '../../shared/time.ts';
import type { MailboxStore } from './mailbox-store.ts';
import type { ProviderMail } from './provider-mail.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { type Counter, createCounter } from './refusal.ts';
import type { PeerId } from './role.ts';

/** A client may send and pull so much faster than published before it is refused. */
export const RATE_SLACK = 1.25;
/**
 * Packets a client may be ahead of its rate: at a load of 1/1.25 a Poisson stream gets there once
 * in 10^11 packets.
 */
export const RATE_DEPTH_PACKETS = 64;
/** A provider, or a line, that stood for so long finds all at once what came meanwhile. */
export const RATE_HELD_UP_MS = 5_000;
/** Pulls come at a constant interval; a stalled link delivers some of them together. */
export const RATE_DEPTH_PULLS = 16;
/** Registrations that one link may try. */
export const REGISTRATIONS_PER_LINK_MAX = 4;
/**
 * Registrations a second over all links, and how many may come at once: each is a flush of the
 * disk.
 */
export const REGISTRATIONS_PER_SECOND = 50;
export const REGISTRATIONS_DEPTH = 500;
/** Instances remembered for one mailbox, to tell a restart from a second copy. */
export const INSTANCES_MAX = 4;
/** Mailboxes whose instances are remembered; the one that pulled longest ago goes first. */
export const INSTANCE_MAILBOXES_MAX = 100_000;

export const CLIENT_REFUSALS = [
  'packet-rate',
  'pull-rate',
  'not-registered', // a packet before any proof
  'pull-proof',
  'registration-proof',
  'registration-invite',
  'registration-rate',
] as const;
export type ClientRefusal = (typeof CLIENT_REFUSALS)[number];

export type ProviderClientsOptions = {
  readonly engine: CryptoEngine;
  readonly random: RandomSource;
  readonly store: MailboxStore;
  readonly mail: ProviderMail;
  readonly networkHash: Uint8Array;
  readonly identityKey: Uint8Array;
  readonly traffic: () => Traffic;
  /** `open`, or the invites (hex of 32 bytes) that each register one mailbox. */
  readonly registration: 'open' | ReadonlySet<string>;
  readonly retentionMs: number;
  readonly mailsMax: number;
};

export type ProviderClients = {
  /** A new link; gives the challenge that its proofs are made over. */
  readonly open: (peer: PeerId) => Uint8Array;
  readonly close: (peer: PeerId) => void;
  /** Whether a packet of this link is taken. */
  readonly mayPass: (peer: PeerId, now: Now) => boolean;
  readonly register: (peer: PeerId, frame: RegistrationRequest, now: Now) => RegistrationAnswer;
  /**
   * Null where the link is to be ended: its proof is not the mailbox owner's. `busy` is not
   * answered.
   */
  readonly pull: (peer: PeerId, frame: PullRequest, now: Now) => PullAnswer | 'busy' | null;
  readonly refusals: () => Readonly<Record<ClientRefusal, number>>;
  readonly count: () => number;
};

type Session = {
  readonly challenge: Uint8Array;
  readonly packets: RateLimit;
  readonly pulls: RateLimit;
  mailbox: Uint8Array | null;
  /** The proof that was verified; the same in every pull of a link, so one verification serves. */
  proof: Uint8Array | null;
  registrations: number;
};

export function createProviderClients(options: ProviderClientsOptions): ProviderClients {
  const { engine, store } = options;
  const refusals: Counter<ClientRefusal> = createCounter(CLIENT_REFUSALS);
  const sessions = new Map<PeerId, Session>();
  const registrations = createRateLimit(REGISTRATIONS_PER_SECOND, REGISTRATIONS_DEPTH);
  const copies = createCopyWatch();

  const contextOf = (session: Session): ProofContext => ({
    networkHash: options.networkHash,
    providerKey: options.identityKey,
    challenge: session.challenge,
  });

  const admit = (frame: RegistrationRequest, session: Session, now: Now): RegistrationResult => {
    session.registrations += 1;
    const isTooOften = session.registrations > REGISTRATIONS_PER_LINK_MAX;
    if (isTooOften || !registrations.take(now.monotonicMs)) {
      refusals.count('registration-rate');
      return 'too_many_requests';
    }
    const message = registrationProofMessage(contextOf(session), frame.authKey, frame.invite);
    if (!engine.ed25519Verify(frame.proof, message, frame.authKey)) {
      refusals.count('registration-proof');
      return 'wrong_proof';
    }
    const mailbox = mailboxOf(engine, frame.authKey);
    const isKnown = store.authKey(mailbox) !== null;
    if (options.registration !== 'open' && !isKnown) {
      const refused = frame.invite === null ? 'invite_needed' : 'invite_unknown';
      if (frame.invite === null || !options.registration.has(toHex(frame.invite))) {
        refusals.count('registration-invite');
        return refused;
      }
    }
    const invite = options.registration === 'open' ? null : frame.invite;
    const outcome = store.register({ mailbox, authKey: frame.authKey, invite }, now);
    // A mailbox is named by the hash of its key, so another key for it is a broken hash.
    if (outcome === 'foreign_key') return 'wrong_proof';
    if (outcome === 'registered' || outcome === 'known') session.mailbox = mailbox;
    else refusals.count('registration-invite');
    return outcome;
  };

  /** Whether the pull's proof is its mailbox owner's, made for this link. */
  const isProven = (session: Session, frame: PullRequest): boolean => {
    const isSame = session.proof !== null && equalBytes(session.proof, frame.proof);
    if (isSame && session.mailbox !== null && equalBytes(session.mailbox, frame.mailbox))
      return true;
    const authKey = store.authKey(frame.mailbox);
    if (authKey === null) return false;
    const message = pullProofMessage(contextOf(session), frame.mailbox);
    if (!engine.ed25519Verify(frame.proof, message, authKey)) return false;
    session.mailbox = frame.mailbox.slice();
    session.proof = frame.proof.slice();
    return true;
  };

  return {
    open: (peer) => {
      const traffic = options.traffic();
      const packetsPerSecond = 1_000 * clientPacketsPerMs(traffic) * RATE_SLACK;
      const heldUp = Math.ceil(packetsPerSecond * (RATE_HELD_UP_MS / 1_000));
      const depth = Math.max(RATE_DEPTH_PACKETS, heldUp);
      const pullsPerSecond = 1_000 / traffic.pullIntervalMs;
      const challenge = drawBytes(options.random, CHALLENGE_SIZE);
      sessions.set(peer, {
        challenge,
        packets: createRateLimit(packetsPerSecond, depth),
        pulls: createRateLimit(pullsPerSecond * RATE_SLACK, RATE_DEPTH_PULLS),
        mailbox: null,
        proof: null,
        registrations: 0,
      });
      return challenge;
    },
    close: (peer) => {
      sessions.delete(peer);
    },
    mayPass: (peer, now) => {
      const session = sessions.get(peer);
      if (session === undefined || session.mailbox === null) refusals.count('not-registered');
      else if (!session.packets.take(now.monotonicMs)) refusals.count('packet-rate');
      else return true;
      return false;
    },
    register: (peer, frame, now) => {
      const session = sessions.get(peer);
      const result = session === undefined ? 'too_many_requests' : admit(frame, session, now);
      const isIn = result === 'registered' || result === 'known';
      const mailbox = isIn ? mailboxOf(engine, frame.authKey) : new Uint8Array(16);
      const { retentionMs, mailsMax } = options;
      return { kind: 'registration-answer', result, mailbox, retentionMs, mailsMax };
    },
    pull: (peer, frame, now) => {
      const session = sessions.get(peer);
      if (session === undefined) return null;
      if (!session.pulls.take(now.monotonicMs)) {
        refusals.count('pull-rate');
        return 'busy';
      }
      const { mailbox, mailSequence, acknowledgementSequence, command } = frame;
      const progress = { mailbox, mailSequence, acknowledgementSequence };
      const { pullMailCount } = options.traffic();
      const content = isProven(session, frame)
        ? store.read(progress, pullMailCount, PULL_ACKNOWLEDGEMENT_COUNT)
        : null;
      if (content === null) {
        refusals.count('pull-proof');
        return null;
      }
      options.mail.takePull(progress, command === null ? null : { mailbox, command }, now);
      const isOtherCopySeen = copies.see(mailbox, frame.instance);
      return { kind: 'pull-answer', serial: frame.serial, isOtherCopySeen, ...content };
    },
    refusals: refusals.snapshot,
    count: () => sessions.size,
  };
}

type CopyWatch = {
  /** Whether another instance has pulled this mailbox since this one's last pull. */
  readonly see: (mailbox: Uint8Array, instance: Uint8Array) => boolean;
};

/**
 * A restart takes over once and for good; two copies take turns. So an instance that pulls again
 * after another one did is told.
 */
function createCopyWatch(): CopyWatch {
  const recent = new Map<string, string[]>();
  return {
    see: (mailbox, instance) => {
      const box = toHex(mailbox);
      const name = toHex(instance);
      const before = recent.get(box) ?? [];
      const isOther = before.includes(name) && before[0] !== name;
      recent.delete(box);
      recent.set(box, [name, ...before.filter((one) => one !== name)].slice(0, INSTANCES_MAX));
      for (const oldest of recent.keys()) {
        if (recent.size <= INSTANCE_MAILBOXES_MAX) break;
        recent.delete(oldest);
      }
      return isOther;
    },
  };
}
