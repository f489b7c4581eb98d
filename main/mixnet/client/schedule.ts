// When the three Poisson streams of a client emit, and nothing else: which instants, never what
// (design section 2, "Traffic"). Each stream has a random source of its own; the next instant is
// drawn from the scheduled one, at an instant that follows from the schedule alone. So nothing a
// user does can move an emission.

import type { Traffic } from '../../../shared/network/traffic.ts';
import { drawExponential, type RandomSource } from '../../../shared/random.ts';

export const STREAMS = ['payload', 'loop', 'drop'] as const;
export type Stream = (typeof STREAMS)[number];

/** A slot's packet is complete so long before its instant, or the slot is forfeited. */
export const COMPLETE_AHEAD_MS = 100;
/**
 * A slot is drawn, and its packet may be built, so long before its instant: room for a slow engine
 * to build several.
 */
export const PREPARE_AHEAD_MS = 500;

export type Slot = { readonly stream: Stream; readonly atMs: number };

export type Schedule = {
  /** Begins anew: first instants are now + 100 ms + Exp. */
  readonly restart: (nowMs: number, traffic: Traffic) => void;
  readonly stop: () => void;
  /** Slots that come into sight by now, in order. */
  readonly advance: (nowMs: number) => readonly Slot[];
  readonly nextAdvanceAtMs: () => number | null;
  /** Instant of the first slot that is not in sight yet. */
  readonly nextAtMs: () => number | null;
};

export function createSchedule(instants: Readonly<Record<Stream, RandomSource>>): Schedule {
  let heads: { readonly stream: Stream; readonly intervalMs: number; atMs: number }[] = [];

  const draw = (stream: Stream, intervalMs: number) =>
    drawExponential(instants[stream], intervalMs);

  const nextAtMs = () => (heads.length === 0 ? null : Math.min(...heads.map((head) => head.atMs)));

  return {
    restart: (nowMs, traffic) => {
      const intervals: Record<Stream, number> = {
        payload: traffic.payloadIntervalMsMean,
        loop: traffic.loopIntervalMsMean,
        drop: traffic.dropIntervalMsMean,
      };
      heads = STREAMS.map((stream) => {
        const intervalMs = intervals[stream];
        const atMs = nowMs + COMPLETE_AHEAD_MS + draw(stream, intervalMs);
        return { stream, intervalMs, atMs };
      });
    },
    stop: () => {
      heads = [];
    },
    advance: (nowMs) => {
      const slots: Slot[] = [];
      for (const head of heads) {
        while (head.atMs - PREPARE_AHEAD_MS <= nowMs) {
          slots.push({ stream: head.stream, atMs: head.atMs });
          head.atMs += draw(head.stream, head.intervalMs);
        }
      }
      return slots.sort((a, b) => a.atMs - b.atMs);
    },
    nextAdvanceAtMs: () => {
      const atMs = nextAtMs();
      return atMs === null ? null : atMs - PREPARE_AHEAD_MS;
    },
    nextAtMs,
  };
}
