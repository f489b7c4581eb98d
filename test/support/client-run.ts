// One client role in a world, with its real store in a file: its inputs, what it emitted and when,
// and what it told. Killed and started again, it goes on from a copy of its file as it was then.
import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import {
  type Client,
  type ClientCommand,
  type ClientEffect,
  type ClientOptions,
  createClient,
} from '../../main/mixnet/client/client.ts';
import type { ClientStore } from '../../main/mixnet/client/store.ts';
import type { PeerId } from '../../main/mixnet/role.ts';
import { createClientStore } from '../../main/store/client-store.ts';
import { openDatabase } from '../../main/store/database.ts';
import type { OpenDb } from '../../main/store/handle.ts';
import { profileMigrations } from '../../main/store/migrations.ts';
import type { MailboxAddress } from '../../shared/network/address.ts';
import type { NodePeer } from '../../shared/network/topology.ts';
import type { Now } from '../../shared/time.ts';
import type { ClientWorld } from './client-world.ts';
import { seededRandom } from './random.ts';

export type Emitted = { readonly atMs: number; readonly frame: Uint8Array };

export type RunOptions = {
  readonly name: string;
  /** A folder of the test's own. */
  readonly folder: string;
  /** Seeds of instants; the same seed gives the same schedule. */
  readonly instants?: string;
  readonly wrapStore?: (store: ClientStore, db: OpenDb) => ClientStore;
  readonly change?: (options: ClientOptions) => Partial<ClientOptions>;
  /** A role with a planted defect. */
  readonly plant?: (role: Client) => Client;
  /** Whether what arrives is taken at once; true unless said. */
  readonly takes?: boolean;
  readonly unixOffsetMs?: number;
};

let serial = 0;

export class ClientRun {
  role: Client;
  readonly peer: PeerId;
  /** Sphinx frames and pulls, in order. */
  readonly packets: Emitted[] = [];
  readonly pulls: Emitted[] = [];
  readonly told: ClientEffect[] = [];
  /** Received messages by id, as often as they were told. */
  readonly received: { readonly id: number; readonly bytes: Uint8Array }[] = [];
  /** Times the role was started. */
  starts = 0;
  unixOffsetMs: number;
  /** The process stands still: it is not woken, and what comes waits. */
  isStalled = false;
  readonly #world: ClientWorld;
  readonly #options: RunOptions;
  #db: OpenDb | null = null;
  #file: string;
  #wanted = new Set<NodePeer>();
  #ref = 0;

  constructor(world: ClientWorld, options: RunOptions) {
    this.#world = world;
    this.#options = options;
    this.peer = `client:${serial++}`;
    this.unixOffsetMs = options.unixOffsetMs ?? 0;
    this.#file = path.join(mkdtempSync(path.join(options.folder, 'client-')), 'profile.db');
    this.role = this.#start();
  }

  get now(): Now {
    const { monotonicMs, unixMs } = this.#world.now;
    return { monotonicMs, unixMs: unixMs + this.unixOffsetMs };
  }

  /** Gives a command; refs count from 1. */
  command(command: ClientCommand): void {
    this.#step(() => this.role.receive(command, this.now));
  }

  send(address: MailboxAddress, bytes: Uint8Array, priority = 'interactive' as const): number {
    const ref = ++this.#ref;
    this.command({ kind: 'send', ref, address, bytes, priority });
    return ref;
  }

  /** A frame as if the provider had sent it. */
  inject(frame: Uint8Array): void {
    const peer = this.#wantedProvider();
    this.#step(() => this.role.receive({ kind: 'frame', peer, frame }, this.now));
  }

  #wantedProvider(): NodePeer {
    const [peer] = this.#wanted;
    if (peer === undefined) throw new Error('the client wants no provider');
    return peer;
  }

  /** The id that a send was queued under. */
  idOf(ref: number): number | null {
    const queued = this.told.find((effect) => effect.kind === 'queued' && effect.ref === ref);
    return queued?.kind === 'queued' ? queued.id : null;
  }

  states(id: number): string[] {
    return this.told.flatMap((effect) =>
      effect.kind === 'progress' && effect.progress.id === id ? [effect.progress.state] : [],
    );
  }

  /** Ends without a word and starts again from the file as it is at this moment. */
  kill(): void {
    this.#world.remove(this.peer);
    const folder = mkdtempSync(path.join(this.#options.folder, 'client-'));
    const file = path.join(folder, 'profile.db');
    for (const ending of ['', '-wal', '.check']) {
      if (existsSync(this.#file + ending)) cpSync(this.#file + ending, file + ending);
    }
    this.#db?.close();
    this.#file = file;
    this.#wanted = new Set();
    this.role = this.#start();
  }

  end(): void {
    this.#world.remove(this.peer);
    this.#db?.close();
    this.#db = null;
  }

  #start(): Client {
    this.starts += 1;
    const { name, instants = name, wrapStore = (store) => store } = this.#options;
    const { engine, sphinx, made } = this.#world;
    const key = new Uint8Array(32).fill(3);
    this.#db = openDatabase({ file: this.#file, key, migrations: profileMigrations });
    const store = wrapStore(
      createClientStore(this.#db, { unixMs: () => this.now.unixMs }),
      this.#db,
    );
    const instantsOf = (stream: string) => seededRandom(`${instants} ${stream} ${this.starts}`);
    const options: ClientOptions = {
      engine,
      sphinx,
      random: seededRandom(`${name} content ${this.starts}`),
      instants: {
        payload: instantsOf('payload'),
        loop: instantsOf('loop'),
        drop: instantsOf('drop'),
        pull: instantsOf('pull'),
      },
      network: made.network,
      store,
    };
    const sound = createClient({ ...options, ...this.#options.change?.(options) }, this.now);
    const role = this.#options.plant?.(sound) ?? sound;
    this.#world.add({
      peer: this.peer,
      nextWakeAt: () => (this.isStalled ? Infinity : (this.role.nextWakeAt() ?? Infinity)),
      wake: () => this.#step(() => this.role.wake(this.now)),
      frame: (from, frame) => {
        this.#step(() => this.role.receive({ kind: 'frame', peer: from, frame }, this.now));
      },
      link: (to, isUp) => {
        const kind = isUp ? 'link-up' : 'link-down';
        this.#step(() => this.role.receive({ kind, peer: to }, this.now));
      },
    });
    return role;
  }

  /** A step whose process may be killed in it: nothing of it is carried out then. */
  #step(step: () => readonly ClientEffect[]): void {
    let effects: readonly ClientEffect[];
    try {
      effects = step();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.kill();
      return;
    }
    this.#carryOut(effects);
  }

  #carryOut(effects: readonly ClientEffect[]): void {
    const atMs = this.#world.now.monotonicMs;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send': {
          const frame = effect.frame.slice();
          if (frame[0] === 2) this.packets.push({ atMs, frame });
          if (frame[0] === 3) this.pulls.push({ atMs, frame });
          this.#world.send(this.peer, effect.peer as NodePeer, frame);
          break;
        }
        case 'neighbours':
          this.#wanted = this.#world.dialAll(this.peer, effect.neighbours);
          break;
        case 'close':
          this.#world.hangUp(this.peer, effect.peer as NodePeer);
          break;
        case 'received': {
          const { id, bytes } = effect.message;
          this.received.push({ id, bytes });
          if (this.#options.takes === false) break;
          this.#world.at(atMs, () => this.command({ kind: 'taken', id }));
          break;
        }
        case 'queued':
        case 'refused':
        case 'cancelled':
        case 'progress':
        case 'status':
        case 'alarm':
        case 'token-queued':
        case 'token-done':
          this.told.push(effect);
      }
    }
  }
}

/** What a store throws where its process is killed. */
export class Killed extends Error {}

/**
 * The same store, killed before its n-th write (from 1), amid a transaction where the write is in
 * one. `atomically` writes nothing of its own.
 */
export function killedAt(store: ClientStore, write: number): ClientStore {
  let writes = 0;
  const counted = <A extends readonly unknown[], R>(act: (...args: A) => R) => {
    return (...args: A): R => {
      writes += 1;
      if (writes === write) throw new Killed();
      return act(...args);
    };
  };
  return {
    ...store,
    documents: { ...store.documents, save: counted(store.documents.save) },
    createAccount: counted(store.createAccount),
    setProviderLink: counted(store.setProviderLink),
    setSequences: counted(store.setSequences),
    addMessage: counted(store.addMessage),
    addFragments: counted(store.addFragments),
    reserve: counted(store.reserve),
    release: counted(store.release),
    acknowledged: counted(store.acknowledged),
    setState: counted(store.setState),
    addPart: counted(store.addPart),
    take: counted(store.take),
    addTokenCommand: counted(store.addTokenCommand),
    removeTokenCommands: counted(store.removeTokenCommands),
    renewTokens: counted(store.renewTokens),
  };
}

/** The mailbox of a client that has one. */
export function addressOf(run: ClientRun): MailboxAddress {
  const address = run.role.address();
  if (address === null) throw new Error('the client has no mailbox yet');
  return address;
}
