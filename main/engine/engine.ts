// One running user behind the contract of shared/api.ts: takes parsed requests, gives replies and
// events. Knows no window and no Electron; a worker, the browser shell and the CLI run the same
// object.
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
  type Settings,
} from '../../shared/api.ts';
import { assert } from '../../shared/assert.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import type { Log } from '../log.ts';
import type { SocksProxy } from '../net/socks.ts';
import { storeVersions } from '../store/database.ts';
import { type OpenDb, transaction } from '../store/handle.ts';
import { StoreError, type StoreFailure } from '../store/store-error.ts';
import { monotonicMs, systemRandom, unixMs } from '../system.ts';
import { CallFailure } from './call-failure.ts';
import { withoutHealth } from './health.ts';
import { ForeignNetworkError } from './joined-network.ts';
import type { Keychain } from './keychain.ts';
import { createLockControl, type LockControl } from './lock-control.ts';
import { withoutNetwork } from './mixnet.ts';
import { type DemoNote, NO_DEMO, type Program, startProgram } from './program.ts';
import { defaultSettings, readSettings, writeSettings } from './settings.ts';
import { openVault, type Vault } from './vault.ts';

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
  /** The system's keychain, once there is one; none where absent. */
  readonly keychain?: () => Keychain | null;
  /** Looks once more for one, which `keychain` gives from then on. */
  readonly findKeychain?: () => Promise<void>;
  readonly log: Log;
  /**
   * The store failed while it was in use, the file as it is: the engine is of no more use, and is
   * for its owner to close. Called once.
   */
  readonly onFailed?: (code: StoreFailure) => void;
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
  /**
   * A keychain is there now: opens the profile with it where that is what it takes. Rejects with
   * what `createEngine` throws; the engine is then for its owner to close.
   */
  readonly openWithKeychain: () => Promise<void>;
  /** Ends everything and closes the store. Once more: nothing. */
  readonly close: () => void;
};

/** Calls that are answered while the profile is locked. */
const lockedCalls: ReadonlySet<CallName> = new Set<CallName>([
  'about',
  'settings.get',
  'network.status',
  'demo.get',
  'lock.get',
  'lock.now',
  'lock.unlock',
  'lock.again',
  'lock.activity',
]);

/**
 * Takes the profile and starts its engine, or leaves it locked where that takes a passphrase.
 * Throws `StoreError` where the store cannot be opened, and `ForeignNetworkError` where the profile
 * belongs to another network than the one asked for.
 */
export function createEngine(options: EngineOptions): Engine {
  const vault = openVault({
    profileDir: options.profileDir,
    crypto: options.crypto,
    random: systemRandom,
    nativeBinding: options.nativeBinding,
    keychain: options.keychain ?? (() => null),
  });
  try {
    return new RunningEngine(options, vault);
  } catch (error) {
    vault.release();
    throw error;
  }
}

class RunningEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #vault: Vault;
  readonly #lock: LockControl;
  readonly #about: About;
  #program: Program | null = null;
  /** Null while it is locked. */
  #db: OpenDb | null = null;
  #settings: Settings = defaultSettings;
  #demo: DemoNote | null = null;
  /** Why the store cannot be used any more. */
  #failure: StoreFailure | null = null;
  #isClosed = false;

  constructor(options: EngineOptions, vault: Vault) {
    this.#options = options;
    this.#vault = vault;
    this.#about = about(options);
    this.#lock = createLockControl({
      vault,
      program: {
        isOpen: () => this.#db !== null,
        wasOpen: () => this.#program !== null,
        waiting: () => this.#program?.waiting() ?? 0,
        open: () => this.#open(),
        lock: async () => {
          const db = this.#db;
          this.#db = null;
          try {
            await this.#program?.lock();
          } catch (error) {
            if (!this.#isClosed) this.#db = db;
            throw error;
          }
        },
      },
      settings: () => this.#settings,
      findKeychain: options.findKeychain ?? (async () => {}),
      nativeBinding: options.nativeBinding,
      log: options.log,
      emit: (value) => this.#emit('lock', value),
    });
    if (vault.takePlain()) this.#start();
  }

  readonly handle = async (frame: unknown): Promise<Reply> => {
    const request = parseRequest(frame);
    if (isRefusal(request)) return request;
    if (this.#failure !== null && request.call !== 'about') {
      return refusal(request.id, 'store_failed', 'the store cannot be used any more');
    }
    if (this.#db === null && !lockedCalls.has(request.call)) {
      return refusal(request.id, 'locked', 'the profile is locked');
    }
    return await answer(this.#handlers(), request, this.#options.log);
  };

  readonly noteDemo = (note: DemoNote): void => {
    this.#demo = note;
    if (this.#program === null) this.#emit('demo', note.state);
    else this.#program.noteDemo(note);
  };

  readonly openWithKeychain = (): Promise<void> => this.#lock.openWithKeychain();

  readonly close = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#lock.close();
    this.#db = null;
    try {
      this.#program?.close();
    } finally {
      this.#vault.release();
    }
  };

  /** Opens the profile, for the first time or after it was locked. */
  async #open(): Promise<void> {
    const program = this.#program;
    if (program === null) return this.#start();
    this.#db = await program.unlock(() => this.#vault.open());
    this.#tellSettings();
  }

  #start(): void {
    const options = this.#options;
    const db = this.#vault.open();
    try {
      this.#program = startProgram({
        db,
        databaseFile: this.#vault.databaseFile,
        spoolFile: this.#vault.spoolFile,
        crypto: options.crypto,
        random: systemRandom,
        now: () => ({ monotonicMs: monotonicMs(), unixMs: unixMs() }),
        network: options.network ?? null,
        proxy: options.proxy ?? null,
        messageSizeMax: options.messageSizeMax ?? null,
        takesRaw: options.takesRaw ?? false,
        log: options.log,
        emit: this.#emit,
        onStoreFailed: this.#storeFailed,
      });
    } catch (error) {
      db.close();
      throw error;
    }
    this.#db = db;
    if (this.#demo !== null) this.#program.noteDemo(this.#demo);
    this.#settings = readSettings(db);
  }

  /** Nothing is stored any more: every call that needs the store is refused from here on. */
  readonly #storeFailed = (code: StoreFailure): void => {
    this.#options.log('error', 'store_failed', { code });
    this.#failure = code;
    this.#options.onFailed?.(code);
  };

  #tellSettings(): void {
    if (this.#db === null) return;
    this.#settings = readSettings(this.#db);
    this.#emit('settings', this.#settings);
  }

  readonly #emit = <N extends EventName>(event: N, value: EventValue<N>): void => {
    assert(events[event].safeParse(value).success, `event ${event} is of the contract's shape`);
    this.#options.emit({ event, value });
  };

  /** All of them, or those that a locked profile answers. */
  #handlers(): Partial<Handlers> {
    const base = {
      'demo.get': () => (this.#demo ?? NO_DEMO).state,
      about: () => this.#about,
      'settings.get': () => this.#settings,
      'settings.set': (args: CallArgs<'settings.set'>) => this.#setSettings(args),
      ...this.#lock.handlers,
    };
    if (this.#db === null || this.#program === null) {
      const without = { ...withoutNetwork(), ...withoutHealth(unixMs) };
      return { ...base, ...without, ...this.#program?.lockedHandlers() };
    }
    return { ...base, ...this.#program.handlers() } satisfies Handlers;
  }

  #setSettings(args: CallArgs<'settings.set'>): Settings {
    const db = this.#db;
    if (db === null) throw new CallFailure('locked', 'the profile is locked');
    this.#settings = transaction(db, (write) => writeSettings(write, args));
    this.#emit('settings', this.#settings);
    this.#lock.settingsChanged();
    return this.#settings;
  }
}

/**
 * Runs the handler of a parsed request. What it gives is checked against the contract before it
 * leaves; what it throws becomes a closed code, and its text stays here.
 */
export async function answer(
  handlers: Partial<Handlers>,
  request: Request,
  log: Log,
): Promise<Reply> {
  const { id, call } = request;
  try {
    // A request's arguments were parsed by the schema of its own call, which TypeScript cannot
    // follow.
    const handler = handlers[call] as ((args: unknown) => unknown) | undefined;
    if (handler === undefined) return refusal(id, 'locked', 'the profile is locked');
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
    if (error instanceof ForeignNetworkError) {
      return refusal(id, 'joined_already', 'this profile belongs to another network');
    }
    log('error', 'call_failed', { call, error: error instanceof Error ? error.name : 'unknown' });
    return refusal(id, 'internal', 'the engine could not do this');
  }
}

function about({ version, crypto, nativeBinding }: EngineOptions): About {
  const electron = process.versions['electron'];
  const node = `Node ${process.versions.node}`;
  return {
    version,
    runtime: electron === undefined ? node : `Electron ${electron}, ${node}`,
    cryptoEngine: crypto.name,
    ...storeVersions(nativeBinding),
  };
}
