// Contacts, and chats without a network over an open profile: steps at once, events kept, hooks
// that note. For tests and benchmarks alike.
import { noChanges } from '../../main/engine/messenger/changes.ts';
import { createChats } from '../../main/engine/messenger/chats.ts';
import type { Changes, Parts } from '../../main/engine/messenger/parts.ts';
import { type OpenDb, transaction } from '../../main/store/handle.ts';
import type { StoredDelivery } from '../../main/store/message-store.ts';
import { type CallArgs, type CallValue, calls, type EventName, events } from '../../shared/api.ts';

/** Contacts with the ids from `first`, named `Person N`, and their conversations. */
export function addContacts(db: OpenDb, first: number, count: number): void {
  transaction(db, (write) => {
    const add =
      write.prepare(`INSERT INTO contact (id, signing_key, agreement_key, their_name, pair,
      state, known_since_unix_ms, via) VALUES (?, ?, ?, ?, ?, 'accepted', 1, 'own_invite')`);
    const begin = write.prepare('INSERT INTO conversation (contact, begun_unix_ms) VALUES (?, 1)');
    for (let id = first; id < first + count; id++) {
      const key = uidOf(id, 32);
      add.run(id, key, key, `Person ${id}`, id % 6);
      begin.run(id);
    }
  });
}

/** `size` bytes that say a number. */
export function uidOf(value: number, size = 16): Uint8Array {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function deliveryOf(
  state: StoredDelivery['state'],
  changes: Partial<StoredDelivery> = {},
): StoredDelivery {
  return { state, atUnixMs: 1, tryCount: 1, confirmed: 0, all: 1, reason: null, ...changes };
}

type Told = { readonly event: EventName; readonly value: unknown };

/** The chats over a profile whose clock stands still. */
export function chatsOver(db: OpenDb) {
  const told: Told[] = [];
  const read: { contact: number; uids: number[] }[] = [];
  const deleted: number[] = [];
  const clock = { unixMs: 1_800_000_000_000 };
  const outlook = { isOnline: true, leavesInMs: 700 };
  const step: Parts['step'] = async (run) => {
    const changed: Changes = noChanges();
    const now = { monotonicMs: 0, unixMs: clock.unixMs };
    const work = { hands: null, now, changed, atEnd: [], after: [] };
    const value = transaction(db, () => run(work));
    tell(changed);
    return value;
  };
  const tell = (changed: Changes) => {
    for (const id of changed.messages) {
      told.push({ event: 'chat.message', value: chats.message(id) });
    }
    for (const [id, contact] of changed.goneMessages) {
      told.push({ event: 'chat.gone', value: { contact, id } });
    }
    for (const contact of changed.conversations) {
      told.push({ event: 'conversation', value: chats.conversation(contact) });
    }
  };
  const chats = createChats(
    { db, step, log: () => undefined },
    {
      read: (_work, contact, uids) =>
        void read.push({
          contact,
          uids: uids.map((uid) => new DataView(uid.buffer, uid.byteOffset).getUint32(0)),
        }),
      deleted: (_work, id) => void deleted.push(id),
      outlook: () => outlook,
    },
  );
  /** A call as the window makes it: arguments and value are of the contract, and so is all told. */
  const call = async <N extends keyof typeof chats.handlers>(name: N, args: CallArgs<N>) => {
    const parsed = calls[name].args.parse(args) as never;
    const value = await chats.handlers[name](parsed);
    for (const { event, value: one } of told) events[event].parse(one);
    return calls[name].value.parse(value) as CallValue<N>;
  };
  return { chats, call, step, told, read, deleted, clock, outlook };
}
