// Fetching documents: one source at a time, part by part, checked as a whole. This epoch's first
// (the newest there is where it has none), the next one at a random instant of the second half of
// the epoch before, so that fetches of many meet in no moment (design section 2, "Directory").
import { concatBytes, equalBytes } from '../../shared/bytes.ts';
import { DOCUMENT_SIZE_MAX } from '../../shared/network/document.ts';
import { type EpochTimes, epochAt, epochStartUnixMs } from '../../shared/network/epoch.ts';
import {
  DOCUMENT_NEWEST,
  type DocumentAnswer,
  type DocumentRequest,
  documentPartCount,
} from '../../shared/network/frames.ts';
import { drawBelow, drawUnit, type RandomSource } from '../../shared/random.ts';
import type { Now } from '../../shared/time.ts';
import type { DocumentOutcome, Documents } from './documents.ts';
import type { PeerId } from './role.ts';

/** A part that has not come after so long will not: the fetch ends and another source is asked. */
export const PART_MS_MAX = 10_000;
/** Wait after a fetch that brought nothing, in shares of the epoch: a half to the whole of it. */
export const RETRY_EPOCHS_MAX = 1 / 40;
/** No source is asked more often than this in any epoch. */
export const RETRY_MS_MIN = 250;
/** The longest wait where nothing serves at all: a network that begins is waited for. */
export const RETRY_MS_MAX_WITHOUT = 2_000;
/** Where in the epoch the next document is fetched, in shares of the epoch. */
export const AHEAD_EPOCHS_MIN = 0.55;
export const AHEAD_EPOCHS_MAX = 0.9;

export type DocumentFetchOptions = {
  readonly documents: Documents;
  /** Null where no document has told how long an epoch is: the newest one is asked for then. */
  readonly times: () => EpochTimes | null;
  readonly random: RandomSource;
  /** Who can be asked now. */
  readonly sources: () => readonly PeerId[];
};

export type DocumentAsk = { readonly peer: PeerId; readonly request: DocumentRequest };

/** What one step leads to: a further request, and what became of a document that is whole. */
export type DocumentStep = {
  readonly ask: DocumentAsk | null;
  readonly outcome: DocumentOutcome | 'no_document' | 'bad_part' | null;
};

export type DocumentFetch = {
  readonly wake: (now: Now) => DocumentStep;
  readonly receive: (peer: PeerId, answer: DocumentAnswer, now: Now) => DocumentStep;
  /** A source is there, or says that it has something newer: asks at once. */
  readonly hurry: (now: Now) => void;
  readonly linkDown: (peer: PeerId, now: Now) => void;
  readonly nextWakeAtMs: () => number | null;
};

type Running = {
  readonly peer: PeerId;
  readonly epoch: number;
  hash: Uint8Array | null;
  documentSize: number;
  readonly parts: Uint8Array[];
  deadlineMs: number;
};

const nothing: DocumentStep = { ask: null, outcome: null };

export function createDocumentFetch(options: DocumentFetchOptions, start: Now): DocumentFetch {
  const { documents, random } = options;
  let running: Running | null = null;
  let nextAtMs = start.monotonicMs;
  /** The epoch whose instant for the document after it is drawn, and that instant. */
  let ahead: { readonly epoch: number; readonly atUnixMs: number } | null = null;

  /** Whether the source that was asked last had nothing for the running epoch. */
  let isCurrentMissing = false;

  /** The epoch that a document is wanted for now; null where nothing is missing yet. */
  const wanted = (now: Now): number | null => {
    const times = options.times();
    if (times === null) return DOCUMENT_NEWEST;
    const epoch = epochAt(times, now.unixMs);
    if (epoch === null) return null;
    if (documents.held(epoch) === null) {
      // Where the authorities have none for this epoch, the last one they made still serves.
      return isCurrentMissing && documents.topologyFor(epoch) === null ? DOCUMENT_NEWEST : epoch;
    }
    if (documents.held(epoch + 1) !== null) return null;
    return now.unixMs >= aheadAtUnixMs(times, epoch) ? epoch + 1 : null;
  };

  const aheadAtUnixMs = (times: EpochTimes, epoch: number): number => {
    if (ahead?.epoch !== epoch) {
      const share = AHEAD_EPOCHS_MIN + drawUnit(random) * (AHEAD_EPOCHS_MAX - AHEAD_EPOCHS_MIN);
      ahead = { epoch, atUnixMs: epochStartUnixMs(times, epoch) + share * times.epochMs };
    }
    return ahead.atUnixMs;
  };

  /** When to look again, by the wall clock's present offset. */
  const schedule = (now: Now): void => {
    const times = options.times();
    if (times === null) {
      retryLater(now);
      return;
    }
    const epoch = epochAt(times, now.unixMs);
    if (epoch === null) nextAtMs = now.monotonicMs + (times.epoch0UnixMs - now.unixMs);
    else {
      const isAhead = documents.held(epoch + 1) !== null;
      const atUnixMs = isAhead ? epochStartUnixMs(times, epoch + 1) : aheadAtUnixMs(times, epoch);
      nextAtMs = now.monotonicMs + Math.max(0, atUnixMs - now.unixMs);
    }
  };

  const retryLater = (now: Now): void => {
    const times = options.times();
    const epoch = times === null ? null : epochAt(times, now.unixMs);
    const isWithout = epoch === null || documents.topologyFor(epoch) === null;
    const wholeMs = Math.max(2 * RETRY_MS_MIN, (times?.epochMs ?? 0) * RETRY_EPOCHS_MAX);
    const minMs = isWithout ? RETRY_MS_MIN : wholeMs / 2;
    const maxMs = isWithout ? RETRY_MS_MAX_WITHOUT : wholeMs;
    nextAtMs = now.monotonicMs + minMs + drawUnit(random) * (maxMs - minMs);
  };

  const end = (outcome: DocumentStep['outcome'], now: Now): DocumentStep => {
    isCurrentMissing =
      outcome === 'no_document' && running?.epoch !== DOCUMENT_NEWEST && !isCurrentMissing;
    running = null;
    if (outcome === 'accepted' && wanted(now) === null) schedule(now);
    else retryLater(now);
    return { ask: null, outcome };
  };

  const ask = (fetch: Running, now: Now): DocumentAsk => {
    fetch.deadlineMs = now.monotonicMs + PART_MS_MAX;
    const request = { epoch: fetch.epoch, part: fetch.parts.length };
    return { peer: fetch.peer, request: { kind: 'document-request', ...request } };
  };

  const begin = (now: Now): DocumentStep => {
    const epoch = wanted(now);
    if (epoch === null) {
      schedule(now);
      return nothing;
    }
    const sources = options.sources();
    const peer = sources.length === 0 ? undefined : sources[drawBelow(random, sources.length)];
    if (peer === undefined) {
      retryLater(now);
      return nothing;
    }
    running = { peer, epoch, hash: null, documentSize: 0, parts: [], deadlineMs: 0 };
    return { ask: ask(running, now), outcome: null };
  };

  /** Whether a part belongs to the document that is being fetched; the first one says which. */
  const fits = (fetch: Running, answer: DocumentAnswer): boolean => {
    if (answer.part !== fetch.parts.length || answer.documentSize > DOCUMENT_SIZE_MAX) return false;
    if (fetch.hash === null) {
      if (fetch.epoch !== DOCUMENT_NEWEST && answer.epoch !== fetch.epoch) return false;
      fetch.hash = answer.hash.slice();
      fetch.documentSize = answer.documentSize;
      return true;
    }
    return answer.documentSize === fetch.documentSize && equalBytes(answer.hash, fetch.hash);
  };

  return {
    wake: (now) => {
      if (running !== null) {
        return now.monotonicMs >= running.deadlineMs ? end('no_document', now) : nothing;
      }
      return now.monotonicMs >= nextAtMs ? begin(now) : nothing;
    },
    receive: (peer, answer, now) => {
      if (running === null || running.peer !== peer) return nothing;
      if (answer.documentSize === 0) return end('no_document', now);
      if (!fits(running, answer)) return end('bad_part', now);
      running.parts.push(answer.bytes.slice());
      if (running.parts.length < documentPartCount(running.documentSize)) {
        return { ask: ask(running, now), outcome: null };
      }
      return end(documents.accept(concatBytes(...running.parts), now), now);
    },
    hurry: (now) => {
      if (running === null && wanted(now) !== null) nextAtMs = now.monotonicMs;
    },
    linkDown: (peer, now) => {
      if (running?.peer !== peer) return;
      running = null;
      retryLater(now);
    },
    nextWakeAtMs: () => running?.deadlineMs ?? nextAtMs,
  };
}
