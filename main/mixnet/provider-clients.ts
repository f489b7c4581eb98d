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
import type { Traffic } from '../../shared/network/traffic.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import type { Now } from '../../shared/time.ts';
import { createPullLimit, createRateTable, type MailboxRates } from './mailbox-rates.ts';
import type { MailboxStore } from './mailbox-store.ts';
import type { ProviderMail } from './provider-mail.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { type Counter, createCounter } from './refusal.ts';
import type { PeerId } from './role.ts';

/** Registrations that one link may try at once: each costs the check of a proof. */
export const REGISTRATIONS_PER_LINK_MAX = 4;
/** So often a link may try once more: sooner than an honest client does. */
export const REGISTRATION_AGAIN_MS = 20_000;
/**
 * New mailboxes a second over all links, and how many may come at once: each is a flush of the
 * disk. Those that are known cost none, and need no place here.
 */
export const NEW_MAILBOXES_PER_SECOND = 50;
export const NEW_MAILBOXES_DEPTH = 500;
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
  'registration-rate', // more tries than a link has; the proof is not looked at
  'registration-new', // a new mailbox beyond what the disk is asked for
  'registration-full', // as many mailboxes as there may be
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
  readonly close: (peer: PeerId, now: Now) => void;
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
  readonly registrations: RateLimit;
  /** Before a proof is looked at; the mailbox's own come after it. */
  readonly pulls: RateLimit;
  /** Whose link this is by a proof, and what he may send on all of his. */
  owner: { readonly mailbox: Uint8Array; readonly rates: MailboxRates } | null;
  /** The proof that was verified; the same in every pull of a link, so one verification serves. */
  proof: Uint8Array | null;
};

export function createProviderClients(options: ProviderClientsOptions): ProviderClients {
  const { engine, store } = options;
  const refusals: Counter<ClientRefusal> = createCounter(CLIENT_REFUSALS);
  const sessions = new Map<PeerId, Session>();
  const newMailboxes = createRateLimit(NEW_MAILBOXES_PER_SECOND, NEW_MAILBOXES_DEPTH);
  const rates = createRateTable(options.traffic);
  const copies = createCopyWatch();

  const contextOf = (session: Session): ProofContext => ({
    networkHash: options.networkHash,
    providerKey: options.identityKey,
    challenge: session.challenge,
  });

  const disown = (session: Session, now: Now): void => {
    if (session.owner !== null) rates.release(session.owner.mailbox, now.monotonicMs);
    session.owner = null;
  };
  const own = (session: Session, mailbox: Uint8Array, now: Now): void => {
    if (session.owner !== null && equalBytes(session.owner.mailbox, mailbox)) return;
    disown(session, now);
    const name = mailbox.slice();
    session.owner = { mailbox: name, rates: rates.hold(name, now.monotonicMs) };
  };

  /** A mailbox that is not there yet: by invite where one is asked for, and a flush of the disk. */
  const enter = (
    { authKey, invite }: RegistrationRequest,
    mailbox: Uint8Array,
    now: Now,
  ): RegistrationResult => {
    const { registration } = options;
    if (registration !== 'open' && (invite === null || !registration.has(toHex(invite)))) {
      refusals.count('registration-invite');
      return invite === null ? 'invite_needed' : 'invite_unknown';
    }
    if (!newMailboxes.take(now.monotonicMs)) {
      refusals.count('registration-new');
      return 'too_many_requests';
    }
    const used = registration === 'open' ? null : invite;
    const outcome = store.register({ mailbox, authKey, invite: used }, now);
    if (outcome === 'invite_used') refusals.count('registration-invite');
    if (outcome === 'provider_full') refusals.count('registration-full');
    return outcome === 'foreign_key' ? 'wrong_proof' : outcome;
  };

  const admit = (frame: RegistrationRequest, session: Session, now: Now): RegistrationResult => {
    if (!session.registrations.take(now.monotonicMs)) {
      refusals.count('registration-rate');
      return 'too_many_requests';
    }
    const message = registrationProofMessage(contextOf(session), frame.authKey, frame.invite);
    if (!engine.ed25519Verify(frame.proof, message, frame.authKey)) {
      refusals.count('registration-proof');
      return 'wrong_proof';
    }
    const mailbox = mailboxOf(engine, frame.authKey);
    const known = store.authKey(mailbox);
    // A mailbox is named by the hash of its key, so another key for it is a broken hash.
    if (known !== null && !equalBytes(known, frame.authKey)) {
      refusals.count('registration-proof');
      return 'wrong_proof';
    }
    const result = known === null ? enter(frame, mailbox, now) : 'known';
    if (result === 'registered' || result === 'known') own(session, mailbox, now);
    return result;
  };

  /** Whether the pull's proof is its mailbox owner's, made for this link. */
  const isProven = (session: Session, frame: PullRequest, now: Now): boolean => {
    const { owner, proof } = session;
    const isSame = proof !== null && equalBytes(proof, frame.proof);
    if (isSame && owner !== null && equalBytes(owner.mailbox, frame.mailbox)) return true;
    const authKey = store.authKey(frame.mailbox);
    if (authKey === null) return false;
    const message = pullProofMessage(contextOf(session), frame.mailbox);
    if (!engine.ed25519Verify(frame.proof, message, authKey)) return false;
    own(session, frame.mailbox, now);
    session.proof = frame.proof.slice();
    return true;
  };

  return {
    open: (peer) => {
      const challenge = drawBytes(options.random, CHALLENGE_SIZE);
      const triesPerSecond = 1_000 / REGISTRATION_AGAIN_MS;
      sessions.set(peer, {
        challenge,
        registrations: createRateLimit(triesPerSecond, REGISTRATIONS_PER_LINK_MAX),
        pulls: createPullLimit(options.traffic()),
        owner: null,
        proof: null,
      });
      return challenge;
    },
    close: (peer, now) => {
      const session = sessions.get(peer);
      if (session !== undefined) disown(session, now);
      sessions.delete(peer);
    },
    mayPass: (peer, now) => {
      const owner = sessions.get(peer)?.owner ?? null;
      if (owner === null) refusals.count('not-registered');
      else if (!owner.rates.packets.take(now.monotonicMs)) refusals.count('packet-rate');
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
      const isWithinLink = session.pulls.take(now.monotonicMs);
      const isOwners = isWithinLink && isProven(session, frame, now);
      // What a proof shows is counted for its mailbox, on whatever links its owner comes.
      const isTooOften = isOwners && session.owner?.rates.pulls.take(now.monotonicMs) !== true;
      if (!isWithinLink || isTooOften) {
        refusals.count('pull-rate');
        return 'busy';
      }
      const { mailbox, mailSequence, acknowledgementSequence, command } = frame;
      const progress = { mailbox, mailSequence, acknowledgementSequence };
      const { pullMailCount } = options.traffic();
      const content = isOwners
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
