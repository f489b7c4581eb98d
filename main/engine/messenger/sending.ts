// What a user says to a contact: sent, taken back, sent once more.
import type { ChatMessage } from '../../../shared/api-chat.ts';
import { toUtf8 } from '../../../shared/bytes.ts';
import { isMessageText, UID_SIZE } from '../../../shared/message/content.ts';
import { decodeContent, packetCount } from '../../../shared/message/content-codec.ts';
import { drawBytes } from '../../../shared/random.ts';
import type { StoredOutgoing } from '../../store/outgoing-store.ts';
import type { StoredContact } from '../../store/people-store.ts';
import { CallFailure } from '../call-failure.ts';
import type { Handlers } from '../engine.ts';
import { HANDSHAKE_RESEND_MS_MAX } from './delivery.ts';
import type { ChatPort, Parts, Work } from './parts.ts';
import { acceptanceOf, HANDSHAKE, type Posting } from './posting.ts';

/** Quiet for taking a message back, with some behind it. */
const CANCEL_QUIET_MS = 25;
/** Messages that are composed anew where one before them is taken back. */
export const RECOMPOSED_MAX = 32;

type SendCall = 'chat.send' | 'chat.cancel' | 'chat.again';

export type Sending = {
  readonly handlers: Pick<Handlers, SendCall>;
  /** Sends a kept content once more, where its time has come. */
  readonly again: (work: Work, row: StoredOutgoing) => void;
  /** A message was deleted in the chat: nothing of it is sent or kept any more. */
  readonly deleted: (work: Work, message: number) => void;
};

export function createSending(parts: Parts, chats: ChatPort, posting: Posting): Sending {
  const { people, sessions, outgoing, random } = parts;

  const acceptedContact = (id: number): StoredContact => {
    const contact = people.contact(id);
    if (contact === null) throw new CallFailure('unknown_contact', 'contact: no such contact');
    if (contact.state === 'blocked') throw new CallFailure('blocked', 'contact: is blocked');
    if (contact.state !== 'accepted') {
      throw new CallFailure('not_accepted', 'contact: has not accepted yet');
    }
    return contact;
  };

  const told = (id: number): ChatMessage => {
    const message = chats.message(id);
    if (message === null) throw new CallFailure('unknown_message', 'id: no such message');
    return message;
  };

  const send = (work: Work, contactId: number, text: string): number => {
    const contact = acceptedContact(contactId);
    const uid = drawBytes(random, UID_SIZE);
    const message = chats.addOwn(work, contactId, {
      uid,
      text,
      sentUnixMs: work.now.unixMs,
      packetCount: packetCount(toUtf8(text).length),
    });
    const body = { kind: 'text', text } as const;
    posting.post(work, { contact, body, priority: 'interactive', uid, message });
    return message;
  };

  const rowOf = (message: number): StoredOutgoing => {
    const row = outgoing.ofMessage(message);
    if (row === null) throw new CallFailure('left_already', 'id: nothing of it waits here');
    return row;
  };

  /** What is sent once more stays in the chat as it was before: it may have arrived. */
  const cancel = (work: Work, message: number): void => {
    told(message);
    const delivery = chats.delivery(message);
    const row = rowOf(message);
    if (row.hasLeft === 1 && delivery !== null) {
      const { sent } = row;
      if (delivery.state !== 'queued' || sent === null || work.hands?.cancel(sent) !== true) {
        throw new CallFailure('left_already', 'id: something of it has left');
      }
      outgoing.put({ ...row, sent: null, againUnixMs: null });
      const state = 'not_confirmed';
      chats.setDelivery(work, message, { ...delivery, state, atUnixMs: work.now.unixMs });
      return;
    }
    if (!takeBack(work, row)) {
      throw new CallFailure('left_already', 'id: something of it has left');
    }
    chats.remove(work, message);
  };

  /**
   * Takes back what never left; false where something has. Its place in the count goes to what
   * stands behind it, where that has not left either; else its recipient asks for it and hears that
   * it is not to be had.
   */
  const takeBack = (work: Work, row: StoredOutgoing): boolean => {
    const { hands } = work;
    if (hands === null || row.sent === null || row.hasLeft === 1) return false;
    if (!hands.cancel(row.sent)) return false;
    outgoing.remove(row.id);
    const contact = people.contact(row.contact);
    const count = sessions.outgoing(row.contact);
    if (contact === null || count === null || count.stream !== row.stream) return true;
    const behind = outgoing.from(row.contact, row.stream, row.sequence + 1);
    if (behind.length > RECOMPOSED_MAX) return true;
    const back = behind.toReversed();
    const stuck = back.findIndex(({ sent, hasLeft }) => {
      return hasLeft === 1 || sent === null || !hands.cancel(sent);
    });
    const isWhole = stuck < 0 && behind.length === count.sequence - row.sequence;
    if (isWhole) {
      const decoded = decodeContent(row.plaintext);
      if (!decoded.ok) throw new Error('must hold: what was composed can be read');
      const hash = decoded.content.header.previousHash.slice();
      const { stream } = count;
      sessions.setOutgoing(row.contact, { stream, sequence: row.sequence - 1, hash });
      for (const one of behind) posting.recompose(work, one, contact);
    } else {
      const cancelled = stuck < 0 ? back : back.slice(0, stuck);
      for (const one of cancelled.toReversed()) posting.repost(work, one, contact);
    }
    return true;
  };

  const again = (work: Work, message: number): void => {
    const { hands } = work;
    told(message);
    const state = chats.delivery(message)?.state;
    if (state !== 'not_confirmed' && state !== 'expired' && state !== 'failed') {
      throw new CallFailure('left_already', 'id: it is under way');
    }
    const row = outgoing.ofMessage(message);
    if (row === null) throw new CallFailure('unknown_message', 'id: it is kept no longer');
    if (hands === null) throw new CallFailure('no_network', 'no network was joined');
    const begun = { atUnixMs: work.now.unixMs, tryCount: 1, confirmed: 0, reason: null };
    const all = chats.delivery(message)?.all ?? 1;
    chats.setDelivery(work, message, { ...begun, state: 'queued', all });
    sendAgain(work, row, acceptedContact(row.contact));
  };

  /**
   * The same bytes in new tries, where they are of the session that there is; else the same content
   * in new ones.
   */
  const sendAgain = (work: Work, row: StoredOutgoing, contact: StoredContact): void => {
    const { sent } = row;
    const { hands } = work;
    if (row.kind === HANDSHAKE && sent === null) {
      posting.repostHandshake(work, row, contact);
      return;
    }
    const newest = sessions.load(contact.id).sessions[0]?.generation ?? 0;
    if (row.kind !== HANDSHAKE && (sent === null || row.generation < newest)) {
      if (sent !== null) work.atEnd.push(() => hands?.forget(sent));
      posting.repost(work, { ...row, hasLeft: 1 }, contact);
      return;
    }
    work.atEnd.push(() => {
      const renewed = sent === null ? null : (hands?.resend(sent) ?? null);
      if (renewed === null) outgoing.put({ ...row, againUnixMs: null });
      else {
        const resendCount = row.resendCount + 1;
        outgoing.put({ ...row, sent: renewed, hasLeft: 1, againUnixMs: null, resendCount });
      }
    });
  };

  /** Of an own request or reset it is said where its secrets end (`Handshakes.giveUp`). */
  const giveUp = (work: Work, row: StoredOutgoing): void => {
    const { sent } = row;
    outgoing.remove(row.id);
    if (sent !== null) work.atEnd.push(() => work.hands?.forget(sent));
    const accepted = acceptanceOf(row);
    if (accepted === null || people.contact(row.contact)?.state !== 'accepted') return;
    const to = accepted === 'request' ? 'acceptance' : 'reset';
    chats.addNote(work, row.contact, { kind: 'no_answer', to });
  };

  return {
    again: (work, row) => {
      const contact = people.contact(row.contact);
      if (row.kind === HANDSHAKE) {
        if (work.now.unixMs - row.createdUnixMs >= parts.retentionMs()) {
          giveUp(work, row);
          return;
        }
        if (contact?.state === 'blocked' || work.hands === null) {
          const againUnixMs = work.now.unixMs + HANDSHAKE_RESEND_MS_MAX;
          outgoing.put({ ...row, againUnixMs });
          return;
        }
      }
      if (contact === null || contact.state === 'blocked' || work.hands === null) {
        outgoing.put({ ...row, againUnixMs: null });
        return;
      }
      sendAgain(work, row, contact);
    },
    deleted: (work, message) => {
      const row = outgoing.ofMessage(message);
      if (row === null || takeBack(work, row)) return;
      outgoing.remove(row.id);
      const { sent } = row;
      if (sent !== null) work.atEnd.push(() => work.hands?.forget(sent));
    },
    handlers: {
      'chat.send': async ({ contact, text }) => {
        if (!isMessageText(text)) {
          throw new CallFailure('bad_text', 'text: expected 1 to 16,384 bytes of UTF-8');
        }
        return told(await parts.step((work) => send(work, contact, text)));
      },
      'chat.cancel': async ({ id }) => {
        await parts.step((work) => cancel(work, id), CANCEL_QUIET_MS);
        return {};
      },
      'chat.again': async ({ id }) => {
        await parts.step((work) => again(work, id));
        return told(id);
      },
    },
  };
}
