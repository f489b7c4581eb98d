// Gaps, repeats and forks in a stream of messages: whatever the order, what is missing is known,
// and two messages in one place or another history do not pass unseen.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../../shared/bytes.ts';
import {
  decodeSequence,
  encodeSequence,
  giveUp,
  type Link,
  missingRanges,
  NOTHING_RECEIVED,
  observeSequence,
  SEQUENCE_AHEAD_MAX,
  SEQUENCE_RECENT_MAX,
  type SequenceState,
  startStream,
} from '../../../shared/message/sequence.ts';
import { drawBelow } from '../../../shared/random.ts';
import { checkProperty } from '../../support/property.ts';
import { seededRandom } from '../../support/random.ts';

const hashOf = (sequence: number, salt = 0): Uint8Array => {
  const hash = new Uint8Array(16);
  if (sequence > 0) new DataView(hash.buffer).setUint32(0, sequence * 8 + salt + 1);
  return hash;
};
const link = (sequence: number): Link => ({
  sequence,
  hash: hashOf(sequence),
  previousHash: hashOf(sequence - 1),
});
const observeAll = (sequences: readonly number[], from = NOTHING_RECEIVED): SequenceState =>
  sequences.reduce((state, sequence) => observeSequence(state, link(sequence)).state, from);

describe('a stream', () => {
  it('is whole once everything arrived, in whatever order', () => {
    const orders = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 40 });
    checkProperty(orders, 200, (order) => {
      let state = NOTHING_RECEIVED;
      for (const [index, sequence] of order.entries()) {
        const observed = observeSequence(state, link(sequence));
        expect(observed.outcome).toBe(sequence === state.passed + 1 ? 'in_order' : 'ahead');
        expect(observed.isChainBroken).toBe(false);
        state = observed.state;
        const arrived = new Set(order.slice(0, index + 1));
        const highest = Math.max(...arrived);
        const missing = missingRanges(state).flatMap(({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, offset) => first + offset),
        );
        const expected = Array.from({ length: highest }, (_, at) => at + 1).filter(
          (one) => !arrived.has(one),
        );
        expect(missing).toEqual(expected);
        expect(observeSequence(state, link(sequence))).toMatchObject({
          outcome: 'repeated',
          state,
        });
        expect(decodeSequence(encodeSequence(state))).toEqual(state);
      }
    });
  });

  it('tells a repeat from another message in its place, ahead and among the last 32 passed', () => {
    const state = observeAll([1, 2, 3, 7]);
    for (const sequence of [1, 3, 7]) {
      const other = { ...link(sequence), hash: hashOf(sequence, 1) };
      expect(observeSequence(state, other)).toEqual({
        state,
        outcome: 'forked',
        isChainBroken: false,
      });
      expect(observeSequence(state, link(sequence)).outcome).toBe('repeated');
    }
    const long = observeAll(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(long.recent).toHaveLength(SEQUENCE_RECENT_MAX);
    const at = (sequence: number) =>
      observeSequence(long, { ...link(sequence), hash: hashOf(sequence, 1) }).outcome;
    expect(at(19)).toBe('forked');
    expect(at(18)).toBe('passed');
  });

  it('says where the other side has another history', () => {
    const strange = { ...link(3), previousHash: hashOf(2, 1) };
    expect(observeSequence(observeAll([1, 2]), strange)).toMatchObject({ isChainBroken: true });
    // Also when the gap before it closes later.
    const ahead = observeSequence(observeAll([1]), strange);
    expect(ahead.isChainBroken).toBe(false);
    expect(observeSequence(ahead.state, link(2))).toMatchObject({ isChainBroken: true });
    const first = { ...link(1), previousHash: hashOf(5) };
    expect(observeSequence(NOTHING_RECEIVED, first)).toMatchObject({ isChainBroken: true });
  });

  it('takes nothing further ahead than 2,000', () => {
    expect(observeSequence(NOTHING_RECEIVED, link(SEQUENCE_AHEAD_MAX)).outcome).toBe('ahead');
    expect(observeSequence(NOTHING_RECEIVED, link(SEQUENCE_AHEAD_MAX + 1))).toEqual({
      state: NOTHING_RECEIVED,
      outcome: 'too_far',
      isChainBroken: false,
    });
  });

  it('gives up what is missing and counts it', () => {
    const state = observeAll([1, 4, 6, 7]);
    expect(giveUp(state, 1)).toEqual({ state, lostCount: 0 });
    const three = giveUp(state, 3);
    expect(three.lostCount).toBe(2);
    expect(three.state.passed).toBe(4);
    expect(missingRanges(three.state)).toEqual([{ first: 5, last: 5 }]);
    const all = giveUp(state, 1_000);
    expect(all.lostCount).toBe(3);
    expect(all.state.passed).toBe(7);
    expect(missingRanges(all.state)).toEqual([]);
    expect(observeSequence(all.state, link(8))).toMatchObject({
      outcome: 'in_order',
      isChainBroken: false,
    });
    // What comes after it was given up stands in a place that was passed, and goes by its uid.
    expect(observeSequence(all.state, link(5)).outcome).toBe('passed');
    // Nothing of the last one's hash is known where that one was lost.
    const unseen = giveUp(observeAll([1, 4]), 2).state;
    expect(unseen.passedHash).toBeNull();
    expect(observeSequence(unseen, { ...link(3), previousHash: hashOf(99) }).isChainBroken).toBe(
      false,
    );
    expect(decodeSequence(encodeSequence(unseen))).toEqual(unseen);
  });

  it('names at most 32 gaps', () => {
    const odd = Array.from({ length: 40 }, (_, index) => 2 * index + 2);
    expect(missingRanges(observeAll(odd))).toHaveLength(32);
  });

  it('begins with nothing before it', () => {
    expect(startStream(9)).toEqual({ stream: 9, sequence: 0, hash: NOTHING_RECEIVED.passedHash });
  });
});

describe('the bytes of a stream’s state', () => {
  it('are read or refused, never thrown at, and have one form', () => {
    const random = seededRandom('sequence');
    const bytes = encodeSequence(observeAll([1, 2, 5, 6, 9]));
    for (let size = 0; size < bytes.length; size++) {
      expect(decodeSequence(bytes.subarray(0, size))).toBeNull();
    }
    expect(decodeSequence(concatBytes(bytes, Uint8Array.of(0)))).toBeNull();
    expect(decodeSequence(bytes.with(0, 2))).toBeNull();
    expect(decodeSequence(bytes.with(5, 2))).toBeNull();
    for (let run = 0; run < 1_000; run++) {
      const altered = bytes.slice();
      for (let change = 0; change <= run % 3; change++) {
        altered[drawBelow(random, altered.length)] = drawBelow(random, 256);
      }
      const read = decodeSequence(altered);
      if (read !== null) expect(encodeSequence(read)).toEqual(altered);
    }
  });
});
