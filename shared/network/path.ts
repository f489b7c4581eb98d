// Paths and delays, drawn anew for every packet (design section 2, "Path"): provider, layer 1, 2,
// 3, provider, with an exponential delay at each hop but the last. Who draws knows every delay, and
// so when to expect what it sent.
import { drawBelow, drawExponential, type RandomSource } from '../random.ts';
import type { Hop } from '../sphinx/header.ts';
import { sphinxKeyFor } from './descriptor.ts';
import type { Topology, TopologyNode } from './topology.ts';
import type { Traffic } from './traffic.ts';

/** What a header is built from. */
export type Path = {
  readonly nodes: readonly TopologyNode[];
  readonly route: readonly Hop[];
  /** One per hop; zero at the last, which holds nothing back. */
  readonly delaysNs: readonly bigint[];
};

export type PathOptions = {
  readonly topology: Topology;
  /** Whose Sphinx keys the packet is for. */
  readonly epoch: number;
  readonly random: RandomSource;
};

/** A delay at one hop, exponential with mean θ, in whole nanoseconds. */
export function drawHopDelayNs(random: RandomSource, traffic: Traffic): bigint {
  return BigInt(Math.round(drawExponential(random, traffic.hopDelayMsMean) * 1_000_000));
}

/** A provider for a drop: any that is not led around. */
export function drawProvider(topology: Topology, random: RandomSource): TopologyNode {
  return drawNode(topology.providers, random);
}

/**
 * From `from`, a client's own provider, to provider `to`: five hops. Null where a node has no key
 * for the epoch, as for the paths below.
 */
export function drawForwardPath(
  options: PathOptions,
  from: TopologyNode,
  to: TopologyNode,
): Path | null {
  return drawDelays(options, [from, ...drawLayers(options, 1), to]);
}

/** From layer 1 to a client's own provider `to`: four hops. */
export function drawAcknowledgementPath(options: PathOptions, to: TopologyNode): Path | null {
  return drawDelays(options, [...drawLayers(options, 1), to]);
}

/**
 * A node's loop: out through the layers that follow it to a provider, and back to the node itself.
 */
export function drawNodeLoop(
  options: PathOptions,
  node: TopologyNode,
): { readonly out: Path; readonly back: Path } | null {
  const provider = drawProvider(options.topology, options.random);
  const out = drawDelays(options, [...drawLayers(options, node.layer + 1), provider]);
  const lastLayer = node.kind === 'provider' ? undefined : node.layer - 1;
  const back = drawDelays(options, [...drawLayers(options, 1, lastLayer), node]);
  return out === null || back === null ? null : { out, back };
}

/** One mix of each layer from `first` to `last`, which is the last there is where absent. */
function drawLayers(options: PathOptions, first: number, last?: number): TopologyNode[] {
  return options.topology.layers
    .slice(first - 1, last)
    .map((layer) => drawNode(layer, options.random));
}

function drawNode(nodes: readonly TopologyNode[], random: RandomSource): TopologyNode {
  const node = nodes[drawBelow(random, nodes.length)];
  if (node === undefined) throw new Error('must hold: a topology has no empty layer');
  return node;
}

function drawDelays(options: PathOptions, nodes: readonly TopologyNode[]): Path | null {
  const { topology, epoch, random } = options;
  const route: Hop[] = [];
  for (const node of nodes) {
    const publicKey = sphinxKeyFor(node, epoch);
    if (publicKey === null) return null;
    route.push({ address: node.identityKey, publicKey });
  }
  const delaysNs = nodes.map((_, index) =>
    index === nodes.length - 1 ? 0n : drawHopDelayNs(random, topology.traffic),
  );
  return { nodes, route, delaysNs };
}

/** Sum of the delays on a path, in ms. */
export function pathDelayMs(path: Path): number {
  return path.delaysNs.reduce((sum, delayNs) => sum + Number(delayNs) / 1_000_000, 0);
}
