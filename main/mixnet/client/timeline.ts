// When a client's instants begin anew: with the first usable document, after a sleep, where the
// clock was set, and where the network's rates are others. That is looked at where the schedule
// itself is due and where the link says something, and never because of a command: an instant that
// follows from one would tell of it (design section 2, "Traffic").
import type { Traffic } from '../../../shared/network/traffic.ts';
import type { Now } from '../../../shared/time.ts';
import type { Directory } from './directory.ts';
import type { Pulls } from './pulls.ts';
import type { Schedule } from './schedule.ts';
import type { Slots } from './slots.ts';

/** A wake so late for a slot or pull, or a clock so far off, that the machine slept or was set. */
export const SUSPEND_MS_MIN = 2_000;

export type TimelineParts = {
  readonly directory: Directory;
  readonly schedule: Schedule;
  readonly slots: Slots;
  readonly pulls: Pulls;
};

export type Timeline = {
  /** The rates that the instants go by; null before there are any. */
  readonly traffic: () => Traffic | null;
  /** When the next packet or pull leaves; Infinity where none is in sight. */
  readonly emissionAtMs: () => number;
  /** When the schedule has something to do: something leaves, or slots come into sight. */
  readonly dueAtMs: () => number;
  /** Begins anew where it has to; true after a sleep, and where the clock was set. */
  readonly follow: (now: Now) => boolean;
};

export function createTimeline(parts: TimelineParts, start: Now): Timeline {
  const { directory, schedule, slots, pulls } = parts;
  let traffic: Traffic | null = null;
  let followed = start;

  const emissionAtMs = (): number =>
    Math.min(slots.nextEmissionAtMs() ?? Infinity, pulls.nextAtMs() ?? Infinity);

  const follow = (now: Now): boolean => {
    const wallMs = now.unixMs - followed.unixMs;
    const movedMs = wallMs - (now.monotonicMs - followed.monotonicMs);
    const lateMs = now.monotonicMs - Math.min(emissionAtMs(), schedule.nextAtMs() ?? Infinity);
    const isWoken = Math.abs(movedMs) > SUSPEND_MS_MIN || lateMs > SUSPEND_MS_MIN;
    followed = now;
    const next = directory.groundAt(now.unixMs)?.topology.traffic ?? traffic;
    const isOther = next?.name !== traffic?.name;
    traffic = next;
    if (traffic !== null && (isWoken || isOther)) {
      slots.clear();
      schedule.restart(now.monotonicMs, traffic);
      pulls.restart(now.monotonicMs, traffic.pullIntervalMs);
    }
    return isWoken;
  };

  follow(start);
  return {
    traffic: () => traffic,
    emissionAtMs,
    dueAtMs: () => Math.min(emissionAtMs(), schedule.nextAdvanceAtMs() ?? Infinity),
    follow,
  };
}
