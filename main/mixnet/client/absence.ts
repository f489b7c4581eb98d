// Recipients whose provider no document lists any more: a message to one of them ends as not
// confirmed, as it would where nobody answers. Only time in which this client has a link and the
// document of this epoch counts; without them it does not know.
import type { Now } from '../../../shared/time.ts';
import type { Directory } from './directory.ts';
import type { Outbox } from './outbox.ts';
import { absentMsMax, type MessageProgress } from './outbox-message.ts';
import { isRecipient } from './packets.ts';

/** Between two looks at who is there. */
export const ABSENCE_LOOK_MS = 5_000;
/** Messages that end in one step; the next look is at once where there are more. */
export const ABSENT_PER_LOOK = 64;

export type Absence = {
  readonly dueAtMs: () => number;
  /** Looks, where that is due; `isKnown` says that the client has its link, and room to write. */
  readonly look: (now: Now, isKnown: boolean) => readonly MessageProgress[];
};

export function createAbsence(directory: Directory, outbox: Outbox, start: Now): Absence {
  let dueAtMs = start.monotonicMs + ABSENCE_LOOK_MS;
  /** The last look, where all that is needed was known then. */
  let knownAtMs: number | null = null;

  return {
    dueAtMs: () => dueAtMs,
    look: (now, isKnown) => {
      if (now.monotonicMs < dueAtMs) return [];
      dueAtMs = now.monotonicMs + ABSENCE_LOOK_MS;
      const ground = directory.groundAt(now.unixMs);
      if (!isKnown || ground === null || ground.topology.epoch !== ground.epoch) {
        knownAtMs = null;
        return [];
      }
      const elapsedMs = knownAtMs === null ? 0 : now.monotonicMs - knownAtMs;
      knownAtMs = now.monotonicMs;
      const over = outbox.passAbsent({
        isReachable: isRecipient(ground),
        // A computer that stood still knew nothing meanwhile.
        elapsedMs: Math.min(elapsedMs, 2 * ABSENCE_LOOK_MS),
        msMax: absentMsMax(ground.topology.traffic),
        max: ABSENT_PER_LOOK,
      });
      if (over.length === ABSENT_PER_LOOK) dueAtMs = now.monotonicMs;
      return over;
    },
  };
}
