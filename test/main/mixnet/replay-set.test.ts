// No tag twice under one key, none forgotten, none mistaken for another.
import { randomFillSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { createReplaySet } from '../../../main/mixnet/replay-set.ts';

const systemRandom = { fill: (out: Uint8Array) => void randomFillSync(out) };

const tagOf = (value: number, varied: 'first' | 'last'): Uint8Array => {
  const tag = new Uint8Array(32);
  new DataView(tag.buffer).setUint32(varied === 'first' ? 0 : 12, value);
  return tag;
};

it.each(['first', 'last'] as const)('tells 20,000 tags that differ in their %s word', (varied) => {
  const seen = createReplaySet(systemRandom);
  for (let value = 0; value < 20_000; value++) expect(seen.add(tagOf(value, varied))).toBe('new');
  for (let value = 0; value < 20_000; value++)
    expect(seen.add(tagOf(value, varied))).toBe('replay');
  expect(seen.size()).toBe(20_000);
});

it('tells half a million tags while it grows, and one of zeros', () => {
  const seen = createReplaySet(systemRandom);
  const tag = new Uint8Array(32);
  const word = new DataView(tag.buffer);
  let wrong = 0;
  expect([seen.add(tag), seen.add(tag)]).toEqual(['new', 'replay']);
  // Past two growths; each tag is asked for again at once, one far behind it as well.
  for (let value = 1; value <= 500_000; value++) {
    word.setUint32(8, value);
    if (seen.add(tag) !== 'new' || seen.add(tag) !== 'replay') wrong += 1;
    word.setUint32(8, 1 + Math.floor(value / 3));
    if (seen.add(tag) !== 'replay') wrong += 1;
  }
  expect([wrong, seen.size()]).toEqual([0, 500_001]);
});

it('knows a tag by its first 16 bytes, as they are kept on disk', () => {
  const seen = createReplaySet(systemRandom);
  const tag = tagOf(7, 'first');
  expect(seen.add(tag.subarray(0, 16))).toBe('new');
  expect(seen.add(tag)).toBe('replay');
});

it('refuses new tags when it is full and still knows the old ones', () => {
  const seen = createReplaySet(systemRandom, 2);
  expect([seen.add(tagOf(1, 'first')), seen.add(tagOf(2, 'first'))]).toEqual(['new', 'new']);
  expect(seen.add(tagOf(3, 'first'))).toBe('full');
  expect(seen.add(tagOf(1, 'first'))).toBe('replay');
});
