// A message on its way as the outbox holds it, and the times it goes by: how long a round trip
// takes, and how long one may be without an answer (design section 2, "Retransmission").
import type { Traffic } from '../../../shared/network/traffic.ts';
import type { Lane } from './fair-queue.ts';
import type { MessageState, Recipient, StoredMessage } from './store.ts';

/** Tries of one fragment, the first included: bounds what withheld acknowledgements provoke. */
export const TRIES_MAX = 5;
/** Messages of at most so many fragments go before longer ones. */
export const SHORT_FRAGMENTS_MAX = 4;
/** Delay of a hop that is reckoned with where no document says one. */
const HOP_DELAY_MS_UNKNOWN = 1_000;
/** p99.9 of eight exponential delays, in means: for a try whose delays a restart has forgotten. */
const ROUND_TRIP_MEANS = 19.6;

export type MessageProgress = {
  readonly id: number;
  readonly state: MessageState;
  readonly fragmentsAcknowledged: number;
  readonly fragmentCount: number;
  /** Which try of a fragment is the latest, or the next after a lost one: 1 to 5. */
  readonly tryCount: number;
};

export type Flight = {
  readonly id: number;
  readonly index: number;
  tries: number;
  phase: 'reserved' | 'sent' | 'waiting';
  /** Reserved or sent: when its acknowledgement is overdue; waiting: when it may go again. */
  atMs: number;
};

export type Message = {
  readonly id: number;
  readonly stored: StoredMessage;
  readonly lane: Lane;
  state: MessageState;
  readonly acknowledged: Set<number>;
  /** Fragments to be sent again at once; before `nextIndex`. */
  readonly again: number[];
  nextIndex: number;
  tryCount: number;
  /** Known time for which its recipient's provider was not to be had; zero while it is. */
  absentMs: number;
};

/** A fragment that was taken for a packet. */
export type Taken = {
  readonly id: number;
  readonly index: number;
  readonly messageId: Uint8Array;
  readonly contactTag: Uint8Array;
  readonly fragmentCount: number;
  readonly recipient: Recipient;
};

/** Whether packets can be made for a recipient now. */
export type Accepts = (recipient: Recipient) => boolean;
export const acceptsAll: Accepts = () => true;

export type AbsentTime = {
  readonly isReachable: Accepts;
  readonly elapsedMs: number;
  readonly msMax: number;
  readonly max: number;
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

export const flightKey = (id: number, index: number) => `${id}:${index}`;
export const isOver = (state: MessageState) => state === 'not_confirmed' || state === 'at_provider';

export function progressOf(message: Message): MessageProgress {
  const { id, state, acknowledged, stored, tryCount } = message;
  const { fragmentCount } = stored;
  return { id, state, fragmentsAcknowledged: acknowledged.size, fragmentCount, tryCount };
}

export function laneOf({ priority, fragmentCount }: StoredMessage): Lane {
  return priority === 'interactive' && fragmentCount <= SHORT_FRAGMENTS_MAX ? 'short' : 'long';
}

/** Mean time from a packet to its acknowledgement, in ms. */
export function roundTripMs(traffic: Traffic | null): number {
  return 8 * (traffic?.hopDelayMsMean ?? HOP_DELAY_MS_UNKNOWN) + (traffic?.pullIntervalMs ?? 0);
}

/** How long a try that a restart found under way may still be without an answer, in ms. */
export function restartedTryMs(traffic: Traffic | null): number {
  const delayMsMean = traffic?.hopDelayMsMean ?? HOP_DELAY_MS_UNKNOWN;
  return ROUND_TRIP_MEANS * delayMsMean + roundTripMs(traffic);
}

/**
 * How long a recipient's provider may be absent from the network's documents before a message to it
 * is not confirmed, in ms: what all tries of a fragment take, each with its wait, where none is
 * answered. 62 s at `demo`, 3 min at `standard`.
 */
export function absentMsMax(traffic: Traffic | null): number {
  const waitsMs = roundTripMs(traffic) * (2 ** (TRIES_MAX - 1) - 1);
  return TRIES_MAX * restartedTryMs(traffic) + waitsMs;
}
