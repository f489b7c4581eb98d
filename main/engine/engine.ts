// One running user behind the contract of shared/api.ts: takes parsed requests, gives replies and
// events. Knows no window and no Electron; a worker, the browser shell and the CLI run the same
// object.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  type About,
  type CallArgs,
  type CallName,
  type CallValue,
  calls,
  type EventFrame,
  type EventName,
  type EventValue,
  events,
  isRefusal,
  parseRequest,
  type Reply,
  type Request,
  refusal,
} from '../../shared/api.ts';
import { assert } from '../../shared/assert.ts';
import { wipe } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import type { Log } from '../log.ts';
import type { SocksProxy } from '../net/socks.ts';
import { openDatabase } from '../store/database.ts';
import { FOLDER_MODE } from '../store/durable-file.ts';
import { type OpenDb, type ReadDb, transaction } from '../store/handle.ts';
import { profileMigrations } from '../store/migrations.ts';
import { lockProfile } from '../store/profile-lock.ts';
import { classify, StoreError } from '../store/store-error.ts';
import { loadStoreKey } from '../store/store-key.ts';
import { monotonicMs, systemRandom, unixMs } from '../system.ts';
import { CallFailure } from './call-failure.ts';
import { type DemoNote, type Program, startProgram } from './program.ts';
import { readSettings, writeSettings } from './settings.ts';
import { unbuilt } from './unbuilt.ts';

export type EngineOptions = {
  /** Folder of this profile; made if it is not there, readable by its user alone. */
  readonly profileDir: string;
  readonly version: string;
  /** Self-tested by `chooseCryptoEngine`. */
  readonly crypto: CryptoEngine;
  readonly nativeBinding?: string | undefined;
  /** The network to join; a profile keeps to the first one it was given. Null for what it has. */
  readonly network?: NetworkFile | null;
  readonly proxy?: SocksProxy | null;
  /** Bytes of the largest message; the default where absent. */
  readonly messageSizeMax?: number;
  /** Whether bytes that are no message of a contact's are told as `received`, for scripts. */
  readonly takesRaw?: boolean;
  readonly log: Log;
  /** Takes every event, each of the contract's shape. */
  readonly emit: (frame: EventFrame) => void;
};

export type Handlers = {
  readonly [N in CallName]: (args: CallArgs<N>) => CallValue<N> | Promise<CallValue<N>>;
};

export type Engine = {
  /** Answers one frame, parsed or not; never throws. */
  readonly handle: (frame: unknown) => Promise<Reply>;
  /** What is known of the demo network; its file and correspondent once they are there. */
  readonly noteDemo: (note: DemoNote) => void;
  /** Ends everything and closes the store. Once more: nothing. */
  readonly close: () => void;
};

/**
 * Opens the profile and starts its engine. Throws `StoreError` where the store cannot be opened,
 * and `ForeignNetworkError` where the profile belongs to another network than the one asked for.
 */
export function createEngine(options: EngineOptions): Engine {
  const profile = openProfile(options);
  const { db } = profile;
  const emit = <N extends EventName>(event: N, value: EventValue<N>) => {
    assert(events[event].safeParse(value).success, `event ${event} is of the contract's shape`);
    options.emit({ event, value });
  };
  let program: Program;
  try {
    program = startProgram({
      db,
      crypto: options.crypto,
      random: systemRandom,
      now: () => ({ monotonicMs: monotonicMs(), unixMs: unixMs() }),
      network: options.network ?? null,
      proxy: options.proxy ?? null,
      messageSizeMax: options.messageSizeMax ?? null,
      takesRaw: options.takesRaw ?? false,
      log: options.log,
      emit,
    });
  } catch (error) {
    profile.close();
    throw error;
  }
  const handlers: Handlers = {
    ...unbuilt(),
    about: () => about(options, db),
    'settings.get': () => readSettings(db),
    'settings.set': (args) => {
      const settings = transaction(db, (write) => writeSettings(write, args));
      emit('settings', settings);
      return settings;
    },
    ...program.handlers,
  };
  return {
    handle: async (frame) => {
      const request = parseRequest(frame);
      return isRefusal(request) ? request : await answer(handlers, request, options.log);
    },
    noteDemo: program.noteDemo,
    close: () => {
      program.close();
      profile.close();
    },
  };
}

/**
 * Runs the handler of a parsed request. What it gives is checked against the contract before it
 * leaves; what it throws becomes a closed code, and its text stays here.
 */
export async function answer(handlers: Handlers, request: Request, log: Log): Promise<Reply> {
  const { id, call } = request;
  try {
    // A request's arguments were parsed by the schema of its own call, which TypeScript cannot
    // follow.
    const handler = handlers[call] as (args: unknown) => unknown;
    const value = calls[call].value.safeParse(await handler(request.args));
    if (value.success) return { id, ok: true, value: value.data };
    log('error', 'value_refused', { call });
    return refusal(id, 'internal', 'the engine gave what is not of the contract');
  } catch (error) {
    if (error instanceof CallFailure) return refusal(id, error.code, error.message);
    if (error instanceof StoreError) {
      log('error', 'store_failed', { call, code: error.code });
      return error.code === 'store_full'
        ? refusal(id, 'store_full', 'the disk is full; nothing was changed')
        : refusal(id, 'store_failed', 'the store could not do this; nothing was changed');
    }
    log('error', 'call_failed', { call, error: error instanceof Error ? error.name : 'unknown' });
    return refusal(id, 'internal', 'the engine could not do this');
  }
}

/** Folder, lock, key and database of a profile; all of it is given back where one of them fails. */
function openProfile(options: EngineOptions): { readonly db: OpenDb; readonly close: () => void } {
  const { profileDir, nativeBinding } = options;
  try {
    mkdirSync(profileDir, { recursive: true, mode: FOLDER_MODE });
  } catch (error) {
    throw classify(error);
  }
  const lock = lockProfile(profileDir, nativeBinding);
  try {
    const file = path.join(profileDir, 'profile.db');
    const key = loadStoreKey(path.join(profileDir, 'store.key'), file);
    const db = openWithKey(file, key, nativeBinding);
    const close = () => {
      try {
        db.close();
      } finally {
        lock.release();
      }
    };
    return { db, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens the database and wipes the key, whether it fits or not. */
function openWithKey(file: string, key: Uint8Array, nativeBinding: string | undefined): OpenDb {
  try {
    return openDatabase({ file, key, migrations: profileMigrations, nativeBinding });
  } finally {
    wipe(key);
  }
}

function about({ version, crypto }: EngineOptions, db: ReadDb): About {
  const electron = process.versions['electron'];
  const node = `Node ${process.versions.node}`;
  const { cipher, sqlite } = db
    .prepare('SELECT sqlite3mc_version() AS cipher, sqlite_version() AS sqlite')
    .get() as { cipher: string; sqlite: string };
  return {
    version,
    runtime: electron === undefined ? node : `Electron ${electron}, ${node}`,
    cryptoEngine: crypto.name,
    sqlite,
    cipher,
  };
}
