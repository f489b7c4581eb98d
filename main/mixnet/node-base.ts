// What mix and provider share beside the packet itself: who they are (hello, descriptor), whom they
// belong with (documents, neighbours, the order of the layers), their keys by epoch and their own
// loops. A role gives it every input that is not a packet, a pull or a registration.
import { type EpochTimes, epochTimes } from '../../shared/network/epoch.ts';
import { CHALLENGE_SIZE } from '../../shared/network/frame-sizes.ts';
import {
  decodeFrame,
  type EpochParity,
  encodeFrame,
  type Frame,
  type Hello,
} from '../../shared/network/frames.ts';
import { type NetworkFile, networkHash } from '../../shared/network/network-file.ts';
import { type NodePeer, nodePeer, type Topology } from '../../shared/network/topology.ts';
import { hopDelayMsMax, type TrafficName, trafficSets } from '../../shared/network/traffic.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import type { Sphinx } from '../../shared/sphinx/packet.ts';
import type { Now } from '../../shared/time.ts';
import { createDocumentExchange, DOCUMENT_EVENTS } from './document-exchange.ts';
import { createDocuments, type DocumentStore, type Documents } from './documents.ts';
import { createEpochKeys, type EpochKeyStore, type EpochKeys } from './epoch-keys.ts';
import { makeHello, refusalOfHello } from './greeting.ts';
import { createNeighbourhood } from './neighbours.ts';
import { createNodeLoops, type NodeLoops, type NodeLoopsOptions } from './node-loops.ts';
import { createPlace } from './place.ts';
import { createPublication, type PublicationOptions } from './publication.ts';
import { type Counter, createCounter } from './refusal.ts';
import type { LinkEffect, PeerId } from './role.ts';

export const BASE_EVENTS = [
  // Frames that were refused.
  'frame_kind',
  'frame_version',
  'frame_size',
  'frame_field',
  /** A frame that this peer has no business to send. */
  'frame_unexpected',
  'hello_network',
  'hello_protocol',
  ...DOCUMENT_EVENTS,
  'descriptor_sent',
  'descriptor_accepted',
  'descriptor_refused',
] as const;
export type BaseEvent = (typeof BASE_EVENTS)[number];

export type NodeBaseOptions = PublicationOptions & {
  readonly sphinx: Sphinx;
  readonly random: RandomSource;
  /** For the instants of loops alone. */
  readonly loopInstants: RandomSource;
  readonly network: NetworkFile;
  /** Known before any document, since keys for its epochs go into the first descriptor. */
  readonly traffic: TrafficName;
  readonly keyStore: EpochKeyStore;
  readonly documentStore: DocumentStore;
};

export type NodeBase = {
  readonly networkHash: Uint8Array;
  readonly times: EpochTimes;
  readonly pullMailCount: number;
  /** The longest delay that a header may ask for. */
  readonly delayMsMax: number;
  readonly keys: EpochKeys;
  readonly documents: Documents;
  readonly loops: NodeLoops;
  /** Everything that is due. */
  readonly wake: (now: Now) => LinkEffect[];
  readonly nextWakeAtMs: () => number;
  /** A link stands: says hello, with the challenge for this link or one that nobody answers. */
  readonly linkUp: (peer: PeerId, now: Now, challenge?: Uint8Array) => LinkEffect[];
  readonly linkDown: (peer: PeerId, now: Now) => void;
  readonly isLinked: (peer: PeerId) => boolean;
  /** Reads a frame and counts it where it is none. */
  readonly decode: (frame: Uint8Array) => Frame | null;
  /** Hello, documents, descriptors. Anything else is counted and not answered. */
  readonly receive: (peer: PeerId, frame: Frame, now: Now) => LinkEffect[];
  /** The neighbour with this identity key in the layer after this node's, by the packet's epoch. */
  readonly nextPeer: (address: Uint8Array, parity: EpochParity, now: Now) => PeerId | null;
  /** Whether this node is in the layer before, by the packet's epoch. */
  readonly isPreviousHop: (peer: PeerId, parity: EpochParity, now: Now) => boolean;
  readonly events: () => Readonly<Record<BaseEvent, number>>;
};

export function createNodeBase(options: NodeBaseOptions, start: Now): NodeBase {
  const { network, identity, random } = options;
  const traffic = trafficSets[options.traffic];
  const times = epochTimes(network.epoch0UnixMs, traffic);
  const hash = networkHash(options.engine, network);
  const authorityPeers = new Set<PeerId>(network.authorities.map(({ key }) => nodePeer(key)));
  const counter: Counter<BaseEvent> = createCounter(BASE_EVENTS);
  const linked = new Set<PeerId>();
  const sources = () => [...linked].filter((peer) => authorityPeers.has(peer));
  const isLinked = (peer: PeerId) => linked.has(peer);
  const send = (peer: PeerId, frame: Frame): LinkEffect => {
    return { kind: 'send', peer, frame: encodeFrame(frame, traffic.pullMailCount) };
  };

  const keys = createEpochKeys({ engine: options.engine, random, store: options.keyStore, times });
  const publication = createPublication(options, keys, times, start);
  const documents = ownDocuments(options, start);
  const place = createPlace(documents, times, nodePeer(identity.publicKey));
  const loops = createNodeLoops({ ...loopOptions(options), ground: place.ground, isLinked }, start);
  const neighbourhood = createNeighbourhood(network, nodePeer(identity.publicKey), documents);
  const sharing = { documents, times: () => times, random, counter, send, sources };
  const exchange = createDocumentExchange(
    {
      ...sharing,
      onAccepted: () => {
        loops.topologyChanged(documents.isListed);
        return neighbourhood.changed();
      },
    },
    start,
  );

  const facts = { networkHash: hash, times, keys, documents, loops };

  const publish = (peers: readonly PeerId[]): LinkEffect[] => {
    const descriptor = publication.descriptor();
    if (descriptor === null) return [];
    counter.count('descriptor_sent', peers.length);
    return peers.map((peer) => send(peer, { kind: 'descriptor', descriptor }));
  };

  const receiveHello = (peer: PeerId, hello: Hello, now: Now): LinkEffect[] => {
    const reason = refusalOfHello(hello, hash);
    if (reason === null) exchange.greeted(peer, hello, now);
    else counter.count(reason);
    return reason === null ? [] : [{ kind: 'close', peer }];
  };

  return {
    ...facts,
    pullMailCount: traffic.pullMailCount,
    delayMsMax: hopDelayMsMax(traffic),
    wake: (now) => {
      const effects: LinkEffect[] = [];
      if (publication.isDue(now)) {
        if (publication.advance(now)) effects.push(...publish(sources()));
        documents.prune(now);
        effects.push(...neighbourhood.changed());
      }
      effects.push(...exchange.wake(now));
      for (const { peer, parity, packet } of loops.wake(now)) {
        effects.push(send(peer, { kind: 'sphinx', parity, packet }));
      }
      return effects;
    },
    nextWakeAtMs: () =>
      Math.min(publication.nextAtMs(), exchange.nextWakeAtMs(), loops.nextWakeAtMs()),
    linkUp: (peer, now, challenge) => {
      linked.add(peer);
      const fresh = challenge ?? drawBytes(random, CHALLENGE_SIZE);
      const effects = [send(peer, makeHello(hash, documents, fresh, now))];
      if (authorityPeers.has(peer)) {
        effects.push(...publish([peer]));
        exchange.hurry(now);
      }
      return effects;
    },
    linkDown: (peer, now) => {
      linked.delete(peer);
      exchange.linkDown(peer, now);
      if (peer.startsWith('node:')) loops.linkDown(peer as NodePeer);
    },
    isLinked,
    decode: (bytes) => {
      const decoded = decodeFrame(bytes, traffic.pullMailCount);
      if (decoded.ok) return decoded.frame;
      counter.count(decoded.reason);
      return null;
    },
    receive: (peer, frame, now) => {
      if (frame.kind === 'hello') return receiveHello(peer, frame, now);
      if (frame.kind === 'document-request' || frame.kind === 'document-answer') {
        return exchange.receive(peer, frame, now);
      }
      if (frame.kind === 'descriptor-answer' && authorityPeers.has(peer)) {
        counter.count(frame.result === 'accepted' ? 'descriptor_accepted' : 'descriptor_refused');
      } else counter.count('frame_unexpected');
      return [];
    },
    nextPeer: place.nextPeer,
    isPreviousHop: place.isPreviousHop,
    events: counter.snapshot,
  };
}

function ownDocuments(options: NodeBaseOptions, start: Now): Documents {
  const { engine, network, documentStore: store } = options;
  // Of other traffic a document is of no use: this node's keys are for other epochs.
  const isAllowed = (topology: Topology) => topology.traffic.name === options.traffic;
  return createDocuments({ engine, network, store, isAllowed }, start);
}

function loopOptions(options: NodeBaseOptions): Omit<NodeLoopsOptions, 'ground' | 'isLinked'> {
  const { engine, sphinx, random, loopInstants: instants } = options;
  const intervalMsMean = trafficSets[options.traffic].nodeLoopIntervalMsMean;
  return { engine, sphinx, random, instants, intervalMsMean };
}
