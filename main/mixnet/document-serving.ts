// Documents handed on, part by part, to whoever asks over a link, at a bounded rate for each peer.
import type { DocumentAnswer, DocumentRequest } from '../../shared/network/frames.ts';
import type { Now } from '../../shared/time.ts';
import type { Documents } from './documents.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import type { PeerId } from './role.ts';

/** Parts that one peer may ask for in a second, and at once: the largest document and some. */
export const DOCUMENT_PARTS_PER_SECOND = 32;
export const DOCUMENT_PARTS_DEPTH = 400;

export type DocumentServing = {
  /** Null where the peer asks too often: it is not answered. */
  readonly answer: (peer: PeerId, request: DocumentRequest, now: Now) => DocumentAnswer | null;
  readonly linkDown: (peer: PeerId) => void;
};

export function createDocumentServing(documents: Documents): DocumentServing {
  const limits = new Map<PeerId, RateLimit>();
  return {
    answer: (peer, request, now) => {
      const limit =
        limits.get(peer) ?? createRateLimit(DOCUMENT_PARTS_PER_SECOND, DOCUMENT_PARTS_DEPTH);
      limits.set(peer, limit);
      return limit.take(now.monotonicMs) ? documents.answer(request) : null;
    },
    linkDown: (peer) => {
      limits.delete(peer);
    },
  };
}
