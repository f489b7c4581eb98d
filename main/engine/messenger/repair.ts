// What is done where something is missing or does not fit: gaps are asked for, what was asked for
// is sent again, sessions that open nothing are begun anew, copies of a profile are noticed.
import {
  areRanges,
  type ResetReason,
  type SequenceRange,
} from '../../../shared/message/content.ts';
import {
  giveUp,
  type Link,
  missingRanges,
  observeSequence,
  SEQUENCE_AHEAD_MAX,
  STREAMS_MAX,
} from '../../../shared/message/sequence.ts';
import { trafficSets } from '../../../shared/network/traffic.ts';
import type { StoredContact } from '../../store/people-store.ts';
import type { IncomingStream } from '../../store/session-store.ts';
import { type Handshakes, RESET_MS_MIN } from './handshakes.ts';
import type { ChatPort, Parts, Work } from './parts.ts';
import type { Posting } from './posting.ts';

/** Round trips for which a message is waited for: its sender tries again by himself. */
const GAP_ROUND_TRIPS = 8;
const GAP_MS_MIN = 5_000;
/** Between two requests for the same messages: twice as long each time, an hour at most. */
export const ASK_AGAIN_MS_MAX = 3_600_000;
/** Messages in a row that no session opens before a reset is begun. */
export const BROKEN_MAX = 3;
/** Signs of a copied profile are shown at most once in so long. */
export const COPIED_MS_MIN = 86_400_000;
/** Contents that are sealed anew in one step. */
export const RESEALS_PER_STEP = 8;

export type Repair = {
  /** A counted message came in: whether it is new; `passed` where its count does not tell. */
  readonly observe: (
    work: Work,
    contact: StoredContact,
    stream: number,
    link: Link,
  ) => boolean | 'passed';
  /** Asks for what is missing of a stream, or gives it up. */
  readonly ask: (work: Work, contact: StoredContact, stream: IncomingStream) => void;
  /** He asks for messages again. */
  readonly answer: (
    work: Work,
    contact: StoredContact,
    stream: number,
    ranges: readonly SequenceRange[],
  ) => void;
  /** He has these no longer. */
  readonly unavailable: (
    work: Work,
    contact: StoredContact,
    stream: number,
    ranges: readonly SequenceRange[],
  ) => void;
  /** A message of his could not be opened. */
  readonly broken: (work: Work, contact: StoredContact, reason: string) => void;
  /** Two copies of his profile write, or it was set back. */
  readonly copied: (work: Work, contact: StoredContact) => void;
};

export function createRepair(
  parts: Parts,
  chats: ChatPort,
  posting: Posting,
  handshakes: Handshakes,
): Repair {
  const { people, sessions, outgoing, counts } = parts;

  const gapMs = (): number => {
    const traffic = parts.mixnet()?.client.traffic() ?? trafficSets.standard;
    const { hopDelayMsMean, pullIntervalMs } = traffic;
    return GAP_MS_MIN + GAP_ROUND_TRIPS * (8 * hopDelayMsMean + pullIntervalMs);
  };

  /** Begins one's own reset where the last is long enough ago. */
  const reset = (work: Work, contact: StoredContact, reason: ResetReason): void => {
    if (work.now.unixMs - contact.resetUnixMs < RESET_MS_MIN) return;
    handshakes.reset(work, contact, reason);
  };

  const copied: Repair['copied'] = (work, contact) => {
    if (work.now.unixMs - contact.copiedUnixMs < COPIED_MS_MIN) return;
    people.setContact(contact.id, { copiedUnixMs: work.now.unixMs });
    chats.addNote(work, contact.id, { kind: 'profile_copied' });
  };

  /** Stores a stream with what is known of its gaps, and keeps its note true. */
  const save = (work: Work, contact: number, stream: IncomingStream, lostCount = 0): void => {
    const missing = missingCount(stream);
    let { note } = stream;
    if (lostCount > 0) {
      const lost = { kind: 'gap', count: lostCount, isLost: true } as const;
      if (note !== null && missing === 0) {
        chats.setNote(work, note, lost);
        note = null;
      } else chats.addNote(work, contact, lost);
    }
    if (note !== null && missing === 0) {
      chats.remove(work, note);
      note = null;
    } else if (note !== null) {
      chats.setNote(work, note, { kind: 'gap', count: missing, isLost: false });
    }
    if (missing === 0) {
      const none = { gapSinceUnixMs: null, askUnixMs: null, askedCount: 0 };
      sessions.setStream(contact, { ...stream, ...none, note });
      return;
    }
    const gapSinceUnixMs = stream.gapSinceUnixMs ?? work.now.unixMs;
    const askUnixMs = stream.askUnixMs ?? work.now.unixMs + gapMs();
    sessions.setStream(contact, { ...stream, gapSinceUnixMs, askUnixMs, note });
  };

  /** Whether so many streams are newer that gaps of this one are not asked for. */
  const isOld = (contact: number, stream: number): boolean =>
    sessions.newerStreams(contact, stream) >= STREAMS_MAX;

  /** Gives up what is missing of a stream, and what is known of it. */
  const retire = (work: Work, contact: number, stream: IncomingStream): void => {
    const { state, lostCount } = giveUp(stream.state, stream.state.ahead.at(-1)?.sequence ?? 0);
    save(work, contact, { ...stream, state }, lostCount);
    sessions.removeStream(contact, stream.stream);
  };

  return {
    copied,
    observe: (work, contact, streamId, link) => {
      if (isOld(contact.id, streamId)) return 'passed';
      const stream = sessions.stream(contact.id, streamId);
      const isFar = link.sequence - stream.state.passed > SEQUENCE_AHEAD_MAX;
      const given = isFar
        ? giveUp(stream.state, link.sequence - SEQUENCE_AHEAD_MAX)
        : { state: stream.state, lostCount: 0 };
      const observed = observeSequence(given.state, link);
      if (observed.outcome === 'forked' || observed.isChainBroken) copied(work, contact);
      if (observed.outcome === 'passed') return 'passed';
      if (observed.outcome === 'repeated' || observed.outcome === 'forked') {
        return observed.outcome === 'forked';
      }
      save(work, contact.id, { ...stream, state: observed.state }, given.lostCount);
      const oldest = sessions.streamBehind(contact.id, STREAMS_MAX);
      if (oldest !== null) retire(work, contact.id, oldest);
      return true;
    },
    ask: (work, contact, stream) => {
      if (isOld(contact.id, stream.stream)) {
        retire(work, contact.id, stream);
        return;
      }
      const missing = missingRanges(stream.state);
      const { askedCount, gapSinceUnixMs } = stream;
      const sinceMs = work.now.unixMs - (gapSinceUnixMs ?? work.now.unixMs);
      if (sinceMs > parts.retentionMs() + ASK_AGAIN_MS_MAX) {
        const last = missing.at(-1)?.last ?? 0;
        const { state, lostCount } = giveUp(stream.state, last);
        save(work, contact.id, { ...stream, state }, lostCount);
        return;
      }
      if (outgoing.isUnderWay(contact.id, 'resend')) {
        sessions.setStream(contact.id, { ...stream, askUnixMs: work.now.unixMs + gapMs() });
        return;
      }
      const waitMs = Math.min(gapMs() * 2 ** (askedCount + 1), ASK_AGAIN_MS_MAX);
      const note =
        stream.note ??
        chats.addNote(work, contact.id, {
          kind: 'gap',
          count: missingCount(stream),
          isLost: false,
        });
      const next = { ...stream, note, askedCount: askedCount + 1 };
      sessions.setStream(contact.id, { ...next, askUnixMs: work.now.unixMs + waitMs });
      const ranges = withinLimit(missing);
      const body = { kind: 'resend', stream: stream.stream, ranges } as const;
      posting.post(work, { contact, body, priority: 'background' });
    },
    answer: (work, contact, stream, ranges) => {
      const gone: SequenceRange[] = [];
      let isLater = 0;
      for (const { first, last } of ranges) {
        for (let sequence = first; sequence <= last; sequence++) {
          const row = outgoing.ofPlace(contact.id, stream, sequence);
          if (row === null) {
            const before = gone.at(-1);
            if (before?.last === sequence - 1)
              gone[gone.length - 1] = { ...before, last: sequence };
            else gone.push({ first: sequence, last: sequence });
          } else if (row.sent === null && row.againUnixMs === null) {
            // Sealed anew by and by, so that a long list takes no long step.
            const atUnixMs = work.now.unixMs + Math.floor(isLater++ / RESEALS_PER_STEP);
            outgoing.put({ ...row, againUnixMs: atUnixMs });
          }
        }
      }
      if (gone.length === 0) return;
      const body = { kind: 'unavailable', stream, ranges: gone.slice(0, 32) } as const;
      posting.post(work, { contact, body, priority: 'background' });
    },
    unavailable: (work, contact, streamId, ranges) => {
      const stream = sessions.stream(contact.id, streamId);
      // What stands behind something that may still come is given up after that.
      let { state } = stream;
      let lostCount = 0;
      for (;;) {
        const gap = missingRanges(state)[0];
        const gone = ranges.find(({ first, last }) => {
          return gap !== undefined && first <= gap.first && gap.first <= last;
        });
        if (gap === undefined || gone === undefined) break;
        const given = giveUp(state, Math.min(gap.last, gone.last));
        state = given.state;
        lostCount += given.lostCount;
      }
      if (lostCount > 0) save(work, contact.id, { ...stream, state }, lostCount);
    },
    broken: (work, contact, reason) => {
      counts.count(reason === 'repeated' ? 'repeated' : 'not_opened');
      if (reason === 'repeated') {
        copied(work, contact);
        reset(work, contact, 'restored');
        return;
      }
      const brokenCount = contact.brokenCount + 1;
      people.setContact(contact.id, { brokenCount });
      if (reason === 'too_far' || brokenCount >= BROKEN_MAX) reset(work, contact, 'broken');
    },
  };
}

function missingCount({ state }: Pick<IncomingStream, 'state'>): number {
  const highest = state.ahead.at(-1)?.sequence ?? state.passed;
  return highest - state.passed - state.ahead.length;
}

/** As many ranges as one request may name. */
function withinLimit(ranges: readonly SequenceRange[]): readonly SequenceRange[] {
  let some = [...ranges];
  while (some.length > 1 && !areRanges(some)) some = some.slice(0, -1);
  return some;
}
