// How long a message takes, from own loops (design section 2, "Health"). A loop passes what a
// message to anybody passes (own provider, three mixes, a provider) with delays from the same
// distribution, so its time on the way is a sample of the message's; nothing is halved. Before it a
// message waits for a payload slot, after it for the recipient's pull. Both waits follow from the
// network's rates: slots are a Poisson stream, pulls come at a constant interval.
import type { Traffic } from '../network/traffic.ts';
import { quantile } from './quantile.ts';

/** Below this many a sample is not spoken of. */
export const SAMPLES_MIN = 20;
/** Halvings of the search: to a thousandth of a millisecond of any time that occurs. */
const STEPS = 40;

export type MessageTime = { readonly fromMs: number; readonly toMs: number };

/**
 * p50 and p95 of the time from sending a message that waits behind no other until its recipient,
 * who is online, has fetched it; of those that are not lost on the way. `wayMs` are times of loops
 * from leaving to arriving at the provider. Null of fewer than `SAMPLES_MIN`.
 */
export function messageTime(wayMs: readonly number[], traffic: Traffic): MessageTime | null {
  if (wayMs.length < SAMPLES_MIN) return null;
  return { fromMs: timeAt(wayMs, traffic, 0.5), toMs: timeAt(wayMs, traffic, 0.95) };
}

/** The median of what own loops should take until they are fetched, by the delays they drew. */
export function expectedRoundTripMs(delaysMs: readonly number[], traffic: Traffic): number | null {
  const median = quantile(delaysMs, 0.5);
  return median === null ? null : median + traffic.pullIntervalMs / 2;
}

/** The time within which `share` of messages arrive: the sum of slot wait, way and pull wait. */
function timeAt(wayMs: readonly number[], traffic: Traffic, share: number): number {
  const within = (ms: number) =>
    wayMs.reduce((sum, way) => sum + waitsWithin(ms - way, traffic), 0) / wayMs.length;
  let low = 0;
  let high = Math.max(...wayMs) + 20 * traffic.payloadIntervalMsMean + traffic.pullIntervalMs;
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (within(middle) < share) low = middle;
    else high = middle;
  }
  return high;
}

/** How likely an exponential slot wait and a uniform pull wait are over within `ms` together. */
function waitsWithin(ms: number, { payloadIntervalMsMean, pullIntervalMs }: Traffic): number {
  if (ms <= 0) return 0;
  const mean = payloadIntervalMsMean;
  const upTo = Math.min(ms, pullIntervalMs);
  // The integral of 1 - exp(-(ms - pull) / mean) over the pull's wait, without large exponents.
  const missing = mean * (Math.exp((upTo - ms) / mean) - Math.exp(-ms / mean));
  return (upTo - missing) / pullIntervalMs;
}
