// The replay tags seen under one Sphinx key. Exact, not a Bloom filter: no honest packet is
// refused, and nothing is ever forgotten while the key lives (mixnets that reset a filter let
// replays through).
import { assert } from '../../shared/assert.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';

/** What is kept of a 32-byte tag: 128 of its uniform bits. */
export const REPLAY_TAG_KEPT_SIZE = 16;
/**
 * Tags of one key: two hours at 2,000 packets a second, 512 MB at the most, and half of that again
 * while the last doubling is under way. When it is full, packets are refused: the alternative, to
 * forget, would let a replay through.
 */
export const REPLAY_TAGS_MAX = 16_000_000;

const WORDS = REPLAY_TAG_KEPT_SIZE / 4;
/** A key that sees no traffic to speak of (the ones ahead, a node out of use): 64 kB. */
const SLOTS_FIRST = 2 ** 12;
/** Any other: 8 MB at once, enough for an hour at 100 packets a second, then doubling. */
const SLOTS_IN_USE = 2 ** 19;
/** Slots of the smaller table that move with each tag: done long before the larger one is full. */
const SLOTS_MOVED = 4;

export type ReplaySet = {
  /** Keeps the tag (32 bytes, or its first 16) if it is new. */
  readonly add: (tag: Uint8Array) => 'new' | 'replay' | 'full';
  readonly size: () => number;
};

/**
 * An open-addressing table at most three quarters full; a slot of zeros is free. The hash is keyed
 * with random multipliers, so that a sender who tries many packets cannot make his tags meet in one
 * place. A table that is outgrown moves over bit by bit, and is looked at until it has: no packet
 * waits for all of it.
 */
export function createReplaySet(random: RandomSource, sizeMax = REPLAY_TAGS_MAX): ReplaySet {
  const keyBytes = drawBytes(random, 4 * WORDS);
  const keyView = new DataView(keyBytes.buffer);
  const multipliers = Array.from({ length: WORDS }, (_, word) => keyView.getUint32(4 * word) | 1);
  const tag = new Uint32Array(WORDS);
  let table = new Uint32Array(SLOTS_FIRST * WORDS);
  let outgrown: Uint32Array | null = null;
  let movedWords = 0;
  /** The tag of zeros, which no slot can hold. */
  let hasZero = false;
  let size = 0;

  const isFree = (from: Uint32Array, at: number): boolean =>
    ((from[at] ?? 0) | (from[at + 1] ?? 0) | (from[at + 2] ?? 0) | (from[at + 3] ?? 0)) === 0;
  /** Where `into` holds the tag at `offset` of `from`, or the free slot where it belongs. */
  const find = (into: Uint32Array, from: Uint32Array, offset: number): number => {
    let hash = 0;
    for (let word = 0; word < WORDS; word++) {
      hash = (hash + Math.imul(from[offset + word] ?? 0, multipliers[word] ?? 1)) | 0;
    }
    hash ^= hash >>> 15;
    const slots = into.length / WORDS;
    let slot = (Math.imul(hash, 0x2c1b3c6d) >>> 0) & (slots - 1);
    for (;;) {
      const at = slot * WORDS;
      let isSame = true;
      for (let word = 0; word < WORDS; word++) {
        if (into[at + word] !== from[offset + word]) isSame = false;
      }
      if (isSame || isFree(into, at)) return at;
      slot = (slot + 1) & (slots - 1);
    }
  };
  const put = (from: Uint32Array, offset: number): void => {
    const at = find(table, from, offset);
    for (let word = 0; word < WORDS; word++) table[at + word] = from[offset + word] ?? 0;
  };
  const move = (from: Uint32Array): void => {
    const end = Math.min(from.length, movedWords + SLOTS_MOVED * WORDS);
    for (; movedWords < end; movedWords += WORDS) {
      if (!isFree(from, movedWords)) put(from, movedWords);
    }
    if (movedWords === from.length) outgrown = null;
  };
  const grow = (): void => {
    const slots = table.length / WORDS;
    outgrown = table;
    movedWords = 0;
    table = new Uint32Array(Math.max(SLOTS_IN_USE, 2 * slots) * WORDS);
  };
  const isKnown = (): boolean =>
    !isFree(table, find(table, tag, 0)) ||
    (outgrown !== null && !isFree(outgrown, find(outgrown, tag, 0)));

  return {
    add: (given) => {
      assert(given.length >= REPLAY_TAG_KEPT_SIZE, 'a replay tag has at least 16 bytes');
      const view = new DataView(given.buffer, given.byteOffset, REPLAY_TAG_KEPT_SIZE);
      for (let word = 0; word < WORDS; word++) tag[word] = view.getUint32(4 * word);
      const isZero = isFree(tag, 0);
      if (isZero ? hasZero : isKnown()) return 'replay';
      if (size >= sizeMax) return 'full';
      size += 1;
      if (isZero) hasZero = true;
      else put(tag, 0);
      if (outgrown !== null) move(outgrown);
      else if (4 * size > 3 * (table.length / WORDS)) grow();
      return 'new';
    },
    size: () => size,
  };
}
