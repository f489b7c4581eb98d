// Where a node stands in its network by the documents it holds, and so whom it takes packets from
// and passes them to. A packet goes by the document of its own epoch.
import { type EpochTimes, epochAt, epochOfParity } from '../../shared/network/epoch.ts';
import type { EpochParity } from '../../shared/network/frames.ts';
import {
  type NodePeer,
  nodeOf,
  type Topology,
  type TopologyNode,
} from '../../shared/network/topology.ts';
import type { Now } from '../../shared/time.ts';
import type { Documents } from './documents.ts';
import { isNextLayer } from './neighbours.ts';
import type { LoopGround } from './node-loops.ts';
import type { PeerId } from './role.ts';

export type Place = {
  /** What this node's own loops are built on; null where it stands in no layer. */
  readonly ground: (now: Now) => LoopGround | null;
  /** The node with this identity key, where it is in the layer after this one. */
  readonly nextPeer: (address: Uint8Array, parity: EpochParity, now: Now) => NodePeer | null;
  /** Whether `peer` is in the layer before. */
  readonly isPreviousHop: (peer: PeerId, parity: EpochParity, now: Now) => boolean;
};

export function createPlace(documents: Documents, times: EpochTimes, self: NodePeer): Place {
  /** The network that a packet of this parity was built for, and this node in it. */
  const find = (parity: EpochParity, now: Now): Found | null => {
    const epoch = epochOfParity(times, parity, now.unixMs);
    return epoch === null ? null : foundIn(documents.topologyFor(epoch), self);
  };
  return {
    ground: (now) => {
      const epoch = epochAt(times, now.unixMs);
      const found = epoch === null ? null : foundIn(documents.topologyFor(epoch), self);
      if (epoch === null || found === null) return null;
      const { topology, own } = found;
      const isPlaced = own.kind === 'provider' || own.layer > 0;
      return isPlaced ? { topology, epoch, node: own } : null;
    },
    nextPeer: (address, parity, now) => {
      const found = find(parity, now);
      const to = found === null ? null : nodeOf(found.topology, address);
      if (found === null || to === null) return null;
      return isNextLayer(found.topology, found.own, to) ? to.peer : null;
    },
    isPreviousHop: (peer, parity, now) => {
      const found = find(parity, now);
      // A peer without a name is in no document, so the lookup tells.
      const from = found?.topology.byPeer.get(peer as NodePeer);
      return found !== null && from !== undefined && isNextLayer(found.topology, from, found.own);
    },
  };
}

type Found = { readonly topology: Topology; readonly own: TopologyNode };

function foundIn(topology: Topology | null, self: NodePeer): Found | null {
  const own = topology?.byPeer.get(self);
  return topology === null || own === undefined ? null : { topology, own };
}
