// How long a message waits for payload slots: what of it has no packet yet, and what goes before.
import { type Lane, PASSED_OVER_MAX } from './fair-queue.ts';
import type { StoredMessage } from './store.ts';

/** A message as its queue sees it. */
export type Queued = {
  readonly lane: Lane;
  readonly stored: { readonly fragmentCount: number };
  /** Fragments to be sent again at once; before `nextIndex`. */
  readonly again: readonly number[];
  readonly nextIndex: number;
};

/** Fragments that have no packet yet. */
export function left(message: Queued): number {
  return message.again.length + message.stored.fragmentCount - message.nextIndex;
}

/**
 * Fragments before `nextIndex` that are neither acknowledged nor in a packet of a counted try:
 * those of a resend, and those whose packet was destroyed before it left.
 */
export function unsent(stored: StoredMessage): number[] {
  const { acknowledged, flights, nextIndex } = stored;
  const isTried = flights.filter(({ tries }) => tries > 0).map(({ index }) => index);
  const known = new Set([...acknowledged, ...isTried]);
  return Array.from({ length: nextIndex }, (_, index) => index).filter((one) => !known.has(one));
}

/**
 * λP slots until the last fragment of a message was taken; null where it waits for none, though not
 * all of it was taken. `waiting` gives a lane in its order.
 */
export function slotsUntilGone(
  message: Queued,
  waiting: (lane: Lane) => readonly Queued[],
): number | null {
  const own = left(message);
  if (own === 0) return 0;
  if (!waiting(message.lane).includes(message)) return null;
  const shorts = waiting('short');
  const longs = waiting('long').filter((one) => one !== message);
  if (message.lane === 'short') {
    const ahead = shorts.slice(0, shorts.indexOf(message));
    const passing = longs.length === 0 ? 0 : PASSED_OVER_MAX;
    return own + passing + ahead.reduce((sum, one) => sum + left(one), 0);
  }
  const before = shorts.reduce((sum, one) => sum + left(one), 0);
  return own + before + longs.reduce((sum, one) => sum + Math.min(own, left(one)), 0);
}

/**
 * What `slotsUntilGone` says of each of some messages, from one pass over each lane: two
 * milliseconds where 20,000 wait.
 */
export function slotsUntilEachGone(
  messages: readonly Queued[],
  waiting: (lane: Lane) => readonly Queued[],
): readonly (number | null)[] {
  const isAsked = new Set(messages);
  const longs = waiting('long');
  const passing = longs.length === 0 ? 0 : PASSED_OVER_MAX;
  const slots = new Map<Queued, number>();
  let before = 0;
  for (const short of waiting('short')) {
    before += left(short);
    if (isAsked.has(short)) slots.set(short, before + passing);
  }
  const taken = takenWithin(longs);
  for (const long of longs) {
    if (isAsked.has(long)) slots.set(long, before + (taken.get(left(long)) ?? 0));
  }
  return messages.map((one) => (left(one) === 0 ? 0 : (slots.get(one) ?? null)));
}

/** By a number of turns that one of the messages needs: what all of them take in so many. */
function takenWithin(messages: readonly Queued[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const one of messages) counts.set(left(one), (counts.get(left(one)) ?? 0) + 1);
  const taken = new Map<number, number>();
  let over = messages.length;
  let fewer = 0;
  for (const [turns, count] of [...counts].sort(([one], [other]) => one - other)) {
    taken.set(turns, fewer + turns * over);
    fewer += turns * count;
    over -= count;
  }
  return taken;
}
