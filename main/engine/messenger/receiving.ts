// What comes in, by its contact tag: requests to codes, resets of contacts, messages of their
// sessions. One message is one step: out of the client's spool, the session on, and what it says
// stored, or nothing of it (design section 4).
import { equalBytes } from '../../../shared/bytes.ts';
import {
  type ContactSessions,
  type Received,
  receiveFromContact,
  refuseRequest,
} from '../../../shared/session/contact-sessions.ts';
import { envelopeKind } from '../../../shared/session/envelope.ts';
import { type OpenedHandshake, openHandshake } from '../../../shared/session/handshake.ts';
import { ownContactTarget } from '../../../shared/session/handshake-target.ts';
import type { StoredContact } from '../../store/people-store.ts';
import type { TagTarget } from '../../store/session-store.ts';
import type { Contents } from './contents.ts';
import type { Handshakes } from './handshakes.ts';
import type { Own } from './own.ts';
import type { Parts, Work } from './parts.ts';
import type { Repair } from './repair.ts';
import type { Came, Requests } from './requests.ts';

/** Messages of one contact that wait for their session's acceptance; further ones are dropped. */
export const EARLY_MAX = 64;
/**
 * A reset that its provider took so long after a newer one of his was accepted was sent by a copy:
 * who begins another sends the older one no more. An hour for clocks that differ.
 */
export const STALE_MS = 3_600_000;
/** Ids of resets are kept so long: a reset that is older is refused by its generation. */
const RESET_SEEN_MS = 90 * 86_400_000;

export type Receiving = {
  /** What this tag leads to is done with what came. */
  readonly receive: (work: Work, target: TagTarget, tag: Uint8Array, came: Came) => void;
  /** One message that was early; false where there is none any more. */
  readonly receiveEarly: (work: Work, contact: number, tag: Uint8Array) => boolean;
  /** Goes on with what was early and can be opened by now; after a start. */
  readonly resume: () => void;
};

export type ReceivingParts = {
  readonly parts: Parts;
  readonly own: Own;
  readonly handshakes: Handshakes;
  readonly requests: Requests;
  readonly contents: Contents;
  readonly repair: Repair;
};

export function createReceiving(options: ReceivingParts): Receiving {
  const { parts, own, handshakes, requests, contents, repair } = options;
  const { crypto, random, people, sessions, counts } = parts;

  const reset = (work: Work, contact: StoredContact, came: Came): void => {
    const { networkHash } = own.address();
    const target = ownContactTarget(crypto, networkHash, own.identity());
    const result = openHandshake(crypto, target, came.bytes);
    if (!result.ok) {
      counts.count('request_refused');
      return;
    }
    const { opened } = result;
    const acceptance = sessions.acceptance(opened.id);
    if (acceptance !== null) {
      handshakes.acceptAgain(work, acceptance);
      return;
    }
    const reason = refuseRequest(opened, {
      own: own.identity(),
      nowUnixMs: work.now.unixMs,
      arrivedUnixMs: came.arrivedUnixMs,
      codeExpiresUnixMs: null,
      expected: contact,
      contactOf: () => sessions.load(contact.id),
      isSeen: people.isRequestSeen,
    });
    if (reason !== null) {
      counts.count('request_refused');
      const isOfCopy = reason === 'stale_generation' && isLateReset(contact, opened, came);
      if (isOfCopy) repair.copied(work, contact);
      return;
    }
    people.seeRequest(opened.id, work.now.unixMs + RESET_SEEN_MS);
    handshakes.accept(work, contact.id, opened);
    parts.outgoing.againBefore(contact.id, opened.generation, work.now.unixMs);
  };

  /** Whether no program would have sent this reset that has begun the newest session itself. */
  const isLateReset = (
    contact: StoredContact,
    { generation }: OpenedHandshake,
    { arrivedUnixMs }: Came,
  ): boolean => {
    const [newest] = sessions.load(contact.id).sessions;
    if (newest === undefined || !equalBytes(newest.starterKey, contact.signingKey)) return false;
    // One that is so old that its id is forgotten may be another's, who sends it again.
    const isKnown = generation > arrivedUnixMs - RESET_SEEN_MS;
    return isKnown && arrivedUnixMs > newest.establishedUnixMs + STALE_MS;
  };

  const early = (contact: StoredContact, tag: Uint8Array, came: Came): void => {
    if (sessions.earlyCount(contact.id) >= EARLY_MAX) {
      counts.count('early_full');
      return;
    }
    sessions.addEarly(contact.id, tag, came.bytes, came.arrivedUnixMs);
  };

  const opened = (
    work: Work,
    contact: StoredContact,
    before: ContactSessions,
    received: Extract<Received, { kind: 'message' }>,
    came: Came,
  ): void => {
    sessions.save(contact.id, before, received.contact);
    // Its starter has the acceptance, and the token that it named.
    const kept = sessions.removeAcceptances(contact.id, received.generation);
    if (kept.length > 0) handshakes.heard(work, contact.id, received.generation);
    if (kept.includes(received.generation)) {
      people.setContact(contact.id, { confirmedToken: contact.toldToken });
      // His request will not come again: the invite's token is of no more use.
      for (const token of people.inviteTokens(contact.id)) {
        work.atEnd.push(() => void work.hands?.token({ kind: 'remove', token }));
      }
    }
    if (contact.brokenCount > 0) people.setContact(contact.id, { brokenCount: 0 });
    contents.take(work, contact, received.plaintext, came);
  };

  const message = (work: Work, contact: StoredContact, tag: Uint8Array, came: Came): void => {
    const before = sessions.load(contact.id);
    const received = receiveFromContact(crypto, random, {
      identity: own.identity(),
      contact: before,
      contactTag: tag,
      message: came.bytes,
      nowUnixMs: work.now.unixMs,
    });
    if (received.ok) {
      if (received.kind === 'message') {
        opened(work, contact, before, received, came);
        return;
      }
      handshakes.accepted(work, contact, received);
      work.after.push(() => void receiveAllEarly(contact.id, tag));
      return;
    }
    switch (received.reason) {
      case 'early':
        early(contact, tag, came);
        break;
      case 'newer_version':
        contents.unread(work, contact, came);
        break;
      case 'header':
      case 'body':
      case 'repeated':
      case 'too_far':
        repair.broken(work, contact, received.reason);
        break;
      case 'kind':
      case 'length':
      case 'low_order':
      case 'malformed':
      case 'sealed':
      case 'signature':
        counts.count('malformed');
        break;
      case 'unknown_tag':
        if (isAcceptance(came.bytes)) unheard(work, contact);
        else counts.count('malformed');
    }
  };

  /**
   * He sends an acceptance that is in already: nothing from here has come to him. The first of what
   * has no receipt goes again.
   */
  const unheard = (work: Work, contact: StoredContact): void => {
    const row = parts.outgoing.oldestKept(contact.id);
    if (row !== null) parts.outgoing.put({ ...row, againUnixMs: work.now.unixMs });
  };

  const receive: Receiving['receive'] = (work, target, tag, came) => {
    if (target.kind === 'code') {
      requests.received(work, target.code, came);
      return;
    }
    const contact = people.contact(target.contact);
    if (contact === null) counts.count('unknown_tag');
    else if (contact.state === 'blocked') counts.count('blocked');
    else if (target.kind === 'reset') reset(work, contact, came);
    else message(work, contact, tag, came);
  };

  const receiveEarly: Receiving['receiveEarly'] = (work, contact, tag) => {
    const came = sessions.takeEarly(contact, tag);
    if (came === null) return false;
    receive(work, { kind: 'session', contact }, tag, came);
    return true;
  };

  const receiveAllEarly = async (contact: number, tag: Uint8Array): Promise<void> => {
    try {
      while (await parts.step((work) => receiveEarly(work, contact, tag)));
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      parts.log('warn', 'early_failed', { error: name });
    }
  };

  return {
    receive,
    receiveEarly,
    resume: () => {
      for (const { contact, tag } of sessions.earlyTags()) {
        const isOpen = sessions
          .load(contact)
          .sessions.some(({ receiveTag }) => equalBytes(receiveTag, tag));
        if (isOpen) void receiveAllEarly(contact, tag);
      }
    },
  };
}

function isAcceptance(message: Uint8Array): boolean {
  const kind = envelopeKind(message);
  return kind === 'acceptance' || kind === 'resetAcceptance';
}
