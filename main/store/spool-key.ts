// The key pair of the spool, in the profile's database: who can open that can read what was spooled
// while it was locked. And which spool is in the database already, so that a crash between the two
// repeats nothing.
import { equalBytes } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import type { ReadDb, WriteDb } from './handle.ts';
import type { Migration } from './migrate.ts';
import type { SpoolKeyPair } from './spool.ts';

export const spoolMigration: Migration = {
  name: 'spool',
  sql: `CREATE TABLE spool (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    secret_key BLOB NOT NULL CHECK (length(secret_key) = 32),
    applied BLOB
  ) STRICT`,
};

type Row = {
  readonly public_key: Uint8Array;
  readonly secret_key: Uint8Array;
  readonly applied: Uint8Array | null;
};

function rowOf(db: ReadDb): Row | undefined {
  return db.prepare('SELECT public_key, secret_key, applied FROM spool').get() as Row | undefined;
}

/** Null before the profile was first locked. */
export function spoolKeyPair(db: ReadDb): SpoolKeyPair | null {
  const row = rowOf(db);
  return row === undefined ? null : { publicKey: row.public_key, secretKey: row.secret_key };
}

export function makeSpoolKeyPair(
  db: WriteDb,
  engine: CryptoEngine,
  random: RandomSource,
): SpoolKeyPair {
  const secretKey = drawBytes(random, 32);
  const publicKey = new Uint8Array(32);
  engine.x25519Base(publicKey, secretKey);
  db.prepare('INSERT INTO spool (only, public_key, secret_key) VALUES (1, ?, ?)').run(
    publicKey,
    secretKey,
  );
  return { publicKey, secretKey };
}

export function isSpoolApplied(db: ReadDb, id: Uint8Array): boolean {
  const applied = rowOf(db)?.applied ?? null;
  return applied !== null && equalBytes(applied, id);
}

export function markSpoolApplied(db: WriteDb, id: Uint8Array): void {
  db.prepare('UPDATE spool SET applied = ?').run(id);
}
