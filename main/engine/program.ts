// What runs over an open profile: the part in the network, once one is joined, and the messenger.
// A network can be joined at any time, and for good.
import type { EventName, EventValue } from '../../shared/api.ts';
import { networkCalls } from '../../shared/api-network.ts';
import type { Demo } from '../../shared/api-profile.ts';
import { assert } from '../../shared/assert.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import type { RandomSource } from '../../shared/random.ts';
import type { Now } from '../../shared/time.ts';
import type { Log } from '../log.ts';
import type { SocksProxy } from '../net/socks.ts';
import { createClientStore } from '../store/client-store.ts';
import type { OpenDb } from '../store/handle.ts';
import type { Spool } from '../store/spool.ts';
import type { StoreFailure } from '../store/store-error.ts';
import { createSwitchedStore } from '../store/switched-store.ts';
import { CallFailure } from './call-failure.ts';
import type { Handlers } from './engine.ts';
import { type HealthWatch, watchHealth } from './health.ts';
import { ForeignNetworkError, joinNetwork, parseNetworkText } from './joined-network.ts';
import { closeDatabase, EXCHANGE_QUIET_MS, lockStore, takeInSpool } from './locking.ts';
import { createMessenger, type Messenger } from './messenger/messenger.ts';
import { type Mixnet, type NetworkListener, startMixnet, withoutNetwork } from './mixnet.ts';
import { directSteps, type Steps } from './steps.ts';
import { storageOf } from './storage.ts';

/** The demo network as the host of the engine tells of it. */
export type DemoNote = {
  readonly state: Demo;
  /** Once it is known. */
  readonly network: NetworkFile | null;
  /** The built-in correspondent's contact code, once it is known. */
  readonly correspondent: string | null;
};

export type ProgramOptions = {
  readonly db: OpenDb;
  readonly databaseFile: string;
  /** Where is written what comes in while the profile is locked. */
  readonly spoolFile: string;
  readonly crypto: CryptoEngine;
  readonly random: RandomSource;
  readonly now: () => Now;
  /** The network to join where none was. */
  readonly network: NetworkFile | null;
  readonly proxy: SocksProxy | null;
  readonly messageSizeMax: number | null;
  /** Whether bytes that are no message of a contact's are told as `received`, for scripts. */
  readonly takesRaw: boolean;
  readonly log: Log;
  readonly emit: <N extends EventName>(event: N, value: EventValue<N>) => void;
  /** The store cannot be used any more: the client has ended. Called once. */
  readonly onStoreFailed: (code: StoreFailure) => void;
};

type ProgramCall =
  | 'storage.get'
  | keyof typeof networkCalls
  | 'network.join'
  | 'demo.get'
  | keyof HealthWatch['handlers']
  | keyof Messenger['handlers'];

export type Program = {
  readonly handlers: () => Pick<Handlers, ProgramCall>;
  /** Those that are answered while the profile is locked. */
  readonly lockedHandlers: () => Pick<Handlers, LockedCall>;
  /** Messages that wait to be taken. */
  readonly waiting: () => number;
  /**
   * The messenger ends and the database is closed; the client goes on. Where it rejects, everything
   * goes on over the open database as before.
   */
  readonly lock: () => Promise<void>;
  /**
   * Goes on over the database that `open` gives, and gives that. Where it rejects, with what `open`
   * throws for one, it is still locked and that database closed.
   */
  readonly unlock: (open: () => OpenDb) => Promise<OpenDb>;
  readonly noteDemo: (note: DemoNote) => void;
  readonly close: () => void;
};

/** Counting a million messages takes some ten ms. */
const COUNT_QUIET_MS = 60;

type LockedCall = 'network.status' | 'demo.get';

export const NO_DEMO: DemoNote = {
  state: { state: 'off', nodes: [], hasCorrespondent: false },
  network: null,
  correspondent: null,
};

/** Throws `ForeignNetworkError` where the profile belongs to another network than `network`. */
export function startProgram(options: ProgramOptions): Program {
  const { crypto, random, now, emit, spoolFile, log } = options;
  let db = options.db;
  let mixnet: Mixnet | null = null;
  let messenger: Messenger | null = null;
  let demo = NO_DEMO;
  let openedUnixMs = now().unixMs;
  const steps: Steps = (run, quietMs) => (mixnet?.steps ?? directSteps(db))(run, quietMs);
  const storeOf = (of: OpenDb) => createClientStore(of, { unixMs: () => now().unixMs });
  let lockedSpool: Spool | null = null;
  const spool = { engine: crypto, random, file: spoolFile, nowUnixMs: () => now().unixMs };
  takeInSpool(spool, db, storeOf(db), log);
  const switched = createSwitchedStore(storeOf(db));

  const health = watchHealth({ port: () => mixnet, now });
  const startMessenger = (): Messenger =>
    createMessenger({
      db,
      crypto,
      random,
      now,
      steps,
      takesRaw: options.takesRaw,
      log,
      emit,
      mixnet: () => mixnet,
      demo: () => demo,
      join: (network) => join(network),
    });
  // While it is locked nobody takes a message, and nobody is told of one.
  const listener: NetworkListener = {
    received: (message) => messenger?.received(message) ?? true,
    progress: (progress) => messenger?.progress(progress),
    tokenDone: (number) => messenger?.tokenDone(number),
    statusChanged: () => messenger?.statusChanged(),
  };

  /** Joins where none was joined; the network of the profile, or null for none. */
  const join = (asked: NetworkFile | null): void => {
    const joined = joinNetwork(db, crypto, asked);
    if (joined.kind === 'other') throw new ForeignNetworkError(joined.name);
    if (joined.kind === 'none' || mixnet !== null) return;
    mixnet = startMixnet({
      store: switched.store,
      network: joined.network,
      crypto,
      random,
      now,
      proxy: options.proxy,
      messageSizeMax: options.messageSizeMax,
      emit,
      onStoreFailed: options.onStoreFailed,
      program: listener,
    });
    messenger?.joined();
    health.joined();
  };

  const opened = (): Messenger => {
    assert(messenger !== null, 'calls of a locked profile are refused before they come here');
    return messenger;
  };

  /** The messenger goes on over the open database. */
  const resume = (): void => {
    messenger = startMessenger();
    if (mixnet === null) return;
    messenger.joined();
    mixnet.tellAgain();
  };

  messenger = startMessenger();
  try {
    join(options.network);
  } catch (error) {
    // The database is closed after this, and the messenger may have something due.
    messenger.close();
    throw error;
  }
  return {
    handlers: () => ({
      ...networkHandlers(() => mixnet),
      ...opened().handlers,
      ...health.handlers,
      'network.join': ({ text }) => {
        const network = networkOf(crypto, text);
        if (mixnet !== null) throw new CallFailure('joined_already', 'a profile has one network');
        join(network);
        return opened().profile();
      },
      'demo.get': () => demo.state,
      'storage.get': () =>
        steps(() => storageOf(db, options.databaseFile, openedUnixMs), COUNT_QUIET_MS),
    }),
    lockedHandlers: () => ({
      'network.status': (mixnet?.handlers ?? withoutNetwork())['network.status'],
      'demo.get': () => demo.state,
    }),
    waiting: () => mixnet?.client.counters().inbox.waiting ?? 0,
    noteDemo: (note) => {
      demo = note;
      emit('demo', note.state);
      messenger?.noteDemo();
    },
    lock: async () => {
      messenger?.close();
      messenger = null;
      try {
        if (mixnet === null) closeDatabase(db, log);
        else lockedSpool = await lockStore({ ...spool, db, mixnet, switched, log });
      } catch (error) {
        resume();
        throw error;
      }
    },
    unlock: async (open) => {
      const reopen = () => {
        const opened = open();
        try {
          const store = storeOf(opened);
          takeInSpool(spool, opened, store, log);
          switched.switchTo(store);
          lockedSpool?.close();
          lockedSpool = null;
        } catch (error) {
          closeDatabase(opened, log);
          throw error;
        }
        db = opened;
        openedUnixMs = now().unixMs;
      };
      if (mixnet === null) reopen();
      else await mixnet.exchange({ run: () => {}, after: reopen }, EXCHANGE_QUIET_MS);
      resume();
      return db;
    },
    close: () => {
      messenger?.close();
      health.close();
      mixnet?.close();
      mixnet = null;
      lockedSpool?.close();
      db.close();
    },
  };
}

function networkOf(crypto: CryptoEngine, text: string): NetworkFile {
  const parsed = parseNetworkText(crypto, text);
  if (parsed.ok) return parsed.network;
  const { field, expected, got } = parsed.error;
  throw new CallFailure('bad_network', `${field}: expected ${expected}, got ${got}`);
}

/** The calls about the network, of whichever stands when they are made. */
function networkHandlers(mixnet: () => Mixnet | null): Pick<Handlers, keyof typeof networkCalls> {
  const without = withoutNetwork();
  const names = Object.keys(networkCalls) as (keyof typeof networkCalls)[];
  const of = (name: keyof typeof networkCalls) => (args: never) =>
    (mixnet()?.handlers ?? without)[name](args);
  return Object.fromEntries(names.map((name) => [name, of(name)])) as unknown as ReturnType<
    typeof networkHandlers
  >;
}
