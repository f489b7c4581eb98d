// How somebody becomes a contact, and how sessions begin anew: requests and resets go out, are
// accepted, and are finished; every function is a part of its caller's step (docs/protocol.md,
// sections 10 and 8.1).
import type { ResetReason } from '../../../shared/message/content.ts';
import type { MailboxAddress } from '../../../shared/network/address.ts';
import { TOKEN_SIZE } from '../../../shared/network/geometry.ts';
import { drawBytes } from '../../../shared/random.ts';
import type { ContactCode } from '../../../shared/session/contact-code.ts';
import {
  type ContactSessions,
  nextGeneration,
  REQUEST_GRACE_MS,
  type Received,
  withPending,
  withSession,
} from '../../../shared/session/contact-sessions.ts';
import {
  acceptHandshake,
  type OpenedHandshake,
  startHandshake,
} from '../../../shared/session/handshake.ts';
import {
  codeTarget,
  contactTarget,
  requestTag,
  resetTags,
} from '../../../shared/session/handshake-target.ts';
import type { StoredOutgoing } from '../../store/outgoing-store.ts';
import type { StoredContact } from '../../store/people-store.ts';
import type { StoredAcceptance } from '../../store/session-store.ts';
import { CallFailure } from '../call-failure.ts';
import type { Own } from './own.ts';
import type { ChatPort, Parts, Work } from './parts.ts';
import { acceptanceOf, HANDSHAKE, type Posting } from './posting.ts';

/** Quiet that a handshake's work takes: two agreements and more, in plain JavaScript 50 ms. */
export const HANDSHAKE_QUIET_MS = 25;
/**
 * Mail that may come under the return address of a request: its acceptance in five tries, and what
 * its sender writes before he has heard of the contacts' token.
 */
export const RETURN_QUOTA = 200;
/** How long after a code's end its owner may still accept. */
export const ACCEPTANCE_MS_MAX = 30 * 86_400_000;
/** At most one reset of one's own is begun in so long. */
export const RESET_MS_MIN = 3_600_000;

export type Handshakes = {
  /** Asks the owner of a code; he is a contact from now on, in state `requested`. */
  readonly request: (work: Work, code: ContactCode) => number;
  /** Begins a session anew. */
  readonly reset: (work: Work, contact: StoredContact, reason: ResetReason) => void;
  /** Accepts what was opened; its starter is a contact by now. */
  readonly accept: (work: Work, contact: number, opened: OpenedHandshake) => void;
  /** Sends an acceptance again, since its request came again. */
  readonly acceptAgain: (work: Work, acceptance: StoredAcceptance) => void;
  /** A request or reset of one's own was accepted. */
  readonly accepted: (work: Work, contact: StoredContact, received: Accepted) => void;
  /** He has a session of this generation: older acceptances, and its own, are sent no more. */
  readonly heard: (work: Work, contact: number, generation: number) => void;
  /** Ends what is in `before` and not in `after`: nobody answered it. Says so where it matters. */
  readonly giveUp: (
    work: Work,
    contact: number,
    before: ContactSessions,
    after: ContactSessions,
  ) => void;
};

type Accepted = Extract<Received, { kind: 'accepted' }>;

export function createHandshakes(
  parts: Parts,
  own: Own,
  chats: ChatPort,
  posting: Posting,
): Handshakes {
  const { crypto, random, people, sessions, outgoing } = parts;

  /** Sends those messages of handshakes no more. */
  const stop = (work: Work, contact: number, isOver: (row: StoredOutgoing) => boolean): void => {
    for (const row of outgoing.ofContact(contact)) {
      if (row.kind !== HANDSHAKE || !isOver(row)) continue;
      const { sent } = row;
      outgoing.remove(row.id);
      if (sent !== null) work.atEnd.push(() => work.hands?.forget(sent));
    }
  };
  const stopOwn = (work: Work, contact: number, generations: readonly number[]): void => {
    if (generations.length === 0) return;
    stop(
      work,
      contact,
      (row) => acceptanceOf(row) === null && generations.includes(row.generation),
    );
  };

  /** Own requests and resets before this generation are sent no more: a newer one is under way. */
  const withdraw = (
    work: Work,
    contact: number,
    { pending }: ContactSessions,
    generation: number,
  ): void => {
    const all = pending.map((one) => one.generation);
    stopOwn(
      work,
      contact,
      all.filter((one) => one < generation),
    );
  };

  const start = (
    work: Work,
    id: number,
    options: {
      readonly target: ReturnType<typeof codeTarget>;
      readonly returnAddress: MailboxAddress;
      readonly reason: ResetReason | null;
    },
  ) => {
    const before = sessions.load(id);
    const generation = nextGeneration(before, work.now.unixMs);
    const started = startHandshake(crypto, random, {
      identity: own.identity(),
      target: options.target,
      returnAddress: options.returnAddress,
      name: own.name(),
      generation,
      nowUnixMs: work.now.unixMs,
    });
    sessions.save(id, before, withPending(before, started.pending), options.reason);
    withdraw(work, id, before, generation);
    return { ...started, generation };
  };

  return {
    request: (work, code) => {
      const token = drawBytes(random, TOKEN_SIZE);
      const returnAddress = { ...own.address(), token };
      const contact = people.addContact({
        ...code.owner,
        theirName: '',
        pair: pairOf(code.owner.signingKey),
        state: 'requested',
        knownSinceUnixMs: work.now.unixMs,
        via: code.kind === 'invite' ? 'their_invite' : 'their_address',
        address: code.address,
        returnToken: token,
      });
      chats.begin(work, contact);
      addResetTag(parts, own, contact, code.owner);
      if (code.kind === 'invite') people.markCodeUsed(code.id);
      const target = codeTarget(crypto, code);
      const { message, generation } = start(work, contact, { target, returnAddress, reason: null });
      posting.postHandshake(work, {
        contact,
        address: code.address,
        contactTag: requestTag(crypto, code),
        bytes: message,
        generation,
      });
      const expiresUnixMs = code.expiresUnixMs + REQUEST_GRACE_MS + ACCEPTANCE_MS_MAX;
      const command = { tokenKind: 'invite', quota: RETURN_QUOTA, expiresUnixMs } as const;
      putToken(work, { kind: 'put', token, ...command });
      work.changed.contacts.add(contact);
      work.changed.conversations.add(contact);
      return contact;
    },
    reset: (work, contact, reason) => {
      if (contact.address === null) throw new CallFailure('not_accepted', 'contact: no session');
      const returnAddress = own.address();
      const target = contactTarget(crypto, returnAddress.networkHash, contact);
      const { message, generation } = start(work, contact.id, { target, returnAddress, reason });
      people.setContact(contact.id, { resetUnixMs: work.now.unixMs, brokenCount: 0 });
      posting.postHandshake(work, {
        contact: contact.id,
        address: contact.address,
        contactTag: resetTags(crypto, own.identity(), contact).toContact,
        bytes: message,
        generation,
      });
    },
    accept: (work, contact, opened) => {
      const returnAddress = own.address();
      const { session, message } = acceptHandshake(crypto, random, {
        identity: own.identity(),
        opened,
        returnAddress,
        name: own.name(),
        nowUnixMs: work.now.unixMs,
      });
      const before = sessions.load(contact);
      sessions.save(contact, before, withSession(before, session));
      withdraw(work, contact, before, session.generation);
      people.setContact(contact, {
        state: 'accepted',
        theirName: opened.name,
        toldToken: returnAddress.token,
        toldName: own.name(),
        brokenCount: 0,
      });
      posting.moveTo(work, contact, opened.returnAddress);
      const { sendTag } = session;
      const { id: requestId, generation } = opened;
      sessions.addAcceptance({ requestId, contact, generation, sendTag, bytes: message });
      const address = opened.returnAddress;
      posting.postHandshake(work, {
        contact,
        address,
        contactTag: sendTag,
        bytes: message,
        generation,
      });
      work.changed.contacts.add(contact);
      work.changed.conversations.add(contact);
    },
    acceptAgain: (work, { contact, generation, sendTag, bytes }) => {
      const row = people.contact(contact);
      const address = row?.address ?? null;
      if (row === null || address === null) return;
      const kept = outgoing
        .ofContact(contact)
        .find((one) => acceptanceOf(one) !== null && one.generation === generation);
      if (kept !== undefined) {
        if (kept.againUnixMs !== null) outgoing.put({ ...kept, againUnixMs: work.now.unixMs });
        return;
      }
      posting.postHandshake(work, { contact, address, contactTag: sendTag, bytes, generation });
    },
    heard: (work, contact, generation) => {
      stop(work, contact, (row) => acceptanceOf(row) !== null && row.generation <= generation);
    },
    giveUp: (work, id, before, after) => {
      const gone = before.pending.filter((one) => !after.pending.includes(one));
      const generations = gone.map(({ generation }) => generation);
      stopOwn(work, id, generations);
      const [newest] = before.pending;
      const state = people.contact(id)?.state;
      if (newest === undefined || !gone.includes(newest) || state === undefined) return;
      if (newest.generation <= before.newestGeneration || state === 'blocked') return;
      const to = newest.target.kind === 'code' ? 'request' : 'reset';
      if (to === 'request' && state !== 'requested') return;
      chats.addNote(work, id, { kind: 'no_answer', to });
      work.changed.contacts.add(id);
      work.changed.conversations.add(id);
    },
    accepted: (work, contact, received) => {
      const { id } = contact;
      const { acceptor, isReset, generation } = received;
      const before = sessions.load(id);
      const reason = sessions.resetReason(id, generation);
      const previousGeneration = before.newestGeneration;
      sessions.save(id, before, received.contact);
      withdraw(work, id, before, generation);
      const isNew = contact.state === 'requested';
      people.setContact(id, {
        state: isNew ? 'accepted' : contact.state,
        theirName: acceptor.name,
        toldName: isNew ? own.name() : contact.toldName,
        brokenCount: 0,
      });
      posting.moveTo(work, id, acceptor.returnAddress);
      const current = people.contact(id) ?? contact;
      work.changed.contacts.add(id);
      work.changed.conversations.add(id);
      if (isNew) chats.addNote(work, id, { kind: 'accepted' });
      if (isReset) {
        const body = {
          kind: 'session_note',
          reason: reason ?? 'asked',
          previousGeneration,
        } as const;
        posting.post(work, { contact: current, body, priority: 'interactive' });
        const note = { kind: 'session_reset', isOwn: true, reason: body.reason } as const;
        chats.addNote(work, id, note);
        outgoing.againBefore(id, generation, work.now.unixMs + RESEAL_WAIT_MS);
      }
    },
  };
}

/** After a new session, what has no receipt is sealed anew so much later: receipts may come yet. */
export const RESEAL_WAIT_MS = 5_000;

/** Gives a token command to the client at the step's end; fails with `codes_full` for too many. */
export function putToken(
  work: Work,
  command: Parameters<NonNullable<Work['hands']>['token']>[0],
): void {
  const { hands } = work;
  if (hands === null) throw new CallFailure('no_network', 'no network was joined');
  work.atEnd.push(() => {
    if (hands.token(command) === null) throw new CallFailure('codes_full', 'tokens: too many');
  });
}

/** Resets of a contact are found by this tag for as long as he is one. */
export function addResetTag(
  parts: Parts,
  own: Own,
  contact: number,
  keys: Pick<StoredContact, 'signingKey' | 'agreementKey'>,
): void {
  const { toOneself } = resetTags(parts.crypto, own.identity(), keys);
  parts.sessions.addResetTag(toOneself, contact);
}

/** Which of the six pairs of colours stands for the owner of a key. */
export function pairOf(signingKey: Uint8Array): number {
  return (signingKey[0] ?? 0) % PAIRS;
}
const PAIRS = 6;
