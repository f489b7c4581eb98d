// Whom a node is linked with: the layer after it, which it dials, the layer before it, which dials
// it, and the authorities. The order is provider, layer 1, 2, 3, provider (design section 2, "One
// packet"); packets pass along it and in no other way.
import { equalBytes } from '../../shared/bytes.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import {
  type NodePeer,
  nodePeer,
  type Topology,
  type TopologyNode,
} from '../../shared/network/topology.ts';
import type { Documents } from './documents.ts';
import { LOOP_SLEEP_MS_MIN } from './node-loops.ts';
import type { LinkEffect, Neighbour, PeerId } from './role.ts';

/** Silence of so many mean intervals has a probability of 10^-12. */
const SILENCE_MEANS = 27.6;

/** Whether packets pass from `from` to `to`. */
export function isNextLayer(topology: Topology, from: TopologyNode, to: TopologyNode): boolean {
  if (from.kind === 'provider') return to.layer === 1;
  if (from.layer === 0) return false;
  return from.layer === topology.layers.length
    ? to.kind === 'provider'
    : to.layer === from.layer + 1;
}

/**
 * The neighbours of `self` by all of `topologies`: what is on its way keeps its links while
 * documents change. The newest document says how a node is reached.
 */
function neighboursOf(
  network: NetworkFile,
  self: NodePeer,
  topologies: readonly Topology[],
): Neighbour[] {
  const found = new Map<PeerId, Neighbour>();
  for (const topology of topologies.toSorted((a, b) => b.epoch - a.epoch)) {
    const own = topology.byPeer.get(self);
    if (own === undefined) continue;
    for (const node of topology.byPeer.values()) {
      if (found.has(node.peer) || node.peer === self) continue;
      const { peer, linkKeyHash } = node;
      if (isNextLayer(topology, own, node)) {
        found.set(peer, { peer, linkKeyHash, addresses: node.addresses });
      } else if (isNextLayer(topology, node, own)) {
        const silenceMsMax = silenceOf(topology, own);
        found.set(peer, { peer, linkKeyHash, addresses: [], silenceMsMax });
      }
    }
  }
  const authorities = network.authorities.map(({ key, addresses }): Neighbour => {
    return { peer: nodePeer(key), addresses, linkKeyHash: null };
  });
  return [...authorities, ...found.values()];
}

export type Neighbourhood = {
  /** The neighbours by all documents held, where they are others than last time. */
  readonly changed: () => LinkEffect[];
};

export function createNeighbourhood(
  network: NetworkFile,
  self: NodePeer,
  documents: Documents,
): Neighbourhood {
  let last: readonly Neighbour[] | null = null;
  return {
    changed: () => {
      const topologies = documents.all().map(({ topology }) => topology);
      const neighbours = neighboursOf(network, self, topologies);
      if (last !== null && sameNeighbours(last, neighbours)) return [];
      last = neighbours;
      return [{ kind: 'neighbours', neighbours }];
    },
  };
}

/**
 * The loops of a node before this one alone break its silence, each here with 1 / width. One that
 * was held up sends nothing and makes up for nothing; until that counts as a sleep it is excused.
 */
function silenceOf(topology: Topology, own: TopologyNode): number {
  const width =
    own.kind === 'provider'
      ? topology.providers.length
      : (topology.layers[own.layer - 1]?.length ?? 1);
  const meanMs = topology.traffic.nodeLoopIntervalMsMean * Math.max(1, width);
  return SILENCE_MEANS * meanMs + LOOP_SLEEP_MS_MIN;
}

function sameNeighbours(a: readonly Neighbour[], b: readonly Neighbour[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return (
        other !== undefined &&
        one.peer === other.peer &&
        one.silenceMsMax === other.silenceMsMax &&
        one.addresses.join(' ') === other.addresses.join(' ') &&
        (one.linkKeyHash === null || other.linkKeyHash === null
          ? one.linkKeyHash === other.linkKeyHash
          : equalBytes(one.linkKeyHash, other.linkKeyHash))
      );
    })
  );
}
