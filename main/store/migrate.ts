// From the schema a file has to the one this version knows. All pending steps are one transaction,
// so that a file has an old schema or the new one and never one between; a copy is made before the
// first.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { createEmpty, FOLDER_MODE, renameDurably, syncFile } from './durable-file.ts';
import { classify, StoreError } from './store-error.ts';

/**
 * One step from the schema before it to its own; the n-th of a list makes schema n. Plain SQL, so
 * that its checksum is the same in every build; it neither begins nor commits.
 */
export type Migration = { readonly name: string; readonly sql: string };

/**
 * Copies kept of a file; the oldest go first. Two, so that one bad version does not cost the last.
 */
export const BACKUPS_MAX = 2;
/** A copy holds what was deleted since, so it does not outlive its use. */
export const BACKUP_AGE_MS_MAX = 7 * 24 * 3_600_000;

/** What every file has beside the tables of its steps. */
export const baseSchema = `
  CREATE TABLE schema_step (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_unix_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE store_state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    is_clean INTEGER NOT NULL CHECK (is_clean IN (0, 1))
  ) STRICT;
  INSERT INTO store_state (only, is_clean) VALUES (1, 1);
`;

/**
 * Hex SHA-256 over name and SQL; white space does not count, so that a formatter changes nothing.
 */
export function checksumOf(migration: Migration): string {
  const sql = migration.sql.replace(/\s+/g, ' ').trim();
  return createHash('sha256').update(`${migration.name}\0${sql}`).digest('hex');
}

/**
 * Applies the steps after schema `from`, and `also` with them, in one transaction. Throws
 * `StoreError` `store_migration` with the step's number and name; nothing has changed then.
 */
export function applySteps(
  raw: Database.Database,
  steps: { readonly migrations: readonly Migration[]; readonly from: number },
  nowUnixMs: number,
  also: () => void,
): void {
  // A step that makes a table anew must not set off cascades; the check below looks at what came
  // out.
  raw.pragma('foreign_keys = OFF');
  raw.exec('BEGIN IMMEDIATE');
  let at = 'preparation';
  try {
    also();
    for (const [index, migration] of steps.migrations.entries()) {
      if (index < steps.from) continue;
      const number = index + 1;
      at = `step ${number} (${migration.name})`;
      raw.exec(migration.sql);
      if (!raw.inTransaction) throw new Error('a step neither commits nor rolls back');
      raw
        .prepare('INSERT INTO schema_step VALUES (?, ?, ?, ?)')
        .run(number, migration.name, checksumOf(migration), nowUnixMs);
    }
    at = 'references';
    const broken = raw.pragma('foreign_key_check') as unknown[];
    if (broken.length > 0) throw new Error('rows refer to rows that are not there');
    at = 'commit';
    raw.pragma(`user_version = ${steps.migrations.length}`);
    raw.exec('COMMIT');
  } catch (error) {
    if (raw.inTransaction) raw.exec('ROLLBACK');
    const known = classify(error);
    if (known instanceof StoreError) throw known;
    throw new StoreError('store_migration', `${at} failed; the old schema stands`, {
      cause: error,
    });
  } finally {
    raw.pragma('foreign_keys = ON');
  }
}

/** The folder of a file's copies. */
export function backupFolder(file: string): string {
  return path.join(path.dirname(file), 'backups');
}

/**
 * Copies the open database, encrypted with its own key, to `backups/NAME.schema-N`; gives the
 * copy's path. (`backup()` of the addon refuses encrypted files, `serialize()` would write
 * plaintext.)
 */
export function backUp(raw: Database.Database, file: string, version: number): string {
  const folder = backupFolder(file);
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const copy = path.join(folder, `${path.basename(file)}.schema-${version}`);
  const fresh = `${copy}.new`;
  rmSync(fresh, { force: true });
  try {
    createEmpty(fresh);
    raw.prepare('VACUUM INTO ?').run(fresh);
    syncFile(fresh);
    renameDurably(fresh, copy);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  return copy;
}

/** Deletes copies past number and age, and halves of copies. */
export function pruneBackups(file: string, nowUnixMs: number): void {
  const folder = backupFolder(file);
  if (!existsSync(folder)) return;
  const copies = readdirSync(folder)
    .filter((name) => name.startsWith(`${path.basename(file)}.schema-`))
    .map((name) => ({ name, atUnixMs: statSync(path.join(folder, name)).mtimeMs }))
    .sort((a, b) => b.atUnixMs - a.atUnixMs);
  for (const [index, { name, atUnixMs }] of copies.entries()) {
    const isOld = nowUnixMs - atUnixMs > BACKUP_AGE_MS_MAX;
    if (index >= BACKUPS_MAX || isOld || name.endsWith('.new')) rmSync(path.join(folder, name));
  }
}
