// What goes out to a contact: composed, sealed on his newest session, given to the client, and kept
// until he has it. All of that is one step: nothing is ever sealed twice from one state.
import { concatBytes, equalBytes } from '../../../shared/bytes.ts';
import { composeContent } from '../../../shared/message/compose.ts';
import { type ContentBody, UID_SIZE } from '../../../shared/message/content.ts';
import { decodeContent } from '../../../shared/message/content-codec.ts';
import { startStream } from '../../../shared/message/sequence.ts';
import { encodeMailboxAddress, type MailboxAddress } from '../../../shared/network/address.ts';
import { CONTACT_TAG_SIZE } from '../../../shared/network/geometry.ts';
import { drawBytes } from '../../../shared/random.ts';
import { type ContactSessions, sealForContact } from '../../../shared/session/contact-sessions.ts';
import { envelopeKind } from '../../../shared/session/envelope.ts';
import type { Priority } from '../../mixnet/client/store.ts';
import type { StoredOutgoing } from '../../store/outgoing-store.ts';
import type { StoredContact } from '../../store/people-store.ts';
import { CallFailure } from '../call-failure.ts';
import type { Parts, Work } from './parts.ts';

export type Post = {
  readonly contact: StoredContact;
  readonly body: ContentBody;
  readonly priority: Priority;
  /** Drawn where it is absent. */
  readonly uid?: Uint8Array;
  /** Id in the chat, where it is a message there. */
  readonly message?: number;
};

export type Posting = {
  /** Fails where there is no session or no room, and the step with it. Gives the row's id. */
  readonly post: (work: Work, post: Post) => number;
  /** Seals a kept content anew and sends it; what the client has of it is left alone. */
  readonly repost: (work: Work, row: StoredOutgoing, contact: StoredContact) => StoredOutgoing;
  /**
   * Composes a kept content anew, in the place that is next, and sends it; for what has not left
   * and stood behind something that was taken back.
   */
  readonly recompose: (work: Work, row: StoredOutgoing, contact: StoredContact) => void;
  /**
   * Writes to this address from now on. What the client has under way to another one goes anew: its
   * token may hold no longer.
   */
  readonly moveTo: (work: Work, contact: number, address: MailboxAddress) => void;
  /** Sends a message of a handshake. */
  readonly postHandshake: (work: Work, handshake: PostedHandshake) => void;
  /** Sends a kept one anew, to where its contact is written to now. */
  readonly repostHandshake: (work: Work, row: StoredOutgoing, contact: StoredContact) => void;
};

export type PostedHandshake = {
  readonly contact: number;
  readonly address: MailboxAddress;
  readonly contactTag: Uint8Array;
  readonly bytes: Uint8Array;
  readonly generation: number;
};

/** A kind of row of what is no content. */
export const HANDSHAKE = 'handshake';

/** What a kept message of a handshake accepts; null where it accepts nothing. */
export function acceptanceOf(row: StoredOutgoing): 'request' | 'reset' | null {
  if (row.kind !== HANDSHAKE) return null;
  const kind = envelopeKind(row.plaintext.subarray(CONTACT_TAG_SIZE));
  if (kind === 'acceptance') return 'request';
  return kind === 'resetAcceptance' ? 'reset' : null;
}

export function createPosting(parts: Parts): Posting {
  const { crypto, random, people, sessions, outgoing } = parts;

  const seal = (row: { contact: StoredContact; plaintext: Uint8Array }) => {
    const { contact, plaintext } = row;
    const before: ContactSessions = sessions.load(contact.id);
    const sealed = sealForContact(crypto, before, plaintext);
    if (sealed === null || contact.address === null) {
      throw new CallFailure('not_accepted', 'contact: there is no session yet');
    }
    sessions.save(contact.id, before, sealed.contact);
    return { ...sealed, address: contact.address };
  };

  const give = (
    work: Work,
    what: Pick<PostedHandshake, 'address' | 'contactTag' | 'bytes'>,
    priority: Priority,
  ): number => {
    if (work.hands === null) throw new CallFailure('no_network', 'no network was joined');
    const outcome = work.hands.send({ ...what, priority });
    if (outcome.ok) return outcome.id;
    const { reason } = outcome;
    throw new CallFailure(reason, `message: ${reason}`);
  };

  return {
    post: (work, { contact, body, priority, uid = drawBytes(random, UID_SIZE), message }) => {
      const before = sessions.load(contact.id);
      const newest = before.sessions[0]?.generation ?? 0;
      const count = sessions.outgoing(contact.id) ?? startStream(newest);
      const fields = { uid, sentUnixMs: work.now.unixMs, expirySeconds: 0 };
      const composed = composeContent(crypto, count, fields, body);
      const { plaintext } = composed;
      const sealed = seal({ contact, plaintext });
      const isCounted = composed.outgoing !== count;
      if (isCounted) sessions.setOutgoing(contact.id, composed.outgoing);
      const { address, contactTag, message: bytes, generation } = sealed;
      const sent = give(work, { address, contactTag, bytes }, priority);
      return outgoing.add({
        contact: contact.id,
        kind: body.kind,
        uid,
        stream: isCounted ? composed.outgoing.stream : 0,
        sequence: isCounted ? composed.outgoing.sequence : 0,
        plaintext,
        generation,
        sent,
        message: message ?? null,
        createdUnixMs: work.now.unixMs,
      });
    },
    repost: (work, row, contact) => {
      const sealed = seal({ contact, plaintext: row.plaintext });
      const { address, contactTag, message: bytes, generation } = sealed;
      const sent = give(work, { address, contactTag, bytes }, priorityOf(row));
      const next = { ...row, generation, sent, againUnixMs: null, expiresUnixMs: null };
      outgoing.put(next);
      return next;
    },
    recompose: (work, row, contact) => {
      const decoded = decodeContent(row.plaintext);
      const count = sessions.outgoing(contact.id);
      if (!decoded.ok || decoded.content.body.kind === 'unknown' || count === null) {
        throw new Error('must hold: what was composed can be read');
      }
      const { header, body } = decoded.content;
      const composed = composeContent(crypto, count, header, body);
      sessions.setOutgoing(contact.id, composed.outgoing);
      const { plaintext } = composed;
      const { sequence } = composed.outgoing;
      const sealed = seal({ contact, plaintext });
      const { address, contactTag, message: bytes, generation } = sealed;
      const sent = give(work, { address, contactTag, bytes }, priorityOf(row));
      outgoing.put({ ...row, plaintext, sequence, generation, sent, againUnixMs: null });
    },
    moveTo: (work, id, address) => {
      const before = people.contact(id)?.address ?? null;
      if (
        before !== null &&
        equalBytes(encodeMailboxAddress(before), encodeMailboxAddress(address))
      )
        return;
      people.setContact(id, { address });
      for (const row of outgoing.ofContact(id)) {
        const { sent } = row;
        if (sent === null || row.kind === HANDSHAKE) continue;
        outgoing.put({ ...row, sent: null, hasLeft: 1, againUnixMs: work.now.unixMs });
        work.atEnd.push(() => work.hands?.forget(sent));
      }
    },
    postHandshake: (work, { contact, generation, ...what }) => {
      const sent = give(work, what, 'interactive');
      outgoing.add({
        contact,
        kind: HANDSHAKE,
        uid: null,
        stream: 0,
        sequence: 0,
        plaintext: concatBytes(what.contactTag, what.bytes),
        generation,
        sent,
        message: null,
        createdUnixMs: work.now.unixMs,
      });
    },
    repostHandshake: (work, row, { address }) => {
      if (address === null) throw new CallFailure('not_accepted', 'contact: no address');
      const contactTag = row.plaintext.slice(0, CONTACT_TAG_SIZE);
      const bytes = row.plaintext.slice(CONTACT_TAG_SIZE);
      const sent = give(work, { address, contactTag, bytes }, 'interactive');
      const resendCount = row.resendCount + 1;
      outgoing.put({ ...row, sent, hasLeft: 1, againUnixMs: null, resendCount });
    },
  };
}

function priorityOf(row: StoredOutgoing): Priority {
  return row.sequence > 0 ? 'interactive' : 'background';
}
