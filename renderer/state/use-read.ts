// Tells the engine what was seen: while the window is in sight and has the focus, and once for each
// further message.
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { Api } from '../api.ts';

/** What was seen within this is told at once. */
export const READ_REST_MS = 300;

/** Gives the way to say that the messages up to `id` are in sight. */
export function useRead(api: Api, contact: number, unread: number): (id: number) => void {
  const [seen, setSeen] = useState<number | null>(null);
  const isLooking = useLooking();
  const told = useRef<{ readonly id: number; readonly unread: number } | null>(null);
  const tell = useEffectEvent(() => {
    if (seen === null || unread === 0 || !isLooking) return;
    if (told.current?.id === seen && told.current.unread === unread) return;
    told.current = { id: seen, unread };
    api.call('conversation.read', { contact, upTo: seen }).catch(() => {
      told.current = null;
    });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changed is told after a moment
  useEffect(() => {
    const timer = setTimeout(() => tell(), READ_REST_MS);
    return () => clearTimeout(timer);
  }, [seen, unread, isLooking]);
  return setSeen;
}

/** Whether somebody can be looking: the window is not hidden and has the focus. */
function useLooking(): boolean {
  const [isLooking, setLooking] = useState(looks);
  useEffect(() => {
    const look = () => setLooking(looks());
    window.addEventListener('focus', look);
    window.addEventListener('blur', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('focus', look);
      window.removeEventListener('blur', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return isLooking;
}

function looks(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
