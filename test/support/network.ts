// A small network for tests: keys, descriptors, a signed document and what verifying it gives. Real
// keys and signatures throughout; everything follows from the seed.

import { compareBytes } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';
import { formatMailboxAddress } from '../../shared/network/address.ts';
import {
  type NodeDescriptor,
  type NodeKind,
  signDescriptor,
} from '../../shared/network/descriptor.ts';
import {
  type DocumentBody,
  documentHash,
  encodeDocument,
  encodeDocumentBody,
  type Layer,
  signDocument,
} from '../../shared/network/document.ts';
import { epochStartUnixMs, epochTimes } from '../../shared/network/epoch.ts';
import { type NetworkFile, networkHash } from '../../shared/network/network-file.ts';
import { nodePeer, type Topology, verifyDocument } from '../../shared/network/topology.ts';
import { type TrafficName, trafficSets } from '../../shared/network/traffic.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import { seededRandom } from './random.ts';

export type KeyPair = { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };

export function signingKey(random: RandomSource, engine: CryptoEngine = nobleEngine): KeyPair {
  const publicKey = new Uint8Array(32);
  const secretKey = new Uint8Array(64);
  engine.ed25519KeyPair(publicKey, secretKey, drawBytes(random, 32));
  return { publicKey, secretKey };
}

export function agreementKey(random: RandomSource, engine: CryptoEngine = nobleEngine): KeyPair {
  const secretKey = drawBytes(random, 32);
  const publicKey = new Uint8Array(32);
  engine.x25519Base(publicKey, secretKey);
  return { publicKey, secretKey };
}

export type TestNode = {
  readonly kind: NodeKind;
  readonly layer: Layer;
  readonly identity: KeyPair;
  readonly sphinxKeys: readonly [KeyPair, KeyPair, KeyPair];
  readonly descriptor: NodeDescriptor;
};

export type TestNetwork = {
  readonly engine: CryptoEngine;
  readonly network: NetworkFile;
  readonly authorities: readonly KeyPair[];
  readonly nodes: readonly TestNode[];
};

export const TEST_EPOCH0 = 1_700_000_000_000;

export type NetworkShape = {
  readonly name?: string;
  readonly seed?: string;
  readonly engine?: CryptoEngine;
  readonly layers?: number;
  readonly mixes?: number;
  readonly providers?: number;
  readonly authorities?: number;
  readonly firstEpoch?: number;
  readonly epoch0UnixMs?: number;
  /** What a descriptor says, by the node's place in the list. */
  readonly describe?: (index: number) => Partial<NodeDescriptor>;
};

/** `mixes` in each of `layers`, `providers`, authorities; keys from `firstEpoch` on. */
export function makeNetwork(options: NetworkShape = {}): TestNetwork {
  const { seed = 'network', engine = nobleEngine, mixes = 2, providers = 2 } = options;
  const random = seededRandom(seed);
  const authorities = Array.from({ length: options.authorities ?? 1 }, () =>
    signingKey(random, engine),
  ).toSorted((a, b) => compareBytes(a.publicKey, b.publicKey));
  const network: NetworkFile = {
    name: options.name ?? 'Test network',
    authorities: authorities.map(({ publicKey }, index) => ({
      key: publicKey,
      addresses: [`127.0.0.1:${9000 + index}`],
    })),
    epoch0UnixMs: options.epoch0UnixMs ?? TEST_EPOCH0,
  };
  const layers = [1, 2, 3].slice(0, options.layers ?? 3);
  const places: Layer[] = layers.flatMap((layer) =>
    Array.from({ length: mixes }, () => layer as Layer),
  );
  places.push(...Array.from({ length: providers }, () => 0 as Layer));
  const nodes = places.map((layer, index): TestNode => {
    const kind = layer === 0 ? 'provider' : 'mix';
    const identity = signingKey(random, engine);
    const sphinxKeys = [
      agreementKey(random, engine),
      agreementKey(random, engine),
      agreementKey(random, engine),
    ] as const;
    const descriptor: NodeDescriptor = {
      identityKey: identity.publicKey,
      kind,
      isRegistrationOpen: kind === 'provider',
      protocolVersion: 1,
      publishedUnixMs: TEST_EPOCH0,
      linkKeyHash: drawBytes(random, 32),
      firstEpoch: options.firstEpoch ?? 0,
      sphinxKeys: [sphinxKeys[0].publicKey, sphinxKeys[1].publicKey, sphinxKeys[2].publicKey],
      operator: `operator-${index}`,
      addresses: [`127.0.0.1:${7000 + index}`],
      ...options.describe?.(index),
    };
    return { kind, layer, identity, sphinxKeys, descriptor };
  });
  return { engine, network, authorities, nodes };
}

/** The body of a document over all nodes; `change` alters it before it is signed. */
export function makeBody(
  made: TestNetwork,
  options: { readonly epoch?: number; readonly traffic?: TrafficName } = {},
): DocumentBody {
  const { engine, network, nodes } = made;
  const epoch = options.epoch ?? 0;
  const traffic = trafficSets[options.traffic ?? 'test'];
  const times = epochTimes(network.epoch0UnixMs, traffic);
  const sorted = nodes.toSorted((a, b) => compareBytes(a.identity.publicKey, b.identity.publicKey));
  return {
    networkHash: networkHash(engine, network),
    epoch,
    validFromUnixMs: epochStartUnixMs(times, epoch),
    validUntilUnixMs: epochStartUnixMs(times, epoch + 1),
    protocolVersion: 1,
    nextProtocolVersion: 1,
    nextProtocolFromEpoch: 0,
    traffic,
    layerCount: Math.max(...nodes.map(({ layer }) => layer)),
    layerRandom: new Uint8Array(32).fill(5),
    commitments: [],
    nodes: sorted.map((node) => ({
      layer: node.layer,
      standing: 'normal',
      descriptor: signDescriptor(engine, node.descriptor, node.identity.secretKey),
    })),
  };
}

/** Encodes a body and signs it with the first `signers` authorities, all of them by default. */
export function signBody(
  made: TestNetwork,
  body: DocumentBody,
  signers = made.authorities.length,
): Uint8Array {
  const bytes = encodeDocumentBody(body);
  const hash = documentHash(made.engine, bytes);
  const signing = made.authorities.slice(0, signers);
  return encodeDocument(
    bytes,
    signing.map((authority) => signDocument(made.engine, hash, authority)),
  );
}

/** The topology of a document of the network. */
export function makeTopology(
  made: TestNetwork,
  options: { readonly epoch?: number; readonly traffic?: TrafficName } = {},
): Topology {
  const verified = verifyDocument(
    made.engine,
    made.network,
    signBody(made, makeBody(made, options)),
  );
  if (!verified.ok) throw new Error(`the test network has no document: ${verified.reason}`);
  return verified.topology;
}

/** The node of a topology with its secrets. */
export function secretsOf(made: TestNetwork, peer: string): TestNode {
  const node = made.nodes.find(({ identity }) => nodePeer(identity.publicKey) === peer);
  if (node === undefined) throw new Error('the test network has no such node');
  return node;
}

/** The address of a mailbox that nobody has, as text. */
export function addressIn(network: NetworkFile): string {
  const mailboxKey = new Uint8Array(32);
  nobleEngine.x25519Base(mailboxKey, new Uint8Array(32).fill(3));
  return formatMailboxAddress({
    networkHash: networkHash(nobleEngine, network),
    providerKey: new Uint8Array(32).fill(1),
    mailbox: new Uint8Array(16).fill(2),
    token: new Uint8Array(16).fill(4),
    mailboxKey,
  });
}
