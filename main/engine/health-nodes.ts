// Nodes as own loops see them: how many passed each, and how many of those came back. A share is
// compared with the others of the same layer alone: what a node of another layer loses is missing
// from all of them alike (raw shares of different layers say nothing of each other).
import type { Health } from '../../shared/api-health.ts';
import { toHex } from '../../shared/bytes.ts';
import { DEGRADED_BELOW, LOOPS_MIN } from '../../shared/health/delivery.ts';
import { wilson, Z_999 } from '../../shared/health/interval.ts';
import { quantile } from '../../shared/health/quantile.ts';
import type { NodePeer, Topology, TopologyNode } from '../../shared/network/topology.ts';
import type { KnownLoop } from './health-loops.ts';

type Count = { loops: number; returned: number };
/** Hex digits of a key that tell nodes of one operator apart. */
const KEY_DIGITS = 4;

/** In the document's order, which `flight` counts by. */
export function nodesOf(
  topology: Topology,
  own: NodePeer | null,
  loops: readonly KnownLoop[],
): Health['nodes'] {
  const nodes = [...topology.byPeer.values()];
  const names = namesOf(topology);
  const counts = countsOf(loops);
  const suspects = suspectsOf(topology, counts);
  const isClean = ({ path }: KnownLoop) => !path.some((peer) => suspects.has(peer));
  const clean = suspects.size === 0 ? counts : countsOf(loops.filter(isClean));
  return nodes.map((node) => {
    const { loops: passed, returned } = counts.get(node.peer) ?? { loops: 0, returned: 0 };
    return {
      name: names.get(node.peer) ?? '',
      kind: node.kind,
      layer: node.layer === 0 ? null : node.layer,
      isOwnProvider: node.peer === own,
      standing: node.standing,
      loops: passed,
      returned,
      rate: wilson(returned, passed),
      state: suspects.has(node.peer) ? 'suspected' : stateOf(clean.get(node.peer)),
    };
  });
}

/** What a person can call each node by: its operator, and digits of its key where it has more. */
export function namesOf(topology: Topology): ReadonlyMap<NodePeer, string> {
  const nodes = [...topology.byPeer.values()];
  const named = (node: TopologyNode) => {
    const digits = toHex(node.identityKey.subarray(0, KEY_DIGITS / 2));
    if (node.operator === '') return `${digits}`;
    const isOne = nodes.filter(({ operator }) => operator === node.operator).length === 1;
    return isOne ? node.operator : `${node.operator} ${digits}`;
  };
  return new Map(nodes.map((node) => [node.peer, named(node)]));
}

function countsOf(loops: readonly KnownLoop[]): ReadonlyMap<NodePeer, Count> {
  const counts = new Map<NodePeer, Count>();
  for (const { path, outcome } of loops) {
    if (outcome === 'void') continue;
    const back = outcome === 'lost' ? 0 : 1;
    // The own provider stands at both ends of a loop and counts once.
    for (let place = 0; place < path.length - 1; place++) {
      const peer = path[place];
      if (peer === undefined) continue;
      const count = counts.get(peer);
      if (count === undefined) counts.set(peer, { loops: 1, returned: back });
      else {
        count.loops += 1;
        count.returned += back;
      }
    }
  }
  return counts;
}

/** Mixes over which surely fewer come back than the median of their layer. */
function suspectsOf(
  topology: Topology,
  counts: ReadonlyMap<NodePeer, Count>,
): ReadonlySet<NodePeer> {
  const suspects = new Set<NodePeer>();
  for (const layer of topology.layers) {
    const known = layer.flatMap(({ peer }) => {
      const count = counts.get(peer);
      return count === undefined || count.loops < LOOPS_MIN ? [] : [{ peer, ...count }];
    });
    const median = quantile(
      known.map(({ loops, returned }) => returned / loops),
      0.5,
    );
    for (const { peer, loops, returned } of known) {
      const interval = wilson(returned, loops, Z_999);
      if (interval !== null && median !== null && interval.high < median) suspects.add(peer);
    }
  }
  return suspects;
}

/** Of loops that pass nobody suspected: where many of them are lost, nobody knows where. */
function stateOf(count: Count | undefined): 'good' | 'unknown' {
  if (count === undefined || count.loops < LOOPS_MIN) return 'unknown';
  const interval = wilson(count.returned, count.loops);
  return interval !== null && interval.high >= DEGRADED_BELOW ? 'good' : 'unknown';
}
