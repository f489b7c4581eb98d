// Packets that wait for the instant their sender drew for them: a binary heap by release instant. A
// Poisson mix is nothing else (Loopix section 3.2): every packet leaves at its own time, whatever
// the others do.
import { assert } from '../../shared/assert.ts';

/**
 * Packets a pool holds: 79 MB of them, thirty seconds of what one thread can unwrap. When it is
 * full the newest is refused: releasing one early would show its delay, and the oldest is the one
 * waited for.
 */
export const POOL_PACKETS_MAX = 32_768;

export type DelayPool<T> = {
  /** False, and nothing is held, where the pool is full. */
  readonly add: (releaseAtMs: number, held: T) => boolean;
  /** Takes out everything that is due at `nowMs`, earliest first. */
  readonly takeDue: (nowMs: number) => readonly T[];
  readonly nextReleaseAtMs: () => number | null;
  readonly size: () => number;
};

/** A pool of at most `sizeMax`. Entries of one instant leave in the order they came. */
export function createDelayPool<T>(sizeMax: number = POOL_PACKETS_MAX): DelayPool<T> {
  type Entry = { readonly atMs: number; readonly serial: number; readonly held: T };
  const heap: Entry[] = [];
  let serial = 0;

  const isBefore = (a: Entry, b: Entry) =>
    a.atMs < b.atMs || (a.atMs === b.atMs && a.serial < b.serial);
  const at = (index: number): Entry => {
    const entry = heap[index];
    assert(entry !== undefined, 'a heap index is inside the heap');
    return entry;
  };
  const swap = (a: number, b: number) => {
    const held = at(a);
    heap[a] = at(b);
    heap[b] = held;
  };
  const rise = (from: number) => {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(at(index), at(parent))) return;
      swap(index, parent);
      index = parent;
    }
  };
  const sink = () => {
    let index = 0;
    for (;;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < heap.length && isBefore(at(child), at(least))) least = child;
      }
      if (least === index) return;
      swap(index, least);
      index = least;
    }
  };
  const takeFirst = (): Entry => {
    const first = at(0);
    const last = heap.pop();
    if (last !== undefined && last !== first) {
      heap[0] = last;
      sink();
    }
    return first;
  };

  return {
    add: (releaseAtMs, held) => {
      if (heap.length >= sizeMax) return false;
      heap.push({ atMs: releaseAtMs, serial: serial++, held });
      rise(heap.length - 1);
      return true;
    },
    takeDue: (nowMs) => {
      const due: T[] = [];
      while (heap.length > 0 && at(0).atMs <= nowMs) due.push(takeFirst().held);
      return due;
    },
    nextReleaseAtMs: () => heap[0]?.atMs ?? null,
    size: () => heap.length,
  };
}
