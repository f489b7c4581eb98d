// How many frames one window may send a second: enough for anything a user does, little enough that
// a page gone wrong cannot keep the engine from its schedule.

/** Frames a second that are answered; the next ones are refused with `busy`. */
export const FRAMES_PER_SECOND_MAX = 400;
/** Frames a second past which a refusal for each would itself be a load: the door may hang up. */
export const FLOOD_PER_SECOND_MAX = 4 * FRAMES_PER_SECOND_MAX;

const WINDOW_MS = 1_000;

export type Verdict = 'within' | 'over' | 'flood';

/** Counts frames in windows of one second; `take` is told the time of a monotonic clock. */
export function createRate(): { readonly take: (nowMs: number) => Verdict } {
  let windowStartMs = Number.NEGATIVE_INFINITY;
  let count = 0;
  return {
    take: (nowMs) => {
      if (nowMs - windowStartMs >= WINDOW_MS) {
        windowStartMs = nowMs;
        count = 0;
      }
      count += 1;
      if (count <= FRAMES_PER_SECOND_MAX) return 'within';
      return count <= FLOOD_PER_SECOND_MAX ? 'over' : 'flood';
    },
  };
}
