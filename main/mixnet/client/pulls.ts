// Pulls: one request of a fixed size at a constant interval, on a schedule of its own, whatever the
// answers are (design section 2, "Traffic" and "Mailbox"). Remembers what each request
// acknowledged, so that an answer can be told from an old one and a provider that lost its mailbox
// from one that did not.
import type { PullAnswer } from '../../../shared/network/mailbox-frames.ts';
import { drawUnit, type RandomSource } from '../../../shared/random.ts';
import { COMPLETE_AHEAD_MS } from './schedule.ts';
import type { PullSequences } from './store.ts';

/** Requests whose answers are still taken; an older one is refused. */
export const REQUESTS_OPEN_MAX = 64;

export type OpenRequest = {
  readonly sequences: PullSequences;
  readonly sentAtMs: number;
};

export type Pulls = {
  /** Begins anew: the first pull is within one interval after now + 100 ms. */
  readonly restart: (nowMs: number, intervalMs: number) => void;
  /** Whether a pull is due; a late one is not made up for. */
  readonly take: (nowMs: number) => boolean;
  readonly nextAtMs: () => number | null;
  /** The serial of a request that leaves now. */
  readonly open: (sequences: PullSequences, nowMs: number) => number;
  /** The request of an answer, once; null for an answer that nobody asked for. */
  readonly close: (answer: PullAnswer) => OpenRequest | null;
  /** A link has ended: what was asked on it is not answered any more. */
  readonly linkDown: () => void;
};

export function createPulls(random: RandomSource): Pulls {
  let nextAtMs: number | null = null;
  let intervalMs = 0;
  let serial = 0;
  const open = new Map<number, OpenRequest>();

  return {
    restart: (nowMs, ms) => {
      intervalMs = ms;
      nextAtMs = nowMs + COMPLETE_AHEAD_MS + drawUnit(random) * ms;
    },
    take: (nowMs) => {
      if (nextAtMs === null || nowMs < nextAtMs) return false;
      const missed = Math.floor((nowMs - nextAtMs) / intervalMs);
      nextAtMs += (missed + 1) * intervalMs;
      return true;
    },
    nextAtMs: () => nextAtMs,
    open: (sequences, nowMs) => {
      serial = (serial + 1) % 0x100000000;
      open.set(serial, { sequences, sentAtMs: nowMs });
      for (const oldest of open.keys()) {
        if (open.size <= REQUESTS_OPEN_MAX) break;
        open.delete(oldest);
      }
      return serial;
    },
    close: (answer) => {
      const request = open.get(answer.serial);
      if (request === undefined) return null;
      open.delete(answer.serial);
      return request;
    },
    linkDown: () => open.clear(),
  };
}
