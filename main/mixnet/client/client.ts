// The client role: one user's traffic with the network. It emits at instants that follow from the
// schedule alone, and does everything else (building, storing, answering the program) in moments
// when no emission is near, one unit at a time (design section 2).
import { toHex } from '../../../shared/bytes.ts';
import type { MailboxAddress } from '../../../shared/network/address.ts';
import { CHALLENGE_SIZE } from '../../../shared/network/frame-sizes.ts';
import { encodeFrame, type Frame } from '../../../shared/network/frames.ts';
import { networkHash } from '../../../shared/network/network-file.ts';
import type { Traffic } from '../../../shared/network/traffic.ts';
import { drawBytes } from '../../../shared/random.ts';
import type { Now } from '../../../shared/time.ts';
import { makeHello } from '../greeting.ts';
import { type Counter, createCounter } from '../refusal.ts';
import type { PeerId } from '../role.ts';
import { type ByteCount, createByteCount } from './byte-count.ts';
import { type Chores, createChores } from './chores.ts';
import { type Commands, createCommands } from './commands.ts';
import {
  CLIENT_EVENTS,
  type Client,
  type ClientCounters,
  type ClientEffect,
  type ClientEvent,
  type ClientInput,
  type ClientOptions,
  type ForecastMessage,
  MESSAGE_SIZE_MAX_DEFAULT,
} from './contract.ts';
import { createDirectory, type Directory, newestDocument } from './directory.ts';
import { createAccount, createHome, type Home, type HomeParts } from './home.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createIntake, type Intake } from './intake.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { addressOf, createNews, forecastOf, type News } from './news.ts';
import { Outbox } from './outbox.ts';
import { createPulls, type Pulls } from './pulls.ts';
import { createSchedule, type Schedule, type Slot } from './schedule.ts';
import { createSlots, type Slots, WORK_GUARD_MS } from './slots.ts';
import { createStoreRoom, isStoreFull, type StoreRoom } from './store-room.ts';
import { createWrites, type Writes } from './writes.ts';

export type {
  Client,
  ClientCommand,
  ClientEffect,
  ClientInput,
  ClientOptions,
} from './contract.ts';

/** A wake so late for a slot or pull, or a clock so far off, that the machine slept or was set. */
export const SUSPEND_MS_MIN = 2_000;
/** Frames that wait for a quiet moment; the newest go, and what they carried is pulled again. */
export const FRAMES_MAX = 64;

/** The role; its store says where it left off. Instants begin with the first usable document. */
export function createClient(options: ClientOptions, start: Now): Client {
  return new ClientRole(options, start);
}

class ClientRole implements Client {
  readonly #options: ClientOptions;
  readonly #networkHash: Uint8Array;
  readonly #events: Counter<ClientEvent> = createCounter(CLIENT_EVENTS);
  readonly #directory: Directory;
  readonly #news: News;
  readonly #ledger: Ledger = createLedger();
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #schedule: Schedule;
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
  #traffic: Traffic | null = null;
  #now: Now;

  constructor(options: ClientOptions, start: Now) {
    const { engine, random, network, store } = options;
    const stored = store.load();
    this.#options = options;
    this.#now = start;
    this.#networkHash = networkHash(engine, network);
    const providerKey = stored.account?.providerKey ?? null;
    const known = { providerKey, providerLink: stored.providerLink };
    this.#directory = createDirectory({ engine, random, network, store, ...known }, start);
    this.#news = createNews(this.#directory);
    this.#outbox = new Outbox({ store, random, traffic: this.traffic }, stored, start.monotonicMs);
    const isOwnLoop = (messageId: Uint8Array) => this.#ledger.isExpected(toHex(messageId));
    this.#inbox = createInbox({ engine, store, isOwnLoop }, stored);
    this.#schedule = createSchedule(options.instants);
    this.#pulls = createPulls(options.instants.pull);
    this.#room = createStoreRoom(() => this.#now.monotonicMs);
    this.#writes = createWrites(this.#outbox, this.#room);
    this.#chores = createChores(this.#inbox, store, start);
    this.#commands = this.#createCommands();
    this.#intake = createIntake({
      networkHash: this.#networkHash,
      directory: this.#directory,
      pulls: this.#pulls,
      events: this.#events,
      home: () => this.#home,
      pullMailCount: this.pullMailCount,
      send: this.#send,
      room: this.#room,
      later: this.#writes.later,
      onReceived: this.#chores.received,
    });
    if (stored.account !== null) this.#home = createHome(this.#parts(), stored.account, stored);
  }

  readonly receive = (input: ClientInput, now: Now): readonly ClientEffect[] => {
    const effects = this.#follow(now);
    effects.push(...this.#take(input, now));
    return this.#finish(effects, now);
  };

  readonly wake = (now: Now): readonly ClientEffect[] => {
    const effects = this.#follow(now);
    const emitted = this.#emit(now);
    effects.push(...emitted);
    const isQuiet = now.monotonicMs + this.#guardMs() <= this.#nextEmissionAtMs();
    if (emitted.length === 0 && isQuiet) effects.push(...this.#work(now));
    return this.#finish(effects, now);
  };

  readonly nextWakeAt = (): number => {
    const emissionAtMs = this.#nextEmissionAtMs();
    const nowMs = this.#now.monotonicMs;
    const beginAtMs = this.#isWorkWaiting() ? nowMs : Math.max(this.#dueAtMs(), nowMs);
    // Work that would stand before an emission begins after it.
    const quietAtMs = beginAtMs + this.#guardMs() <= emissionAtMs ? beginAtMs : emissionAtMs;
    return Math.min(quietAtMs, emissionAtMs, this.#schedule.nextAdvanceAtMs() ?? Infinity);
  };

  readonly status = () => this.#news.status(this.#home, this.#room, this.#now);

  readonly address = (): MailboxAddress | null =>
    this.#home === null ? null : addressOf(this.#home, this.#networkHash);

  readonly traffic = (): Traffic | null => this.#traffic ?? this.#newestTraffic();
  readonly pullMailCount = (): number => this.traffic()?.pullMailCount ?? 1;

  readonly progress = (id: number) => this.#outbox.progress(id);
  readonly messages = () => this.#outbox.all();
  readonly ledger = () => this.#ledger.summary();
  readonly probes = this.#ledger.decided;
  readonly flying = this.#ledger.pending;
  readonly document = () => newestDocument(this.#directory.documents, this.#now.unixMs);
  readonly pulledAtMs = () => this.#home?.mail.pulledAtMs() ?? null;

  readonly page = (afterId: number, max: number): readonly ForecastMessage[] =>
    this.#outbox.page(afterId, max).map(({ slots, ...progress }) => {
      return { ...progress, forecast: forecastOf(slots, this.#traffic) };
    });
  readonly forecast = (id: number) => forecastOf(this.#outbox.slotsUntilGone(id), this.#traffic);

  readonly counters = (): ClientCounters => ({
    events: this.#events.snapshot(),
    streams: this.#slots.counts(),
    inbox: this.#inbox.counts(),
    outbox: this.#outbox.counts(),
    backlog: this.#home?.mail.backlog() ?? { mails: 0, acknowledgements: 0 },
    days: this.#bytes.days(),
  });

  readonly #newestTraffic = (): Traffic | null =>
    this.#directory.documents.newest()?.topology.traffic ?? null;

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
      onLeft: this.#writes.onLeft,
    };
  }

  readonly #send = (peer: PeerId, frame: Frame): ClientEffect => {
    return { kind: 'send', peer, frame: encodeFrame(frame, this.pullMailCount()) };
  };

  #isOnline(): boolean {
    return this.#home?.session.state() === 'online';
  }

  /** Follows the network's rates; begins anew after a sleep or where the clock was set. */
  #follow(now: Now): ClientEffect[] {
    const before = this.#now;
    this.#now = now;
    const movedMs = now.unixMs - before.unixMs - (now.monotonicMs - before.monotonicMs);
    const dueAtMs = Math.min(this.#nextEmissionAtMs(), this.#schedule.nextAtMs() ?? Infinity);
    const lateMs = now.monotonicMs - dueAtMs;
    const isWoken = Math.abs(movedMs) > SUSPEND_MS_MIN || lateMs > SUSPEND_MS_MIN;
    const traffic = this.#directory.groundAt(now.unixMs)?.topology.traffic ?? this.#traffic;
    const isOther = traffic?.name !== this.#traffic?.name;
    this.#traffic = traffic;
    if (traffic !== null && (isWoken || isOther)) {
      this.#slots.clear();
      this.#schedule.restart(now.monotonicMs, traffic);
      this.#pulls.restart(now.monotonicMs, traffic.pullIntervalMs);
    }
    const oldest = this.#directory.oldestEpoch(now);
    if (oldest !== null) this.#ledger.keysGone(oldest, now.monotonicMs);
    if (!isWoken) return [];
    this.#events.count('clock_jump');
    this.#ledger.void('sleep');
    this.#directory.forgetClock();
    const peer = this.#home?.peer;
    return peer !== undefined && this.#linked.has(peer) ? [{ kind: 'close', peer }] : [];
  }

  #take(input: ClientInput, now: Now): readonly ClientEffect[] {
    if (input.kind === 'link-up') return this.#linkUp(input.peer, now);
    if (input.kind === 'link-down') this.#linkDown(input.peer, now);
    else if (input.kind === 'not-sent') this.#slots.notSent(input.frame);
    else if (input.kind === 'frame') {
      this.#bytes.add(now.unixMs, { received: input.frame.length });
      if (this.#frames.length >= FRAMES_MAX) this.#events.count('frames_full');
      else this.#frames.push({ peer: input.peer, frame: input.frame });
    } else return this.#commands.add(input);
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

  #nextEmissionAtMs(): number {
    return Math.min(this.#slots.nextEmissionAtMs() ?? Infinity, this.#pulls.nextAtMs() ?? Infinity);
  }

  #isWorkWaiting(): boolean {
    return this.#isPressing() || this.#commands.isWaiting() || this.#chores.hasToTell();
  }

  /** Whether something waits that goes before the program's commands. */
  #isPressing(): boolean {
    const isListed = this.#writes.isWaiting() || this.#frames.length > 0;
    return isListed || this.#slotToPrepare() !== null;
  }

  #guardMs = () => (this.#isPressing() ? WORK_GUARD_MS : this.#commands.guardMs(this.#traffic));

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
    if (frame !== undefined || this.#commands.isWaiting()) {
      const step = () => this.#commands.step();
      const effects =
        frame === undefined ? step() : this.#intake.take(frame.peer, frame.frame, now);
      return [...effects, ...(this.#settle(now) ?? [])];
    }
    const id = this.#chores.takeToTell();
    if (id !== null) return this.#tell(id);
    return this.#dueWork(now);
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
    this.#chores.run(now);
    return [];
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
