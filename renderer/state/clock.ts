// The window's only clock, for what is written as "14:02" or "Yesterday". Nothing that leaves this
// computer depends on it.
import { useSyncExternalStore } from 'react';

export const NOW_STEP_MS = 60_000;

/** Wall time, ms since 1970, at the begin of this minute; drawn again with the next one. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, nowInSteps);
}

function nowInSteps(): number {
  return Math.floor(wallUnixMs() / NOW_STEP_MS) * NOW_STEP_MS;
}

function subscribe(watcher: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const arm = () => {
    timer = setTimeout(
      () => {
        watcher();
        arm();
      },
      NOW_STEP_MS - (wallUnixMs() % NOW_STEP_MS),
    );
  };
  arm();
  return () => clearTimeout(timer);
}

function wallUnixMs(): number {
  return Date.now();
}
