// Profiles with contacts and conversations for tests of what was said.
import path from 'node:path';
import { openDatabase } from '../../main/store/database.ts';
import { createMessageStore } from '../../main/store/message-store.ts';
import { profileMigrations } from '../../main/store/migrations.ts';
import { memoryFolder } from './store-files.ts';
import { addContacts, chatsOver } from './stored-chats.ts';

/** An encrypted profile with so many contacts, ids from 1, each with a conversation. */
export function openChats(contacts: number, folder = memoryFolder()) {
  const file = path.join(folder, 'profile.db');
  const open = () =>
    openDatabase({ file, key: new Uint8Array(32).fill(7), migrations: profileMigrations });
  const db = open();
  addContacts(db, 1, contacts);
  return { db, file, open, store: createMessageStore(db) };
}

/** The same with its chats, as a window sees them. */
export function openMessengerChats(contacts: number, folder?: string) {
  const profile = openChats(contacts, folder);
  return { ...profile, ...chatsOver(profile.db) };
}
