// The replay tags seen under one Sphinx key. Exact, not a Bloom filter: no honest packet is
// refused, and nothing is ever forgotten while the key lives (mixnets that reset a filter let
// replays through).
import { assert } from '../../shared/assert.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';

/** What is kept of a 32-byte tag: 128 of its uniform bits. */
export const REPLAY_TAG_KEPT_SIZE = 16;
/**
 * Tags of one key: two hours at 2,000 packets a second, 512 MB at the most. When it is full,
 * packets are refused: the alternative, to forget, would let a replay through.
 */
export const REPLAY_TAGS_MAX = 16_000_000;

const WORDS = REPLAY_TAG_KEPT_SIZE / 4;
const SLOTS_MIN = 1_024;

export type ReplaySet = {
  /** Keeps the tag (32 bytes, or its first 16) if it is new. */
  readonly add: (tag: Uint8Array) => 'new' | 'replay' | 'full';
  readonly size: () => number;
};

/**
 * An open-addressing table at most half full. The hash is keyed with random multipliers, so that a
 * sender who tries many packets cannot make his tags meet in one place.
 */
export function createReplaySet(random: RandomSource, sizeMax = REPLAY_TAGS_MAX): ReplaySet {
  const keyBytes = drawBytes(random, 4 * WORDS);
  const keyView = new DataView(keyBytes.buffer);
  const multipliers = Array.from({ length: WORDS }, (_, word) => keyView.getUint32(4 * word) | 1);
  const tag = new Uint32Array(WORDS);
  let table = new Uint32Array(SLOTS_MIN * WORDS);
  let used = new Uint8Array(SLOTS_MIN);
  let size = 0;

  const slotOf = (from: Uint32Array, offset: number): number => {
    let hash = 0;
    for (let word = 0; word < WORDS; word++) {
      hash = (hash + Math.imul(from[offset + word] ?? 0, multipliers[word] ?? 1)) | 0;
    }
    hash ^= hash >>> 15;
    return (Math.imul(hash, 0x2c1b3c6d) >>> 0) % used.length;
  };
  /** The slot that holds the tag, or the free one where it belongs. */
  const find = (from: Uint32Array, offset: number): number => {
    let slot = slotOf(from, offset);
    while (used[slot] === 1) {
      let isSame = true;
      for (let word = 0; word < WORDS; word++) {
        if (table[slot * WORDS + word] !== from[offset + word]) isSame = false;
      }
      if (isSame) return slot;
      slot = (slot + 1) % used.length;
    }
    return slot;
  };
  const put = (slot: number, from: Uint32Array, offset: number) => {
    used[slot] = 1;
    for (let word = 0; word < WORDS; word++) table[slot * WORDS + word] = from[offset + word] ?? 0;
  };
  const grow = () => {
    const oldTable = table;
    const oldUsed = used;
    table = new Uint32Array(oldTable.length * 2);
    used = new Uint8Array(oldUsed.length * 2);
    for (let slot = 0; slot < oldUsed.length; slot++) {
      if (oldUsed[slot] === 1) put(find(oldTable, slot * WORDS), oldTable, slot * WORDS);
    }
  };

  return {
    add: (given) => {
      assert(given.length >= REPLAY_TAG_KEPT_SIZE, 'a replay tag has at least 16 bytes');
      const view = new DataView(given.buffer, given.byteOffset, REPLAY_TAG_KEPT_SIZE);
      for (let word = 0; word < WORDS; word++) tag[word] = view.getUint32(4 * word);
      let slot = find(tag, 0);
      if (used[slot] === 1) return 'replay';
      if (size >= sizeMax) return 'full';
      if (2 * (size + 1) > used.length) {
        grow();
        slot = find(tag, 0);
      }
      put(slot, tag, 0);
      size += 1;
      return 'new';
    },
    size: () => size,
  };
}
