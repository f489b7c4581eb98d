// What a contact's message says, done within the step that opened it (docs/protocol.md, section
// 12). What this version cannot read is kept whole for a later one, and said to be there.

import { equalBytes } from '../../../shared/bytes.ts';
import { readContent } from '../../../shared/message/compose.ts';
import type {
  Content,
  ContentBody,
  ResetReason,
  UnknownBody,
} from '../../../shared/message/content.ts';
import { startStream } from '../../../shared/message/sequence.ts';
import { isLowOrder } from '../../../shared/session/key-schedule.ts';
import type { StoredContact } from '../../store/people-store.ts';
import type { ContactsTokens } from './contacts-tokens.ts';
import type { Deliveries } from './delivery.ts';
import type { ChatPort, Parts, Work } from './parts.ts';
import type { Posting } from './posting.ts';
import type { Receipts } from './receipts.ts';
import type { Repair } from './repair.ts';
import type { Came } from './requests.ts';

/** Contents of one contact that only a later version can read; the oldest go first. */
export const UNREAD_MAX = 200;

export type Contents = {
  /** A padded plaintext that a session opened. */
  readonly take: (work: Work, contact: StoredContact, plaintext: Uint8Array, came: Came) => void;
  /** Something that only a later version can read. */
  readonly unread: (work: Work, contact: StoredContact, came: Came) => void;
};

export type ContentsParts = {
  readonly parts: Parts;
  readonly chats: ChatPort;
  readonly posting: Posting;
  readonly tokens: ContactsTokens;
  readonly deliveries: Deliveries;
  readonly receipts: Receipts;
  readonly repair: Repair;
};

export function createContents(options: ContentsParts): Contents {
  const { parts, chats, posting, tokens, deliveries, receipts, repair } = options;
  const { crypto, people, sessions, counts } = parts;

  const unread: Contents['unread'] = (work, contact, came) => {
    sessions.keepUnread(contact.id, came.bytes, came.arrivedUnixMs, UNREAD_MAX);
    chats.addNote(work, contact.id, { kind: 'unknown_kind' });
  };

  const text = (
    work: Work,
    contact: StoredContact,
    { uid, sentUnixMs }: Content['header'],
    words: string,
    { arrivedUnixMs }: Came,
  ) => void chats.addTheirs(work, contact.id, { uid, text: words, sentUnixMs, arrivedUnixMs });

  const renamed = (work: Work, contact: StoredContact, name: string): void => {
    const { theirName: from } = contact;
    if (from === name) return;
    people.setContact(contact.id, { theirName: name });
    chats.addNote(work, contact.id, { kind: 'renamed', from, to: name });
    work.changed.contacts.add(contact.id);
    work.changed.conversations.add(contact.id);
  };

  const moved = (
    work: Work,
    contact: StoredContact,
    { address }: Extract<ContentBody, { kind: 'address' }>,
  ): void => {
    const hash = contact.address?.networkHash ?? null;
    const isForeign = hash === null || !equalBytes(hash, address.networkHash);
    if (isForeign || isLowOrder(crypto, address.mailboxKey)) {
      counts.count('malformed');
      return;
    }
    posting.moveTo(work, contact.id, address);
    const body = { kind: 'address_confirmed', token: address.token } as const;
    posting.post(work, { contact: { ...contact, address }, body, priority: 'background' });
  };

  /** Where he has seen two copies of this profile, what is counted here is not what he counts. */
  const renewed = (work: Work, contact: StoredContact, reason: ResetReason): void => {
    chats.addNote(work, contact.id, { kind: 'session_reset', isOwn: false, reason });
    const newest = sessions.load(contact.id).newestGeneration;
    if (reason === 'restored') sessions.setOutgoing(contact.id, startStream(newest));
  };

  const act = (
    work: Work,
    contact: StoredContact,
    header: Content['header'],
    body: ContentBody | UnknownBody,
    came: Came,
  ): void => {
    switch (body.kind) {
      case 'text':
      case 'reply':
        text(work, contact, header, body.text, came);
        break;
      case 'receipt':
        deliveries.receipt(work, contact.id, body.level, body.uids);
        break;
      case 'session_note':
        renewed(work, contact, body.reason);
        break;
      case 'profile':
        renamed(work, contact, body.name);
        break;
      case 'resend':
        repair.answer(work, contact, body.stream, body.ranges);
        break;
      case 'unavailable':
        repair.unavailable(work, contact, body.stream, body.ranges);
        break;
      case 'address':
        moved(work, contact, body);
        break;
      case 'address_confirmed':
        tokens.confirmed(work, contact, body.token.slice());
        break;
      case 'reaction':
      case 'edit':
      case 'delete':
      case 'timer':
      case 'unknown':
        unread(work, contact, came);
        break;
    }
  };

  /**
   * Whether a content is new whose place was passed long ago. A text is if it is not there: it came
   * after it was given up, or is of a copy. What is sealed anew was sent before what came since; a
   * profile that was put back counts from an earlier place on, and writes now.
   */
  const isNewInPassed = (
    work: Work,
    contact: StoredContact,
    { header, body }: Content,
  ): boolean => {
    const isText = body.kind === 'text' || body.kind === 'reply';
    if (isText && chats.hasTheirs(contact.id, header.uid)) return false;
    const newestUnixMs = chats.newestSentUnixMs(contact.id);
    const isLater = newestUnixMs !== null && header.sentUnixMs > newestUnixMs;
    if (isLater) repair.copied(work, contact);
    return isText || isLater;
  };

  return {
    unread,
    take: (work, contact, plaintext, came) => {
      const read = readContent(crypto, plaintext);
      const inside = { ...came, bytes: plaintext };
      if (!read.ok) {
        if (read.reason === 'newer_version') unread(work, contact, inside);
        else counts.count('malformed');
        return;
      }
      const { content, link } = read;
      const { header, body } = content;
      // A receipt for what came again, too: the first may have been lost.
      if (link !== null) receipts.owe(work, contact.id, 'delivered', header.uid);
      if (link !== null) {
        const isNew = repair.observe(work, contact, header.stream, link);
        if (isNew === false) return;
        if (isNew === 'passed' && !isNewInPassed(work, contact, content)) return;
      }
      // What was stored above may have changed the contact.
      act(work, people.contact(contact.id) ?? contact, header, body, inside);
    },
  };
}
