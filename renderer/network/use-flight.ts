// One loop in flight at a time, along its real path in its own time. It is shown until it is home;
// then the next one that the engine tells of takes its place.
import { useEffect, useRef, useState } from 'react';
import type { Health } from '../../shared/api-health.ts';
import { mediaQuery } from '../state/media.ts';
import type { Flight } from './network-picture.tsx';
import { idOfNode } from './node-words.ts';

/** Between two drawings. */
const FRAME_MS = 33;

type Told = NonNullable<Health['flight']>;

/** How many hops lie behind a loop `elapsedMs` after it left; each lasts as long as its delay. */
export function hopsDone({ path, delaysMs }: Told, elapsedMs: number): number {
  let leftMs = elapsedMs;
  for (let hop = 0; hop < path.length - 1; hop++) {
    const delayMs = delaysMs[hop] ?? 0;
    if (leftMs < delayMs) return hop + Math.max(0, leftMs) / delayMs;
    leftMs -= delayMs;
  }
  return path.length - 1;
}

/** The loop to be drawn; null between two of them. */
export function useFlight({ flight, nowUnixMs }: Health): Flight | null {
  const shown = useRef<{ readonly told: Told; readonly elapsedMs: number } | null>(null);
  const [elapsedMs, setElapsedMs] = useState(0);
  const [told, setTold] = useState<Told | null>(null);
  const isStill = prefersStill();

  useEffect(() => {
    if (flight === null) return;
    const current = shown.current;
    const isOver =
      current === null || hopsDone(current.told, current.elapsedMs) >= current.told.path.length - 1;
    // Where nothing may move, each answer draws the loop as it is then.
    if (!isOver && !isStill && current.told.sentUnixMs !== flight.sentUnixMs) return;
    if (current?.told.sentUnixMs === flight.sentUnixMs && !isStill) return;
    shown.current = { told: flight, elapsedMs: nowUnixMs - flight.sentUnixMs };
    setTold(flight);
    setElapsedMs(nowUnixMs - flight.sentUnixMs);
  }, [flight, nowUnixMs, isStill]);

  useEffect(() => {
    if (told === null || isStill) return;
    let frame = 0;
    let lastMs: number | null = null;
    const draw = (atMs: number) => {
      frame = requestAnimationFrame(draw);
      const current = shown.current;
      if (current === null) return;
      lastMs ??= atMs;
      const passedMs = atMs - lastMs;
      if (passedMs < FRAME_MS) return;
      lastMs = atMs;
      const next = { told: current.told, elapsedMs: current.elapsedMs + passedMs };
      shown.current = next;
      if (next.told === told) setElapsedMs(next.elapsedMs);
      if (hopsDone(told, next.elapsedMs) >= told.path.length - 1) cancelAnimationFrame(frame);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [told, isStill]);

  if (told === null) return null;
  const done = hopsDone(told, elapsedMs);
  if (done >= told.path.length - 1) return null;
  return { path: told.path.map(idOfNode), hopsDone: done };
}

function prefersStill(): boolean {
  return mediaQuery('(prefers-reduced-motion: reduce)')?.matches === true;
}
