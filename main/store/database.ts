// Opening an encrypted SQLite file (SQLCipher scheme, raw 32-byte key) and the rules every access
// follows: read and write handles are different types, and one protocol step is one transaction.
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';

declare const readBrand: unique symbol;
declare const writeBrand: unique symbol;
/** A handle that only reads. */
export type ReadDb = Database.Database & { readonly [readBrand]: true };
/** A handle that writes; exists only inside `transaction`. */
export type WriteDb = ReadDb & { readonly [writeBrand]: true };

export const STORE_KEY_SIZE = 32;

export type StoreFailure = 'store_newer' | 'store_damaged' | 'store_key';

/** The file could not be opened; it is left as it was found. */
export class StoreError extends Error {
  readonly code: StoreFailure;
  constructor(code: StoreFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One step from the schema before it to its own; runs in a transaction. */
export type Migration = {
  readonly name: string;
  readonly up: (db: WriteDb) => void;
};

export type OpenOptions = {
  /** Path of the database file, or ':memory:'. */
  readonly file: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** In order; the n-th brings `user_version` to n. */
  readonly migrations: readonly Migration[];
  /** Another build of the addon, for a runtime with an older Node-API (tests in Electron 33). */
  readonly nativeBinding?: string | undefined;
};

/**
 * Opens or creates the file and brings its schema up to date.
 * Throws `StoreError`: `store_key` (wrong key, or not a database), `store_damaged`, `store_newer`.
 */
export function openDatabase(options: OpenOptions): ReadDb {
  guardNodeApi(options.nativeBinding);
  if (options.key.length !== STORE_KEY_SIZE) {
    throw new StoreError('store_key', `key: expected ${STORE_KEY_SIZE} bytes`);
  }
  const existed = options.file !== ':memory:' && existsSync(options.file);
  const db = new Database(
    options.file,
    options.nativeBinding === undefined ? {} : { nativeBinding: options.nativeBinding },
  );
  try {
    db.pragma("cipher = 'sqlcipher'");
    db.pragma(`key = "x'${Buffer.from(options.key).toString('hex')}'"`);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('secure_delete = ON');
    db.pragma('busy_timeout = 5000');
  } catch (error) {
    db.close();
    throw classify(error, existed);
  }
  const handle = db as ReadDb;
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > options.migrations.length) {
    db.close();
    throw new StoreError(
      'store_newer',
      `schema: expected at most ${options.migrations.length}, got ${version}`,
    );
  }
  for (let index = version; index < options.migrations.length; index++) {
    const migration = options.migrations[index];
    if (migration === undefined) break;
    transaction(handle, (write) => {
      migration.up(write);
      write.pragma(`user_version = ${index + 1}`);
    });
  }
  return handle;
}

/** Runs one protocol step: all of it is committed, or none. Not to be nested. */
export function transaction<T>(db: ReadDb, step: (write: WriteDb) => T): T {
  return db.transaction(() => step(db as WriteDb)).immediate();
}

function classify(error: unknown, existed: boolean): Error {
  const code = (error as { code?: string }).code ?? '';
  if (code === 'SQLITE_NOTADB' && existed) {
    return new StoreError('store_key', 'wrong key, or not a database', { cause: error });
  }
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return new StoreError('store_damaged', 'the file is damaged', { cause: error });
  }
  return error as Error;
}

/** The stock addon needs Node-API 10 and takes the process down without a word on an older one. */
function guardNodeApi(nativeBinding: string | undefined): void {
  const version = Number(process.versions['napi'] ?? 0);
  if (nativeBinding === undefined && version < 10) {
    throw new Error(`Node-API: expected 10 or newer (Node 24), got ${version}`);
  }
}
