// From the bytes of a network document to the network it describes, or the one reason why not
// (design section 2, "Directory"). Everything that builds or forwards packets works on a Topology;
// there is no way to one but through these checks.
import { compareBytes, equalBytes, toHex } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import {
  type DescriptorRefusal,
  type NodeDescriptor,
  sphinxKeyFor,
  verifyDescriptor,
} from './descriptor.ts';
import {
  type Commitment,
  type DocumentBody,
  type DocumentFormatRefusal,
  type DocumentNode,
  type DocumentSignature,
  decodeDocument,
  documentHash,
  documentSignatureMessage,
  LAYERS_MAX,
  type Layer,
  type Standing,
} from './document.ts';
import { type EpochTimes, epochStartUnixMs, epochTimes } from './epoch.ts';
import { type NetworkFile, networkHash } from './network-file.ts';
import { isLoopbackTraffic, isTrafficAllowed, type Traffic, trafficSets } from './traffic.ts';

/** A node's name among peers and in maps: `node:` and the hex of its identity key. */
export type NodePeer = `node:${string}`;

export type TopologyNode = NodeDescriptor & {
  readonly peer: NodePeer;
  readonly layer: Layer;
  readonly standing: Standing;
};

export type Topology = {
  readonly networkHash: Uint8Array;
  readonly epoch: number;
  /** SHA-256 of the document's body, 32 bytes. */
  readonly hash: Uint8Array;
  readonly validFromUnixMs: number;
  readonly validUntilUnixMs: number;
  readonly protocolVersion: number;
  readonly nextProtocolVersion: number;
  readonly nextProtocolFromEpoch: number;
  readonly traffic: Traffic;
  readonly times: EpochTimes;
  /** Mixes of layer 1, of layer 2, of layer 3; each has one at least. */
  readonly layers: readonly (readonly TopologyNode[])[];
  /** Providers that are not led around: where drops go and new clients register. */
  readonly providers: readonly TopologyNode[];
  /** Every node, those that are led around too. */
  readonly byPeer: ReadonlyMap<NodePeer, TopologyNode>;
  readonly layerRandom: Uint8Array;
  readonly commitments: readonly Commitment[];
};

export type DocumentRefusal =
  | DocumentFormatRefusal
  | DescriptorRefusal
  | 'foreign_network'
  /** Fewer than half of the authorities, and one, have signed. */
  | 'no_majority'
  /** The validity is not that of the epoch. */
  | 'wrong_times'
  /** Parameters are not those of the set that is named. */
  | 'wrong_traffic'
  | 'beyond_loopback'
  /** Less than three layers, and not on one computer. */
  | 'few_layers'
  | 'nodes_unordered'
  /** A mix that is led around, or a provider, in a layer; or a layer that there is not. */
  | 'wrong_layer'
  | 'layer_empty'
  | 'no_provider'
  | 'operator_in_two_layers'
  /** A node has no Sphinx key for the document's epoch. */
  | 'no_sphinx_key';

export type VerifiedDocument =
  | { readonly ok: true; readonly topology: Topology }
  | { readonly ok: false; readonly reason: DocumentRefusal };

export function nodePeer(identityKey: Uint8Array): NodePeer {
  return `node:${toHex(identityKey)}`;
}

/** The node with this identity key, or null. Asked for every packet, so no name is made for it. */
export function nodeOf(topology: Topology, identityKey: Uint8Array): TopologyNode | null {
  const known = byKeyHead.get(topology);
  const nodes = known ?? indexByKeyHead(topology);
  if (known === undefined) byKeyHead.set(topology, nodes);
  for (const node of nodes.get(keyHead(identityKey)) ?? []) {
    if (equalBytes(node.identityKey, identityKey)) return node;
  }
  return null;
}

/** Nodes by the first bytes of their keys. */
const byKeyHead = new WeakMap<Topology, ReadonlyMap<number, readonly TopologyNode[]>>();

function indexByKeyHead(topology: Topology): ReadonlyMap<number, readonly TopologyNode[]> {
  const nodes = new Map<number, TopologyNode[]>();
  for (const node of topology.byPeer.values()) {
    const head = keyHead(node.identityKey);
    nodes.set(head, [...(nodes.get(head) ?? []), node]);
  }
  return nodes;
}

function keyHead(key: Uint8Array): number {
  return ((key[0] ?? 0) << 16) | ((key[1] ?? 0) << 8) | (key[2] ?? 0);
}

/**
 * Checks a document of `network`, cheapest first: form and limits, network, authorities'
 * signatures, parameters, layers, and the signature of each descriptor. Says nothing of the time:
 * `timeliness` does.
 */
export function verifyDocument(
  engine: CryptoEngine,
  network: NetworkFile,
  bytes: Uint8Array,
): VerifiedDocument {
  const decoded = decodeDocument(bytes);
  if (!decoded.ok) return decoded;
  const { body, bodyBytes, signatures } = decoded;
  if (!equalBytes(body.networkHash, networkHash(engine, network))) return refuse('foreign_network');
  const hash = documentHash(engine, bodyBytes);
  if (!hasMajority(engine, network, hash, signatures)) return refuse('no_majority');
  const times = epochTimes(network.epoch0UnixMs, body.traffic);
  const reason = refusalOfParameters(body, times);
  if (reason !== null) return refuse(reason);
  const nodes: TopologyNode[] = [];
  for (const listed of body.nodes) {
    const node = readNode(engine, listed, body.epoch, nodes.at(-1) ?? null);
    if (typeof node === 'string') return refuse(node);
    nodes.push(node);
  }
  const listening = [...network.authorities, ...nodes].flatMap((one) => one.addresses);
  if (!isTrafficAllowed(body.traffic.name, listening)) return refuse('beyond_loopback');
  return arrange(body, hash, times, nodes);
}

function refuse(reason: DocumentRefusal): VerifiedDocument {
  return { ok: false, reason };
}

/** Signatures of others are passed over, wrong ones do not count: more than half must be right. */
function hasMajority(
  engine: CryptoEngine,
  network: NetworkFile,
  hash: Uint8Array,
  signatures: readonly DocumentSignature[],
): boolean {
  const message = documentSignatureMessage(hash);
  const good = signatures.filter(
    ({ authorityKey, signature }) =>
      network.authorities.some(({ key }) => equalBytes(key, authorityKey)) &&
      engine.ed25519Verify(signature, message, authorityKey),
  );
  return 2 * good.length > network.authorities.length;
}

function refusalOfParameters(body: DocumentBody, times: EpochTimes): DocumentRefusal | null {
  const { traffic, epoch } = body;
  const set = trafficSets[traffic.name];
  const isSame =
    traffic.payloadIntervalMsMean === set.payloadIntervalMsMean &&
    traffic.loopIntervalMsMean === set.loopIntervalMsMean &&
    traffic.dropIntervalMsMean === set.dropIntervalMsMean &&
    traffic.hopDelayMsMean === set.hopDelayMsMean &&
    traffic.nodeLoopIntervalMsMean === set.nodeLoopIntervalMsMean &&
    traffic.pullIntervalMs === set.pullIntervalMs &&
    traffic.pullMailCount === set.pullMailCount &&
    traffic.epochMs === set.epochMs;
  if (!isSame) return 'wrong_traffic';
  if (body.layerCount < LAYERS_MAX && !isLoopbackTraffic(traffic.name)) return 'few_layers';
  const isTimed =
    body.validFromUnixMs === epochStartUnixMs(times, epoch) &&
    body.validUntilUnixMs === epochStartUnixMs(times, epoch + 1);
  return isTimed ? null : 'wrong_times';
}

function readNode(
  engine: CryptoEngine,
  listed: DocumentNode,
  epoch: number,
  before: TopologyNode | null,
): TopologyNode | DocumentRefusal {
  const verified = verifyDescriptor(engine, listed.descriptor);
  if (!verified.ok) return verified.reason;
  const { descriptor } = verified;
  const { layer, standing } = listed;
  if (before !== null && compareBytes(before.identityKey, descriptor.identityKey) >= 0) {
    return 'nodes_unordered';
  }
  if (layer !== 0 && (descriptor.kind !== 'mix' || standing === 'out')) return 'wrong_layer';
  if (sphinxKeyFor(descriptor, epoch) === null) return 'no_sphinx_key';
  return { ...descriptor, peer: nodePeer(descriptor.identityKey), layer, standing };
}

const allLayers: readonly Layer[] = [1, 2, 3];

function arrange(
  body: DocumentBody,
  hash: Uint8Array,
  times: EpochTimes,
  nodes: readonly TopologyNode[],
): VerifiedDocument {
  const inLayer = (layer: Layer) => nodes.filter((node) => node.layer === layer);
  const { layerCount, nodes: _, ...facts } = body;
  if (nodes.some(({ layer }) => layer > layerCount)) return refuse('wrong_layer');
  const layers = allLayers.slice(0, layerCount).map(inLayer);
  if (layers.some((layer) => layer.length === 0)) return refuse('layer_empty');
  const layerOf = new Map<string, Layer>();
  for (const { operator, layer } of layers.flat()) {
    const known = layerOf.get(operator);
    if (operator !== '' && known !== undefined && known !== layer) {
      return refuse('operator_in_two_layers');
    }
    layerOf.set(operator, layer);
  }
  const isUsed = (node: TopologyNode) => node.kind === 'provider' && node.standing !== 'out';
  const providers = nodes.filter(isUsed);
  if (providers.length === 0) return refuse('no_provider');
  const byPeer = new Map(nodes.map((node) => [node.peer, node]));
  return { ok: true, topology: { ...facts, hash, times, layers, providers, byPeer } };
}

/** A document against this computer's clock. */
export type Timeliness =
  | { readonly kind: 'current' }
  /** Its epoch is over, and its keys still reach: used until a newer one is had. */
  | { readonly kind: 'late'; readonly byMs: number }
  /** Nothing can be built with it: it is old, or this clock runs ahead. */
  | { readonly kind: 'past'; readonly byMs: number }
  /** Begins beyond the skew that clocks may have: this clock runs behind. */
  | { readonly kind: 'future'; readonly byMs: number };

/** Epochs after its own in which a document may still be used: as far as its Sphinx keys reach. */
export const DOCUMENT_LATE_EPOCHS_MAX = 2;

/** How a verified document stands at an instant of this computer's clock. */
export function timeliness(topology: Topology, unixMs: number): Timeliness {
  const { times, validFromUnixMs, validUntilUnixMs } = topology;
  const earlyMs = validFromUnixMs - unixMs;
  if (earlyMs > times.skewMs) return { kind: 'future', byMs: earlyMs };
  const lateMs = unixMs - validUntilUnixMs;
  if (lateMs < 0) return { kind: 'current' };
  const reachMs = DOCUMENT_LATE_EPOCHS_MAX * times.epochMs;
  return { kind: lateMs < reachMs ? 'late' : 'past', byMs: lateMs };
}
