// Whether something has been so for long enough to be worth a word: a state that ends sooner would
// only flicker.
import { useEffect, useState } from 'react';

/** Nothing says "loading" before this. */
export const LOADING_DELAY_MS = 300;
/** How long a lost connection may take to come back by itself before the window says so. */
export const LOST_DELAY_MS = 1_000;

/** True once `active` has been true for `delayMs` without a break. */
export function useDelayed(active: boolean, delayMs: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    setPassed(false);
    if (!active) return;
    const timer = setTimeout(() => setPassed(true), delayMs);
    return () => clearTimeout(timer);
  }, [active, delayMs]);
  return active && passed;
}
