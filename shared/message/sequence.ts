// What of a sender's messages has arrived: gaps, which can be asked for; repeats; two messages in
// one place, which a doubled or restored profile makes; and a chain of hashes that says whether
// both sides mean the same conversation. Above the ratchet, which authenticates every message but
// does not say which ones were lost, and over resets, so that the same bytes can be sealed anew.
import { assert } from '../assert.ts';
import { ByteReader, ByteWriter, equalBytes, isAllZero } from '../bytes.ts';
import { CONTENT_HASH_SIZE, RESEND_RANGES_MAX, type SequenceRange } from './content.ts';

/** How far ahead of the first gap a message may be: no further than a session can skip. */
export const SEQUENCE_AHEAD_MAX = 2_000;
/** Places already passed whose hashes are kept, to tell a repeat from another message. */
export const SEQUENCE_RECENT_MAX = 32;

/** Streams of one contact that are kept track of, the newest: a profile put back begins another. */
export const STREAMS_MAX = 4;

/** A sequenced message as the tracker sees it; both hashes 16 bytes. */
export type Link = {
  readonly sequence: number;
  readonly hash: Uint8Array;
  readonly previousHash: Uint8Array;
};

/** Of one contact and stream. */
export type SequenceState = {
  /** Every message up to this one has arrived or was given up. */
  readonly passed: number;
  /** Of the message at `passed`; null where that was given up. */
  readonly passedHash: Uint8Array | null;
  /** Arrived beyond a gap, ascending. */
  readonly ahead: readonly Link[];
  /** The last places passed, ascending. */
  readonly recent: readonly Omit<Link, 'previousHash'>[];
};

export const NOTHING_RECEIVED: SequenceState = {
  passed: 0,
  passedHash: new Uint8Array(CONTENT_HASH_SIZE),
  ahead: [],
  recent: [],
};

export type Observed = {
  readonly state: SequenceState;
  /**
   * `forked`: another message had this place before, so there are two senders with one key.
   * `passed`: a message had this place so long ago that nothing tells which of both it is.
   */
  readonly outcome: 'in_order' | 'ahead' | 'repeated' | 'forked' | 'passed' | 'too_far';
  /** The hashes of two neighbours do not fit: the other side has another history. */
  readonly isChainBroken: boolean;
};

/** Takes a message in. Only after `in_order` and `ahead` the state is another. */
export function observeSequence(state: SequenceState, link: Link): Observed {
  const same = (outcome: 'repeated' | 'forked' | 'passed' | 'too_far') =>
    ({ state, outcome, isChainBroken: false }) as const;
  const known = [...state.recent, ...state.ahead].find((one) => one.sequence === link.sequence);
  if (known !== undefined) return same(equalBytes(known.hash, link.hash) ? 'repeated' : 'forked');
  if (link.sequence <= state.passed) return same('passed');
  if (link.sequence - state.passed > SEQUENCE_AHEAD_MAX) return same('too_far');
  const ahead = [...state.ahead, link].sort((a, b) => a.sequence - b.sequence);
  const outcome = link.sequence === state.passed + 1 ? 'in_order' : 'ahead';
  return { ...pass({ ...state, ahead }), outcome };
}

/** The gaps, oldest first; at most 32 of them, as many as one request names. */
export function missingRanges(state: SequenceState): SequenceRange[] {
  const ranges: SequenceRange[] = [];
  let first = state.passed + 1;
  for (const { sequence } of state.ahead) {
    if (sequence > first) ranges.push({ first, last: sequence - 1 });
    first = sequence + 1;
  }
  return ranges.slice(0, RESEND_RANGES_MAX);
}

/** Gives up what is missing up to `through`; how many messages that were. */
export function giveUp(
  state: SequenceState,
  through: number,
): { readonly state: SequenceState; readonly lostCount: number } {
  if (through <= state.passed) return { state, lostCount: 0 };
  const highest = Math.max(state.passed, state.ahead.at(-1)?.sequence ?? 0);
  const upTo = Math.min(through, highest);
  const arrived = state.ahead.filter(({ sequence }) => sequence <= upTo);
  const lostCount = upTo - state.passed - arrived.length;
  const last = arrived.at(-1);
  const given = pass({
    ...state,
    passed: upTo,
    passedHash: last?.sequence === upTo ? last.hash : null,
    ahead: state.ahead.filter(({ sequence }) => sequence > upTo),
    recent: keepRecent([...state.recent, ...arrived]),
  });
  return { state: given.state, lostCount };
}

/** Passes everything that follows without a gap. */
function pass(from: SequenceState): Pick<Observed, 'state' | 'isChainBroken'> {
  let { passed, passedHash } = from;
  let isChainBroken = false;
  const passedNow: Link[] = [];
  for (const link of from.ahead) {
    if (link.sequence !== passed + 1) break;
    if (passedHash !== null && !equalBytes(passedHash, link.previousHash)) isChainBroken = true;
    passed = link.sequence;
    passedHash = link.hash;
    passedNow.push(link);
  }
  const ahead = from.ahead.slice(passedNow.length);
  const recent = keepRecent([...from.recent, ...passedNow]);
  return { state: { ...from, passed, passedHash, ahead, recent }, isChainBroken };
}

function keepRecent(links: readonly Omit<Link, 'previousHash'>[]): SequenceState['recent'] {
  return links.slice(-SEQUENCE_RECENT_MAX).map(({ sequence, hash }) => ({ sequence, hash }));
}

/** The sender's side of a stream: what the header of the next message says. */
export type OutgoingSequence = {
  readonly stream: number;
  /** Of the last message; 0 before the first. */
  readonly sequence: number;
  readonly hash: Uint8Array;
};

/** Begins to count anew: on the first session with a contact, and where the count was lost. */
export function startStream(generation: number): OutgoingSequence {
  return { stream: generation, sequence: 0, hash: new Uint8Array(CONTENT_HASH_SIZE) };
}

const VERSION = 1;
const FIXED_SIZE = 1 + 4 + 1 + CONTENT_HASH_SIZE + 2 + 1;
const LINK_SIZE = 4 + 2 * CONTENT_HASH_SIZE;
const RECENT_SIZE = 4 + CONTENT_HASH_SIZE;

/** At least 25 bytes. */
export function encodeSequence(state: SequenceState): Uint8Array {
  const { passed, passedHash, ahead, recent } = state;
  assert(ahead.length <= SEQUENCE_AHEAD_MAX, 'no more is ahead than may be');
  const writer = new ByteWriter(FIXED_SIZE + ahead.length * LINK_SIZE + recent.length * RECENT_SIZE)
    .u8(VERSION)
    .u32(passed)
    .u8(passedHash === null ? 0 : 1)
    .raw(passedHash ?? new Uint8Array(CONTENT_HASH_SIZE))
    .u16(ahead.length)
    .u8(recent.length);
  for (const { sequence, hash, previousHash } of ahead) {
    writer.u32(sequence).raw(hash).raw(previousHash);
  }
  for (const { sequence, hash } of recent) writer.u32(sequence).raw(hash);
  return writer.finish();
}

/** Null for what `encodeSequence` did not write. The fields are views of `bytes`. */
export function decodeSequence(bytes: Uint8Array): SequenceState | null {
  const reader = new ByteReader(bytes);
  const version = reader.u8();
  const passed = reader.u32();
  const hashMark = reader.u8();
  const hash = reader.raw(CONTENT_HASH_SIZE);
  const [aheadCount, recentCount] = [reader.u16(), reader.u8()];
  if (!reader.isWhole || version !== VERSION || hashMark > 1) return null;
  if (aheadCount > SEQUENCE_AHEAD_MAX || recentCount > SEQUENCE_RECENT_MAX) return null;
  if (hashMark === 0 && !isAllZero(hash)) return null;
  const ahead = Array.from({ length: aheadCount }, () => ({
    sequence: reader.u32(),
    hash: reader.raw(CONTENT_HASH_SIZE),
    previousHash: reader.raw(CONTENT_HASH_SIZE),
  }));
  const recent = Array.from({ length: recentCount }, () => ({
    sequence: reader.u32(),
    hash: reader.raw(CONTENT_HASH_SIZE),
  }));
  const isSorted =
    isAscending([passed + 1, ...ahead.map(({ sequence }) => sequence)]) &&
    isAscending([...recent.map(({ sequence }) => sequence), passed + 1]);
  if (!reader.isFinished || !isSorted) return null;
  const passedHash = hashMark === 1 ? hash : null;
  return { passed, passedHash, ahead, recent };
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((value, index) => index === 0 || value > (numbers[index - 1] ?? 0));
}
