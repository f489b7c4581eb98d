// Profiles with contacts and conversations for tests of what was said.
import path from 'node:path';
import { openDatabase } from '../../main/store/database.ts';
import { type OpenDb, transaction } from '../../main/store/handle.ts';
import { createMessageStore, type StoredDelivery } from '../../main/store/message-store.ts';
import { profileMigrations } from '../../main/store/migrations.ts';
import { memoryFolder } from './store-files.ts';

/** An encrypted profile with so many contacts, ids from 1, each with a conversation. */
export function openChats(contacts: number, folder = memoryFolder()) {
  const file = path.join(folder, 'profile.db');
  const open = () =>
    openDatabase({ file, key: new Uint8Array(32).fill(7), migrations: profileMigrations });
  const db = open();
  addContacts(db, 1, contacts);
  return { db, file, open, store: createMessageStore(db) };
}

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
  const packets = { confirmed: 0, all: 1 };
  return { state, atUnixMs: 1, tryCount: 1, packets, reason: null, ...changes };
}
