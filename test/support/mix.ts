// One mix of a test network, on stores in memory, with everything around it in the test's hands.
import type { DocumentStore } from '../../main/mixnet/documents.ts';
import { createMix, type Mix, type MixOptions } from '../../main/mixnet/mix.ts';
import type { LinkEffect, PeerId } from '../../main/mixnet/role.ts';
import { concatBytes } from '../../shared/bytes.ts';
import { parityOf } from '../../shared/network/epoch.ts';
import { decodeFrame, type EpochParity, encodeFrame } from '../../shared/network/frames.ts';
import { PACKET_VERSION } from '../../shared/network/packet.ts';
import { FORWARD_DESTINATION, FORWARD_IDENTIFIER } from '../../shared/network/payload.ts';
import { type NodePeer, nodePeer, type Topology } from '../../shared/network/topology.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import { PAYLOAD_SIZE } from '../../shared/sphinx/geometry.ts';
import { createSphinx } from '../../shared/sphinx/packet.ts';
import type { Now } from '../../shared/time.ts';
import { type MemoryEpochKeyStore, memoryEpochKeyStore } from './memory-epoch-keys.ts';
import {
  makeBody,
  makeTopology,
  signBody,
  TEST_EPOCH0,
  type TestNetwork,
  type TestNode,
} from './network.ts';
import { seededRandom } from './random.ts';

export const testTraffic = trafficSets.test;
const K = testTraffic.pullMailCount;

/** Now, `ms` after the network began. */
export function at(ms: number): Now {
  return { monotonicMs: ms, unixMs: TEST_EPOCH0 + ms };
}

/** Documents kept over a restart of the role, in memory. */
export function memoryDocumentStore(documents: readonly Uint8Array[] = []): DocumentStore {
  const kept = new Map<number, Uint8Array>(documents.map((bytes, index) => [-1 - index, bytes]));
  return {
    load: () => [...kept.values()],
    save: (epoch, bytes) => void kept.set(epoch, bytes),
    remove: (epoch) => void kept.delete(epoch),
  };
}

/** The node's keys as its descriptor in the test network publishes them. */
export function keyStoreOf(node: TestNode): MemoryEpochKeyStore {
  const store = memoryEpochKeyStore();
  for (const [index, { secretKey }] of node.sphinxKeys.entries()) {
    store.create(node.descriptor.firstEpoch + index, secretKey);
  }
  return store;
}

export type TestMix = {
  readonly mix: Mix;
  readonly node: TestNode;
  readonly topology: Topology;
  readonly keyStore: MemoryEpochKeyStore;
  /** What the first wake led to. */
  readonly first: readonly LinkEffect[];
  /** Peers of the layer before and of the layer after, linked. */
  readonly before: NodePeer;
  readonly after: NodePeer;
};

/** The first mix of layer 2, woken and linked at 0 with everybody in layers 1 and 3. */
export function openMix(made: TestNetwork, change: Partial<MixOptions> = {}): TestMix {
  const node = made.nodes.find(({ layer }) => layer === 2);
  if (node === undefined) throw new Error('the network has a layer 2');
  const topology = makeTopology(made);
  const keyStore = keyStoreOf(node);
  const options: MixOptions = {
    engine: made.engine,
    sphinx: createSphinx(made.engine),
    random: seededRandom('mix'),
    loopInstants: seededRandom('instants'),
    network: made.network,
    identity: node.identity,
    linkKeyHash: node.descriptor.linkKeyHash,
    operator: node.descriptor.operator,
    addresses: node.descriptor.addresses,
    traffic: 'test',
    keyStore,
    documentStore: memoryDocumentStore([signBody(made, makeBody(made))]),
    ...change,
  };
  const mix = createMix(options, at(0));
  const first = mix.wake(at(0));
  const peers = [...(topology.layers[0] ?? []), ...(topology.layers[2] ?? [])].map(
    ({ peer }) => peer,
  );
  for (const peer of peers) mix.receive({ kind: 'link-up', peer }, at(0));
  const [before] = topology.layers[0] ?? [];
  const [after] = topology.layers[2] ?? [];
  if (before === undefined || after === undefined) throw new Error('every layer has a mix');
  return { mix, node, topology, keyStore, first, before: before.peer, after: after.peer };
}

/** A packet that the mix passes to `next` after `delayNs`; what comes then is random. */
export function packetThrough(
  made: TestNetwork,
  open: TestMix,
  random: RandomSource,
  options: { readonly delayNs: bigint; readonly next?: Uint8Array; readonly epoch?: number },
): Uint8Array {
  const key = open.node.sphinxKeys[options.epoch ?? 0];
  const after = open.topology.byPeer.get(open.after);
  const last = after?.sphinxKeys[0];
  if (key === undefined || last === undefined) throw new Error('a key for each epoch');
  const ready = createSphinx(made.engine).createHeader({
    route: [
      { address: open.node.identity.publicKey, publicKey: key.publicKey },
      { address: options.next ?? after?.identityKey ?? new Uint8Array(32), publicKey: last },
    ],
    delaysNs: [options.delayNs, 0n],
    destination: FORWARD_DESTINATION,
    identifier: FORWARD_IDENTIFIER,
    version: PACKET_VERSION,
    random,
  });
  if (ready === null) throw new Error('honest keys make a header');
  return concatBytes(ready.header, drawBytes(random, PAYLOAD_SIZE));
}

/** A packet that ends at the mix. */
export function packetFor(
  made: TestNetwork,
  open: TestMix,
  random: RandomSource,
  options: { readonly destination: Uint8Array; readonly identifier: Uint8Array },
): Uint8Array {
  const ready = createSphinx(made.engine).createHeader({
    route: [
      { address: open.node.identity.publicKey, publicKey: open.node.sphinxKeys[0].publicKey },
    ],
    delaysNs: [0n],
    version: PACKET_VERSION,
    random,
    ...options,
  });
  if (ready === null) throw new Error('honest keys make a header');
  return concatBytes(ready.header, drawBytes(random, PAYLOAD_SIZE));
}

export function sphinxFrame(packet: Uint8Array, parity: EpochParity = parityOf(0)): Uint8Array {
  return encodeFrame({ kind: 'sphinx', parity, packet }, K);
}

/** Gives the mix a packet as `from` would send it. */
export function give(
  open: TestMix,
  packet: Uint8Array,
  now: Now,
  from: PeerId = open.before,
  parity: EpochParity = 0,
): readonly LinkEffect[] {
  return open.mix.receive({ kind: 'frame', peer: from, frame: sphinxFrame(packet, parity) }, now);
}

/** The Sphinx packets among effects, with where they go. */
export function packetsIn(
  effects: readonly LinkEffect[],
): { readonly peer: PeerId; readonly parity: EpochParity; readonly packet: Uint8Array }[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'send') return [];
    const decoded = decodeFrame(effect.frame, K);
    if (!decoded.ok || decoded.frame.kind !== 'sphinx') return [];
    return [{ peer: effect.peer, parity: decoded.frame.parity, packet: decoded.frame.packet }];
  });
}

export function peerOf(node: TestNode): NodePeer {
  return nodePeer(node.identity.publicKey);
}
