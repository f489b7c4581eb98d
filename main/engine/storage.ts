// What a profile takes on the disk: the numbers of the settings page.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Storage } from '../../shared/api-profile.ts';
import type { OpenDb } from '../store/handle.ts';
import { sidecars } from '../store/inspect.ts';
import { backupFolder } from '../store/migrate.ts';

/** Counts in less than a ms; sizes are those of the moment. */
export function storageOf(db: OpenDb, databaseFile: string, openedUnixMs: number): Storage {
  const countOf = (text: string) => (db.prepare(text).get() as { n: number }).n;
  const copies = filesIn(backupFolder(databaseFile));
  return {
    fileBytes: sizeOf(databaseFile) + sizeOf(sidecars(databaseFile)[0] ?? ''),
    messages: countOf('SELECT coalesce(sum(lines), 0) AS n FROM conversation'),
    contacts: countOf('SELECT count(*) AS n FROM contact'),
    backups: {
      count: copies.length,
      bytes: copies.reduce((sum, file) => sum + sizeOf(file), 0),
    },
    // A file that was not whole would not have been opened.
    lastCheck: db.wasChecked ? { atUnixMs: openedUnixMs, isWhole: true } : null,
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function filesIn(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder).map((name) => path.join(folder, name));
}
