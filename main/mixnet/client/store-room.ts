// A disk without room. Nothing that has to be durable is done then: messages stay where they are,
// mail stays at the provider, and cover flows as it always does. Every so often a write is tried;
// once it holds, everything goes on from what is durable.
import type { Now } from '../../../shared/time.ts';
import { unlessFull } from '../store-full.ts';

/** Between two tries to write while the disk is full. */
export const STORE_RETRY_MS = 10_000;

/** What a command is answered with while nothing can be stored. */
export class StoreFullError extends Error {
  readonly code = 'store_full';
  constructor() {
    super('the disk is full; nothing was changed');
    this.name = 'StoreFullError';
  }
}

export type StoreRoom = {
  readonly isFull: () => boolean;
  readonly setFull: () => void;
  /** When a write is to be tried; null where there is room as far as is known. */
  readonly nextTryAtMs: () => number | null;
  /** Tries `write` where that is due; true where it has room again. Throws what else it throws. */
  readonly tryAgain: (now: Now, write: () => void) => boolean;
};

/** `nowMs` gives the time of the step that runs. */
export function createStoreRoom(nowMs: () => number): StoreRoom {
  let tryAtMs: number | null = null;
  const setFull = (): void => {
    tryAtMs ??= nowMs() + STORE_RETRY_MS;
  };
  return {
    isFull: () => tryAtMs !== null,
    setFull,
    nextTryAtMs: () => tryAtMs,
    tryAgain: (now, write) => {
      if (tryAtMs === null || now.monotonicMs < tryAtMs) return false;
      tryAtMs = now.monotonicMs + STORE_RETRY_MS;
      if (!unlessFull(write)) return false;
      tryAtMs = null;
      return true;
    },
  };
}
