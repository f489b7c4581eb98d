// What must hold of any run, checked while it runs: nothing here can be satisfied by looking away,
// and each has a planted defect that trips it (test/sim/simulate.test.ts).
import { createHash } from 'node:crypto';
import type { MixCounters } from '../../main/mixnet/mix.ts';
import type { ProviderCounters } from '../../main/mixnet/provider.ts';
import { frameKindOf, frameSize } from '../../shared/network/frame-sizes.ts';
import type { FrameEvent, Observer } from './parts.ts';

export const INVARIANTS = [
  /** Every frame has the one size of its kind. */
  'frame-size',
  /** A pull is answered by one answer at the most, and nothing but a pull is. */
  'pull-answer',
  /** No honest node sends one packet twice. */
  'replay-forwarded',
  /**
   * Every packet that reached a node was passed on, ended, refused with a reason, or is there
   * still.
   */
  'conservation',
  /** What an acknowledgement says is at its provider reaches its client. */
  'mail-lost',
  /** What a client has taken does not come again. */
  'duplicate',
  /** A client's packets are not gathered. */
  'burst',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

export type Violation = {
  readonly invariant: Invariant;
  readonly host: string;
  readonly what: string;
};

export type Checks = {
  readonly observer: Observer;
  /** A hostile host is bound by nothing. */
  readonly exempt: (host: string) => void;
  readonly report: (invariant: Invariant, host: string, what: string) => void;
  /** Packets that reached a host, over all its lives. */
  readonly packetsAt: (host: string) => number;
  readonly violations: () => readonly Violation[];
};

/** Violations kept with their words; further ones are counted by the last. */
const VIOLATIONS_MAX = 100;

export function createChecks(pullMailCount: number): Checks {
  const violations: Violation[] = [];
  const exempted = new Set<string>();
  const sentPackets = new Map<string, Set<string>>();
  const openPulls = new Map<string, number>();
  const arrived = new Map<string, number>();

  const report = (invariant: Invariant, host: string, what: string): void => {
    if (exempted.has(host) || violations.length >= VIOLATIONS_MAX) return;
    violations.push({ invariant, host, what });
  };

  const checkSize = ({ from, frame }: FrameEvent): void => {
    const kind = frameKindOf(frame[0] ?? 0);
    const expected = kind === null ? 0 : frameSize(kind, pullMailCount);
    if (frame.length !== expected) {
      report('frame-size', from, `${kind ?? 'unknown'}: expected ${expected}, got ${frame.length}`);
    }
  };
  const checkReplay = ({ from, frame }: FrameEvent): void => {
    const sent = sentPackets.get(from) ?? new Set<string>();
    sentPackets.set(from, sent);
    const name = createHash('sha256').update(frame).digest('base64').slice(0, 16);
    if (sent.has(name)) report('replay-forwarded', from, 'one packet left twice');
    sent.add(name);
  };

  return {
    observer: {
      onSend: (event) => {
        checkSize(event);
        const kind = frameKindOf(event.frame[0] ?? 0);
        if (kind === 'sphinx') checkReplay(event);
        if (kind === 'pull-answer') {
          const link = `${event.to} ${event.from}`;
          const open = openPulls.get(link) ?? 0;
          if (open === 0) report('pull-answer', event.from, 'an answer that nobody asked for');
          else openPulls.set(link, open - 1);
        }
      },
      onDeliver: ({ from, to, frame }) => {
        const kind = frameKindOf(frame[0] ?? 0);
        if (kind === 'sphinx') arrived.set(to, (arrived.get(to) ?? 0) + 1);
        if (kind !== 'pull-request') return;
        const link = `${from} ${to}`;
        openPulls.set(link, (openPulls.get(link) ?? 0) + 1);
      },
    },
    exempt: (host) => exempted.add(host),
    report,
    packetsAt: (host) => arrived.get(host) ?? 0,
    violations: () => violations,
  };
}

/** What a mix's counters do not account for; 0 where every packet that it received is. */
export function unaccountedByMix(counters: MixCounters): number {
  const { received, forwarded, acknowledged, poolSize, refusals } = counters;
  return received - forwarded - acknowledged - poolSize - total(refusals);
}

/** The same of a provider, whose pool also holds the acknowledgements that it sends off. */
export function unaccountedByProvider(counters: ProviderCounters): number {
  const { received, forwarded, acknowledged, poolSize, mail, refusals } = counters;
  const ended = mail.mailsStored + mail.dropsDiscarded + mail.acknowledgementsStored;
  const inside = poolSize + mail.batchSize;
  return (
    received +
    mail.acknowledgementsSent -
    forwarded -
    acknowledged -
    ended -
    inside -
    total(refusals)
  );
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
