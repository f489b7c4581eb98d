// How much the owner of each mailbox may send and pull, whichever links he comes on. A mailbox has
// one pair of buckets for all its links, kept past the last of them until they would be full again:
// neither more links nor new ones give more than one client's rate.
import { toHex } from '../../shared/bytes.ts';
import { clientPacketsPerMs, type Traffic } from '../../shared/network/traffic.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';

/** A client may send and pull so much faster than published before it is refused. */
export const RATE_SLACK = 1.25;
/**
 * Packets a client may be ahead of its rate: at a load of 1/1.25 a Poisson stream gets there once
 * in 10^11 packets.
 */
export const RATE_DEPTH_PACKETS = 64;
/** A provider, or a line, that stood for so long finds all at once what came meanwhile. */
export const RATE_HELD_UP_MS = 5_000;
/** Pulls come at a constant interval; a stalled link delivers some of them together. */
export const RATE_DEPTH_PULLS = 16;
/**
 * Mailboxes without a link whose buckets are kept, as many as a provider has; the one that left
 * first goes first.
 */
export const LEFT_MAILBOXES_MAX = 100_000;

/** The buckets of one mailbox. */
export type MailboxRates = { readonly packets: RateLimit; readonly pulls: RateLimit };

export type RateTable = {
  /** The mailbox's buckets, for a link that proved to be its owner's; released once. */
  readonly hold: (mailbox: Uint8Array, nowMs: number) => MailboxRates;
  readonly release: (mailbox: Uint8Array, nowMs: number) => void;
  /** Mailboxes whose buckets are kept. */
  readonly size: () => number;
};

type Held = { readonly rates: MailboxRates; links: number };
type Left = { readonly rates: MailboxRates; readonly leftAtMs: number };

/** Pulls as a client of this traffic may make them. */
export function createPullLimit(traffic: Traffic): RateLimit {
  return createRateLimit((1_000 / traffic.pullIntervalMs) * RATE_SLACK, RATE_DEPTH_PULLS);
}

/** Buckets for clients of `traffic`; those of `leftMax` mailboxes are kept without a link. */
export function createRateTable(
  traffic: () => Traffic,
  leftMax: number = LEFT_MAILBOXES_MAX,
): RateTable {
  const held = new Map<string, Held>();
  /** In the order in which they left. */
  const left = new Map<string, Left>();

  const forget = (nowMs: number): void => {
    const fullMs = refillMs(traffic());
    for (const [name, { leftAtMs }] of left) {
      if (left.size <= leftMax && nowMs - leftAtMs < fullMs) break;
      left.delete(name);
    }
  };

  return {
    hold: (mailbox, nowMs) => {
      forget(nowMs);
      const name = toHex(mailbox);
      const known = held.get(name);
      if (known !== undefined) {
        known.links += 1;
        return known.rates;
      }
      const rates = left.get(name)?.rates ?? createRates(traffic());
      left.delete(name);
      held.set(name, { rates, links: 1 });
      return rates;
    },
    release: (mailbox, nowMs) => {
      const name = toHex(mailbox);
      const known = held.get(name);
      if (known === undefined) return;
      known.links -= 1;
      if (known.links === 0) {
        held.delete(name);
        left.set(name, { rates: known.rates, leftAtMs: nowMs });
      }
      forget(nowMs);
    },
    size: () => held.size + left.size,
  };
}

function packetRate(traffic: Traffic): { readonly perSecond: number; readonly depth: number } {
  const perSecond = 1_000 * clientPacketsPerMs(traffic) * RATE_SLACK;
  const heldUp = Math.ceil(perSecond * (RATE_HELD_UP_MS / 1_000));
  return { perSecond, depth: Math.max(RATE_DEPTH_PACKETS, heldUp) };
}

function createRates(traffic: Traffic): MailboxRates {
  const { perSecond, depth } = packetRate(traffic);
  return { packets: createRateLimit(perSecond, depth), pulls: createPullLimit(traffic) };
}

/** After so long both buckets are full, whatever was taken from them. */
function refillMs(traffic: Traffic): number {
  const { perSecond, depth } = packetRate(traffic);
  const pullsMs = (RATE_DEPTH_PULLS * traffic.pullIntervalMs) / RATE_SLACK;
  return Math.max((1_000 * depth) / perSecond, pullsMs);
}
