// Requests of strangers: they wait, as they came, for this user's word, and nothing is sent to
// anybody before that (design section 3).
import {
  CONTACTS_MAX,
  type ContactRequest,
  REQUESTS_MAX,
  STRANGERS_MAX,
  type Stranger,
} from '../../../shared/api-people.ts';
import {
  NO_SESSIONS,
  REQUEST_GRACE_MS,
  refuseRequest,
} from '../../../shared/session/contact-sessions.ts';
import {
  handshakeId,
  type OpenedHandshake,
  openHandshake,
} from '../../../shared/session/handshake.ts';
import { codeTarget, ownCodeTarget } from '../../../shared/session/handshake-target.ts';
import type { StoredContact, StoredRequest, StoredStranger } from '../../store/people-store.ts';
import { CallFailure } from '../call-failure.ts';
import type { Handlers } from '../engine.ts';
import type { Codes } from './codes.ts';
import { addResetTag, HANDSHAKE_QUIET_MS, type Handshakes, pairOf } from './handshakes.ts';
import type { Own } from './own.ts';
import type { ChatPort, Parts, Work } from './parts.ts';

type RequestCall =
  | 'request.list'
  | 'request.accept'
  | 'request.decline'
  | 'request.block'
  | 'request.blocked'
  | 'request.unblock';

export type Requests = {
  readonly handlers: Pick<Handlers, RequestCall>;
  readonly list: () => ContactRequest[];
  /** What came by the tag of a code. */
  readonly received: (work: Work, codeId: Uint8Array, came: Came) => void;
};

export type Came = { readonly bytes: Uint8Array; readonly arrivedUnixMs: number };

export type RequestParts = {
  readonly parts: Parts;
  readonly own: Own;
  readonly chats: ChatPort;
  readonly codes: Codes;
  readonly handshakes: Handshakes;
};

export function createRequests(options: RequestParts): Requests {
  const { parts, own, chats, codes, handshakes } = options;
  const { crypto, people, sessions, counts } = parts;

  /** A request again, of which only its code's prekey could open the inside. */
  const open = (codeId: Uint8Array, bytes: Uint8Array) => {
    const found = codes.open(codeId);
    if (found === null || found.stored.prekeySecret === null) return null;
    const { code, stored } = found;
    const target = ownCodeTarget(crypto, own.identity(), code, found.stored.prekeySecret);
    const result = openHandshake(crypto, target, bytes);
    return result.ok ? { opened: result.opened, stored } : null;
  };

  const become = (work: Work, opened: OpenedHandshake, kind: StoredRequestKind): number => {
    if (people.contactCount() >= CONTACTS_MAX) {
      throw new CallFailure('contacts_full', 'contacts: there is no room for another');
    }
    const { signingKey, agreementKey } = opened.starter;
    const contact = people.addContact({
      signingKey,
      agreementKey,
      theirName: opened.name,
      pair: pairOf(signingKey),
      state: 'accepted',
      knownSinceUnixMs: work.now.unixMs,
      via: kind === 'invite' ? 'own_invite' : 'own_address',
      address: opened.returnAddress,
      returnToken: null,
    });
    chats.begin(work, contact);
    addResetTag(parts, own, contact, opened.starter);
    return contact;
  };

  /** Somebody who is a contact already asks: both wanted it, or he has lost this one. */
  const fromContact = (work: Work, contact: StoredContact, opened: OpenedHandshake): void => {
    const note =
      contact.state === 'requested'
        ? ({ kind: 'accepted' } as const)
        : ({ kind: 'asked_again' } as const);
    handshakes.accept(work, contact.id, opened);
    chats.addNote(work, contact.id, note);
    parts.outgoing.againBefore(contact.id, opened.generation, work.now.unixMs);
  };

  const keep = (work: Work, codeId: Uint8Array, came: Came, opened: OpenedHandshake): void => {
    const { signingKey } = opened.starter;
    const before = people.requestOfKey(signingKey);
    if (before !== null) people.removeRequest(before.id);
    else if (people.requestCount() >= REQUESTS_MAX) {
      counts.count('requests_full');
      return;
    }
    const { generation, name, id: requestId } = opened;
    people.addRequest({ requestId, code: codeId, signingKey, generation, name, ...came });
    work.changed.hasRequests = true;
  };

  const answerAgain = (work: Work, codeId: Uint8Array, bytes: Uint8Array): boolean => {
    const found = codes.open(codeId);
    const id = found === null ? null : handshakeId(crypto, codeTarget(crypto, found.code), bytes);
    const acceptance = id === null ? null : sessions.acceptance(id);
    if (acceptance === null) return false;
    handshakes.acceptAgain(work, acceptance);
    return true;
  };

  /**
   * Somebody has the key that signs for this contact, and another one to agree with. It is said
   * once until the safety number was compared, and he is verified no longer.
   */
  const keysChanged = (work: Work, contact: StoredContact): void => {
    if (contact.keysChangedUnixMs !== null) return;
    people.setContact(contact.id, {
      verifiedUnixMs: null,
      keysChangedUnixMs: work.now.unixMs,
      verifiedBeforeUnixMs: contact.verifiedUnixMs,
    });
    chats.addNote(work, contact.id, { kind: 'keys_changed' });
    work.changed.contacts.add(contact.id);
    work.changed.conversations.add(contact.id);
  };

  const received: Requests['received'] = (work, codeId, came) => {
    if (answerAgain(work, codeId, came.bytes)) return;
    const found = open(codeId, came.bytes);
    if (found === null) {
      counts.count('request_refused');
      return;
    }
    const { opened, stored } = found;
    const contact = people.contactOfKey(opened.starter.signingKey);
    const reason = refuseRequest(opened, {
      own: own.identity(),
      nowUnixMs: work.now.unixMs,
      arrivedUnixMs: came.arrivedUnixMs,
      codeExpiresUnixMs: stored.expiresUnixMs,
      expected: contact,
      contactOf: () => (contact === null ? NO_SESSIONS : sessions.load(contact.id)),
      isSeen: people.isRequestSeen,
    });
    if (reason !== null || stored.state === 'withdrawn' || stored.state === 'used') {
      counts.count('request_refused');
      if (reason === 'wrong_identity' && contact !== null) keysChanged(work, contact);
      return;
    }
    people.seeRequest(opened.id, stored.expiresUnixMs + REQUEST_GRACE_MS);
    const { signingKey } = opened.starter;
    if (people.isKeyBlocked(signingKey) || contact?.state === 'blocked') counts.count('blocked');
    else if (contact === null) keep(work, codeId, came, opened);
    else {
      fromContact(work, contact, opened);
      codes.used(work, stored, contact.id);
    }
  };

  const requestOf = (id: number): StoredRequest => {
    const row = people.request(id);
    if (row === null) throw new CallFailure('unknown_request', 'id: no such request');
    return row;
  };

  const view = (row: StoredRequest): ContactRequest => ({
    id: row.id,
    name: row.name,
    pair: pairOf(row.signingKey),
    arrivedUnixMs: row.arrivedUnixMs,
    kind: people.code(row.code)?.kind ?? 'invite',
  });

  const accept = (work: Work, id: number): number => {
    const row = requestOf(id);
    const found = open(row.code, row.bytes);
    if (found === null) throw new CallFailure('unknown_request', 'id: its code is gone');
    if (found.stored.kind === 'invite' && found.stored.state === 'used') {
      throw new CallFailure('code_used', 'id: somebody came in by its invite');
    }
    const known = people.contactOfKey(row.signingKey);
    const contact = known?.id ?? become(work, found.opened, found.stored.kind);
    handshakes.accept(work, contact, found.opened);
    chats.addNote(work, contact, { kind: 'accepted' });
    people.removeRequest(id);
    codes.used(work, found.stored, contact);
    work.changed.hasRequests = true;
    return contact;
  };

  const decline = (work: Work, id: number): StoredRequest => {
    const row = requestOf(id);
    people.removeRequest(id);
    work.changed.hasRequests = true;
    return row;
  };

  return {
    received,
    list: () => people.requests().map(view),
    handlers: {
      'request.list': () => people.requests().map(view),
      'request.accept': async ({ id }) => {
        const contact = await parts.step((work) => accept(work, id), HANDSHAKE_QUIET_MS);
        return parts.contactView(contact);
      },
      'request.decline': async ({ id }) => {
        await parts.step((work) => void decline(work, id));
        return {};
      },
      'request.block': async ({ id }) => {
        await parts.step((work) => {
          if (people.strangerCount() >= STRANGERS_MAX) {
            throw new CallFailure('strangers_full', 'strangers: there is no room for another');
          }
          people.blockKey(decline(work, id), work.now.unixMs);
        });
        return {};
      },
      'request.blocked': () => people.strangers().map(strangerView),
      'request.unblock': async ({ id }) => {
        await parts.step(() => {
          if (people.unblock(id)) return;
          throw new CallFailure('unknown_stranger', 'id: no such stranger is blocked');
        });
        return {};
      },
    },
  };
}

function strangerView({ id, name, signingKey, sinceUnixMs }: StoredStranger): Stranger {
  return { id, name, pair: pairOf(signingKey), sinceUnixMs };
}

type StoredRequestKind = 'invite' | 'address';
