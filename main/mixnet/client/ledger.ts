// What a client expects back: its own loops, and the acknowledgement of every packet. Path, delays,
// deadline and outcome of each, so that its user can be told how well delivery works (design
// section 2, "Health"). In memory only, and never logged: it is a list of one's own cover.
import { assert } from '../../../shared/assert.ts';
import type { NodePeer } from '../../../shared/network/topology.ts';
import { type Counter, createCounter } from '../refusal.ts';
import type { Stream } from './schedule.ts';

/** Probes under way, and decided loops. The oldest go first; those under way are counted then. */
export const PROBES_MAX = 4_096;
/**
 * Decided acknowledgements: every packet has one, and health looks at loops. Half a kilobyte each,
 * with path and delays.
 */
export const ACKNOWLEDGEMENTS_MAX = 512;
const DECIDED_MAX: Readonly<Record<ProbeKind, number>> = {
  loop: PROBES_MAX,
  acknowledgement: ACKNOWLEDGEMENTS_MAX,
};
/** Decided ones of a kind beyond its limit until they are cut off together. */
const DECIDED_SLACK = 256;
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
  /** At the own provider. */
  readonly arrivedAtMs: number | null;
  /** When the pull that it waited for had brought it here. */
  readonly fetchedAtMs: number | null;
  /** Of a void one. */
  readonly reason: VoidReason | null;
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
  readonly arrived: (key: string, arrivedAtMs: number, fetchedAtMs: number) => void;
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
  /** The decided ones of a kind that are remembered, oldest first. */
  readonly decided: (kind: ProbeKind) => readonly DecidedProbe[];
  /** Those of a kind that are under way, oldest first. */
  readonly pending: (kind: ProbeKind) => readonly Probe[];
};

type End = Pick<DecidedProbe, 'outcome'> & Partial<DecidedProbe>;

export function createLedger(): Ledger {
  const pending = new Map<string, Probe>();
  const decided: Record<ProbeKind, DecidedProbe[]> = { loop: [], acknowledgement: [] };
  const outcomes: Record<ProbeKind, Counter<Outcome>> = {
    loop: createCounter(OUTCOMES),
    acknowledgement: createCounter(OUTCOMES),
  };
  const voided: Counter<VoidReason> = createCounter(VOID_REASONS);
  let forgotten = 0;
  let oldestKeyEpoch: number | null = null;

  const decide = (key: string, probe: Probe, end: End) => {
    pending.delete(key);
    outcomes[probe.kind].count(end.outcome);
    const ofKind = decided[probe.kind];
    ofKind.push({ ...probe, arrivedAtMs: null, fetchedAtMs: null, reason: null, ...end });
    const max = DECIDED_MAX[probe.kind];
    if (ofKind.length >= max + DECIDED_SLACK) ofKind.splice(0, ofKind.length - max);
  };

  const voidThose = (reason: VoidReason, which: (probe: Probe) => boolean = () => true) => {
    for (const [key, probe] of pending) {
      if (!which(probe)) continue;
      voided.count(reason);
      decide(key, probe, { outcome: 'void', reason });
    }
  };

  const pendingOf = (kind: ProbeKind): Probe[] =>
    [...pending.values()].filter((probe) => probe.kind === kind);

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
    arrived: (key, arrivedAtMs, fetchedAtMs) => {
      const probe = pending.get(key);
      if (probe === undefined) return;
      const outcome = arrivedAtMs <= probe.deadlineMs ? 'returned' : 'late';
      decide(key, probe, { outcome, arrivedAtMs, fetchedAtMs });
    },
    isExpected: (key) => pending.has(key),
    drained: (kind, pulledAtMs) => {
      for (const [key, probe] of pending) {
        const isOver = probe.kind === kind && probe.deadlineMs + LATE_MS_MAX < pulledAtMs;
        if (isOver) decide(key, probe, { outcome: 'lost' });
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
      decide(key, probe, { outcome: 'void', reason });
    },
    forget: (key) => {
      pending.delete(key);
    },
    summary: () => ({
      loop: { ...outcomes.loop.snapshot(), pending: pendingOf('loop').length },
      acknowledgement: {
        ...outcomes.acknowledgement.snapshot(),
        pending: pendingOf('acknowledgement').length,
      },
      voided: voided.snapshot(),
      forgotten,
    }),
    decided: (kind) => decided[kind].slice(-DECIDED_MAX[kind]),
    pending: pendingOf,
  };
}
