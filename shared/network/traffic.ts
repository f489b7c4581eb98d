// The traffic sets: rates, mean delay, pulls and epochs of a whole network (design section 2,
// "Traffic"). λ stands as a mean interval, so that no unit has to be guessed. No user has a slider.
import { assert } from '../assert.ts';
import { PULL_ACKNOWLEDGEMENT_COUNT, PULL_MAIL_COUNT_MAX } from './frame-sizes.ts';
import { isLoopbackAddress } from './node-address.ts';

export type TrafficName = 'demo' | 'standard' | 'low-bandwidth' | 'test';
export const trafficNames: readonly TrafficName[] = ['demo', 'standard', 'low-bandwidth', 'test'];

export type Traffic = {
  readonly name: TrafficName;
  /** 1 / λP, 1 / λL, 1 / λD: mean intervals of a client's streams. */
  readonly payloadIntervalMsMean: number;
  readonly loopIntervalMsMean: number;
  readonly dropIntervalMsMean: number;
  /** θ: mean of the delay at each of four hops. */
  readonly hopDelayMsMean: number;
  /** 1 / λM: mean interval of a node's loops. */
  readonly nodeLoopIntervalMsMean: number;
  /** T: constant. */
  readonly pullIntervalMs: number;
  /** k: mails in every pull answer. */
  readonly pullMailCount: number;
  readonly epochMs: number;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const trafficSets: Readonly<Record<TrafficName, Traffic>> = {
  demo: {
    name: 'demo',
    payloadIntervalMsMean: 500,
    loopIntervalMsMean: 1_000,
    dropIntervalMsMean: 1_000,
    hopDelayMsMean: 200,
    nodeLoopIntervalMsMean: 500,
    pullIntervalMs: 500,
    pullMailCount: 2,
    epochMs: 10 * MINUTE_MS,
  },
  standard: {
    name: 'standard',
    payloadIntervalMsMean: 1_000,
    loopIntervalMsMean: 4_000,
    dropIntervalMsMean: 4_000,
    hopDelayMsMean: 500,
    nodeLoopIntervalMsMean: 2_000,
    pullIntervalMs: 2_000,
    pullMailCount: 3,
    epochMs: HOUR_MS,
  },
  'low-bandwidth': {
    name: 'low-bandwidth',
    payloadIntervalMsMean: 4_000,
    loopIntervalMsMean: 10_000,
    dropIntervalMsMean: 10_000,
    hopDelayMsMean: 1_000,
    nodeLoopIntervalMsMean: 2_000,
    pullIntervalMs: 5_000,
    pullMailCount: 3,
    epochMs: HOUR_MS,
  },
  test: {
    name: 'test',
    payloadIntervalMsMean: 50,
    loopIntervalMsMean: 100,
    dropIntervalMsMean: 100,
    hopDelayMsMean: 20,
    nodeLoopIntervalMsMean: 50,
    pullIntervalMs: 50,
    pullMailCount: 2,
    epochMs: 20_000,
  },
};

/** Whether a traffic set is for networks on one computer alone. */
export function isLoopbackTraffic(name: TrafficName): boolean {
  return name === 'demo' || name === 'test';
}

/**
 * Whether a network whose nodes and authorities listen at `addresses` may run a traffic set: `demo`
 * and `test` keep to this computer, since their rates or delays are no good anywhere else.
 */
export function isTrafficAllowed(name: TrafficName, addresses: readonly string[]): boolean {
  return !isLoopbackTraffic(name) || addresses.every(isLoopbackAddress);
}

/**
 * The longest delay that a hop or last hop accepts, in ms: 37 θ. The sampler's largest draw is
 * ln(2^53) = 36.74 θ, so no honest packet is ever refused and no distribution is clipped.
 */
export function hopDelayMsMax(traffic: Traffic): number {
  return DELAY_MEANS_MAX * traffic.hopDelayMsMean;
}
const DELAY_MEANS_MAX = 37;

/** Share of the pulls' room that own loops and one contact who sends flat out take. */
export function pullLoad(traffic: Traffic): number {
  const arrivalsPerMs = 1 / traffic.loopIntervalMsMean + 1 / traffic.payloadIntervalMsMean;
  return (arrivalsPerMs * traffic.pullIntervalMs) / traffic.pullMailCount;
}

/** Packets that a client sends per ms: what its provider allows it, with slack. */
export function clientPacketsPerMs(traffic: Traffic): number {
  return (
    1 / traffic.payloadIntervalMsMean +
    1 / traffic.loopIntervalMsMean +
    1 / traffic.dropIntervalMsMean
  );
}

/** Half the mean time between two of a client's emissions, pulls too: a quiet that comes often. */
export function commonQuietMs(traffic: Traffic): number {
  return 0.5 / (clientPacketsPerMs(traffic) + 1 / traffic.pullIntervalMs);
}

for (const traffic of Object.values(trafficSets)) {
  assert(pullLoad(traffic) < 1, 'pulls drain faster than one contact and the own loops fill');
  assert(
    clientPacketsPerMs(traffic) * traffic.pullIntervalMs < PULL_ACKNOWLEDGEMENT_COUNT / 4,
    'a pull holds four times the acknowledgements that come in its interval',
  );
  assert(traffic.pullMailCount <= PULL_MAIL_COUNT_MAX, 'k is within the frame table');
}
