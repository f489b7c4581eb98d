// What was said, on SQLite: messages and notes of every chat, and with each change the row that the
// list of conversations shows of it. Changes are made inside the caller's transaction, with
// whatever else belongs to the step; reads work anywhere.
import { type ChatNote, type MessageDelivery, noteSchema } from '../../shared/api-chat.ts';
import { assert } from '../../shared/assert.ts';
import {
  instantOf,
  ORDER_CORRECTION_MS_MAX,
  ORDER_LOOK_BACK_MAX,
  placeOfOwn,
  placeOfReceived,
} from './chat-order.ts';
import { type OpenDb, transaction } from './handle.ts';
import { type MessageRow, prepareMessages } from './message-statements.ts';

export type DeliveryState = MessageDelivery['state'];
/** What is known of an own message, as it is stored. */
export type StoredDelivery = {
  readonly state: DeliveryState;
  /** When the state began. */
  readonly atUnixMs: number;
  /** 2 to 5 while retrying, else 1. */
  readonly tryCount: number;
  /** Packets that are confirmed, of how many. */
  readonly confirmed: number;
  readonly all: number;
  readonly reason: MessageDelivery['reason'];
};

/** A line of a chat. */
export type StoredMessage = {
  readonly id: number;
  readonly contact: number;
  readonly isOwn: boolean;
  /** 16 bytes; null in a note. */
  readonly uid: Uint8Array | null;
  /** Empty in a note. */
  readonly text: string;
  readonly note: ChatNote | null;
  readonly sentUnixMs: number;
  readonly arrivedUnixMs: number | null;
  /** Ascending in its chat; ties by id. */
  readonly place: number;
  readonly isRead: boolean;
  /** Null but in own messages. */
  readonly delivery: StoredDelivery | null;
};

export type NewOwnText = {
  readonly contact: number;
  readonly uid: Uint8Array;
  /** At most 16,384 bytes of UTF-8. */
  readonly text: string;
  readonly sentUnixMs: number;
  readonly delivery: StoredDelivery;
};
export type NewReceivedText = {
  readonly contact: number;
  readonly uid: Uint8Array;
  readonly text: string;
  /** By the sender's clock. */
  readonly sentUnixMs: number;
  /** At the own provider. */
  readonly arrivedUnixMs: number;
  /** Now. */
  readonly receivedUnixMs: number;
};

export type MessageStore = {
  /** A contact's conversation is there from now on; nothing where it was. */
  readonly begin: (contact: number, nowUnixMs: number) => void;
  readonly hasBegun: (contact: number) => boolean;
  /** Appends an own message; gives its id. */
  readonly addOwn: (message: NewOwnText) => number;
  /** Puts a received message in its place, unread; null where this uid of his is there. */
  readonly addReceived: (message: NewReceivedText) => number | null;
  /** Appends a note, which counts as read; gives its id. */
  readonly addNote: (contact: number, note: ChatNote, nowUnixMs: number) => number;
  /** Another note in the same line. */
  readonly setNote: (id: number, note: ChatNote) => void;
  /** What is known of an own message now. The caller sees that it never goes back. */
  readonly setDelivery: (id: number, delivery: StoredDelivery) => void;

  readonly get: (id: number) => StoredMessage | null;
  readonly ofUid: (contact: number, isOwn: boolean, uid: Uint8Array) => StoredMessage | null;
  readonly unread: (contact: number) => number;
  /** By his clock, the newest text of a contact that has come in; null before the first. */
  readonly newestSentUnixMs: (contact: number) => number | null;
  /** Messages and notes of all chats, those that are being taken out included. */
  readonly count: () => number;

  /**
   * Marks at most `limit` received messages as read, the oldest first, of those up to line `upTo`;
   * gives their uids. Fewer than `limit` means that it was all of them.
   */
  readonly markRead: (contact: number, upTo: number, limit: number) => readonly Uint8Array[];
  /** Takes a line out for good; false for an unknown one. */
  readonly remove: (id: number) => boolean;
  /** Whether lines are left of contacts that were removed. */
  readonly hasGone: () => boolean;
  /**
   * Takes out at most `limit` lines of contacts that were removed, and a conversation with its last
   * line; gives how many lines it took.
   */
  readonly erase: (limit: number) => number;
};

/** States in which a user has to do something if the message is to arrive. */
const FAILED: readonly DeliveryState[] = ['failed', 'expired', 'not_confirmed'];
const isFailed = (state: string | null) => FAILED.some((one) => one === state);

/** The store on an open database whose schema has the step `messages`. */
export function createMessageStore(db: OpenDb): MessageStore {
  const sql = transaction(db, prepareMessages);

  const rowOf = (id: number) => sql.get.get(id) as MessageRow | undefined;
  const newestOf = (contact: number) => sql.newest.get(contact) as Newest | undefined;
  const conversation = (contact: number) => {
    const row = sql.conversation.get(contact) as ConversationRow | undefined;
    assert(row !== undefined, 'a line belongs to a conversation that has begun');
    return row;
  };
  /** After a line was put in at `place`, where `before` was the newest one. */
  const noteLine = (contact: number, id: number, place: number, before: Newest | undefined) => {
    if (before === undefined || place >= before.place) sql.addLastLine.run(id, contact);
    else sql.addLine.run(contact);
  };

  return {
    begin: (contact, nowUnixMs) => void sql.begin.run(contact, nowUnixMs),
    hasBegun: (contact) => sql.conversation.get(contact) !== undefined,
    addOwn: (message) => {
      const { contact, sentUnixMs } = message;
      const before = newestOf(contact);
      conversation(contact);
      const place = placeOfOwn(sentUnixMs, before?.place ?? null);
      const { uid, text, delivery } = message;
      const added = sql.addOwn.run(contact, uid, text, sentUnixMs, place, ...valuesOf(delivery));
      const id = Number(added.lastInsertRowid);
      noteLine(contact, id, place, before);
      if (isFailed(delivery.state)) sql.addFailed.run(1, contact);
      return id;
    },
    addReceived: (message) => {
      const { contact, uid, text, sentUnixMs, arrivedUnixMs } = message;
      const { newest_sent_unix_ms: newestSent } = conversation(contact);
      const before = newestOf(contact);
      const isInOrder = newestSent === null || newestSent <= sentUnixMs;
      const instant = instantOf(message);
      const his = sql.his.all(
        contact,
        instant - ORDER_CORRECTION_MS_MAX,
        instant + ORDER_CORRECTION_MS_MAX,
        isInOrder ? 1 : ORDER_LOOK_BACK_MAX,
      ) as His[];
      const place = placeOfReceived(message, before?.place ?? null, his);
      const added = sql.addReceived.run(contact, uid, text, sentUnixMs, arrivedUnixMs, place);
      if (added.changes === 0) return null;
      const id = Number(added.lastInsertRowid);
      noteLine(contact, id, place, before);
      sql.noteReceived.run(Math.max(newestSent ?? sentUnixMs, sentUnixMs), contact);
      return id;
    },
    addNote: (contact, note, nowUnixMs) => {
      const before = newestOf(contact);
      conversation(contact);
      const place = placeOfOwn(nowUnixMs, before?.place ?? null);
      const added = sql.addNote.run(contact, JSON.stringify(note), nowUnixMs, place);
      const id = Number(added.lastInsertRowid);
      noteLine(contact, id, place, before);
      return id;
    },
    setNote: (id, note) => {
      const { changes } = sql.setNote.run(JSON.stringify(note), id);
      assert(changes === 1, 'a note that is changed is there');
    },
    setDelivery: (id, delivery) => {
      const row = rowOf(id);
      assert(row !== undefined && row.state !== null, 'an own message has a delivery');
      sql.setDelivery.run(...valuesOf(delivery), id);
      const change = Number(isFailed(delivery.state)) - Number(isFailed(row.state));
      if (change !== 0) sql.addFailed.run(change, row.contact);
    },

    get: (id) => messageOrNull(rowOf(id)),
    ofUid: (contact, isOwn, uid) => messageOrNull(sql.ofUid.get(contact, isOwn ? 1 : 0, uid)),
    unread: (contact) => conversation(contact).unread,
    newestSentUnixMs: (contact) => conversation(contact).newest_sent_unix_ms,
    count: () => (sql.count.get() as { count: number }).count,

    markRead: (contact, upTo, limit) => {
      const end = rowOf(upTo);
      if (end === undefined || end.contact !== contact) return [];
      const read = sql.markRead.all(contact, end.place, upTo, limit) as { uid: Uint8Array }[];
      if (read.length > 0) sql.addUnread.run(-read.length, contact);
      return read.map(({ uid }) => uid);
    },
    remove: (id) => {
      const row = rowOf(id);
      if (row === undefined) return false;
      sql.remove.run(id);
      sql.takeLines.run(1, row.contact);
      if (row.is_read === 0) sql.addUnread.run(-1, row.contact);
      if (isFailed(row.state)) sql.addFailed.run(-1, row.contact);
      if (conversation(row.contact).last === id) {
        sql.setLast.run(newestOf(row.contact)?.id ?? null, row.contact);
      }
      return true;
    },
    hasGone: () => sql.gone.get() !== undefined,
    erase: (limit) => {
      const gone = sql.gone.get() as { contact: number } | undefined;
      if (gone === undefined) return 0;
      const { changes } = sql.removeOf.run(gone.contact, limit);
      if (changes < limit) sql.end.run(gone.contact);
      else sql.takeLines.run(changes, gone.contact);
      return changes;
    },
  };
}

type Newest = { readonly id: number; readonly place: number };
type His = { readonly place: number; readonly sentUnixMs: number };
type ConversationRow = {
  readonly unread: number;
  readonly last: number | null;
  readonly newest_sent_unix_ms: number | null;
};

/** In the order of the statements that store a delivery. */
function valuesOf(delivery: StoredDelivery) {
  const { state, atUnixMs, tryCount, confirmed, all, reason } = delivery;
  return [state, atUnixMs, tryCount, reason, confirmed, all] as const;
}

function messageOrNull(row: unknown): StoredMessage | null {
  return row === undefined ? null : messageOf(row as MessageRow);
}

/** A row of the table as the program knows it. */
export function messageOf(row: MessageRow): StoredMessage {
  return {
    id: row.id,
    contact: row.contact,
    isOwn: row.is_own === 1,
    uid: row.uid,
    text: row.text,
    note: row.note === null ? null : noteOf(row.note),
    sentUnixMs: row.sent_unix_ms,
    arrivedUnixMs: row.arrived_unix_ms,
    place: row.place,
    isRead: row.is_read === 1,
    delivery: deliveryOf(row),
  };
}

/** A note of another version is shown as one that this version does not know. */
function noteOf(json: string): ChatNote {
  const note = noteSchema.safeParse(JSON.parse(json));
  return note.success ? note.data : { kind: 'unknown_kind' };
}

function deliveryOf(row: MessageRow): StoredDelivery | null {
  if (row.state === null) return null;
  return {
    state: row.state as DeliveryState,
    atUnixMs: row.state_unix_ms ?? row.sent_unix_ms,
    tryCount: row.try_count ?? 1,
    confirmed: row.packets_confirmed ?? 0,
    all: row.packets ?? 0,
    reason: row.reason as StoredDelivery['reason'],
  };
}
