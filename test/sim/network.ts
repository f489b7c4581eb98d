// A whole network of production roles on a world: one authority, mixes in layers, providers, each
// with a disk that outlives its crashes.
import { createNativeEngine } from '../../main/crypto/native.ts';
import { createAuthority } from '../../main/mixnet/authority.ts';
import { createMix, type Mix } from '../../main/mixnet/mix.ts';
import { createProvider, type Provider } from '../../main/mixnet/provider.ts';
import { createMailboxStore, providerMigrations } from '../../main/store/mailbox-store.ts';
import { toHex } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import { nodePeer } from '../../shared/network/topology.ts';
import type { TrafficName } from '../../shared/network/traffic.ts';
import { drawBytes } from '../../shared/random.ts';
import { createSphinx, type Sphinx } from '../../shared/sphinx/packet.ts';
import { memoryDatabase } from '../support/memory-database.ts';
import { memoryDocumentStore } from '../support/memory-documents.ts';
import { type MemoryEpochKeyStore, memoryEpochKeyStore } from '../support/memory-epoch-keys.ts';
import { seededRandom } from '../support/random.ts';
import { type AcknowledgementDesk, createAcknowledgementDesk } from './acknowledgements.ts';
import { createLoopOracle, type LoopOracle } from './loop-oracle.ts';
import type { SimRole } from './parts.ts';
import { createPlainSphinx, plainEngine } from './plain-codec.ts';
import { START_UNIX_MS } from './runner.ts';
import type { World } from './world.ts';

export type CodecName = 'sphinx' | 'plain';

export type SimNetworkOptions = {
  readonly seed: number | string;
  readonly codec: CodecName;
  readonly traffic: TrafficName;
  readonly layers: number;
  readonly mixesPerLayer: number;
  readonly providers: number;
};

export type Life =
  | { readonly kind: 'mix'; readonly name: string; readonly role: Mix }
  | { readonly kind: 'provider'; readonly name: string; readonly role: Provider };

export type SimNetwork = {
  readonly file: NetworkFile;
  readonly engine: CryptoEngine;
  readonly sphinx: Sphinx;
  /** The role that runs under a name now; a crashed host has none. */
  readonly mixes: ReadonlyMap<string, () => Mix | null>;
  readonly providers: ReadonlyMap<string, () => Provider | null>;
  /** Where a provider's acknowledgements can be misused, by its name. */
  readonly desks: ReadonlyMap<string, AcknowledgementDesk>;
  /** Knows loops of nodes, where it is asked to. */
  readonly loops: LoopOracle;
  /** What a node keeps of its keys and tags, by its name. */
  readonly keyStores: ReadonlyMap<string, MemoryEpochKeyStore>;
  /** Every role there has been: one for each start of a host. */
  readonly lives: readonly Life[];
  /** Names of all nodes but the authority. */
  readonly nodeNames: readonly string[];
};

function namesOf({ layers, mixesPerLayer, providers }: SimNetworkOptions): string[] {
  const mixCount = layers * mixesPerLayer;
  return [
    ...Array.from({ length: mixCount }, (_, index) => `mix-${index + 1}`),
    ...Array.from({ length: providers }, (_, index) => `provider-${index + 1}`),
  ];
}

/** Adds every host of the network to `world`, all of them started. */
export async function addNetwork(world: World, options: SimNetworkOptions): Promise<SimNetwork> {
  const native = await createNativeEngine();
  const engine = options.codec === 'plain' ? plainEngine(native) : native;
  const sphinx = options.codec === 'plain' ? createPlainSphinx() : createSphinx(native);
  const identities = seededRandom(`identities ${options.seed}`);
  const identity = () => {
    const publicKey = new Uint8Array(32);
    const secretKey = new Uint8Array(64);
    native.ed25519KeyPair(publicKey, secretKey, drawBytes(identities, 32));
    return { publicKey, secretKey };
  };
  const authority = identity();
  const file: NetworkFile = {
    name: 'simulated',
    authorities: [{ key: authority.publicKey, addresses: ['127.0.0.1:1'] }],
    epoch0UnixMs: START_UNIX_MS - 1_000,
  };
  const names = namesOf(options);
  const nodes = names.map((name) => ({ name, identity: identity() }));
  const { traffic } = options;

  const authorityStore = memoryDocumentStore();
  const allowed = new Map(nodes.map((node) => [toHex(node.identity.publicKey), '']));
  world.add({
    name: 'authority',
    peer: nodePeer(authority.publicKey),
    start: (now) =>
      createAuthority(
        {
          engine,
          random: seededRandom(`authority ${options.seed}`),
          network: file,
          identity: authority,
          allowed,
          traffic,
          layerCount: options.layers,
          documentStore: authorityStore,
        },
        now,
      ) as SimRole,
  });

  const lives: Life[] = [];
  const mixes = new Map<string, () => Mix | null>();
  const providers = new Map<string, () => Provider | null>();
  const desks = new Map<string, AcknowledgementDesk>();
  const keyStores = new Map<string, MemoryEpochKeyStore>();
  const loops = createLoopOracle();
  const nodeSphinx = loops.ofNodes(sphinx);
  for (const [index, node] of nodes.entries()) {
    let starts = 0;
    const keyStore = memoryEpochKeyStore();
    keyStores.set(node.name, keyStore);
    const documentStore = memoryDocumentStore();
    const shared = () => ({
      engine,
      sphinx: nodeSphinx,
      // A new life draws anew, as a process does; the seed and its number of starts say which.
      random: seededRandom(`${node.name} ${options.seed} ${starts}`),
      loopInstants: seededRandom(`${node.name} instants ${options.seed} ${starts}`),
      network: file,
      identity: node.identity,
      linkKeyHash: new Uint8Array(32).fill(index + 1),
      operator: '',
      addresses: [`127.0.0.1:${index + 2}`],
      traffic,
      keyStore,
      documentStore,
    });
    const isProvider = node.name.startsWith('provider');
    const store = isProvider ? createMailboxStore(memoryDatabase(providerMigrations)) : null;
    const desk = createAcknowledgementDesk(nodeSphinx);
    if (isProvider) desks.set(node.name, desk);
    let current: Mix | Provider | null = null;
    const running = <T>() => (world.isUp(node.name) ? (current as T) : null);
    if (isProvider) providers.set(node.name, () => running<Provider>());
    else mixes.set(node.name, () => running<Mix>());
    world.add({
      name: node.name,
      peer: nodePeer(node.identity.publicKey),
      start: (now) => {
        starts += 1;
        if (store === null) {
          const role = createMix(shared(), now);
          lives.push({ kind: 'mix', name: node.name, role });
          current = role;
        } else {
          const mailboxes = { registration: 'open' as const, retentionMs: 1e9, mailsMax: 20_000 };
          const parts = { ...shared(), sphinx: desk.sphinx, store, ...mailboxes };
          const role = createProvider(parts, now);
          lives.push({ kind: 'provider', name: node.name, role });
          current = role;
        }
        return current as SimRole;
      },
    });
  }
  const kept = { mixes, providers, desks, loops, keyStores, lives };
  return { file, engine, sphinx, ...kept, nodeNames: names };
}
