// What must hold of any run, checked while it runs: nothing here can be satisfied by looking away,
// and each has a planted defect that trips it (test/sim/simulate.test.ts).
import type { MixCounters } from '../../main/mixnet/mix.ts';
import type { ProviderCounters } from '../../main/mixnet/provider.ts';
import { frameKindOf, frameSize } from '../../shared/network/frame-sizes.ts';
import type { Traffic } from '../../shared/network/traffic.ts';
import { PACKET_SIZE } from '../../shared/sphinx/geometry.ts';
import { createNameTable, type NameTable } from './name-table.ts';
import type { FrameEvent, Observer } from './parts.ts';
import { watchPulls } from './pull-checks.ts';

export const INVARIANTS = [
  /** Every frame has the one size of its kind. */
  'frame-size',
  /** A pull is answered by one answer on its link, soon, and nothing but a pull is. */
  'pull-answer',
  /** A client's pulls on a link are one interval apart, or whole ones that were forfeited. */
  'pull-interval',
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
  /** What was taken to be sent has a state with its sender until it is delivered. */
  'state-lost',
  /** A message of a client that runs ends: at its provider, or as not confirmed. */
  'never-ends',
  /** No state of a message goes back. */
  'state-back',
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

/** How long a packet is remembered at least: no key unwraps it for longer. */
const SENT_KEPT_MS = 75 * 60_000;
/** Packets that a host sent, in this span of time and in the one before. */
type SentPackets = {
  readonly sinceMs: number;
  readonly names: NameTable;
  readonly before: NameTable | null;
};

/**
 * 48 random bits of a packet's header: what a packet that is sent again shares, whatever its
 * payload is. Two packets of one host and hour share them once in thousands of runs.
 */
function packetName(frame: Uint8Array): number {
  const view = new DataView(frame.buffer, frame.byteOffset + frame.length - PACKET_SIZE);
  return view.getUint32(NAME_OFFSET) * 0x10000 + view.getUint16(NAME_OFFSET + 4);
}
/** Within the first 32 bytes of a header: a key in real packets, a nonce in transparent ones. */
const NAME_OFFSET = 20;

/** Violations kept with their words; further ones are counted by the last. */
const VIOLATIONS_MAX = 100;

export function createChecks({ pullMailCount, pullIntervalMs }: Traffic): Checks {
  const violations: Violation[] = [];
  const exempted = new Set<string>();
  const sentPackets = new Map<string, SentPackets>();
  const arrived = new Map<string, number>();

  const report = (invariant: Invariant, host: string, what: string): void => {
    if (exempted.has(host) || violations.length >= VIOLATIONS_MAX) return;
    violations.push({ invariant, host, what });
  };
  const pulls = watchPulls(pullIntervalMs, report);

  const checkSize = ({ from, frame }: FrameEvent): void => {
    const kind = frameKindOf(frame[0] ?? 0);
    const expected = kind === null ? 0 : frameSize(kind, pullMailCount);
    if (frame.length !== expected) {
      report('frame-size', from, `${kind ?? 'unknown'}: expected ${expected}, got ${frame.length}`);
    }
  };
  const checkReplay = ({ atMs, from, frame }: FrameEvent): void => {
    let sent = sentPackets.get(from);
    if (sent === undefined || atMs - sent.sinceMs > SENT_KEPT_MS) {
      sent = { sinceMs: atMs, names: createNameTable(), before: sent?.names ?? null };
      sentPackets.set(from, sent);
    }
    const name = packetName(frame);
    const isKnown = sent.names.has(name) || sent.before?.has(name) === true;
    if (isKnown) report('replay-forwarded', from, 'one packet left twice');
    sent.names.add(name);
  };

  return {
    observer: {
      onSend: (event) => {
        checkSize(event);
        const kind = frameKindOf(event.frame[0] ?? 0);
        if (kind === 'sphinx') checkReplay(event);
        pulls.onSend?.(event);
      },
      onDeliver: (event) => {
        const kind = frameKindOf(event.frame[0] ?? 0);
        if (kind === 'sphinx') arrived.set(event.to, (arrived.get(event.to) ?? 0) + 1);
        pulls.onDeliver?.(event);
      },
      onCut: (from, to) => pulls.onCut?.(from, to),
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
