// Who gets the next payload slot. Short messages go first and in order; long ones take turns and
// get one slot in three while short ones wait, and no short message is passed over more than twice.
// So a large message delays a short one by two slots at most, and is never starved by a few.

export type Lane = 'short' | 'long';

/** Slots that long messages may take while one short message waits. */
export const PASSED_OVER_MAX = 2;
/** Short fragments between two long ones, while both wait. */
const SHORT_PER_LONG = 2;

export type FairQueue<T> = {
  /** Behind the others of its lane; nothing where it is there. */
  readonly push: (lane: Lane, item: T) => void;
  /** Before the others of its lane. */
  readonly pushFirst: (lane: Lane, item: T) => void;
  readonly remove: (lane: Lane, item: T) => void;
  /** Whose turn it is among those that `accepts` takes; it stays until it is removed. */
  readonly next: (accepts: (item: T) => boolean) => T | null;
  readonly waiting: (lane: Lane) => readonly T[];
};

export function createFairQueue<T extends object>(): FairQueue<T> {
  const lanes: Record<Lane, T[]> = { short: [], long: [] };
  /** Long fragments served when a short message came. */
  const cameAt = new Map<T, number>();
  let longServed = 0;
  let shortSinceLong = 0;

  const take = (lane: Lane, item: T): void => {
    const at = lanes[lane].indexOf(item);
    if (at >= 0) lanes[lane].splice(at, 1);
  };
  const isLongsTurn = (accepts: (item: T) => boolean): boolean =>
    shortSinceLong >= SHORT_PER_LONG &&
    lanes.short.every(
      (item) => !accepts(item) || longServed - (cameAt.get(item) ?? 0) < PASSED_OVER_MAX,
    );

  return {
    push: (lane, item) => {
      if (cameAt.has(item)) return;
      cameAt.set(item, longServed);
      lanes[lane].push(item);
    },
    pushFirst: (lane, item) => {
      take(lane, item);
      if (!cameAt.has(item)) cameAt.set(item, longServed);
      lanes[lane].unshift(item);
    },
    remove: (lane, item) => {
      take(lane, item);
      cameAt.delete(item);
    },
    next: (accepts) => {
      const short = lanes.short.find(accepts);
      const long = lanes.long.find(accepts);
      if (long !== undefined && (short === undefined || isLongsTurn(accepts))) {
        if (short !== undefined) longServed += 1;
        shortSinceLong = 0;
        take('long', long);
        lanes.long.push(long);
        return long;
      }
      shortSinceLong += 1;
      return short ?? null;
    },
    waiting: (lane) => lanes[lane],
  };
}
