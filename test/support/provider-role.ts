// A whole provider role of a test network over a store of the test's own, with every link around it
// in the test's hands: frames of layer 3 and of clients go in, effects come out.

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { MailboxStore } from '../../main/mixnet/mailbox-store.ts';
import { createProvider, type Provider } from '../../main/mixnet/provider.ts';
import type { PeerId } from '../../main/mixnet/role.ts';
import { openDatabase } from '../../main/store/database.ts';
import type { OpenDb } from '../../main/store/handle.ts';
import { providerDatabase } from '../../main/store/mailbox-store.ts';
import { encodeFrame } from '../../shared/network/frames.ts';
import { PACKET_VERSION } from '../../shared/network/packet.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import type { RandomSource } from '../../shared/random.ts';
import { PAYLOAD_SIZE } from '../../shared/sphinx/geometry.ts';
import { createSphinx } from '../../shared/sphinx/packet.ts';
import type { Now } from '../../shared/time.ts';
import { keyStoreOf, memoryDocumentStore } from './mix.ts';
import {
  makeBody,
  makeTopology,
  signBody,
  TEST_EPOCH0,
  type TestNetwork,
  type TestNode,
} from './network.ts';

/** Hour-long epochs, so that a run stays within its first one. */
export const TRAFFIC = 'standard';
const K = trafficSets[TRAFFIC].pullMailCount;

/** An empty provider's file in a folder of its own. */
export function openProviderFile(): {
  readonly file: string;
  readonly db: OpenDb;
  readonly remove: () => void;
} {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'eddy-provider-'));
  const file = path.join(dir, 'mailboxes.db');
  const db = openDatabase({ file, key: new Uint8Array(32).fill(7), ...providerDatabase });
  const remove = () => {
    db.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { file, db, remove };
}

/** `ms` after the network began. */
export function sinceStart(ms: number): Now {
  return { monotonicMs: ms, unixMs: TEST_EPOCH0 + Math.floor(ms) };
}

export type ProviderRole = {
  readonly role: Provider;
  readonly node: TestNode;
  /** A mix of layer 3, from which packets come. */
  readonly layer3: PeerId;
  /** The key of a layer-1 mix, for acknowledgements. */
  readonly layer1Key: Uint8Array;
};

/**
 * The network's first provider, just started: what its life before had seen is forgotten, so that a
 * benchmark can give it the same packets again.
 */
export function openProviderRole(
  made: TestNetwork,
  store: MailboxStore,
  random: RandomSource,
  now: Now,
): ProviderRole {
  const node = made.nodes.find(({ kind }) => kind === 'provider');
  const topology = makeTopology(made, { traffic: TRAFFIC });
  const [layer1] = topology.layers[0] ?? [];
  const [layer3] = topology.layers[2] ?? [];
  if (node === undefined || layer1 === undefined || layer3 === undefined) {
    throw new Error('must hold: the network has a provider and three layers');
  }
  const role = createProvider(
    {
      engine: made.engine,
      sphinx: createSphinx(made.engine),
      random,
      loopInstants: random,
      network: made.network,
      identity: node.identity,
      linkKeyHash: node.descriptor.linkKeyHash,
      operator: node.descriptor.operator,
      addresses: node.descriptor.addresses,
      traffic: TRAFFIC,
      keyStore: keyStoreOf(node),
      documentStore: memoryDocumentStore([signBody(made, makeBody(made, { traffic: TRAFFIC }))]),
      store,
      registration: 'open',
      retentionMs: 1e9,
      mailsMax: 20_000,
    },
    now,
  );
  role.wake(now);
  for (const { peer } of [...(topology.layers[0] ?? []), ...(topology.layers[2] ?? [])]) {
    role.receive({ kind: 'link-up', peer }, now);
  }
  return { role, node, layer3: layer3.peer, layer1Key: layer1.identityKey };
}

/** A frame with a packet that ends at `node`, as layer 3 passes it on. */
export function finalFrame(
  made: TestNetwork,
  node: TestNode,
  random: RandomSource,
  options: {
    readonly destination: Uint8Array;
    readonly identifier: Uint8Array;
    readonly plaintext: Uint8Array;
  },
): Uint8Array {
  const packet = createSphinx(made.engine).wrap({
    route: [{ address: node.identity.publicKey, publicKey: node.sphinxKeys[0].publicKey }],
    delaysNs: [0n],
    version: PACKET_VERSION,
    payloadSize: PAYLOAD_SIZE,
    random,
    ...options,
  });
  if (packet === null) throw new Error('must hold: an honest key is not of low order');
  return encodeFrame({ kind: 'sphinx', parity: 0, packet }, K);
}
