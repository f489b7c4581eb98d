// What kept a process of a benchmark from its work, beside that work: other processes on its core,
// and its own garbage collections. Timed figures mean something where both are small.
import { readFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { monotonicMs } from '../../main/system.ts';
import { rounded } from './measure.ts';

export type Turns = {
  /**
   * Share of the time in which the main thread could have run and another had its core; null where
   * the system does not tell.
   */
  readonly waitShare: number | null;
  readonly collections: number;
  readonly collectionMsMax: number;
  /** Share of the time in which garbage was collected. */
  readonly collectionShare: number;
};

/** `take` gives what happened since it was last called. */
export function createTurns(): { readonly take: () => Turns } {
  let [fromMs, waitedMs] = [monotonicMs(), readWaitedMs()];
  let [collections, collectionMsMax, collectionMs] = [0, 0, 0];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      collections += 1;
      collectionMs += duration;
      collectionMsMax = Math.max(collectionMsMax, duration);
    }
  }).observe({ entryTypes: ['gc'] });
  return {
    take: () => {
      const [now, waited] = [monotonicMs(), readWaitedMs()];
      const passedMs = now - fromMs;
      const share = (ms: number) => rounded(ms / passedMs);
      const turns = {
        waitShare: waited === null || waitedMs === null ? null : share(waited - waitedMs),
        collections,
        collectionMsMax: rounded(collectionMsMax),
        collectionShare: share(collectionMs),
      };
      [fromMs, waitedMs] = [now, waited];
      [collections, collectionMsMax, collectionMs] = [0, 0, 0];
      return turns;
    },
  };
}

/** Of the main thread, since it started. */
function readWaitedMs(): number | null {
  try {
    const text = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8');
    return Number(text.split(' ')[1]) / 1e6;
  } catch {
    return null;
  }
}
