// Messages on their way: which fragment is next in a payload slot, what is expected back for it,
// when it is tried again and when to give up (design section 2, "Retransmission"). Tries are
// durable before their packet leaves; states are told once they are durable.
import { assert } from '../../../shared/assert.ts';
import { toHex } from '../../../shared/bytes.ts';
import type { Traffic } from '../../../shared/network/traffic.ts';
import { drawExponential, type RandomSource } from '../../../shared/random.ts';
import { createFairQueue, type Lane } from './fair-queue.ts';
import {
  type AbsentTime,
  type Accepts,
  acceptsAll,
  type Flight,
  flightKey,
  isOver,
  laneOf,
  type Message,
  type MessageProgress,
  type OutboxCounts,
  progressOf,
  restartedTryMs,
  roundTripMs,
  type Taken,
  TRIES_MAX,
} from './outbox-message.ts';
import { left, slotsUntilEachGone, slotsUntilGone, unsent } from './outbox-queue.ts';
import type {
  ClientStore,
  ExpectedIdentifier,
  MessageState,
  StoredClient,
  StoredMessage,
} from './store.ts';
import { MESSAGE_STATES } from './store.ts';

/** Messages and bytes that wait or are not acknowledged; beyond, `send` is refused. */
export const OUTBOX_MESSAGES_MAX = 20_000;
export const OUTBOX_BYTES_MAX = 32 * 1_024 * 1_024;

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
  take(nowMs: number, accepts: Accepts): Taken | null {
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
      const waitMsMean = roundTripMs(this.#traffic()) * 2 ** (flight.tries - 1);
      flight.phase = 'waiting';
      flight.atMs = nowMs + drawExponential(this.#random, waitMsMean);
      message.tryCount = Math.max(message.tryCount, flight.tries + 1);
      told.set(message.id, progressOf(message));
    }
    return [...told.values()];
  }

  /**
   * Known time goes by: messages whose recipient's provider was not to be had for `msMax` of it in
   * a row are over, once none of their packets is under way; `max` of them at most.
   */
  passAbsent({ isReachable, elapsedMs, msMax, max }: AbsentTime): readonly MessageProgress[] {
    const flights = [...this.#flights.values()].filter(({ phase }) => phase !== 'waiting');
    const flying = new Set(flights.map(({ id }) => id));
    const over: Message[] = [];
    for (const message of this.#messages.values()) {
      if (isOver(message.state)) continue;
      const isThere = isReachable(message.stored.recipient);
      message.absentMs = isThere ? 0 : message.absentMs + elapsedMs;
      const isLong = !isThere && message.absentMs >= msMax;
      if (isLong && over.length < max && !flying.has(message.id)) over.push(message);
    }
    if (over.length === 0) return [];
    this.#store.atomically(() => {
      for (const message of over) this.#giveUp(message);
    });
    return over.map(progressOf);
  }

  /** Over: no packet can be made for it. */
  giveUp(id: number): MessageProgress | null {
    const message = this.#messages.get(id);
    if (message === undefined || isOver(message.state)) return null;
    this.#giveUp(message);
    return progressOf(message);
  }

  /** Durable, once the first packet of a message has left; null where that is known, or untrue. */
  markInMix(id: number): MessageProgress | null {
    const message = this.#messages.get(id);
    const hasLeft = this.#flightsOf(id).some(({ phase }) => phase === 'sent');
    if (message === undefined || !hasLeft) return null;
    return this.#setState(message, 'in_mix') ? progressOf(message) : null;
  }

  /**
   * Ends a resend of which nothing was taken yet: its message is not confirmed again, and what left
   * before may still be acknowledged. Null for a message of which nothing ever left, and else.
   */
  endResend(id: number): MessageProgress | null {
    const message = this.#messages.get(id);
    if (message === undefined || message.state !== 'queued') return null;
    const isExpected = [...this.#expected.values()].some((one) => one.id === id);
    const hasLeft = isExpected || message.acknowledged.size > 0;
    if (!hasLeft || this.#flightsOf(id).length > 0) return null;
    this.#setState(message, 'not_confirmed');
    return progressOf(message);
  }

  /** Removes a message of which nothing was taken since it was queued, or sent again. */
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

  /**
   * λP slots until the last fragment of a message was taken, by the queue as it is; null for what
   * `accepts` passes over.
   */
  slotsUntilGone(id: number, accepts: Accepts = acceptsAll): number | null {
    const message = this.#messages.get(id);
    return message === undefined ? null : slotsUntilGone(message, this.#waiting(accepts));
  }

  /** At most `max` of those with a later id, by id; with the slots until each is gone. */
  page(
    afterId: number,
    max: number,
    accepts: Accepts = acceptsAll,
  ): readonly (MessageProgress & { slots: number | null })[] {
    const later = [...this.#messages.keys()].filter((id) => id > afterId);
    const ids = later.sort((one, other) => one - other).slice(0, max);
    const page = ids.map((id) => this.#messageOf(id));
    const slots = slotsUntilEachGone(page, this.#waiting(accepts));
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

  #waiting(accepts: Accepts): (lane: Lane) => readonly Message[] {
    const of = (lane: Lane) =>
      this.#queue.waiting(lane).filter(({ stored: { recipient } }) => accepts(recipient));
    const lanes = { short: of('short'), long: of('long') };
    return (lane) => lanes[lane];
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
    const message: Message = { id, stored, ...ways, absentMs: 0 };
    this.#messages.set(id, message);
    this.#bytes += stored.size;
    if (!isOver(state) && left(message) > 0) this.#queue.push(lane, message);
    return message;
  }

  /** What was under way when the process ended: whether it left or not, it counts as a try. */
  #resume(message: Message, nowMs: number): void {
    const atMs = nowMs + restartedTryMs(this.#traffic());
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
