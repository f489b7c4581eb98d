// One user of the messenger in a world of virtual time: the production messenger over a real client
// role and a real database in a file. Killed at a write and started again, it goes on from a copy
// of its file as it was then.
import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { createMessenger, type Messenger } from '../../main/engine/messenger/messenger.ts';
import { NO_DEMO } from '../../main/engine/program.ts';
import type { Steps } from '../../main/engine/steps.ts';
import {
  type Client,
  type ClientEffect,
  type ClientInput,
  createClient,
} from '../../main/mixnet/client/client.ts';
import type { PeerId } from '../../main/mixnet/role.ts';
import { createClientStore } from '../../main/store/client-store.ts';
import { openDatabase } from '../../main/store/database.ts';
import type { OpenDb } from '../../main/store/handle.ts';
import { profileMigrations } from '../../main/store/migrations.ts';
import {
  type CallArgs,
  type CallValue,
  type EventName,
  type EventValue,
  events,
} from '../../shared/api.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { NodePeer } from '../../shared/network/topology.ts';
import type { Now } from '../../shared/time.ts';
import type { ClientWorld } from './client-world.ts';
import { seededRandom } from './random.ts';

export type MessengerCall = keyof Messenger['handlers'];
export type Told = { readonly event: EventName; readonly value: unknown };

export type MessengerRunOptions = {
  readonly name: string;
  /** A folder of the test's own. */
  readonly folder: string;
  /** The messenger's crypto; the world's real one where absent. */
  readonly crypto?: CryptoEngine;
  readonly log?: (line: string) => void;
};

let serial = 0;

export class MessengerRun {
  readonly name: string;
  readonly peer: PeerId;
  /** Every event, over all starts. */
  readonly told: Told[] = [];
  /** What came in, as it was sealed; with what was told again. */
  readonly cameIn: Uint8Array[] = [];
  starts = 0;
  role: Client;
  messenger: Messenger;
  file: string;
  db: OpenDb;
  readonly #world: ClientWorld;
  readonly #options: MessengerRunOptions;

  constructor(world: ClientWorld, options: MessengerRunOptions) {
    this.#world = world;
    this.#options = options;
    this.name = options.name;
    this.peer = `client:${1_000_000 + serial++}`;
    this.file = path.join(mkdtempSync(path.join(options.folder, 'user-')), 'profile.db');
    this.db = this.#open();
    this.role = this.#startRole();
    this.messenger = this.#startMessenger();
    this.messenger.joined();
  }

  get now(): Now {
    return this.#world.now;
  }

  /** Runs the world until the call is answered; throws `Killed` where its process ends over it. */
  async call<N extends MessengerCall>(name: N, args: CallArgs<N>): Promise<CallValue<N>> {
    const handler = this.messenger.handlers[name] as (given: unknown) => unknown;
    const { starts } = this;
    const answer = (async () => await handler(args))();
    return (await settle(this.#world, answer, () => this.starts !== starts)) as CallValue<N>;
  }

  heard<N extends EventName>(event: N): EventValue<N>[] {
    return this.told.flatMap((one) => (one.event === event ? [one.value as EventValue<N>] : []));
  }

  /** Ends without a word and starts again from the file as it is at this moment. */
  kill(): void {
    this.messenger.close();
    this.#world.remove(this.peer);
    const folder = mkdtempSync(path.join(this.#options.folder, 'user-'));
    const file = path.join(folder, 'profile.db');
    for (const ending of ['', '-wal', '.check']) {
      if (existsSync(this.file + ending)) cpSync(this.file + ending, file + ending);
    }
    this.db.close();
    this.restart(file);
  }

  /** Starts on another file: of its own after a kill, or a copy from before. */
  restart(file: string): void {
    this.file = file;
    this.db = this.#open();
    this.role = this.#startRole();
    this.messenger = this.#startMessenger();
    this.messenger.joined();
  }

  end(): void {
    this.messenger.close();
    this.#world.remove(this.peer);
    this.db.close();
  }

  #open(): OpenDb {
    const key = new Uint8Array(32).fill(3);
    return openDatabase({ file: this.file, key, migrations: profileMigrations });
  }

  #startRole(): Client {
    this.starts += 1;
    const { engine, sphinx, made } = this.#world;
    const random = (what: string) => seededRandom(`${this.name} ${what} ${this.starts}`);
    const role = createClient(
      {
        engine,
        sphinx,
        random: random('content'),
        instants: {
          payload: random('payload'),
          loop: random('loop'),
          drop: random('drop'),
          pull: random('pull'),
        },
        network: made.network,
        store: createClientStore(this.db, { unixMs: () => this.now.unixMs }),
      },
      this.now,
    );
    const input = (one: ClientInput) => this.#step(role, () => role.receive(one, this.now));
    this.#world.add({
      peer: this.peer,
      nextWakeAt: () => role.nextWakeAt() ?? Infinity,
      wake: () => this.#step(role, () => role.wake(this.now)),
      frame: (from, frame) => input({ kind: 'frame', peer: from, frame }),
      link: (to, isUp) => input({ kind: isUp ? 'link-up' : 'link-down', peer: to }),
    });
    return role;
  }

  #startMessenger(): Messenger {
    const { role } = this;
    const steps: Steps = (run, quietMs) =>
      new Promise((resolve, reject) => {
        let value: ReturnType<typeof run>;
        this.#step(role, () =>
          role.receive(
            {
              kind: 'step',
              run: (hands) => {
                value = run(hands);
              },
              onEnd: (error) => (error === null ? resolve(value) : reject(error)),
              ...(quietMs === undefined ? {} : { quietMs }),
            },
            this.now,
          ),
        );
      });
    return createMessenger({
      db: this.db,
      crypto: this.#options.crypto ?? this.#world.realEngine,
      random: seededRandom(`${this.name} messenger ${this.starts}`),
      now: () => this.now,
      steps,
      takesRaw: false,
      log: (level, event, fields) => {
        this.#options.log?.(`${level} ${event} ${JSON.stringify(fields ?? {})}`);
      },
      emit: (event, value) => {
        const parsed = events[event].safeParse(value);
        if (!parsed.success) throw new Error(`${event} is not of the contract's shape`);
        this.told.push({ event, value });
      },
      mixnet: () => ({ client: role, network: this.#world.made.network }),
      demo: () => NO_DEMO,
      join: () => {
        throw new Error('a user of this world has joined its network');
      },
      later: (run, delayMs) => {
        let isOff = false;
        this.#world.at(this.now.monotonicMs + Math.max(1, delayMs), () => {
          if (!isOff && this.role === role) run();
        });
        return () => {
          isOff = true;
        };
      },
    });
  }

  #step(role: Client, act: () => readonly ClientEffect[]): void {
    if (this.role !== role && this.role !== undefined) return;
    let effects: readonly ClientEffect[] = [];
    try {
      effects = act();
    } catch (error) {
      if (!failpoint.hasFired) throw error;
    }
    if (failpoint.hasFired && failpoint.file === this.file) {
      failpoint.clear();
      this.kill();
      return;
    }
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: ClientEffect): void {
    switch (effect.kind) {
      case 'send':
        this.#world.send(this.peer, effect.peer as NodePeer, effect.frame.slice());
        break;
      case 'neighbours':
        this.#world.dialAll(this.peer, effect.neighbours);
        break;
      case 'close':
        this.#world.hangUp(this.peer, effect.peer as NodePeer);
        break;
      case 'received':
        this.cameIn.push(effect.message.bytes);
        this.messenger.received(effect.message);
        break;
      case 'progress':
        this.messenger.progress(effect.progress);
        break;
      case 'token-done':
        this.messenger.tokenDone(effect.number);
        break;
      case 'status':
        this.messenger.statusChanged();
        break;
      case 'queued':
      case 'refused':
      case 'cancelled':
      case 'token-queued':
      case 'alarm':
        break;
    }
  }
}

/** Lets promises that wait for nothing but each other come to their ends. */
export const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Runs the world for so long, a little at a time. */
export async function runWorld(
  world: ClientWorld,
  ms: number,
  isOver = () => false,
): Promise<void> {
  for (let ran = 0; ran < ms && !isOver(); ran += SLICE_MS) {
    world.run(SLICE_MS);
    await breathe();
  }
}
const SLICE_MS = 10;

async function settle<T>(
  world: ClientWorld,
  answer: Promise<T>,
  isKilled: () => boolean,
): Promise<T> {
  let isSettled = false;
  void (async () => {
    await Promise.allSettled([answer]);
    isSettled = true;
  })();
  await breathe();
  await runWorld(world, 120_000, () => isSettled || isKilled());
  if (isKilled()) throw new Killed();
  if (!isSettled) throw new Error('a call was not answered');
  return await answer;
}

/**
 * A place at which the process of one user ends: just after its n-th write, or after the commit
 * that its n-th write is. From then on nothing more is written.
 */
export const failpoint = {
  file: '',
  /** Writes of this user's database so far. */
  count: 0,
  at: Infinity,
  hasFired: false,
  arm(file: string, at: number): void {
    Object.assign(failpoint, { file, at, count: 0, hasFired: false });
  },
  clear(): void {
    Object.assign(failpoint, { file: '', at: Infinity, hasFired: false });
  },
};

/** The process of a user ended. */
export class Killed extends Error {}

/** Counts every write that SQLite is asked for, and fails from the armed one on. */
export function installFailpoint(): void {
  const scratch = new Database(':memory:');
  const statements = Object.getPrototypeOf(scratch.prepare('SELECT 1')) as Patched;
  const databases = Object.getPrototypeOf(scratch) as Patched;
  scratch.close();
  const wrap = (of: Patched, name: 'run' | 'get' | 'all' | 'exec', isWrite: IsWrite) => {
    const real = of[name] as (...args: unknown[]) => unknown;
    of[name] = function (this: Target, ...args: unknown[]) {
      const file = this.database?.name ?? this.name ?? '';
      if (file !== failpoint.file || !isWrite(this, args)) return real.apply(this, args);
      if (failpoint.hasFired) throw new Killed();
      const result = real.apply(this, args);
      failpoint.count += 1;
      if (failpoint.count !== failpoint.at) return result;
      failpoint.hasFired = true;
      throw new Killed();
    };
  };
  wrap(statements, 'run', () => true);
  wrap(statements, 'get', (statement) => statement.readonly === false);
  wrap(statements, 'all', (statement) => statement.readonly === false);
  wrap(databases, 'exec', (_database, args) => args[0] === 'COMMIT');
}

type Target = {
  readonly database?: { readonly name: string };
  readonly name?: string;
  readonly readonly?: boolean;
};
type IsWrite = (target: Target, args: unknown[]) => boolean;
type Patched = Record<string, unknown>;
