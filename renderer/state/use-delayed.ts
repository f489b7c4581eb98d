// Words neither flash up nor flicker: what is over at once is not said, and what was said stays.
import { useEffect, useRef, useState } from 'react';

/** Nothing says "loading" before this. */
export const LOADING_DELAY_MS = 300;
/** What was said stays as long as reading its first words takes, even where it is over sooner. */
export const SAID_MS_MIN = 1_500;

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

/** `words` while there are any, and each for at least `stayMs`. */
export function useStaying<T extends string>(words: T | null, stayMs: number): T | null {
  const [said, setSaid] = useState<T | null>(words);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (words === null) return;
    setSaid(words);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(null), stayMs);
  }, [words, stayMs]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return words ?? said;
}
