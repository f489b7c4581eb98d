// Epochs: which one it is, which keys a packet's parity may mean, and how long after an epoch its
// packets are still on their way (design section 2, "Directory"). Epoch 0 begins with the network.
import { assert } from '../assert.ts';
import type { EpochParity } from './frames.ts';
import { type Traffic, trafficSets } from './traffic.ts';

export type EpochTimes = {
  readonly epoch0UnixMs: number;
  readonly epochMs: number;
  /** How long after an epoch its packets are still taken. */
  readonly graceMs: number;
  /** How far two honest clocks may be apart. */
  readonly skewMs: number;
};

/** p99.9 of the sum of eight exponential delays, in means: packet and acknowledgement. */
const ROUND_TRIP_MEANS = 19.6;
/** Two minutes, and less where epochs are short: grace and skew together must stay inside one. */
const SKEW_MS_MAX = 120_000;
const SKEW_EPOCHS_MAX = 0.1;

export function epochTimes(epoch0UnixMs: number, traffic: Traffic): EpochTimes {
  const { epochMs } = traffic;
  const skewMs = Math.min(SKEW_MS_MAX, epochMs * SKEW_EPOCHS_MAX);
  const graceMs = Math.ceil(ROUND_TRIP_MEANS * traffic.hopDelayMsMean + skewMs);
  return { epoch0UnixMs, epochMs, graceMs, skewMs };
}

/** The epoch at an instant; null before the network began. */
export function epochAt(times: EpochTimes, unixMs: number): number | null {
  const epoch = Math.floor((unixMs - times.epoch0UnixMs) / times.epochMs);
  return epoch >= 0 ? epoch : null;
}

export function epochStartUnixMs(times: EpochTimes, epoch: number): number {
  return times.epoch0UnixMs + epoch * times.epochMs;
}

export function parityOf(epoch: number): EpochParity {
  return epoch % 2 === 0 ? 0 : 1;
}

/**
 * The epoch that a packet of this parity is for, by this clock: the running one, the one before
 * within its grace, or the next one within the skew; null where none is meant.
 */
export function epochOfParity(
  times: EpochTimes,
  parity: EpochParity,
  unixMs: number,
): number | null {
  const epoch = epochAt(times, unixMs);
  if (epoch === null) return null;
  if (parityOf(epoch) === parity) return epoch;
  const sinceStartMs = unixMs - epochStartUnixMs(times, epoch);
  if (epoch > 0 && sinceStartMs < times.graceMs) return epoch - 1;
  return times.epochMs - sinceStartMs <= times.skewMs ? epoch + 1 : null;
}

for (const traffic of Object.values(trafficSets)) {
  const { graceMs, skewMs, epochMs } = epochTimes(0, traffic);
  assert(graceMs + skewMs < epochMs, 'a parity never means both the epoch before and the next');
}
