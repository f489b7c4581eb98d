// Own loops as health remembers them: each taken once, when it was decided, with its times on the
// wall clock, so that a look at thousands of them only counts.
import type { TimedLoop, Timeline } from '../../shared/health/history.ts';
import type { NodePeer } from '../../shared/network/topology.ts';
import type { Client } from '../mixnet/client/contract.ts';
import {
  type DecidedProbe,
  OUTCOMES,
  PROBES_MAX,
  type VoidReason,
} from '../mixnet/client/ledger.ts';

export type KnownLoop = TimedLoop & {
  /** By the monotonic clock. */
  readonly sentAtMs: number;
  /** From leaving to the own provider; null of those that did not come back. */
  readonly wayMs: number | null;
  /** Sum of the delays that it drew. */
  readonly delayMs: number;
  readonly path: readonly NodePeer[];
  /** Of a void one. */
  readonly reason: VoidReason | null;
};

export class KnownLoops {
  #loops: KnownLoop[] = [];
  #seen = 0;

  /** The newest `PROBES_MAX`, oldest first. */
  get all(): readonly KnownLoop[] {
    return this.#loops;
  }

  /** Whether older ones were left out. */
  get isFull(): boolean {
    return this.#loops.length >= PROBES_MAX;
  }

  /** Takes what was decided since the last time; gives it in the order in which it was. */
  take(client: Client, timeline: Timeline): readonly KnownLoop[] {
    const { loop } = client.ledger();
    const decided = OUTCOMES.reduce((sum, outcome) => sum + loop[outcome], 0);
    const fresh = decided - this.#seen;
    this.#seen = decided;
    if (fresh === 0) return [];
    const taken = client
      .probes('loop')
      .slice(-fresh)
      .map((probe) => knownOf(probe, timeline));
    this.#loops = [...this.#loops, ...taken].slice(-PROBES_MAX);
    return taken;
  }
}

function knownOf(probe: DecidedProbe, timeline: Timeline): KnownLoop {
  const { outcome, sentAtMs, arrivedAtMs, fetchedAtMs, path, reason, delaysMs } = probe;
  return {
    outcome,
    sentAtMs,
    sentUnixMs: timeline.unixOf(sentAtMs),
    roundTripMs: fetchedAtMs === null ? null : fetchedAtMs - sentAtMs,
    wayMs: arrivedAtMs === null ? null : arrivedAtMs - sentAtMs,
    delayMs: delaysMs.reduce((sum, delayMs) => sum + delayMs, 0),
    path,
    reason,
  };
}
