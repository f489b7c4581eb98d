// What the program sees of an open database. Reading and writing are different types, so a
// function's signature says which it does, and both are checked again at run time: a read handle
// prepares nothing that writes, a write handle works inside its transaction alone. One protocol
// step is one transaction.
import type Database from 'better-sqlite3';
import { assert } from '../../shared/assert.ts';
import { classify, StoreError } from './store-error.ts';

/** Different SQL texts one handle prepares. Texts are constants of the program, never built. */
export const STATEMENTS_MAX = 500;

export type SqlValue = string | number | bigint | Uint8Array | null;
/** Values in order, or one object of named ones. */
export type SqlParameters = readonly SqlValue[] | readonly [Readonly<Record<string, SqlValue>>];

export type ReadStatement = {
  /** The first row, or undefined. A row is what SQLite holds; the caller gives it its type. */
  readonly get: (...parameters: SqlParameters) => unknown;
  readonly all: (...parameters: SqlParameters) => unknown[];
};
export type WriteStatement = ReadStatement & {
  /** Rows that were changed, and the rowid of the last insert. */
  readonly run: (...parameters: SqlParameters) => {
    readonly changes: number;
    readonly lastInsertRowid: number | bigint;
  };
};

declare const readBrand: unique symbol;
declare const writeBrand: unique symbol;
/** A handle that only reads. */
export type ReadDb = {
  readonly [readBrand]: true;
  /** Prepares a SELECT once for its text; asserts that it does not write. */
  readonly prepare: (text: string) => ReadStatement;
};
/** What `openDatabase` gives: reads, takes transactions, and is closed by its owner. */
export type OpenDb = ReadDb & {
  /** Whether every page was read and found whole before it was opened. */
  readonly wasChecked: boolean;
  /** Moves the log into the file and empties it; false while another connection reads it. */
  readonly checkpoint: () => boolean;
  /**
   * Gathers statistics where due, marks a clean stop, empties the log, closes. Once more: nothing.
   */
  readonly close: () => void;
};
/**
 * A handle that writes; works only until its transaction ends. It goes wherever a `ReadDb` goes. Of
 * its statements those that write are bound to a transaction too, whichever one is open.
 */
export type WriteDb = {
  readonly [readBrand]: true;
  readonly [writeBrand]: true;
  /** Prepares any one statement, once for its text. */
  readonly prepare: (text: string) => WriteStatement;
  /** Runs statements without parameters. */
  readonly exec: (text: string) => void;
};

type Inside = {
  readonly raw: Database.Database;
  readonly write: WriteDb;
  isOpen: boolean;
  hasFailed: boolean;
};
const insides = new WeakMap<OpenDb, Inside>();

const readText = /^\s*(SELECT|WITH|VALUES|EXPLAIN)\b/i;

/**
 * The handle on an open connection, which it owns from now on. `beforeClose` runs at `close`,
 * unless the file was found damaged: then the next start has to look it over.
 */
export function createHandle(
  raw: Database.Database,
  beforeClose: (write: WriteDb) => void,
  found: { readonly isChecked: boolean } = { isChecked: false },
): OpenDb {
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const known = classify(error);
      if (known instanceof StoreError && known.code === 'store_damaged') inside.hasFailed = true;
      throw known;
    }
  };
  const write = createWrite(raw, guard);
  const inside: Inside = { raw, write, isOpen: true, hasFailed: false };
  const reads = new Map<string, ReadStatement>();
  const db = {
    wasChecked: found.isChecked,
    prepare: (text: string) =>
      cached(reads, text, () => {
        const statement = guard(() => raw.prepare<SqlValue[], unknown>(text));
        assert(statement.readonly && readText.test(text), 'a read handle prepares reads');
        return {
          get: (...parameters: SqlParameters) => guard(() => statement.get(...bind(parameters))),
          all: (...parameters: SqlParameters) => guard(() => statement.all(...bind(parameters))),
        };
      }),
    checkpoint: () => guard(() => checkpointTruncate(raw)),
    close: () => {
      if (!inside.isOpen) return;
      assert(!raw.inTransaction, 'a database is not closed inside a transaction');
      inside.isOpen = false;
      try {
        if (!inside.hasFailed) {
          guard(() => raw.pragma('optimize'));
          runStep(inside, beforeClose);
          guard(() => checkpointTruncate(raw));
        }
      } finally {
        raw.close();
      }
    },
  } as OpenDb;
  insides.set(db, inside);
  return db;
}

/**
 * Runs one protocol step: all of it is committed, or none, and it is on the disk when this returns.
 * Not to be nested; `step` does not wait for anything. Throws what `step` throws, and `StoreError`.
 */
export function transaction<T>(db: OpenDb, step: (write: WriteDb) => T): T {
  const inside = insides.get(db);
  assert(inside?.isOpen === true, 'the database is open');
  return runStep(inside, step);
}

function runStep<T>(inside: Inside, step: (write: WriteDb) => T): T {
  const { raw } = inside;
  assert(!raw.inTransaction, 'a transaction is not inside another');
  try {
    raw.exec('BEGIN IMMEDIATE');
    const result = step(inside.write);
    assert(!(result instanceof Promise), 'a transaction waits for nothing');
    raw.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has rolled back by itself where the disk was full or failed.
    if (raw.inTransaction) raw.exec('ROLLBACK');
    const known = classify(error);
    if (known instanceof StoreError && known.code === 'store_damaged') inside.hasFailed = true;
    throw known;
  }
}

function createWrite(raw: Database.Database, guard: <T>(work: () => T) => T): WriteDb {
  const statements = new Map<string, WriteStatement>();
  return {
    prepare: (text: string) => {
      assert(raw.inTransaction, 'a write handle is used inside its transaction');
      return cached(statements, text, () => {
        const statement = guard(() => raw.prepare<SqlValue[], unknown>(text));
        // A read may go on after the transaction; a write may not begin outside one.
        const check = () =>
          assert(statement.readonly || raw.inTransaction, 'a write is inside a transaction');
        return {
          get: (...parameters: SqlParameters) => {
            check();
            return guard(() => statement.get(...bind(parameters)));
          },
          all: (...parameters: SqlParameters) => {
            check();
            return guard(() => statement.all(...bind(parameters)));
          },
          run: (...parameters: SqlParameters) => {
            check();
            return guard(() => statement.run(...bind(parameters)));
          },
        };
      });
    },
    exec: (text: string) => {
      assert(raw.inTransaction, 'a write handle is used inside its transaction');
      guard(() => raw.exec(text));
      assert(raw.inTransaction, 'a step neither commits nor rolls back');
    },
  } as WriteDb;
}

function cached<S>(statements: Map<string, S>, text: string, make: () => S): S {
  const known = statements.get(text);
  if (known !== undefined) return known;
  assert(statements.size < STATEMENTS_MAX, 'SQL texts are constants, with values bound');
  const made = make();
  statements.set(text, made);
  return made;
}

/** The addon's types know positions only; it takes an object of names in the first one. */
function bind(parameters: SqlParameters): SqlValue[] {
  return parameters as SqlValue[];
}

/** True when the whole log is in the file and the log is empty. */
export function checkpointTruncate(raw: Database.Database): boolean {
  const [row] = raw.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  return row?.busy === 0;
}
