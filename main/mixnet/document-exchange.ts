// A node's dealings in documents: fetches them from the authorities, hands them on to whoever asks,
// and notices when another end holds a different one for the same epoch.
import type { DocumentAnswer, DocumentRequest, Frame, Hello } from '../../shared/network/frames.ts';
import type { Now } from '../../shared/time.ts';
import {
  createDocumentFetch,
  type DocumentFetchOptions,
  type DocumentStep,
} from './document-fetch.ts';
import { createDocumentServing } from './document-serving.ts';
import { isOtherDocument } from './greeting.ts';
import type { Counter } from './refusal.ts';
import type { LinkEffect, PeerId } from './role.ts';

export const DOCUMENT_EVENTS = [
  'document_accepted',
  'document_refused',
  // Two valid documents for one epoch.
  'document_conflict',
  // A peer that asks too often.
  'document_rate',
] as const;
export type DocumentEvent = (typeof DOCUMENT_EVENTS)[number];

export type DocumentExchangeOptions = DocumentFetchOptions & {
  readonly counter: Counter<DocumentEvent>;
  readonly send: (peer: PeerId, frame: Frame) => LinkEffect;
  /** What a new document leads to. */
  readonly onAccepted: () => readonly LinkEffect[];
};

export type DocumentExchange = {
  readonly wake: (now: Now) => LinkEffect[];
  readonly nextWakeAtMs: () => number;
  readonly receive: (
    peer: PeerId,
    frame: DocumentRequest | DocumentAnswer,
    now: Now,
  ) => LinkEffect[];
  /** Another end said which document it holds. */
  readonly greeted: (peer: PeerId, hello: Hello, now: Now) => void;
  /** A source is linked. */
  readonly hurry: (now: Now) => void;
  readonly linkDown: (peer: PeerId, now: Now) => void;
};

export function createDocumentExchange(
  options: DocumentExchangeOptions,
  start: Now,
): DocumentExchange {
  const { documents, counter, send } = options;
  const fetch = createDocumentFetch(options, start);
  const serving = createDocumentServing(documents);

  const carryOut = (step: DocumentStep): LinkEffect[] => {
    const event = eventOf(step.outcome);
    if (event !== null) counter.count(event);
    const effects = step.outcome === 'accepted' ? [...options.onAccepted()] : [];
    if (step.ask !== null) effects.push(send(step.ask.peer, step.ask.request));
    return effects;
  };

  return {
    wake: (now) => carryOut(fetch.wake(now)),
    nextWakeAtMs: () => fetch.nextWakeAtMs() ?? Infinity,
    receive: (peer, frame, now) => {
      if (frame.kind === 'document-answer') return carryOut(fetch.receive(peer, frame, now));
      const answer = serving.answer(peer, frame, now);
      if (answer !== null) return [send(peer, answer)];
      counter.count('document_rate');
      return [];
    },
    greeted: (peer, hello, now) => {
      // An anonymous peer may say what it likes; a node's word counts.
      if (peer.startsWith('node:') && isOtherDocument(hello, documents)) {
        counter.count('document_conflict');
      }
      if (options.sources().includes(peer)) fetch.hurry(now);
    },
    hurry: fetch.hurry,
    linkDown: (peer, now) => {
      serving.linkDown(peer);
      fetch.linkDown(peer, now);
    },
  };
}

function eventOf(outcome: DocumentStep['outcome']): DocumentEvent | null {
  if (outcome === null || outcome === 'known' || outcome === 'no_document') return null;
  if (outcome === 'accepted') return 'document_accepted';
  return outcome === 'conflict' ? 'document_conflict' : 'document_refused';
}
