// The user's settings: one row each, what is not stored has its default.
import { type CallArgs, type Settings, settingsSchema } from '../../shared/api.ts';
import type { ReadDb, WriteDb } from '../store/handle.ts';

export const defaultSettings: Settings = {
  theme: 'system',
  language: 'system',
  sidebarWidth: 320,
  tellsRead: false,
  autoLockMinutes: 0,
  enterSends: true,
};

type Row = { readonly name: string; readonly value: string };

export function readSettings(db: ReadDb): Settings {
  const rows = db.prepare('SELECT name, value FROM setting').all() as Row[];
  const stored = Object.fromEntries(rows.map((row) => [row.name, row.value]));
  // Stored as text, read as what the default is.
  const read = Object.entries(defaultSettings).map(([name, fallback]) => {
    const text = stored[name];
    if (text === undefined) return [name, fallback];
    if (typeof fallback === 'number') return [name, Number(text)];
    return [name, typeof fallback === 'boolean' ? text === 'true' : text];
  });
  return settingsSchema.parse(Object.fromEntries(read));
}

/** Stores the given ones and leaves the others; gives all of them. */
export function writeSettings(db: WriteDb, changes: CallArgs<'settings.set'>): Settings {
  const put = db.prepare(
    `INSERT INTO setting (name, value) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  );
  for (const [name, value] of Object.entries(changes)) {
    if (value !== undefined) put.run(name, String(value));
  }
  return readSettings(db);
}
