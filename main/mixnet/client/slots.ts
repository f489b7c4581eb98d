// Slots between their drawing and their instant: each waits for its packet and is then emitted, or
// forfeited and counted (design section 2, "Traffic"). Building is done in moments when no emission
// is near, so that no work stands before bytes that are due.
import { assert } from '../../../shared/assert.ts';
import type { Now } from '../../../shared/time.ts';
import { type Counter, createCounter } from '../refusal.ts';
import type { PeerId } from '../role.ts';
import { COMPLETE_AHEAD_MS, type Slot, type Stream } from './schedule.ts';

/** A slot whose wake is later than this is forfeited: better no packet than one that tells. */
export const EMISSION_LAG_MS_MAX = 150;
/** Work is begun only where no emission is due for so long: a packet is built in less. */
export const WORK_GUARD_MS = 8;
/** Slots in sight at once; sixty times what the fastest traffic has. Beyond, the newest go. */
export const SLOTS_MAX = 1_024;

/** Emissions of which a link may still say that it did not take them: more than leave in a wake. */
const RECENT_MAX = 64;

export const FORFEITS = ['no_link', 'not_complete', 'late', 'not_sent', 'restart'] as const;
export type Forfeit = (typeof FORFEITS)[number];

/** A packet that waits for its instant. */
export type Prepared = {
  readonly peer: PeerId;
  /** A whole Sphinx frame; the driver owns it once it was emitted. */
  readonly frame: Uint8Array;
  /** Hears once what became of it. */
  readonly onSent: (now: Now) => void;
  readonly onForfeit: () => void;
};

export type Emission = { readonly peer: PeerId; readonly frame: Uint8Array };
export type StreamCounts = {
  readonly sent: number;
  readonly forfeited: Readonly<Record<Forfeit, number>>;
};

export type Slots = {
  readonly add: (slots: readonly Slot[]) => void;
  /** What is due by now, in order. */
  readonly emit: (now: Now, isLinked: boolean) => readonly Emission[];
  readonly nextEmissionAtMs: () => number | null;
  /** The first slot that still needs a packet and can have one in time, or null. */
  readonly nextToPrepare: (nowMs: number) => Slot | null;
  readonly prepared: (slot: Slot, prepared: Prepared | null) => void;
  /** Forfeits every slot, where the schedule begins anew. */
  readonly clear: () => void;
  /** An emission of just now that the link did not take: the slot is forfeited after all. */
  readonly notSent: (frame: Uint8Array) => void;
  readonly counts: () => Readonly<Record<Stream, StreamCounts>>;
};

type Waiting = { readonly slot: Slot; packet: Prepared | null; isTried: boolean };

export function createSlots(): Slots {
  let waiting: Waiting[] = [];
  const recent: Waiting[] = [];
  const sent: Record<Stream, number> = { payload: 0, loop: 0, drop: 0 };
  const forfeits: Record<Stream, Counter<Forfeit>> = {
    payload: createCounter(FORFEITS),
    loop: createCounter(FORFEITS),
    drop: createCounter(FORFEITS),
  };

  const forfeit = ({ slot, packet }: Waiting, reason: Forfeit): void => {
    forfeits[slot.stream].count(reason);
    if (packet === null) return;
    packet.frame.fill(0);
    packet.onForfeit();
  };

  return {
    add: (slots) => {
      if (slots.length === 0) return;
      for (const slot of slots) waiting.push({ slot, packet: null, isTried: false });
      waiting.sort((a, b) => a.slot.atMs - b.slot.atMs);
      for (const one of waiting.splice(SLOTS_MAX)) forfeit(one, 'not_complete');
    },
    emit: (now, isLinked) => {
      const emissions: Emission[] = [];
      while (waiting.length > 0) {
        const first = waiting[0];
        if (first === undefined || first.slot.atMs > now.monotonicMs) break;
        waiting.shift();
        const lagMs = now.monotonicMs - first.slot.atMs;
        if (lagMs > EMISSION_LAG_MS_MAX) forfeit(first, 'late');
        else if (!isLinked) forfeit(first, 'no_link');
        else if (first.packet === null) forfeit(first, 'not_complete');
        else {
          sent[first.slot.stream] += 1;
          recent.push(first);
          if (recent.length > RECENT_MAX) recent.shift();
          emissions.push({ peer: first.packet.peer, frame: first.packet.frame });
          first.packet.onSent(now);
        }
      }
      return emissions;
    },
    nextEmissionAtMs: () => waiting[0]?.slot.atMs ?? null,
    nextToPrepare: (nowMs) =>
      waiting.find(({ slot, isTried }) => !isTried && slot.atMs - COMPLETE_AHEAD_MS >= nowMs)
        ?.slot ?? null,
    prepared: (slot, packet) => {
      const one = waiting.find((candidate) => candidate.slot === slot);
      assert(one !== undefined, 'a slot is prepared before its instant');
      one.isTried = true;
      one.packet = packet;
    },
    clear: () => {
      const all = waiting;
      waiting = [];
      for (const one of all) forfeit(one, 'restart');
    },
    notSent: (frame) => {
      const one = recent.find(({ packet }) => packet?.frame === frame);
      if (one === undefined) return;
      recent.splice(recent.indexOf(one), 1);
      sent[one.slot.stream] -= 1;
      forfeit(one, 'not_sent');
    },
    counts: () => {
      const of = (stream: Stream) => ({
        sent: sent[stream],
        forfeited: forfeits[stream].snapshot(),
      });
      return { payload: of('payload'), loop: of('loop'), drop: of('drop') };
    },
  };
}
