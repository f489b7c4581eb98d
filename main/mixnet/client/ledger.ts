// What a client expects back: its own loops, and the acknowledgement of every packet. Path, delays,
// deadline and outcome of each, so that its user can be told how well delivery works (design
// section 2, "Health"). In memory only, and never logged: it is a list of one's own cover.
import { assert } from '../../../shared/assert.ts';
import type { NodePeer } from '../../../shared/network/topology.ts';
import { type Counter, createCounter } from '../refusal.ts';
import type { Stream } from './schedule.ts';

/** Probes that are remembered, decided ones included; the oldest go first and are counted. */
export const PROBES_MAX = 4_096;
/** After the deadline a return still counts as late; beyond, it is a loss. */
export const LATE_MS_MAX = 3_000;

/** `loop`: mail to oneself that comes back; `acknowledgement`: a header that comes back. */
export type ProbeKind = 'loop' | 'acknowledgement';
export const OUTCOMES = ['returned', 'late', 'lost', 'void'] as const;
export type Outcome = (typeof OUTCOMES)[number];
/** What voids a probe: neither a return nor a loss says anything then. */
export const VOID_REASONS = ['sleep', 'reconnect', 'key_change', 'no_token'] as const;
export type VoidReason = (typeof VOID_REASONS)[number];

export type Probe = {
  readonly kind: ProbeKind;
  readonly stream: Stream;
  /** Whose keys it was built for. */
  readonly epoch: number;
  /** Every node that it passes, in order; for an acknowledgement out and back. */
  readonly path: readonly NodePeer[];
  readonly delaysMs: readonly number[];
  readonly sentAtMs: number;
  /** When it is at the own provider at the latest, if nothing is lost. */
  readonly deadlineMs: number;
};

export type DecidedProbe = Probe & {
  readonly outcome: Outcome;
  readonly arrivedAtMs: number | null;
};

export type LedgerSummary = Readonly<
  Record<ProbeKind, Readonly<Record<Outcome | 'pending', number>>>
> & {
  readonly voided: Readonly<Record<VoidReason, number>>;
  /** Probes that were forgotten before they were decided. */
  readonly forgotten: number;
};

export type Ledger = {
  /** `key` is what comes back, as text. */
  readonly expect: (key: string, probe: Probe) => void;
  /** It came back: at the own provider at `arrivedAtMs`, by this computer's clock. */
  readonly arrived: (key: string, arrivedAtMs: number) => void;
  readonly isExpected: (key: string) => boolean;
  /** All that had arrived by `pulledAtMs` has been seen: what is overdue by then is lost. */
  readonly drained: (kind: ProbeKind, pulledAtMs: number) => void;
  readonly void: (reason: VoidReason, which?: (probe: Probe) => boolean) => void;
  readonly voidOne: (key: string, reason: VoidReason) => void;
  /** Keys before this epoch are destroyed: probes that are not overdue say nothing any more. */
  readonly keysGone: (oldestEpoch: number, nowMs: number) => void;
  /** Its packet was destroyed before it left. */
  readonly forget: (key: string) => void;
  readonly summary: () => LedgerSummary;
  /** The decided ones that are remembered, oldest first. */
  readonly decided: () => readonly DecidedProbe[];
};

export function createLedger(): Ledger {
  const pending = new Map<string, Probe>();
  let decided: DecidedProbe[] = [];
  const outcomes: Record<ProbeKind, Counter<Outcome>> = {
    loop: createCounter(OUTCOMES),
    acknowledgement: createCounter(OUTCOMES),
  };
  const voided: Counter<VoidReason> = createCounter(VOID_REASONS);
  let forgotten = 0;
  let oldestKeyEpoch: number | null = null;

  const decide = (key: string, probe: Probe, outcome: Outcome, arrivedAtMs: number | null) => {
    pending.delete(key);
    outcomes[probe.kind].count(outcome);
    decided.push({ ...probe, outcome, arrivedAtMs });
    if (decided.length > 2 * PROBES_MAX) decided = decided.slice(-PROBES_MAX);
  };

  const voidThose = (reason: VoidReason, which: (probe: Probe) => boolean = () => true) => {
    for (const [key, probe] of pending) {
      if (!which(probe)) continue;
      voided.count(reason);
      decide(key, probe, 'void', null);
    }
  };

  const countPending = (kind: ProbeKind): number =>
    [...pending.values()].filter((probe) => probe.kind === kind).length;

  return {
    expect: (key, probe) => {
      assert(!pending.has(key), 'what comes back is named by fresh random bytes');
      if (pending.size >= PROBES_MAX) {
        for (const oldest of pending.keys()) {
          pending.delete(oldest);
          forgotten += 1;
          break;
        }
      }
      pending.set(key, probe);
    },
    arrived: (key, arrivedAtMs) => {
      const probe = pending.get(key);
      if (probe === undefined) return;
      decide(key, probe, arrivedAtMs <= probe.deadlineMs ? 'returned' : 'late', arrivedAtMs);
    },
    isExpected: (key) => pending.has(key),
    drained: (kind, pulledAtMs) => {
      for (const [key, probe] of pending) {
        const isOver = probe.kind === kind && probe.deadlineMs + LATE_MS_MAX < pulledAtMs;
        if (isOver) decide(key, probe, 'lost', null);
      }
    },
    void: voidThose,
    keysGone: (oldestEpoch, nowMs) => {
      if (oldestEpoch === oldestKeyEpoch) return;
      oldestKeyEpoch = oldestEpoch;
      voidThose('key_change', ({ epoch, deadlineMs }) => epoch < oldestEpoch && deadlineMs > nowMs);
    },
    voidOne: (key, reason) => {
      const probe = pending.get(key);
      if (probe === undefined) return;
      voided.count(reason);
      decide(key, probe, 'void', null);
    },
    forget: (key) => {
      pending.delete(key);
    },
    summary: () => ({
      loop: { ...outcomes.loop.snapshot(), pending: countPending('loop') },
      acknowledgement: {
        ...outcomes.acknowledgement.snapshot(),
        pending: countPending('acknowledgement'),
      },
      voided: voided.snapshot(),
      forgotten,
    }),
    decided: () => decided.slice(-PROBES_MAX),
  };
}
