// Opening an encrypted SQLite file (SQLCipher scheme, raw 32-byte key; design section 4): made
// whole or not at all, looked over read-only before anything is written, then brought to the newest
// schema.
import { existsSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { unixMs } from '../system.ts';
import { createEmpty, renameDurably, syncFile, writeDurably } from './durable-file.ts';
import { checkpointTruncate, createHandle, type OpenDb } from './handle.ts';
import { checkFile, type Found, inspect, keyCheck, rebuildIndexes, sidecars } from './inspect.ts';
import { applySteps, backUp, baseSchema, type Migration, pruneBackups } from './migrate.ts';
import { classify, StoreError } from './store-error.ts';

export const STORE_KEY_SIZE = 32;
/** How long a statement waits for another connection of ours, in a thread of its own. */
export const BUSY_MS_MAX = 5_000;
/** Bytes the log keeps on the disk after it was moved into the file; more is given back. */
export const LOG_BYTES_KEPT_MAX = 4 * 1_048_576;

export type OpenOptions = {
  /** Path of the database file; its folder is there. */
  readonly file: string;
  /** 32 bytes; not kept. */
  readonly key: Uint8Array;
  /** In order; the n-th brings the schema to n. */
  readonly migrations: readonly Migration[];
  /** Another build of the addon, for a runtime with an older Node-API (tests in Electron 33). */
  readonly nativeBinding?: string | undefined;
  /** Memory for decrypted pages; SQLite's own 2 MB where absent. */
  readonly cacheBytesMax?: number;
  /** The log is moved into the file at so many pages; SQLite's own 1,000 where absent. */
  readonly logPages?: number;
};

/**
 * Opens or creates the file and brings its schema up to date. One process at a time: a profile
 * holds its lock (profile-lock.ts) before. Throws `StoreError`; file and log are as they were then.
 */
export function openDatabase(options: OpenOptions): OpenDb {
  if (options.key.length !== STORE_KEY_SIZE) {
    throw new StoreError('store_key', `key: expected ${STORE_KEY_SIZE} bytes`);
  }
  try {
    if (!isThere(options.file)) create(options);
    return openForWriting(options, look(options));
  } catch (error) {
    throw classify(error);
  }
}

/** A connection without key or rules; `connectWithKey` is what a store uses. */
export function connect(
  file: string,
  options: Database.Options & { readonly nativeBinding?: string | undefined },
): Database.Database {
  guardNodeApi(options.nativeBinding);
  const { nativeBinding, ...rest } = options;
  return new Database(file, nativeBinding === undefined ? rest : { ...rest, nativeBinding });
}

/** Versions of SQLite and of what encrypts its files. */
export function storeVersions(nativeBinding: string | undefined): {
  readonly sqlite: string;
  readonly cipher: string;
} {
  const raw = connect(':memory:', { nativeBinding });
  try {
    return raw
      .prepare('SELECT sqlite3mc_version() AS cipher, sqlite_version() AS sqlite')
      .get() as { sqlite: string; cipher: string };
  } finally {
    raw.close();
  }
}

function connectWithKey(options: OpenOptions, file: string, readonly: boolean) {
  const raw = connect(file, {
    readonly,
    fileMustExist: true,
    timeout: BUSY_MS_MAX,
    nativeBinding: options.nativeBinding,
  });
  try {
    raw.pragma("cipher = 'sqlcipher'");
    raw.pragma(`key = "x'${Buffer.from(options.key).toString('hex')}'"`);
    // Sorting and temporary tables would else go to files that are not encrypted.
    raw.pragma('temp_store = MEMORY');
    // A cell that reaches out of its page is told as damage when it is read, not followed.
    raw.pragma('cell_size_check = ON');
    // Functions and virtual tables with side effects cannot be called from a schema somebody
    // planted.
    raw.pragma('trusted_schema = OFF');
    return raw;
  } catch (error) {
    raw.close();
    throw error;
  }
}

function setWritingRules(raw: Database.Database, options: OpenOptions): void {
  // Readers go on while a step commits, and a commit is one sync.
  const mode = raw.pragma('journal_mode = WAL', { simple: true });
  if (mode !== 'wal') throw new StoreError('store_access', 'the file system takes no WAL');
  // A ratchet that moved must not move back with the power: a commit is on the disk.
  raw.pragma('synchronous = FULL');
  raw.pragma('foreign_keys = ON');
  // Deleted content is overwritten with zeros before its page is encrypted again.
  raw.pragma('secure_delete = ON');
  raw.pragma(`journal_size_limit = ${LOG_BYTES_KEPT_MAX}`);
  // Negative means KiB, positive would mean pages.
  if (options.cacheBytesMax !== undefined) {
    raw.pragma(`cache_size = ${-Math.floor(options.cacheBytesMax / 1_024)}`);
  }
  if (options.logPages !== undefined) raw.pragma(`wal_autocheckpoint = ${options.logPages}`);
}

/** False where a file can be made. A log or a stump without its file is damage, not a new start. */
function isThere(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) {
    const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
    if (log !== undefined && log.size > 0) {
      throw new StoreError('store_damaged', 'the log is there, its file is not');
    }
    return false;
  }
  if (!found.isFile()) throw new StoreError('store_access', 'the file is not a file');
  if (found.size === 0) throw new StoreError('store_damaged', 'the file is empty');
  return true;
}

/** Makes the file beside its place and moves it there when it is whole and on the disk. */
function create(options: OpenOptions): void {
  const fresh = `${options.file}.new`;
  for (const stale of [fresh, ...sidecars(fresh), ...sidecars(options.file)]) {
    rmSync(stale, { force: true });
  }
  try {
    createEmpty(fresh);
    const raw = connectWithKey(options, fresh, false);
    try {
      setWritingRules(raw, options);
      applySteps(raw, { migrations: options.migrations, from: 0 }, unixMs(), () => {
        raw.exec(baseSchema);
      });
      checkpointTruncate(raw);
    } finally {
      raw.close();
    }
    syncFile(fresh);
    writeDurably(checkFile(options.file), keyCheck(options.key));
    renameDurably(fresh, options.file);
  } catch (error) {
    for (const half of [fresh, ...sidecars(fresh)]) rmSync(half, { force: true });
    throw error;
  }
}

function look(options: OpenOptions): Found {
  const { file } = options;
  const added = sidecars(file).filter((name) => !existsSync(name));
  const raw = connectWithKey(options, file, true);
  try {
    return inspect(raw, options);
  } finally {
    raw.close();
    for (const name of added) rmSync(name, { force: true });
  }
}

function openForWriting(options: OpenOptions, found: Found): OpenDb {
  const { file, migrations } = options;
  const raw = connectWithKey(options, file, false);
  const markUnclean = () => raw.exec('UPDATE store_state SET is_clean = 0');
  try {
    setWritingRules(raw, options);
    if (found.hasDamagedIndex) rebuildIndexes(raw);
    if (found.version < migrations.length) {
      const copy = backUp(raw, file, found.version);
      try {
        applySteps(raw, { migrations, from: found.version }, unixMs(), markUnclean);
      } catch (error) {
        rmSync(copy, { force: true });
        throw error;
      }
    } else {
      markUnclean();
    }
    pruneBackups(file, unixMs());
  } catch (error) {
    raw.close();
    throw error;
  }
  return createHandle(raw, (write) => write.exec('UPDATE store_state SET is_clean = 1'), found);
}

/** The stock addon needs Node-API 10 and takes the process down without a word on an older one. */
function guardNodeApi(nativeBinding: string | undefined): void {
  const version = Number(process.versions['napi'] ?? 0);
  if (nativeBinding === undefined && version < 10) {
    throw new Error(`Node-API: expected 10 or newer (Node 24), got ${version}`);
  }
}
