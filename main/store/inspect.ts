// A look at a file before anything may write to it: is it ours, whole, of a schema we know? A
// refusal therefore leaves file and log byte for byte as they were.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { checksumOf, type Migration } from './migrate.ts';
import { classify, codeOf, StoreError } from './store-error.ts';

/** What SQLite writes beside a database in WAL mode. */
export const sidecars = (file: string) => [`${file}-wal`, `${file}-shm`];
/** Where the witness of a file's key lies. */
export const checkFile = (file: string) => `${file}.check`;

/**
 * A witness that a key is the one a file was made with. Without it a damaged first page looks like
 * a wrong key: both fail the same authentication. It says nothing of the key.
 */
export function keyCheck(key: Uint8Array): Buffer {
  return createHmac('sha256', key).update('eddy store key check').digest();
}

export type Found = {
  /** Of the schema. */
  readonly version: number;
  /** Whether every page was read, since the last stop was not a clean one. */
  readonly isChecked: boolean;
  /** Whether an index of words, and nothing else, is damaged: it is made anew from its texts. */
  readonly hasDamagedIndex: boolean;
};

/** Schema of the file behind a read-only connection. Throws `StoreError`. */
export function inspect(
  raw: Database.Database,
  options: {
    readonly file: string;
    readonly key: Uint8Array;
    readonly migrations: readonly Migration[];
  },
): Found {
  try {
    const version = Number(raw.pragma('user_version', { simple: true }));
    const known = options.migrations.length;
    if (version > known) {
      throw new StoreError('store_newer', `schema: expected at most ${known}, got ${version}`);
    }
    checkHistory(raw, options.migrations, version);
    const state = raw.prepare('SELECT is_clean FROM store_state').pluck().get();
    const isChecked = state !== 1;
    const hasDamagedIndex = isChecked && checkPages(raw) === 'index';
    return { version, isChecked, hasDamagedIndex };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'SQLITE_NOTADB') throw notReadable(options.file, options.key, error);
    if (code === 'SQLITE_ERROR') {
      throw new StoreError('store_damaged', 'a table of every file is missing', { cause: error });
    }
    throw classify(error);
  }
}

function checkHistory(
  raw: Database.Database,
  migrations: readonly Migration[],
  version: number,
): void {
  type Row = { number: number; name: string; checksum: string };
  const rows = raw
    .prepare('SELECT number, name, checksum FROM schema_step ORDER BY number')
    .all() as Row[];
  for (const [index, migration] of migrations.slice(0, version).entries()) {
    const row = rows[index];
    if (row?.number !== index + 1 || row.checksum !== checksumOf(migration)) {
      throw new StoreError('store_newer', `step ${index + 1} (${migration.name}) was another one`);
    }
  }
  if (rows.length !== version) {
    throw new StoreError('store_newer', `history: expected ${version} steps, got ${rows.length}`);
  }
}

/** Findings of a check that are looked at; one that is not of an index is enough. */
const FINDINGS_MAX = 64;

/**
 * Reads every page, and what the pages of an index of words hold; after a clean stop this is left
 * out, it takes seconds on a large file.
 */
function checkPages(raw: Database.Database): 'whole' | 'index' {
  const rows = raw.pragma(`quick_check(${FINDINGS_MAX})`) as { quick_check: string }[];
  const found = rows.map((row) => row.quick_check);
  if (found.length === 1 && found[0] === 'ok') return 'whole';
  if (found.length < FINDINGS_MAX && found.every((one) => /\bfts5\b/i.test(one))) return 'index';
  throw new StoreError('store_damaged', 'the file is damaged');
}

/** Makes every index of words anew from the texts in its table: all of them, or none. */
export function rebuildIndexes(raw: Database.Database): void {
  const names = raw
    .prepare("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%'")
    .pluck()
    .all() as string[];
  for (const name of names) raw.exec(`INSERT INTO ${name} (${name}) VALUES ('rebuild')`);
}

function notReadable(file: string, key: Uint8Array, cause: unknown): StoreError {
  const head = readHead(file);
  if (head.toString('latin1') === 'SQLite format 3\0') {
    return new StoreError('store_damaged', 'the file is a database, but not encrypted', { cause });
  }
  const check = checkFile(file);
  const witness = existsSync(check) ? readFileSync(check) : Buffer.alloc(0);
  const own = keyCheck(key);
  if (witness.length === own.length && timingSafeEqual(witness, own)) {
    return new StoreError('store_damaged', 'the key is right, the first page is not', { cause });
  }
  return new StoreError('store_key', 'the key is not the one of this file', { cause });
}

function readHead(file: string): Buffer {
  const head = Buffer.alloc(16);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, head, 0, head.length, 0);
  } finally {
    closeSync(fd);
  }
  return head;
}
