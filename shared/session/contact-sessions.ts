// All sessions with one contact, and the handshakes under way with him. There can be several: both
// people may start at once, and a reset starts a new one while messages of the old one are still on
// their way. Both sides order them alike, send on the first and go on opening what comes on the
// others, so that they converge whatever order things arrive in and nothing in flight is lost.
import { compareBytes, equalBytes } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import type { RandomSource } from '../random.ts';
import { envelopeKind } from './envelope.ts';
import {
  finishHandshake,
  type HandshakeRefusal,
  type OpenedHandshake,
  type PendingHandshake,
} from './handshake.ts';
import type { AcceptanceFields } from './handshake-codec.ts';
import type { Identity, PublicIdentity } from './identity.ts';
import { type MessageRefusal, openMessage, sealMessage } from './ratchet.ts';
import {
  forgetSkippedKeys,
  type Session,
  SKIPPED_KEYS_MAX,
  skippedKeyCount,
} from './session-state.ts';

/** Sessions kept with one contact; beyond it the last in order is forgotten. */
export const SESSIONS_MAX = 4;
/** Handshakes of one's own under way with one contact; beyond it the oldest is forgotten. */
export const PENDING_MAX = 4;
/** Keys of skipped messages over all contacts; the caller forgets the oldest beyond it. */
export const SKIPPED_KEYS_GLOBAL_MAX = 20_000;
/** How far ahead of this clock a generation may be: who is further ahead cannot use the network. */
export const GENERATION_AHEAD_MS_MAX = 86_400_000;
/** How long after a code's end a request that its provider took in time may still come. */
export const REQUEST_GRACE_MS = 86_400_000;

export type ContactSessions = {
  /** In order: the first is the one to send on. */
  readonly sessions: readonly Session[];
  /** Newest first. */
  readonly pending: readonly PendingHandshake[];
  /** Of any session ever established with this contact; 0 before the first. */
  readonly newestGeneration: number;
};

export const NO_SESSIONS: ContactSessions = { sessions: [], pending: [], newestGeneration: 0 };

/**
 * The generation of a handshake to start now: higher than any before, and the time where that is
 * higher, so that a profile restored from an old copy is not behind its contacts.
 */
export function nextGeneration(contact: ContactSessions, nowUnixMs: number): number {
  const used = contact.pending.map(({ generation }) => generation);
  return Math.max(contact.newestGeneration + 1, ...used.map((one) => one + 1), nowUnixMs);
}

export function withPending(contact: ContactSessions, pending: PendingHandshake): ContactSessions {
  return { ...contact, pending: [pending, ...contact.pending].slice(0, PENDING_MAX) };
}

/**
 * Adds a session in its place: higher generations first; of one generation, which two people may
 * choose at once, the one whose starter has the lower Ed25519 key. Both sides have the same order.
 */
export function withSession(contact: ContactSessions, session: Session): ContactSessions {
  const sessions = [session, ...contact.sessions].sort(bySeniority).slice(0, SESSIONS_MAX);
  const newestGeneration = Math.max(contact.newestGeneration, session.generation);
  return { ...contact, sessions, newestGeneration };
}

function bySeniority(a: Session, b: Session): number {
  return b.generation - a.generation || compareBytes(a.starterKey, b.starterKey);
}

/** What a received request is held against. */
export type RequestRules = {
  readonly own: PublicIdentity;
  readonly nowUnixMs: number;
  /** When the provider took it; the moment that a code's expiry is held against. */
  readonly arrivedUnixMs: number;
  /** End of the code that it came by; null for a reset. */
  readonly codeExpiresUnixMs: number | null;
  /** The contact whose reset this must be; null where anybody may ask. */
  readonly expected: PublicIdentity | null;
  /** What is known of the starter; `NO_SESSIONS` for a stranger. */
  readonly contactOf: (starter: PublicIdentity) => ContactSessions;
  /** Whether a request with this id (16 bytes) was taken before. */
  readonly isSeen: (id: Uint8Array) => boolean;
};

export type RequestRefusal =
  /** One's own request, sent back. */
  | 'own'
  /** Came before, unchanged: if it was accepted, its acceptance may be sent again. */
  | 'replayed'
  | 'expired'
  /** Signed by other keys than this contact's. */
  | 'wrong_identity'
  /** Not newer than a session there is: an old request sent again, or a profile set back. */
  | 'stale_generation'
  | 'future_generation';

/** Why an opened request is not to be shown or answered; null where it may be. */
export function refuseRequest(opened: OpenedHandshake, rules: RequestRules): RequestRefusal | null {
  const { starter, generation, id } = opened;
  const { codeExpiresUnixMs, expected } = rules;
  if (equalBytes(starter.signingKey, rules.own.signingKey)) return 'own';
  if (expected !== null && !isSamePerson(starter, expected)) return 'wrong_identity';
  if (rules.isSeen(id)) return 'replayed';
  if (codeExpiresUnixMs !== null && rules.arrivedUnixMs > codeExpiresUnixMs + REQUEST_GRACE_MS) {
    return 'expired';
  }
  if (generation > rules.nowUnixMs + GENERATION_AHEAD_MS_MAX) return 'future_generation';
  if (generation <= rules.contactOf(starter).newestGeneration) return 'stale_generation';
  return null;
}

export function isSamePerson(a: PublicIdentity, b: PublicIdentity): boolean {
  return equalBytes(a.signingKey, b.signingKey) && equalBytes(a.agreementKey, b.agreementKey);
}

/** The contact tags (8 bytes) by which messages of this contact's sessions come. */
export function receiveTags(contact: ContactSessions): readonly Uint8Array[] {
  return [
    ...contact.sessions.map(({ receiveTag }) => receiveTag),
    ...contact.pending.map(({ request }) => request.tagToStarter),
  ];
}

/** Seals on the first session; null while there is none. Store `contact` before sending. */
export function sealForContact(
  engine: CryptoEngine,
  contact: ContactSessions,
  plaintext: Uint8Array,
): {
  readonly contact: ContactSessions;
  readonly message: Uint8Array;
  readonly contactTag: Uint8Array;
  readonly generation: number;
} | null {
  const [first, ...others] = contact.sessions;
  if (first === undefined) return null;
  const { session, message } = sealMessage(engine, first, plaintext);
  return {
    contact: { ...contact, sessions: [session, ...others] },
    message,
    contactTag: session.sendTag,
    generation: session.generation,
  };
}

export type Received =
  | {
      readonly ok: true;
      readonly kind: 'message';
      readonly contact: ContactSessions;
      readonly plaintext: Uint8Array;
      /** Of the session it came on: sequences count within it. */
      readonly generation: number;
      readonly forgottenCount: number;
    }
  | {
      readonly ok: true;
      /** A request or reset of one's own was accepted; what was early can be opened now. */
      readonly kind: 'accepted';
      readonly contact: ContactSessions;
      readonly acceptor: AcceptanceFields;
      readonly generation: number;
      readonly isReset: boolean;
    }
  | {
      readonly ok: false;
      readonly reason:
        | HandshakeRefusal
        | MessageRefusal
        /** No session or handshake with this tag. */
        | 'unknown_tag'
        /** Of a session whose acceptance is still on its way: keep it until that is in. */
        | 'early'
        /** Of a program that knows more kinds of messages. */
        | 'newer_version';
    };

/** Takes in a message that came by one of `receiveTags`. A refused one changes nothing. */
export function receiveFromContact(
  engine: CryptoEngine,
  random: RandomSource,
  options: {
    readonly identity: Identity;
    readonly contact: ContactSessions;
    readonly contactTag: Uint8Array;
    readonly message: Uint8Array;
    readonly nowUnixMs: number;
  },
): Received {
  const { contact, contactTag, message } = options;
  switch (envelopeKind(message)) {
    case 'message': {
      const session = contact.sessions.find((one) => equalBytes(one.receiveTag, contactTag));
      if (session !== undefined) return receiveMessage(engine, random, session, options);
      const isAwaited = pendingOf(contact, contactTag) !== undefined;
      return { ok: false, reason: isAwaited ? 'early' : 'unknown_tag' };
    }
    case 'acceptance':
    case 'resetAcceptance': {
      const pending = pendingOf(contact, contactTag);
      if (pending === undefined) return { ok: false, reason: 'unknown_tag' };
      const finished = finishHandshake(engine, random, { ...options, pending });
      if (!finished.ok) return finished;
      const rest = contact.pending.filter((one) => one !== pending);
      return {
        ok: true,
        kind: 'accepted',
        contact: withSession({ ...contact, pending: rest }, finished.session),
        acceptor: finished.acceptor,
        generation: pending.generation,
        isReset: pending.target.kind === 'contact',
      };
    }
    case 'request':
    case 'reset':
      return { ok: false, reason: 'kind' };
    case null:
      return { ok: false, reason: 'newer_version' };
  }
}

function receiveMessage(
  engine: CryptoEngine,
  random: RandomSource,
  session: Session,
  options: {
    readonly contact: ContactSessions;
    readonly message: Uint8Array;
    readonly nowUnixMs: number;
  },
): Received {
  const { contact, message, nowUnixMs } = options;
  const opened = openMessage(engine, random, { session, message, nowUnixMs });
  if (!opened.ok) return opened;
  const sessions = contact.sessions.map((one) => (one === session ? opened.session : one));
  const limits = { keepMax: SKIPPED_KEYS_MAX, olderThanUnixMs: 0 };
  const kept = forgetOfContact({ ...contact, sessions }, limits);
  return {
    ok: true,
    kind: 'message',
    contact: kept.contact,
    plaintext: opened.plaintext,
    generation: session.generation,
    forgottenCount: opened.forgottenCount + kept.forgottenCount,
  };
}

function pendingOf(contact: ContactSessions, tag: Uint8Array): PendingHandshake | undefined {
  return contact.pending.find(({ request }) => equalBytes(request.tagToStarter, tag));
}

/** How many keys of skipped messages are kept for a contact. */
export function skippedKeyCountOf(contact: ContactSessions): number {
  return contact.sessions.reduce((sum, session) => sum + skippedKeyCount(session), 0);
}

/** As `forgetSkippedKeys`, over all sessions; the first session's keys stay longest. */
export function forgetOfContact(
  contact: ContactSessions,
  limits: { readonly keepMax: number; readonly olderThanUnixMs: number },
): { readonly contact: ContactSessions; readonly forgottenCount: number } {
  let room = limits.keepMax;
  let forgottenCount = 0;
  const sessions = contact.sessions.map((session) => {
    const kept = forgetSkippedKeys(session, { ...limits, keepMax: room });
    room -= skippedKeyCount(kept.session);
    forgottenCount += kept.forgottenCount;
    return kept.session;
  });
  return { contact: { ...contact, sessions }, forgottenCount };
}

/**
 * Forgets sessions that were replaced longer than `retentionMs` ago, which is to be the provider's
 * retention and the longest resend, and handshakes that nobody answered for as long.
 */
export function forgetReplaced(
  contact: ContactSessions,
  options: { readonly nowUnixMs: number; readonly retentionMs: number },
): ContactSessions {
  const before = options.nowUnixMs - options.retentionMs;
  const [first, ...others] = contact.sessions;
  const isOld = first === undefined || first.establishedUnixMs < before;
  const sessions = first === undefined ? [] : [first, ...(isOld ? [] : others)];
  const pending = contact.pending.filter((one) => one.startedUnixMs >= before);
  return { ...contact, sessions, pending };
}
