// Keys are made two epochs ahead, chosen by parity, die with their replay set, and survive a
// restart together with it or not at all.
import { randomFillSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEpochKeys } from '../../../main/mixnet/epoch-keys.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { type MemoryEpochKeyStore, memoryEpochKeyStore } from '../../support/memory-epoch-keys.ts';

const random = { fill: (out: Uint8Array) => void randomFillSync(out) };
const times = { epoch0UnixMs: 1_000, epochMs: 10_000, graceMs: 3_000, skewMs: 2_000 };
const at = (unixMs: number) => ({ monotonicMs: 0, unixMs: 1_000 + unixMs });

let store: MemoryEpochKeyStore;
const open = () => createEpochKeys({ engine: nobleEngine, random, store, times });
const tag = new Uint8Array(32).fill(5);

beforeEach(() => {
  store = memoryEpochKeyStore();
});

describe('the keys of a node', () => {
  it('exist for this epoch and the next two, and change only with the epoch', () => {
    const keys = open();
    expect(keys.advance(at(0))).toBe(true);
    expect(keys.advance(at(9_999))).toBe(false);
    expect(keys.published(at(0)).map((key) => key.epoch)).toEqual([0, 1, 2]);
    expect(keys.advance(at(10_000))).toBe(true);
    expect(keys.published(at(10_000)).map((key) => key.epoch)).toEqual([1, 2, 3]);
  });

  it('are picked by parity: this epoch, the one before within grace, the next within skew', () => {
    const keys = open();
    keys.advance(at(0));
    keys.advance(at(10_000));
    const epochFor = (parity: number, unixMs: number) => keys.forParity(parity, at(unixMs))?.epoch;
    expect(epochFor(1, 10_000)).toBe(1);
    expect(epochFor(0, 12_999)).toBe(0);
    expect(epochFor(0, 13_000)).toBeUndefined();
    expect(epochFor(0, 17_999)).toBeUndefined();
    expect(epochFor(0, 18_000)).toBe(2);
  });

  it('are destroyed on disk too when no packet for them can come any more', () => {
    const keys = open();
    keys.advance(at(0));
    keys.advance(at(12_999));
    expect(store.epochs()).toContain(0);
    const old = keys.forParity(0, at(12_999));
    keys.advance(at(13_000));
    expect(store.epochs()).toEqual([1, 2, 3]);
    expect(old?.privateKey.every((byte) => byte === 0)).toBe(true);
  });

  it('a restart keeps keys and knows every tag they have seen', () => {
    const before = open();
    before.advance(at(0));
    const publicKey = before.forParity(0, at(0))?.publicKey;
    expect(before.forParity(0, at(0))?.see(tag)).toBe('new');
    before.flush();
    const after = open();
    after.advance(at(0));
    expect(after.forParity(0, at(0))?.publicKey).toEqual(publicKey);
    expect(after.forParity(0, at(0))?.see(tag)).toBe('replay');
    expect(after.forParity(1, at(9_000))?.see(tag)).toBe('new');
  });

  it('a store that forgets its tags is found out: the planted defect lets the replay through', () => {
    const forgetful = { ...store, remember: () => {} };
    const openForgetful = () =>
      createEpochKeys({ engine: nobleEngine, random, store: forgetful, times });
    const before = openForgetful();
    before.advance(at(0));
    before.forParity(0, at(0))?.see(tag);
    before.flush();
    expect(openForgetful().forParity(0, at(0))?.see(tag)).toBe('new');
  });

  it('a tag that was not flushed is gone with the process', () => {
    const before = open();
    before.advance(at(0));
    before.forParity(0, at(0))?.see(tag);
    expect(open().forParity(0, at(0))?.see(tag)).toBe('new');
  });

  it('say when they want to be looked at again', () => {
    const keys = open();
    expect(keys.nextAdvanceAtUnixMs(at(10_000))).toBe(1_000 + 13_000);
    expect(keys.nextAdvanceAtUnixMs(at(13_000))).toBe(1_000 + 20_000);
  });
});
