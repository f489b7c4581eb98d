// Tells the engine that its user is there, so that the automatic lock waits, and locks at the key
// for it.
import { useEffect, useEffectEvent } from 'react';
import { useApi, useKnown } from './session.tsx';
import { useRoute } from './use-route.ts';

/** The engine is told at most this often, however much is typed. */
export const ACTIVITY_MS_MIN = 30_000;

const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

/** Calls `tell` at the first sign of a user, and then at most every `ACTIVITY_MS_MIN`. */
export function watchActivity(target: EventTarget, tell: () => void): () => void {
  let isTold = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const sign = () => {
    if (isTold) return;
    isTold = true;
    timer = setTimeout(() => {
      isTold = false;
    }, ACTIVITY_MS_MIN);
    tell();
  };
  for (const name of signs) target.addEventListener(name, sign, { passive: true });
  return () => {
    clearTimeout(timer);
    for (const name of signs) target.removeEventListener(name, sign);
  };
}

/** Ctrl L, or Cmd L. */
export function isLockKey(event: KeyboardEvent): boolean {
  const isHeld = event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey;
  return isHeld && event.key.toLowerCase() === 'l';
}

/** For an open profile. Where no passphrase is set, the key leads to where one can be. */
export function usePresence(): void {
  const api = useApi();
  const [, go] = useRoute();
  const locksByItself = useKnown(
    ({ lock, settings }) =>
      lock?.state === 'open' && (lock.hasLockFailed || (settings?.autoLockMinutes ?? 0) > 0),
  );
  const hasPassphrase = useKnown((known) => known.lock?.hasPassphrase === true);
  useEffect(() => {
    if (!locksByItself) return;
    // Not heard costs a lock that comes early; the engine's own event says why it was not.
    return watchActivity(document, () => void api.call('lock.activity', {}).catch(() => {}));
  }, [api, locksByItself]);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!isLockKey(event)) return;
    event.preventDefault();
    if (!hasPassphrase) return go({ place: 'settings', section: 'privacy' });
    // A lock that did not work is told by the engine's own event.
    api.call('lock.now', {}).catch(() => {});
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
