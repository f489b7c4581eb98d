// The client role: one user's traffic with the network. It emits at instants that follow from the
// schedule alone, and does everything else (building, storing, answering the program) in moments
// when no emission is near, one unit at a time (design section 2).
import { toHex } from '../../../shared/bytes.ts';
import { CHALLENGE_SIZE } from '../../../shared/network/frame-sizes.ts';
import { encodeFrame, type Frame } from '../../../shared/network/frames.ts';
import { networkHash } from '../../../shared/network/network-file.ts';
import type { Traffic } from '../../../shared/network/traffic.ts';
import { drawBytes } from '../../../shared/random.ts';
import type { Now } from '../../../shared/time.ts';
import { makeHello } from '../greeting.ts';
import { type Counter, createCounter } from '../refusal.ts';
import type { PeerId } from '../role.ts';
import { isStoreFull } from '../store-full.ts';
import { createAbsence } from './absence.ts';
import { type ByteCount, createByteCount } from './byte-count.ts';
import { type Chores, createChores } from './chores.ts';
import { type Commands, createCommands } from './commands.ts';
import {
  CLIENT_EVENTS,
  type Client,
  type ClientEffect,
  type ClientEvent,
  type ClientInput,
  type ClientOptions,
  isOfLink,
  MESSAGE_SIZE_MAX_DEFAULT,
  type OfLink,
} from './contract.ts';
import { createDirectory, type Directory } from './directory.ts';
import { createAccount, createHome, type Home, type HomeParts } from './home.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createIntake, type Intake } from './intake.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createNews, type News } from './news.ts';
import { Outbox } from './outbox.ts';
import { createPulls, type Pulls } from './pulls.ts';
import { createSchedule, type Schedule, type Slot } from './schedule.ts';
import { createSlots, type Slots, WORK_GUARD_MS } from './slots.ts';
import { createStoreRoom, type StoreRoom } from './store-room.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { type ClientView, createView, pullMailCountOf } from './view.ts';
import { createWrites, type Writes } from './writes.ts';

export type {
  Client,
  ClientCommand,
  ClientEffect,
  ClientInput,
  ClientOptions,
} from './contract.ts';

/** Frames that wait for a quiet moment; the newest go, and what they carried is pulled again. */
export const FRAMES_MAX = 64;

/** The role; its store says where it left off. Instants begin with the first usable document. */
export function createClient(options: ClientOptions, start: Now): Client {
  const role = new ClientRole(options, start);
  const { receive, wake, nextWakeAt } = role;
  return { receive, wake, nextWakeAt, ...role.view() };
}

class ClientRole {
  readonly #options: ClientOptions;
  readonly #networkHash: Uint8Array;
  readonly #events: Counter<ClientEvent> = createCounter(CLIENT_EVENTS);
  readonly #directory: Directory;
  readonly #news: News;
  readonly #ledger: Ledger = createLedger();
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #schedule: Schedule;
  readonly #timeline: Timeline;
  readonly #slots: Slots = createSlots();
  readonly #pulls: Pulls;
  readonly #commands: Commands;
  readonly #intake: Intake;
  readonly #bytes: ByteCount = createByteCount();
  readonly #linked = new Set<PeerId>();
  /** What waits for a quiet moment. */
  readonly #frames: { readonly peer: PeerId; readonly frame: Uint8Array }[] = [];
  readonly #room: StoreRoom;
  readonly #writes: Writes;
  readonly #chores: Chores;
  #home: Home | null = null;
  #isHeld = false;
  #now: Now;

  constructor(options: ClientOptions, start: Now) {
    const { engine, random, network, store } = options;
    const { messageSizeMax = MESSAGE_SIZE_MAX_DEFAULT } = options;
    const stored = store.load();
    this.#options = options;
    this.#now = start;
    this.#networkHash = networkHash(engine, network);
    const providerKey = stored.account?.providerKey ?? null;
    const known = { providerKey, providerLink: stored.providerLink };
    this.#directory = createDirectory({ engine, random, network, store, ...known }, start);
    this.#news = createNews(this.#directory);
    this.#schedule = createSchedule(options.instants);
    this.#pulls = createPulls(options.instants.pull);
    const instants = { schedule: this.#schedule, slots: this.#slots, pulls: this.#pulls };
    this.#timeline = createTimeline({ directory: this.#directory, ...instants }, start);
    const sending = { store, random, traffic: this.#trafficOrNewest };
    this.#outbox = new Outbox(sending, stored, start.monotonicMs);
    const isOwnLoop = (messageId: Uint8Array) => this.#ledger.isExpected(toHex(messageId));
    this.#inbox = createInbox({ engine, store, isOwnLoop, messageSizeMax }, stored);
    this.#room = createStoreRoom(() => this.#now.monotonicMs);
    this.#writes = createWrites(this.#outbox, this.#room);
    this.#chores = createChores(
      {
        store,
        inbox: this.#inbox,
        absence: createAbsence(this.#directory, this.#outbox, start),
        isKnown: () => this.#isOnline() && !this.#room.isFull(),
        isMailDrained: () => this.#home?.mail.isDrained() ?? false,
      },
      start,
    );
    this.#commands = this.#createCommands();
    this.#intake = createIntake({
      networkHash: this.#networkHash,
      directory: this.#directory,
      pulls: this.#pulls,
      events: this.#events,
      home: () => this.#home,
      pullMailCount: this.#pullMailCount,
      send: this.#send,
      room: this.#room,
      later: this.#writes.later,
      onReceived: this.#chores.received,
    });
    if (stored.account !== null) this.#home = createHome(this.#parts(), stored.account, stored);
  }

  readonly receive = (input: ClientInput, now: Now): readonly ClientEffect[] => {
    if (!isOfLink(input)) return this.#finish(this.#commands.add(input), now);
    const effects = this.#follow(now);
    effects.push(...this.#take(input, now));
    return this.#finish(effects, now);
  };

  readonly wake = (now: Now): readonly ClientEffect[] => {
    const effects = now.monotonicMs >= this.#timeline.dueAtMs() ? this.#follow(now) : [];
    this.#now = now;
    const emitted = this.#emit(now);
    effects.push(...emitted);
    const isQuiet = now.monotonicMs + this.#guardMs() <= this.#timeline.emissionAtMs();
    if (emitted.length === 0 && isQuiet) effects.push(...this.#work(now));
    // What comes next may be a command: the first document counts from where it was taken.
    if (this.#timeline.traffic() === null) effects.push(...this.#follow(now));
    return this.#finish(effects, now);
  };

  readonly nextWakeAt = (): number => {
    const emissionAtMs = this.#timeline.emissionAtMs();
    const nowMs = this.#now.monotonicMs;
    const beginAtMs = this.#isWorkWaiting() ? nowMs : Math.max(this.#dueAtMs(), nowMs);
    // Work that would stand before an emission begins after it.
    const quietAtMs = beginAtMs + this.#guardMs() <= emissionAtMs ? beginAtMs : emissionAtMs;
    return Math.min(quietAtMs, this.#timeline.dueAtMs());
  };

  /** What can be asked of it. */
  readonly view = (): ClientView => {
    return createView({
      networkHash: this.#networkHash,
      directory: this.#directory,
      news: this.#news,
      room: this.#room,
      outbox: this.#outbox,
      inbox: this.#inbox,
      ledger: this.#ledger,
      slots: this.#slots,
      bytes: this.#bytes,
      events: this.#events,
      home: () => this.#home,
      now: () => this.#now,
      isHeld: () => this.#isHeld,
      traffic: this.#trafficOrNewest,
    });
  };

  readonly #trafficOrNewest = (): Traffic | null =>
    this.#timeline.traffic() ?? this.#directory.documents.newest()?.topology.traffic ?? null;
  readonly #pullMailCount = (): number => pullMailCountOf(this.#trafficOrNewest());

  #createCommands(): Commands {
    const { engine, random, store, messageSizeMax = MESSAGE_SIZE_MAX_DEFAULT } = this.#options;
    return createCommands({
      engine,
      random,
      networkHash: this.#networkHash,
      messageSizeMax,
      store,
      outbox: this.#outbox,
      inbox: this.#inbox,
      mail: () => this.#home?.mail ?? null,
      setHeld: (isHeld) => {
        this.#isHeld = isHeld;
      },
      tellAgain: this.#chores.tellAgain,
      room: this.#room,
      later: this.#writes.later,
    });
  }

  #parts(): HomeParts {
    return {
      options: this.#options,
      networkHash: this.#networkHash,
      directory: this.#directory,
      inbox: this.#inbox,
      outbox: this.#outbox,
      ledger: this.#ledger,
      room: this.#room,
      later: this.#writes.later,
      events: this.#events,
      onLeft: this.#writes.onLeft,
      onUnbuildable: this.#writes.onUnbuildable,
    };
  }

  readonly #send = (peer: PeerId, frame: Frame): ClientEffect => {
    return { kind: 'send', peer, frame: encodeFrame(frame, this.#pullMailCount()) };
  };

  #isOnline(): boolean {
    return this.#home?.session.state() === 'online';
  }

  /** Begins anew where it has to, and says what a sleep has made void. */
  #follow(now: Now): ClientEffect[] {
    this.#now = now;
    const isWoken = this.#timeline.follow(now);
    const oldest = this.#directory.oldestEpoch(now);
    if (oldest !== null) this.#ledger.keysGone(oldest, now.monotonicMs);
    if (!isWoken) return [];
    this.#events.count('clock_jump');
    this.#ledger.void('sleep');
    this.#directory.forgetClock();
    const peer = this.#home?.peer;
    return peer !== undefined && this.#linked.has(peer) ? [{ kind: 'close', peer }] : [];
  }

  #take(input: OfLink, now: Now): readonly ClientEffect[] {
    if (input.kind === 'link-up') return this.#linkUp(input.peer, now);
    if (input.kind === 'link-down') this.#linkDown(input.peer, now);
    else if (input.kind === 'not-sent') this.#slots.notSent(input.frame);
    else {
      this.#bytes.add(now.unixMs, { received: input.frame.length });
      if (this.#frames.length >= FRAMES_MAX) this.#events.count('frames_full');
      else this.#frames.push({ peer: input.peer, frame: input.frame });
    }
    return [];
  }

  #linkUp(peer: PeerId, now: Now): readonly ClientEffect[] {
    this.#linked.add(peer);
    if (this.#home?.peer === peer) this.#home.session.linkUp(now);
    this.#directory.linkUp(peer, now);
    const challenge = drawBytes(this.#options.random, CHALLENGE_SIZE);
    const hello = makeHello(this.#networkHash, this.#directory.documents, challenge, now);
    return [this.#send(peer, hello)];
  }

  #linkDown(peer: PeerId, now: Now): void {
    this.#linked.delete(peer);
    this.#directory.linkDown(peer, now);
    if (this.#home?.peer !== peer) return;
    this.#home.session.linkDown();
    this.#home.mail.linkDown();
    this.#pulls.linkDown();
    this.#ledger.void('reconnect');
  }

  /** What is due at this instant: packets and a pull, nothing that takes time. */
  #emit(now: Now): ClientEffect[] {
    this.#slots.add(this.#schedule.advance(now.monotonicMs));
    const isOnline = this.#isOnline();
    const effects: ClientEffect[] = this.#slots.emit(now, isOnline).map(({ peer, frame }) => {
      return { kind: 'send', peer, frame };
    });
    if (this.#pulls.take(now.monotonicMs) && this.#home !== null && isOnline) {
      const { session, mail, peer } = this.#home;
      const serial = this.#pulls.open(mail.sequences(), now.monotonicMs);
      effects.push(this.#send(peer, session.pullRequest(serial, mail.sequences(), mail.command())));
    }
    return effects;
  }

  #isWorkWaiting(): boolean {
    return this.#isPressing() || this.#commands.isWaiting() || this.#chores.hasToTell();
  }

  /** Whether something waits that goes before the program's commands. */
  #isPressing(): boolean {
    if (this.#writes.isWaiting() || this.#frames.length > 0) return true;
    return this.#dueAtMs() <= this.#now.monotonicMs || this.#slotToPrepare() !== null;
  }

  #guardMs = () =>
    this.#isPressing() ? WORK_GUARD_MS : this.#commands.guardMs(this.#timeline.traffic());

  /** Without a link nothing is built: the slot may still be in time for the next one. */
  #slotToPrepare(): Slot | null {
    return this.#isOnline() ? this.#slots.nextToPrepare(this.#now.monotonicMs) : null;
  }

  #dueAtMs(): number {
    return Math.min(
      this.#home?.session.nextWakeAtMs() ?? Infinity,
      this.#directory.nextWakeAtMs() ?? Infinity,
      this.#room.nextTryAtMs() ?? Infinity,
      this.#chores.dueAtMs(),
    );
  }

  /** One unit of what waits for a quiet moment; where it found no room, as if it had not begun. */
  #work(now: Now): readonly ClientEffect[] {
    try {
      return this.#unit(now);
    } catch (error) {
      if (!isStoreFull(error)) throw error;
      this.#room.setFull();
      const stored = this.#options.store.load();
      this.#outbox.reload(stored, now.monotonicMs);
      this.#inbox.reload(stored);
      this.#home?.mail.reload(stored);
      return [];
    }
  }

  /** The most pressing first. */
  #unit(now: Now): readonly ClientEffect[] {
    if (this.#writes.isWaiting()) return this.#writes.step();
    const slot = this.#slotToPrepare();
    if (slot !== null) {
      this.#slots.prepared(slot, this.#home?.prepare(slot, now, this.#isHeld) ?? null);
      return [];
    }
    const frame = this.#frames.shift();
    if (frame !== undefined) {
      return this.#settled(this.#intake.take(frame.peer, frame.frame, now), now);
    }
    if (this.#dueAtMs() <= now.monotonicMs) return this.#dueWork(now);
    if (this.#commands.isWaiting()) return this.#settled(this.#commands.step(), now);
    const id = this.#chores.takeToTell();
    if (id !== null) return this.#tell(id);
    return this.#dueWork(now);
  }

  #settled(effects: readonly ClientEffect[], now: Now): readonly ClientEffect[] {
    return [...effects, ...(this.#settle(now) ?? [])];
  }

  #dueWork(now: Now): readonly ClientEffect[] {
    const home = this.#home;
    const { store } = this.#options;
    const probe = () => (home === null ? undefined : store.setSequences(home.mail.sequences()));
    if (this.#room.tryAgain(now, probe)) return [];
    const settled = this.#settle(now);
    if (settled !== null) return settled;
    const isDue = (atMs: number | null) => atMs !== null && now.monotonicMs >= atMs;
    if (home !== null && isDue(home.session.nextWakeAtMs())) {
      return this.#intake.session(home, home.session.wake(now));
    }
    const directory = this.#directory;
    if (isDue(directory.nextWakeAtMs())) return this.#intake.document(directory.wake(now));
    return this.#chores.run(now);
  }

  /** Chooses a provider and makes keys for a mailbox there, once a document says who there is. */
  #settle(now: Now): readonly ClientEffect[] | null {
    const { providerKey, store } = this.#options;
    if (this.#home !== null || this.#room.isFull() || store.isLocked()) return null;
    if (this.#directory.groundAt(now.unixMs) === null) return null;
    const key = providerKey ?? this.#directory.drawProvider(now.unixMs);
    if (key === null) return null;
    const account = createAccount(this.#options, key);
    this.#directory.setProvider(key);
    const home = createHome(this.#parts(), account, store.load());
    this.#home = home;
    // A link from before has had its hello; the mailbox begins with one of its own.
    return this.#linked.has(home.peer) ? [{ kind: 'close', peer: home.peer }] : [];
  }

  #tell(id: number): readonly ClientEffect[] {
    const message = this.#options.store.received(id);
    return message === null ? [] : [{ kind: 'received', message }];
  }

  /** Adds what follows from any step: whom to be linked with, and the state, where it changed. */
  #finish(effects: readonly ClientEffect[], now: Now): readonly ClientEffect[] {
    for (const effect of effects) {
      if (effect.kind === 'send') this.#bytes.add(now.unixMs, { sent: effect.frame.length });
    }
    return [...effects, ...this.#news.take(this.#home, this.#room, now)];
  }
}
