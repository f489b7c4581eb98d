// What a client knows of its network: documents, whom it is linked with, and how far its clock is
// from others'. It is linked with its own provider alone and fetches documents there; an authority
// is asked only where there is no document to begin with (design section 2, "Directory").
import { equalBytes } from '../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { epochAt } from '../../../shared/network/epoch.ts';
import type { DocumentAnswer, Hello } from '../../../shared/network/frames.ts';
import type { NetworkFile } from '../../../shared/network/network-file.ts';
import {
  type NodePeer,
  nodeOf,
  nodePeer,
  type Timeliness,
  type Topology,
  timeliness,
} from '../../../shared/network/topology.ts';
import { drawBelow, type RandomSource } from '../../../shared/random.ts';
import type { Now } from '../../../shared/time.ts';
import { createDocumentFetch, type DocumentAsk, type DocumentStep } from '../document-fetch.ts';
import { createDocuments, type Documents } from '../documents.ts';
import { isOtherDocument } from '../greeting.ts';
import type { Neighbour, PeerId } from '../role.ts';
import { unlessFull } from '../store-full.ts';
import type { ClientStore, ProviderLink } from './store.ts';

/** Without a usable document for so long, authorities are asked besides the own provider. */
export const AUTHORITY_AFTER_MS = 60_000;
/** Pulls whose answers may be missing in a row; then the link is ended and dialled anew. */
const SILENCE_PULLS_MAX = 20;
const SILENCE_MS_MIN = 30_000;
/** How long a hello may have been on its way: a slow link, or a computer that stood still. */
export const HELLO_DELAY_MS_MAX = 10_000;
/** How far clocks may be apart where no document has said it. */
const SKEW_MS_UNKNOWN = 120_000;

/** Two documents that both are valid for one epoch, or a provider that names another than ours. */
export type DocumentAlarm = 'two_documents' | 'other_document';

export type DirectoryStep = {
  readonly ask: DocumentAsk | null;
  readonly outcome: DocumentStep['outcome'];
};

/** The newest document, and how it stands against this computer's clock. */
export type NewestDocument = { readonly topology: Topology; readonly timeliness: Timeliness };

export type Directory = {
  readonly documents: Documents;
  /** The first epoch whose keys nodes still have; null where no document says so. */
  readonly oldestEpoch: (now: Now) => number | null;
  /** The network that packets leaving at `unixMs` are built for, and its epoch. */
  readonly groundAt: (
    unixMs: number,
  ) => { readonly topology: Topology; readonly epoch: number } | null;
  /** A provider that registers whoever asks, drawn at random. */
  readonly drawProvider: (unixMs: number) => Uint8Array | null;
  readonly neighbours: (now: Now) => readonly Neighbour[];
  readonly setProvider: (key: Uint8Array) => void;
  readonly linkUp: (peer: PeerId, now: Now) => void;
  readonly linkDown: (peer: PeerId, now: Now) => void;
  /** Takes what any hello says of documents and the time. */
  readonly hello: (peer: PeerId, hello: Hello, now: Now) => DocumentAlarm | null;
  readonly receive: (peer: PeerId, answer: DocumentAnswer, now: Now) => DirectoryStep;
  readonly wake: (now: Now) => DirectoryStep;
  readonly nextWakeAtMs: () => number | null;
  /** Whether something of a document is not durable yet: the disk was full. */
  readonly isUnsaved: () => boolean;
  /** Makes it durable; throws where there is still no room. */
  readonly saveRest: () => void;
  /** How much the other end's clock is ahead of this one, in ms; null where none has said. */
  readonly clockAheadMs: (now: Now) => number | null;
  /** The same where it is more than two honest clocks may differ, else null. */
  readonly clockWrongByMs: (now: Now) => number | null;
  /** The clock jumped or the machine slept: what was noted of the time is void. */
  readonly forgetClock: () => void;
};

export type DirectoryOptions = {
  readonly engine: CryptoEngine;
  readonly random: RandomSource;
  readonly network: NetworkFile;
  readonly store: ClientStore;
  readonly providerKey: Uint8Array | null;
  readonly providerLink: ProviderLink | null;
};

export function createDirectory(options: DirectoryOptions, start: Now): Directory {
  const { engine, random, network, store } = options;
  const authorities = network.authorities.map(({ key, addresses }): Neighbour => {
    return { peer: nodePeer(key), addresses, linkKeyHash: null };
  });
  const isAllowed = () => true;
  const documents = createDocuments({ engine, network, store: store.documents, isAllowed }, start);
  const linked = new Set<PeerId>();
  let times = documents.newest()?.topology.times ?? null;
  let { providerKey } = options;
  const link = keepLink(store, options.providerLink);
  let providerPeer = providerKey === null ? null : nodePeer(providerKey);
  let withoutSinceMs: number | null = start.monotonicMs;
  let authorityAtMs: number | null = null;
  /** The other end's wall clock less this monotonic one. */
  let clockOffsetMs: number | null = null;
  const sources = () => [...linked];
  const fetch = createDocumentFetch({ documents, times: () => times, random, sources }, start);

  const groundAt = (unixMs: number) => {
    const epoch = times === null ? null : epochAt(times, unixMs);
    const topology = epoch === null ? null : documents.topologyFor(epoch);
    return epoch === null || topology === null ? null : { topology, epoch };
  };

  /** Keeps how the own provider is reached, whenever a document says it anew. */
  const noteLink = () => link.note(documents.newest()?.topology, providerKey);

  const after = (step: DocumentStep, now: Now): DirectoryStep => {
    if (step.outcome === 'accepted') {
      times = documents.newest()?.topology.times ?? times;
      documents.prune(now);
      noteLink();
    }
    return step;
  };

  const clockAheadMs = (now: Now): number | null =>
    clockOffsetMs === null ? null : clockOffsetMs + now.monotonicMs - now.unixMs;

  noteLink();
  return {
    documents,
    oldestEpoch: (now) => (times === null ? null : epochAt(times, now.unixMs - times.graceMs)),
    groundAt,
    drawProvider: (unixMs) => drawOpenProvider(random, groundAt(unixMs)?.topology ?? null),
    setProvider: (key) => {
      [providerKey, providerPeer] = [key, nodePeer(key)];
      noteLink();
    },
    neighbours: (now) => {
      const isWithout = groundAt(now.unixMs) === null;
      if (!isWithout) withoutSinceMs = null;
      else withoutSinceMs ??= now.monotonicMs;
      const own = providerNeighbour(providerPeer, link.known(), documents.newest()?.topology);
      const afterMs = withoutSinceMs === null ? null : withoutSinceMs + AUTHORITY_AFTER_MS;
      const isLong = afterMs !== null && now.monotonicMs >= afterMs;
      authorityAtMs = isLong ? null : afterMs;
      if (own === null) return isWithout ? authorities : [];
      return isLong ? [own, ...authorities] : [own];
    },
    linkUp: (peer, now) => {
      linked.add(peer);
      fetch.hurry(now);
    },
    linkDown: (peer, now) => {
      linked.delete(peer);
      fetch.linkDown(peer, now);
    },
    hello: (_peer, hello, now) => {
      clockOffsetMs = hello.unixMs - now.monotonicMs;
      fetch.hurry(now);
      return isOtherDocument(hello, documents) ? 'other_document' : null;
    },
    receive: (peer, answer, now) => after(fetch.receive(peer, answer, now), now),
    wake: (now) => after(fetch.wake(now), now),
    nextWakeAtMs: () => {
      const fetchAtMs = fetch.nextWakeAtMs();
      if (fetchAtMs === null) return authorityAtMs;
      return authorityAtMs === null ? fetchAtMs : Math.min(fetchAtMs, authorityAtMs);
    },
    isUnsaved: () => documents.isUnsaved() || link.isUnsaved(),
    saveRest: () => {
      documents.saveRest();
      link.save();
    },
    clockAheadMs,
    clockWrongByMs: (now) => {
      const aheadMs = clockAheadMs(now);
      const skewMs = times?.skewMs ?? SKEW_MS_UNKNOWN;
      return aheadMs !== null && isTooFar(aheadMs, skewMs) ? aheadMs : null;
    },
    forgetClock: () => {
      clockOffsetMs = null;
    },
  };
}

/** A clock that seems behind may be one whose word took its time; one ahead cannot. */
function isTooFar(aheadMs: number, skewMs: number): boolean {
  return aheadMs > skewMs || aheadMs < -(skewMs + HELLO_DELAY_MS_MAX);
}

function drawOpenProvider(random: RandomSource, topology: Topology | null): Uint8Array | null {
  const open = (topology?.providers ?? []).filter((node) => node.isRegistrationOpen);
  return open.length === 0 ? null : (open[drawBelow(random, open.length)]?.identityKey ?? null);
}

/** How the own provider is reached: from memory where the disk has no room for it. */
function keepLink(store: ClientStore, stored: ProviderLink | null) {
  let known = stored;
  let isUnsaved = false;
  const save = (): void => {
    if (isUnsaved && known !== null) store.setProviderLink(known);
    isUnsaved = false;
  };
  return {
    known: () => known,
    note: (topology: Topology | undefined, providerKey: Uint8Array | null): void => {
      if (topology === undefined || providerKey === null) return;
      const node = nodeOf(topology, providerKey);
      if (node === null || (known !== null && isSameLink(known, node))) return;
      known = { addresses: node.addresses, linkKeyHash: node.linkKeyHash.slice() };
      isUnsaved = true;
      unlessFull(save);
    },
    isUnsaved: () => isUnsaved,
    save,
  };
}

function isSameLink(one: ProviderLink, other: ProviderLink): boolean {
  const isSameKey = equalBytes(one.linkKeyHash, other.linkKeyHash);
  return isSameKey && one.addresses.join() === other.addresses.join();
}

/** Null before the first one. */
export function newestDocument(documents: Documents, unixMs: number): NewestDocument | null {
  const topology = documents.newest()?.topology;
  return topology === undefined ? null : { topology, timeliness: timeliness(topology, unixMs) };
}

/** The own provider as a neighbour; null before there is one. */
function providerNeighbour(
  peer: NodePeer | null,
  link: ProviderLink | null,
  topology: Topology | undefined,
): Neighbour | null {
  if (peer === null || link === null) return null;
  const { addresses, linkKeyHash } = link;
  if (topology === undefined) return { peer, addresses, linkKeyHash };
  const silenceMsMax = Math.max(
    SILENCE_MS_MIN,
    SILENCE_PULLS_MAX * topology.traffic.pullIntervalMs,
  );
  return { peer, addresses, linkKeyHash, silenceMsMax };
}
