// A node's Sphinx keys: one for each epoch, made two epochs ahead so that descriptors can carry
// them, and destroyed with its replay set when no packet for it can be on its way any more (design
// section 2, "Directory").
import { assert } from '../../shared/assert.ts';
import { wipe } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { EpochTimes } from '../../shared/network/epoch.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import type { Now } from '../../shared/time.ts';
import { createReplaySet, REPLAY_TAG_KEPT_SIZE, type ReplaySet } from './replay-set.ts';

/** Keys exist for this epoch and so many after it. */
export const EPOCHS_AHEAD = 2;

/**
 * What keeps keys and tags over a restart. A key that is loaded has every tag it ever saw with it.
 */
export type EpochKeyStore = {
  readonly load: () => readonly StoredEpochKey[];
  /** Durable when it returns. */
  readonly create: (epoch: number, privateKey: Uint8Array) => void;
  /** The first 16 bytes of a tag, copied; outlives the process once `flush` has returned. */
  readonly remember: (epoch: number, tag: Uint8Array) => void;
  /** Puts down every tag that was given to `remember`. */
  readonly flush: () => void;
  /** Key and tags are gone when it returns. */
  readonly destroy: (epoch: number) => void;
};

export type StoredEpochKey = {
  readonly epoch: number;
  readonly privateKey: Uint8Array;
  /** 16 bytes each, one after another. */
  readonly tags: Uint8Array;
};

export type EpochKey = {
  readonly epoch: number;
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
  /** Keeps the tag, here and in the store, which is to be flushed before its packet leaves. */
  readonly see: (tag: Uint8Array) => 'new' | 'replay' | 'full';
};

export type EpochKeys = {
  /** Makes what is missing and destroys what is over. True where the published keys changed. */
  readonly advance: (now: Now) => boolean;
  /** When `advance` has something to do next, by the wall clock. */
  readonly nextAdvanceAtUnixMs: (now: Now) => number;
  /** The key that a packet of this parity is for, or null where none is accepted now. */
  readonly forParity: (parity: number, now: Now) => EpochKey | null;
  /** Every tag that any key has seen outlives the process when it returns. */
  readonly flush: () => void;
  /** The key of this epoch; null where it was destroyed. */
  readonly ofEpoch: (epoch: number) => EpochKey | null;
  /** This epoch and the ones ahead. */
  readonly published: (now: Now) => readonly EpochKey[];
};

export type EpochKeyOptions = {
  readonly engine: CryptoEngine;
  readonly random: RandomSource;
  readonly store: EpochKeyStore;
  readonly times: EpochTimes;
};

/** Loads what the store has; `advance` is to be called before anything else. */
export function createEpochKeys(options: EpochKeyOptions): EpochKeys {
  const { engine, random, store, times } = options;
  assert(
    times.graceMs + times.skewMs < times.epochMs,
    'grace and skew leave the parity unambiguous',
  );
  const keys = new Map<number, EpochKey>();
  const epochAt = (unixMs: number) => Math.floor((unixMs - times.epoch0UnixMs) / times.epochMs);
  const startOf = (epoch: number) => times.epoch0UnixMs + epoch * times.epochMs;

  const hold = (stored: StoredEpochKey) => {
    const seen: ReplaySet = createReplaySet(random);
    for (let at = 0; at + REPLAY_TAG_KEPT_SIZE <= stored.tags.length; at += REPLAY_TAG_KEPT_SIZE) {
      seen.add(stored.tags.subarray(at, at + REPLAY_TAG_KEPT_SIZE));
    }
    const publicKey = new Uint8Array(32);
    engine.x25519Base(publicKey, stored.privateKey);
    keys.set(stored.epoch, {
      epoch: stored.epoch,
      privateKey: stored.privateKey,
      publicKey,
      see: (tag) => {
        const outcome = seen.add(tag);
        if (outcome === 'new') store.remember(stored.epoch, tag.subarray(0, REPLAY_TAG_KEPT_SIZE));
        return outcome;
      },
    });
  };
  for (const stored of store.load()) hold(stored);

  /** The oldest epoch whose packets may still come. */
  const oldestAt = (unixMs: number) => epochAt(unixMs - times.graceMs);

  return {
    advance: (now) => {
      const epoch = epochAt(now.unixMs);
      let changed = false;
      for (const key of keys.values()) {
        if (key.epoch >= oldestAt(now.unixMs)) continue;
        store.destroy(key.epoch);
        wipe(key.privateKey);
        keys.delete(key.epoch);
      }
      for (let wanted = epoch; wanted <= epoch + EPOCHS_AHEAD; wanted++) {
        if (keys.has(wanted)) continue;
        const privateKey = drawBytes(random, 32);
        store.create(wanted, privateKey);
        hold({ epoch: wanted, privateKey, tags: new Uint8Array(0) });
        changed = true;
      }
      return changed;
    },
    nextAdvanceAtUnixMs: (now) => {
      const epoch = epochAt(now.unixMs);
      const graceEnd = startOf(epoch) + times.graceMs;
      return now.unixMs < graceEnd ? graceEnd : startOf(epoch + 1);
    },
    forParity: (parity, now) => {
      const epoch = epochAt(now.unixMs);
      if ((epoch & 1) === (parity & 1)) return keys.get(epoch) ?? null;
      if (now.unixMs - startOf(epoch) < times.graceMs) return keys.get(epoch - 1) ?? null;
      if (startOf(epoch + 1) - now.unixMs <= times.skewMs) return keys.get(epoch + 1) ?? null;
      return null;
    },
    flush: store.flush,
    ofEpoch: (epoch) => keys.get(epoch) ?? null,
    published: (now) => {
      const epoch = epochAt(now.unixMs);
      return [...keys.values()]
        .filter((key) => key.epoch >= epoch)
        .sort((a, b) => a.epoch - b.epoch);
    },
  };
}
