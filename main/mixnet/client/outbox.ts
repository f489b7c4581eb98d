// Messages on their way: which fragment is next in a payload slot, what is expected back for it,
// when it is tried again and when to give up (design section 2, "Retransmission"). Tries are
// durable before their packet leaves; states are told once they are durable.
import { assert } from '../../../shared/assert.ts';
import { toHex } from '../../../shared/bytes.ts';
import type { Traffic } from '../../../shared/network/traffic.ts';
import { drawExponential, type RandomSource } from '../../../shared/random.ts';
import { createFairQueue, type Lane } from './fair-queue.ts';
import { left, slotsUntilEachGone, slotsUntilGone, unsent } from './outbox-queue.ts';
import type {
  ClientStore,
  ExpectedIdentifier,
  MessageState,
  Recipient,
  StoredClient,
  StoredMessage,
} from './store.ts';
import { MESSAGE_STATES } from './store.ts';

/** Tries of one fragment, the first included: bounds what withheld acknowledgements provoke. */
export const TRIES_MAX = 5;
/** Messages of at most so many fragments go before longer ones. */
export const SHORT_FRAGMENTS_MAX = 4;
/** Messages and bytes that wait or are not acknowledged; beyond, `send` is refused. */
export const OUTBOX_MESSAGES_MAX = 20_000;
export const OUTBOX_BYTES_MAX = 32 * 1_024 * 1_024;
/** Delay of a hop that is reckoned with where no document says one. */
const HOP_DELAY_MS_UNKNOWN = 1_000;
/** p99.9 of eight exponential delays, in means: for a try whose delays a restart has forgotten. */
const ROUND_TRIP_MEANS = 19.6;

/** A fragment that was taken for a packet. */
export type Taken = {
  readonly id: number;
  readonly index: number;
  readonly messageId: Uint8Array;
  readonly contactTag: Uint8Array;
  readonly fragmentCount: number;
  readonly recipient: Recipient;
};

export type MessageProgress = {
  readonly id: number;
  readonly state: MessageState;
  readonly fragmentsAcknowledged: number;
  readonly fragmentCount: number;
  /** Which try of a fragment is the latest, or the next after a lost one: 1 to 5. */
  readonly tryCount: number;
};

type Flight = {
  readonly id: number;
  readonly index: number;
  tries: number;
  phase: 'reserved' | 'sent' | 'waiting';
  /** Reserved or sent: when its acknowledgement is overdue; waiting: when it may go again. */
  atMs: number;
};

type Message = {
  readonly id: number;
  readonly stored: StoredMessage;
  readonly lane: Lane;
  state: MessageState;
  readonly acknowledged: Set<number>;
  /** Fragments to be sent again at once; before `nextIndex`. */
  readonly again: number[];
  nextIndex: number;
  tryCount: number;
};

export type OutboxCounts = {
  readonly messages: number;
  /** Messages of which something waits for a slot. */
  readonly messagesQueued: number;
  readonly bytes: number;
  readonly fragmentsQueued: number;
  readonly fragmentsInFlight: number;
  /** Since the start; retransmissions are among them. */
  readonly packetsSent: number;
  readonly retransmissions: number;
  readonly notConfirmed: number;
};

export type OutboxOptions = {
  readonly store: ClientStore;
  /** For waits before another try. */
  readonly random: RandomSource;
  readonly traffic: () => Traffic | null;
};

export class Outbox {
  readonly #store: ClientStore;
  readonly #random: RandomSource;
  readonly #traffic: () => Traffic | null;
  readonly #messages = new Map<number, Message>();
  readonly #flights = new Map<string, Flight>();
  readonly #expected = new Map<string, ExpectedIdentifier>();
  readonly #queue = createFairQueue<Message>();
  #bytes = 0;
  #packetsSent = 0;
  #retransmissions = 0;
  #notConfirmed = 0;

  constructor(options: OutboxOptions, stored: StoredClient, nowMs: number) {
    this.#store = options.store;
    this.#random = options.random;
    this.#traffic = options.traffic;
    this.reload(stored, nowMs);
  }

  /** Begins anew with what is durable. */
  reload(stored: StoredClient, nowMs: number): void {
    for (const message of this.#messages.values()) this.#drop(message);
    for (const message of stored.messages) {
      const held = this.#hold(message);
      if (!isOver(message.state)) this.#resume(held, nowMs);
    }
    for (const one of stored.expected) this.#expected.set(toHex(one.identifier), one);
  }

  add(stored: StoredMessage): void {
    this.#hold(stored);
  }

  hasRoom(size: number): boolean {
    return this.#messages.size < OUTBOX_MESSAGES_MAX && this.#bytes + size <= OUTBOX_BYTES_MAX;
  }

  /** The fragment for the next payload slot; `accepts` passes over what cannot go. */
  take(nowMs: number, accepts: (recipient: Recipient) => boolean): Taken | null {
    this.#promote(nowMs);
    const message = this.#queue.next(({ stored: { recipient } }) => accepts(recipient));
    if (message === null) return null;
    const index = message.again.shift() ?? message.nextIndex++;
    if (left(message) === 0) this.#queue.remove(message.lane, message);
    const { messageId, contactTag, fragmentCount, recipient } = message.stored;
    return { id: message.id, index, messageId, contactTag, fragmentCount, recipient };
  }

  /** Durable: one more try, known by `identifier`. */
  reserve({ id, index }: Taken, identifier: Uint8Array): void {
    const one = { identifier, id, index };
    this.#store.reserve(one);
    this.#expected.set(toHex(identifier), one);
    const key = flightKey(id, index);
    const tries = (this.#flights.get(key)?.tries ?? 0) + 1;
    this.#flights.set(key, { id, index, tries, phase: 'reserved', atMs: 0 });
  }

  /** The packet left; its acknowledgement is due by then. True where it is the message's first. */
  sent({ id, index }: Taken, deadlineMs: number): boolean {
    const message = this.#messages.get(id);
    const flight = this.#flights.get(flightKey(id, index));
    if (message === undefined || flight === undefined) return false;
    flight.phase = 'sent';
    flight.atMs = deadlineMs;
    this.#packetsSent += 1;
    if (flight.tries > 1) this.#retransmissions += 1;
    return message.state === 'queued';
  }

  /** The packet is about to be destroyed: it has not left. */
  recall({ id, index }: Taken): void {
    const flight = this.#flights.get(flightKey(id, index));
    if (flight === undefined) return;
    if (flight.phase === 'sent') this.#packetsSent -= 1;
    flight.phase = 'reserved';
  }

  /** The packet was destroyed: the fragment is the first of its message again. */
  returned({ id, index }: Taken, identifier: Uint8Array | null): void {
    const message = this.#messages.get(id);
    if (message === undefined) return;
    if (identifier !== null) this.#release(message, index, identifier);
    if (isOver(message.state) || message.acknowledged.has(index)) return;
    if (!message.again.includes(index)) message.again.unshift(index);
    this.#queue.pushFirst(message.lane, message);
  }

  /** What an identifier acknowledges, once; null for one that nobody waits for. */
  acknowledge(identifier: Uint8Array): MessageProgress | null {
    const one = this.#expected.get(toHex(identifier));
    if (one === undefined) return null;
    const { id, index } = one;
    const message = this.#messageOf(id);
    this.#store.acknowledged(id, index);
    for (const [key, other] of this.#expected) {
      if (other.id === id && other.index === index) this.#expected.delete(key);
    }
    this.#flights.delete(flightKey(id, index));
    // A try from before a resend may answer for a fragment that was not taken since.
    while (message.nextIndex <= index) message.again.push(message.nextIndex++);
    message.acknowledged.add(index);
    const at = message.again.indexOf(index);
    if (at >= 0) message.again.splice(at, 1);
    if (left(message) === 0) this.#queue.remove(message.lane, message);
    const isAll = message.acknowledged.size === message.stored.fragmentCount;
    this.#setState(message, isAll ? 'at_provider' : 'in_mix');
    return progressOf(message);
  }

  /** All acknowledgements that arrived by `pulledAtMs` have been seen: what is overdue is lost. */
  overdue(pulledAtMs: number, nowMs: number): readonly MessageProgress[] {
    const told = new Map<number, MessageProgress>();
    for (const flight of this.#flights.values()) {
      if (flight.phase !== 'sent' || flight.atMs > pulledAtMs) continue;
      const message = this.#messageOf(flight.id);
      if (flight.tries >= TRIES_MAX) {
        this.#giveUp(message);
        told.set(message.id, progressOf(message));
        continue;
      }
      const waitMsMean = this.#roundTripMs() * 2 ** (flight.tries - 1);
      flight.phase = 'waiting';
      flight.atMs = nowMs + drawExponential(this.#random, waitMsMean);
      message.tryCount = Math.max(message.tryCount, flight.tries + 1);
      told.set(message.id, progressOf(message));
    }
    return [...told.values()];
  }

  /** Durable, once the first packet of a message has left; null where that is known, or untrue. */
  markInMix(id: number): MessageProgress | null {
    const message = this.#messages.get(id);
    const hasLeft = this.#flightsOf(id).some(({ phase }) => phase === 'sent');
    if (message === undefined || !hasLeft) return null;
    return this.#setState(message, 'in_mix') ? progressOf(message) : null;
  }

  /** Removes a message of which nothing was taken yet. */
  cancel(id: number): boolean {
    const message = this.#messages.get(id);
    if (message === undefined || message.state !== 'queued') return false;
    if (message.acknowledged.size > 0 || this.#flightsOf(id).length > 0) return false;
    this.forget(id);
    return true;
  }

  forget(id: number): void {
    const message = this.#messages.get(id);
    if (message === undefined) return;
    this.#store.remove(id);
    this.#drop(message);
  }

  /** New tries for what is not acknowledged, under a new id; null where it is not over. */
  renew(id: number): StoredMessage | null {
    const message = this.#messages.get(id);
    if (message === undefined || message.state !== 'not_confirmed') return null;
    const renewed = this.#store.renew(id);
    const kept = [...this.#expected].filter(([, one]) => one.id === id);
    this.#drop(message);
    this.#hold(renewed);
    for (const [key, one] of kept) this.#expected.set(key, { ...one, id: renewed.id });
    return renewed;
  }

  progress(id: number): MessageProgress | null {
    const message = this.#messages.get(id);
    return message === undefined ? null : progressOf(message);
  }

  all(): readonly MessageProgress[] {
    return [...this.#messages.values()].map(progressOf);
  }

  /** λP slots until the last fragment of a message was taken, by the queue as it is. */
  slotsUntilGone(id: number): number | null {
    const message = this.#messages.get(id);
    return message === undefined ? null : slotsUntilGone(message, this.#queue.waiting);
  }

  /** At most `max` of those with a later id, by id; with the slots until each is gone. */
  page(afterId: number, max: number): readonly (MessageProgress & { slots: number | null })[] {
    const later = [...this.#messages.keys()].filter((id) => id > afterId);
    const ids = later.sort((one, other) => one - other).slice(0, max);
    const page = ids.map((id) => this.#messageOf(id));
    const slots = slotsUntilEachGone(page, this.#queue.waiting);
    return page.map((one, at) => ({ ...progressOf(one), slots: slots[at] ?? null }));
  }

  counts(): OutboxCounts {
    const waiting = [...this.#queue.waiting('short'), ...this.#queue.waiting('long')];
    return {
      messages: this.#messages.size,
      messagesQueued: waiting.length,
      bytes: this.#bytes,
      fragmentsQueued: waiting.reduce((sum, message) => sum + left(message), 0),
      fragmentsInFlight: this.#flights.size,
      packetsSent: this.#packetsSent,
      retransmissions: this.#retransmissions,
      notConfirmed: this.#notConfirmed,
    };
  }

  #messageOf(id: number): Message {
    const message = this.#messages.get(id);
    assert(message !== undefined, 'flights and identifiers belong to a message');
    return message;
  }

  #flightsOf(id: number): readonly Flight[] {
    return [...this.#flights.values()].filter((flight) => flight.id === id);
  }

  #hold(stored: StoredMessage): Message {
    const { id, state, nextIndex } = stored;
    const acknowledged = new Set(stored.acknowledged);
    const lane = laneOf(stored);
    const tryCount = Math.max(1, ...stored.flights.map(({ tries }) => tries));
    const ways = { lane, state, acknowledged, again: unsent(stored), nextIndex, tryCount };
    const message: Message = { id, stored, ...ways };
    this.#messages.set(id, message);
    this.#bytes += stored.size;
    if (!isOver(state) && left(message) > 0) this.#queue.push(lane, message);
    return message;
  }

  /** What was under way when the process ended: whether it left or not, it counts as a try. */
  #resume(message: Message, nowMs: number): void {
    const delayMsMean = this.#traffic()?.hopDelayMsMean ?? HOP_DELAY_MS_UNKNOWN;
    const atMs = nowMs + ROUND_TRIP_MEANS * delayMsMean + this.#roundTripMs();
    const { id } = message;
    for (const { index, tries } of message.stored.flights) {
      if (tries === 0) continue;
      this.#flights.set(flightKey(id, index), { id, index, tries, phase: 'sent', atMs });
    }
  }

  #drop(message: Message): void {
    this.#messages.delete(message.id);
    this.#bytes -= message.stored.size;
    this.#land(message);
    for (const [key, one] of this.#expected) if (one.id === message.id) this.#expected.delete(key);
  }

  /** Nothing of it is sent any more. */
  #land(message: Message): void {
    this.#queue.remove(message.lane, message);
    for (const [key, one] of this.#flights) if (one.id === message.id) this.#flights.delete(key);
  }

  #giveUp(message: Message): void {
    this.#notConfirmed += 1;
    this.#setState(message, 'not_confirmed');
  }

  /** Durable when it returns. False where that much, or more, is known. */
  #setState(message: Message, state: MessageState): boolean {
    if (MESSAGE_STATES.indexOf(state) <= MESSAGE_STATES.indexOf(message.state)) return false;
    this.#store.setState(message.id, state);
    message.state = state;
    if (isOver(state)) this.#land(message);
    return true;
  }

  #release(message: Message, index: number, identifier: Uint8Array): void {
    this.#store.release({ identifier, id: message.id, index });
    this.#expected.delete(toHex(identifier));
    const key = flightKey(message.id, index);
    const flight = this.#flights.get(key);
    if (flight === undefined) return;
    if (flight.tries === 1) {
      this.#flights.delete(key);
      return;
    }
    flight.tries -= 1;
    flight.phase = 'waiting';
    flight.atMs = -Infinity;
  }

  #roundTripMs(): number {
    const traffic = this.#traffic();
    return 8 * (traffic?.hopDelayMsMean ?? HOP_DELAY_MS_UNKNOWN) + (traffic?.pullIntervalMs ?? 0);
  }

  /** Puts fragments whose wait is over before what was never sent. */
  #promote(nowMs: number): void {
    for (const { id, index, phase, atMs } of this.#flights.values()) {
      if (phase !== 'waiting' || atMs > nowMs) continue;
      const message = this.#messageOf(id);
      if (message.again.includes(index)) continue;
      message.again.push(index);
      this.#queue.pushFirst(message.lane, message);
    }
  }
}

const flightKey = (id: number, index: number) => `${id}:${index}`;
const isOver = (state: MessageState) => state === 'not_confirmed' || state === 'at_provider';

function progressOf({ id, state, acknowledged, stored, tryCount }: Message): MessageProgress {
  const { fragmentCount } = stored;
  return { id, state, fragmentsAcknowledged: acknowledged.size, fragmentCount, tryCount };
}

function laneOf({ priority, fragmentCount }: StoredMessage): Lane {
  return priority === 'interactive' && fragmentCount <= SHORT_FRAGMENTS_MAX ? 'short' : 'long';
}
