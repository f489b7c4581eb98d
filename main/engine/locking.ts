// How the client's store is exchanged when a profile is locked and opened again: in moments in
// which no emission is near, and so that every write is either in the database or in the spool.
import { rmSync } from 'node:fs';
import { assert } from '../../shared/assert.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { RandomSource } from '../../shared/random.ts';
import type { Log } from '../log.ts';
import type { ClientStore } from '../mixnet/client/store.ts';
import { type OpenDb, transaction } from '../store/handle.ts';
import {
  createLockedStore,
  type LockedSnapshot,
  replayStep,
  snapshotReader,
} from '../store/locked-store.ts';
import { endSpool, readSpool, type Spool, type SpoolKeyPair, startSpool } from '../store/spool.ts';
import {
  isSpoolApplied,
  makeSpoolKeyPair,
  markSpoolApplied,
  spoolKeyPair,
} from '../store/spool-key.ts';
import { StoreError } from '../store/store-error.ts';
import type { SwitchedStore } from '../store/switched-store.ts';
import type { Mixnet } from './mixnet.ts';

/** Closing and opening a database take some ten ms: no emission is to be due for so long. */
export const EXCHANGE_QUIET_MS = 150;

type SpoolPlace = {
  readonly engine: CryptoEngine;
  readonly random: RandomSource;
  readonly file: string;
  readonly nowUnixMs: () => number;
};

/**
 * Puts a memory of the client's tables and the spool in the database's place, and closes that;
 * gives the spool, to be closed once the database is back. Where it rejects, the database is open
 * and the client's store as before.
 */
export async function lockStore(
  parts: SpoolPlace & {
    readonly db: OpenDb;
    readonly mixnet: Mixnet;
    readonly switched: SwitchedStore;
    readonly log: Log;
  },
): Promise<Spool> {
  const { db, mixnet, engine, random, file, switched, log } = parts;
  const reader = snapshotReader(db);
  while (!(await mixnet.steps(() => reader.next())));
  let pair: SpoolKeyPair | null = null;
  const prepare = () => {
    pair = spoolKeyPair(db) ?? transaction(db, (write) => makeSpoolKeyPair(write, engine, random));
    // Moves the log into the file beforehand, so that closing has little left to do.
    db.checkpoint();
  };
  await mixnet.exchange({ run: () => {}, after: prepare }, EXCHANGE_QUIET_MS);
  let snapshot: LockedSnapshot | null = null;
  let started: Spool | null = null;
  await mixnet.exchange(
    {
      run: () => {
        snapshot = reader.finish();
      },
      after: () => {
        assert(snapshot !== null && pair !== null, 'both come from the steps before');
        // One that was taken in and is still there would be begun a second time.
        rmSync(file, { force: true });
        started = startSpool(engine, random, file, pair.publicKey);
        closeDatabase(db, log);
        switched.switchTo(createLockedStore(snapshot, started));
      },
    },
    EXCHANGE_QUIET_MS,
  );
  const spool = started as Spool | null;
  assert(spool !== null, 'the exchange was done');
  return spool;
}

/**
 * Closes it in any case. What it writes last may find no room; what it knows is on the disk, and
 * the next start looks the file over.
 */
export function closeDatabase(db: OpenDb, log: Log): void {
  try {
    db.close();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log('warn', 'store_close_unclean', { code: error.code });
  }
}

/** Repeats what was spooled on the database's store, once, and ends the spool. */
export function takeInSpool(place: SpoolPlace, db: OpenDb, store: ClientStore, log: Log): void {
  const pair = spoolKeyPair(db);
  if (pair === null) return;
  const spool = readSpool(place.engine, place.file, pair);
  if (spool === null) return;
  if (!isSpoolApplied(db, spool.id)) {
    // Works inside any transaction of its database.
    const write = transaction(db, (handle) => handle);
    store.atomically(() => {
      for (const step of spool.steps) replayStep(store, step);
      markSpoolApplied(write, spool.id);
    });
    if (spool.isDamaged) log('error', 'spool_damaged', { steps: spool.steps.length });
  }
  endSpool(place.file, spool.isDamaged, place.nowUnixMs());
}
