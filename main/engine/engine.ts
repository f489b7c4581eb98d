// One running user behind the contract of shared/api.ts: takes parsed requests, gives replies and
// events. Knows no window and no Electron; a worker, the browser shell and the CLI run the same
// object.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import sodium from 'sodium-native';
import {
  type About,
  type CallArgs,
  type CallName,
  type CallValue,
  type EventName,
  type EventValue,
  isRefusal,
  parseRequest,
  type Reply,
  refusal,
  type Settings,
  settingsSchema,
} from '../../shared/api.ts';
import type { Log } from '../log.ts';
import { openDatabase, type ReadDb, transaction } from '../store/database.ts';
import { profileMigrations } from '../store/migrations.ts';
import { loadStoreKey } from '../store/store-key.ts';

export type EngineOptions = {
  /** Folder of this profile; made if it is not there, readable by its user alone. */
  readonly profileDir: string;
  readonly version: string;
  readonly nativeBinding?: string | undefined;
  readonly log: Log;
  readonly emit: <N extends EventName>(event: N, value: EventValue<N>) => void;
};

type Handlers = { [N in CallName]: (args: CallArgs<N>) => CallValue<N> | Promise<CallValue<N>> };

export type Engine = {
  /** Answers one frame, parsed or not; never throws. */
  readonly handle: (frame: unknown) => Promise<Reply>;
  readonly close: () => void;
};

/**
 * Opens the profile and starts its engine. Throws `StoreError` where the store cannot be opened.
 */
export function createEngine(options: EngineOptions): Engine {
  mkdirSync(options.profileDir, { recursive: true, mode: 0o700 });
  const key = loadStoreKey(path.join(options.profileDir, 'store.key'));
  const db = openDatabase({
    file: path.join(options.profileDir, 'profile.db'),
    key,
    migrations: profileMigrations,
    nativeBinding: options.nativeBinding,
  });
  sodium.sodium_memzero(key);

  const handlers: Handlers = {
    about: () => about(options.version, db),
    'settings.get': () => readSettings(db),
    'settings.set': (args) => {
      const settings = settingsSchema.parse({ ...readSettings(db), ...args });
      transaction(db, (write) => {
        const put = write.prepare(
          `INSERT INTO setting(name, value) VALUES (?, ?)
            ON CONFLICT(name) DO UPDATE SET value = excluded.value`,
        );
        for (const [name, value] of Object.entries(settings)) put.run(name, value);
      });
      options.emit('settings', settings);
      return settings;
    },
  };

  return {
    handle: async (frame) => {
      const request = parseRequest(frame);
      if (isRefusal(request)) return request;
      try {
        const handler = handlers[request.call] as (args: unknown) => unknown;
        return { id: request.id, ok: true, value: await handler(request.args) };
      } catch (error) {
        options.log('error', 'call_failed', {
          call: request.call,
          error: error instanceof Error ? error.name : 'unknown',
        });
        return refusal(request.id, 'internal', 'the engine could not do this');
      }
    },
    close: () => db.close(),
  };
}

function readSettings(db: ReadDb): Settings {
  const rows = db.prepare('SELECT name, value FROM setting').all() as {
    name: string;
    value: string;
  }[];
  const stored = Object.fromEntries(rows.map((row) => [row.name, row.value]));
  return settingsSchema.parse({ theme: 'system', language: 'system', ...stored });
}

function about(version: string, db: ReadDb): About {
  const electron = process.versions['electron'];
  const cipher = db.prepare('SELECT sqlite3mc_version() AS version').get() as { version: string };
  const sqlite = db.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  return {
    version,
    runtime:
      electron === undefined
        ? `Node ${process.versions.node}`
        : `Electron ${electron}, Node ${process.versions.node}`,
    cryptoEngine: 'native',
    sqlite: sqlite.version,
    cipher: cipher.version,
  };
}
