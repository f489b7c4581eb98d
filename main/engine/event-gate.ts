// Bounds the events that are on their way to a listener. One that stands still costs a counter, and
// is told how many it missed when it goes on, so that it can read anew.
import { EVENTS_UNSEEN_MAX, type EventFrame } from '../../shared/api.ts';
import { assert } from '../../shared/assert.ts';

export type EventGate = {
  /** Posts the event, or counts it where too many are on their way. */
  readonly emit: (frame: EventFrame) => void;
  /** The listener has taken so many. */
  readonly seen: (count: number) => void;
};

/** A gate before `post`, which lets `unseenMax` events through that were not reported as seen. */
export function createEventGate(
  post: (frame: EventFrame) => void,
  unseenMax = EVENTS_UNSEEN_MAX,
): EventGate {
  let unseen = 0;
  let missed = 0;
  return {
    emit: (frame) => {
      // A gap is told as soon as there is room, so whoever gets past here comes after its `missed`.
      if (unseen >= unseenMax) {
        missed += 1;
        return;
      }
      unseen += 1;
      post(frame);
    },
    seen: (count) => {
      unseen -= count;
      assert(unseen >= 0, 'no more events are seen than were posted');
      if (missed === 0 || unseen >= unseenMax) return;
      const value = { count: missed };
      missed = 0;
      unseen += 1;
      post({ event: 'missed', value });
    },
  };
}
