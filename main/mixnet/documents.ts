// The documents that a node or client holds: verified, one for each epoch, this epoch's and its
// neighbours'. Which network a packet belongs to follows from its own epoch, so that what is on its
// way when layers change still finds its next hop (design section 2, "Directory").
import { equalBytes } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import {
  DOCUMENT_NEWEST,
  type DocumentAnswer,
  type DocumentRequest,
  documentPart,
  noDocument,
} from '../../shared/network/frames.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import {
  DOCUMENT_LATE_EPOCHS_MAX,
  type DocumentRefusal,
  type NodePeer,
  type Topology,
  timeliness,
  verifyDocument,
} from '../../shared/network/topology.ts';
import type { Now } from '../../shared/time.ts';
import { unlessFull } from './store-full.ts';

/** What keeps documents over a restart. Which ones are still of use is decided on loading. */
export type DocumentStore = {
  readonly load: () => readonly Uint8Array[];
  /** Durable when it returns; throws what has the `code` 'store_full' where there is no room. */
  readonly save: (epoch: number, bytes: Uint8Array) => void;
  readonly remove: (epoch: number) => void;
};

export type HeldDocument = { readonly topology: Topology; readonly bytes: Uint8Array };

export type DocumentOutcome =
  | 'accepted'
  | 'known'
  /** A second valid document for one epoch: an alarm. The first one stays. */
  | 'conflict'
  /** Too old to be used, or this clock runs ahead. */
  | 'past'
  /** Begins later than any document is made, or this clock runs behind. */
  | 'future'
  | DocumentRefusal;

export type Documents = {
  readonly accept: (bytes: Uint8Array, now: Now) => DocumentOutcome;
  /** What packets of an epoch go by: its own document, or the newest before it whose keys reach. */
  readonly topologyFor: (epoch: number) => Topology | null;
  readonly newest: () => HeldDocument | null;
  readonly held: (epoch: number) => HeldDocument | null;
  readonly all: () => readonly HeldDocument[];
  /** Whether any document held lists this node. */
  readonly isListed: (peer: NodePeer) => boolean;
  /** Forgets what no packet can need any more. */
  readonly prune: (now: Now) => void;
  /** Whether one that is held is not durable yet: the disk was full. */
  readonly isUnsaved: () => boolean;
  /** Saves those that are not durable; throws where there is still no room. */
  readonly saveRest: () => void;
  /** Answers one request for a part, whatever it asks for. */
  readonly answer: (request: DocumentRequest) => DocumentAnswer;
};

export type DocumentsOptions = {
  readonly engine: CryptoEngine;
  readonly network: NetworkFile;
  readonly store: DocumentStore;
  /** Whether a verified document may be used here at all. */
  readonly isAllowed: (topology: Topology) => boolean;
};

/** Epochs ahead for which documents are made: one, and one more for a clock that is behind. */
const EPOCHS_AHEAD_MAX = 2;

export function createDocuments(options: DocumentsOptions, now: Now): Documents {
  const { engine, network, store } = options;
  const held = new Map<number, HeldDocument>();
  const unsaved = new Set<number>();

  const check = (bytes: Uint8Array, at: Now): DocumentOutcome | HeldDocument => {
    const verified = verifyDocument(engine, network, bytes);
    if (!verified.ok) return verified.reason;
    const { topology } = verified;
    if (!options.isAllowed(topology)) return 'wrong_traffic';
    const known = held.get(topology.epoch);
    if (known !== undefined) {
      return equalBytes(known.topology.hash, topology.hash) ? 'known' : 'conflict';
    }
    const time = timeliness(topology, at.unixMs);
    if (time.kind === 'past') return 'past';
    const aheadMs = EPOCHS_AHEAD_MAX * topology.times.epochMs;
    if (time.kind === 'future' && time.byMs > aheadMs) return 'future';
    return { topology, bytes: bytes.slice() };
  };

  const newest = (): HeldDocument | null => {
    const epochs = [...held.keys()];
    return epochs.length === 0 ? null : (held.get(Math.max(...epochs)) ?? null);
  };

  const saveRest = (): void => {
    for (const epoch of unsaved) {
      const document = held.get(epoch);
      if (document !== undefined) store.save(epoch, document.bytes);
      unsaved.delete(epoch);
    }
  };

  for (const bytes of store.load()) {
    const document = check(bytes, now);
    if (typeof document !== 'string') held.set(document.topology.epoch, document);
  }

  return {
    accept: (bytes, at) => {
      const document = check(bytes, at);
      if (typeof document === 'string') return document;
      const { epoch } = document.topology;
      held.set(epoch, document);
      unsaved.add(epoch);
      // Held in memory it is of the same use; it is fetched anew where the process ends before.
      unlessFull(saveRest);
      return 'accepted';
    },
    topologyFor: (epoch) => {
      for (let at = epoch; at >= epoch - DOCUMENT_LATE_EPOCHS_MAX; at--) {
        const document = held.get(at);
        if (document !== undefined) return document.topology;
      }
      return null;
    },
    newest,
    held: (epoch) => held.get(epoch) ?? null,
    all: () => [...held.values()],
    isListed: (peer) => [...held.values()].some(({ topology }) => topology.byPeer.has(peer)),
    prune: (at) => {
      for (const [epoch, { topology }] of held) {
        if (timeliness(topology, at.unixMs).kind !== 'past') continue;
        held.delete(epoch);
        unsaved.delete(epoch);
        // One that stays is not loaded: it is past.
        unlessFull(() => store.remove(epoch));
      }
    },
    isUnsaved: () => unsaved.size > 0,
    saveRest,
    answer: (request) => {
      const asked = request.epoch === DOCUMENT_NEWEST ? newest() : held.get(request.epoch);
      if (asked === null || asked === undefined) return noDocument(request);
      const { epoch, hash } = asked.topology;
      const part = documentPart({ epoch, hash, bytes: asked.bytes }, request.part);
      return part ?? noDocument(request);
    },
  };
}
