// What packets are for shows in none of their bytes: messages, loops, drops, acknowledgements and
// the loops of nodes look alike to a mix, loops and messages to the provider where they end, and
// the drops of clients and nodes to the one that discards them. Every bit that each of them sees is
// compared, of real packets made by the production code, and the delays that mixes read.
import { buildFor, type Errand } from '../../main/mixnet/client/packets.ts';
import type { ClientAccount } from '../../main/mixnet/client/store.ts';
import { createNodeLoops, type NodeLoops } from '../../main/mixnet/node-loops.ts';
import { concatBytes } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { mailboxOf } from '../../shared/network/address.ts';
import { CONTENT_SIZE } from '../../shared/network/geometry.ts';
import { decodePayload } from '../../shared/network/payload.ts';
import { nodePeer, type Topology, type TopologyNode } from '../../shared/network/topology.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import { HEADER_SIZE, PACKET_SIZE, PAYLOAD_SIZE } from '../../shared/sphinx/geometry.ts';
import { createSphinx, type Sphinx } from '../../shared/sphinx/packet.ts';
import { unpadPayload } from '../../shared/sphinx/payload.ts';
import { fastestEngine } from '../support/engines.ts';
import { makeNetwork, makeTopology, secretsOf, type TestNetwork } from '../support/network.ts';
import { seededRandom } from '../support/random.ts';
import { NETWORK_RULES } from '../support/sphinx.ts';
import {
  type BitCounts,
  createBitCounts,
  furthestBit,
  ksTwoSample,
} from '../support/statistics.ts';
import type { LongForm } from './long.ts';

/** Furthest of half a million bits: less but once in 10^4 honest runs. */
const DEVIATIONS_MAX = 6.5;
/** Of thirty comparisons. */
const P_MIN = 0.0001;
/** The layer whose mixes look. */
const LAYER = 2;

const KINDS = ['message', 'loop', 'drop', 'acknowledgement', 'node-loop'] as const;
type Kind = (typeof KINDS)[number];

export type KindPlant =
  | 'none'
  /** A loop that the client does not seal: random bytes are no public key. */
  | 'unsealed-loop'
  /** Acknowledgements have one payload, which the mix before passed on as it was. */
  | 'untouched-payload'
  /** A drop that asks for half the delays. */
  | 'hurried-drop';

export type KindReport = {
  readonly perKind: number;
  /** By the two kinds that differ most in a bit, over everything a mix sees of a packet. */
  readonly mixDeviationsMax: number;
  readonly delayPValueMin: number;
  /** A loop against a message from somebody else, at the provider where both end. */
  readonly mailDeviationsMax: number;
  /** A client's drop against a node's loop, at the provider that discards both. */
  readonly dropDeviationsMax: number;
  readonly passed: boolean;
};

export type KindOptions = {
  readonly seed: string;
  readonly perKind: number;
  readonly plant?: KindPlant;
};

export async function comparePacketKinds(options: KindOptions): Promise<KindReport> {
  const { perKind, plant = 'none' } = options;
  const stage = await setStage(options.seed);
  const mix = new Map(
    KINDS.map((kind) => [kind, { bits: createBitCounts(), delays: [] as number[] }]),
  );
  const ends = new Map(KINDS.map((kind) => [kind, createBitCounts()]));
  for (let index = 0; index < perKind; index++) {
    for (const kind of KINDS) {
      const seen = travel(stage, made(stage, kind, plant));
      if (plant === 'untouched-payload' && kind === 'acknowledgement') {
        seen.atMix.fill(7, HEADER_SIZE, PACKET_SIZE);
      }
      mix.get(kind)?.bits.add(seen.atMix);
      mix
        .get(kind)
        ?.delays.push(seen.delayMs * (plant === 'hurried-drop' && kind === 'drop' ? 0.5 : 1));
      if (kind !== 'acknowledgement') ends.get(kind)?.add(seen.plaintext);
    }
  }
  const pairs = KINDS.flatMap((a, at) => KINDS.slice(at + 1).map((b) => [a, b] as const));
  const seenBy = (kind: Kind) => mix.get(kind) ?? { bits: createBitCounts(), delays: [] };
  const endOf = (kind: Kind): BitCounts => ends.get(kind) ?? createBitCounts();
  const report = {
    perKind,
    mixDeviationsMax: Math.max(
      ...pairs.map(([a, b]) => furthestBit(seenBy(a).bits, seenBy(b).bits)),
    ),
    delayPValueMin: Math.min(
      ...pairs.map(([a, b]) => ksTwoSample(seenBy(a).delays, seenBy(b).delays).pValue),
    ),
    mailDeviationsMax: furthestBit(endOf('loop'), endOf('message')),
    dropDeviationsMax: furthestBit(endOf('drop'), endOf('node-loop')),
  };
  const furthest = [report.mixDeviationsMax, report.mailDeviationsMax, report.dropDeviationsMax];
  const passed = Math.max(...furthest) < DEVIATIONS_MAX && report.delayPValueMin > P_MIN;
  return { ...report, passed };
}

type Stage = {
  readonly network: TestNetwork;
  readonly engine: CryptoEngine;
  readonly sphinx: Sphinx;
  readonly random: RandomSource;
  readonly topology: Topology;
  /** Who has the mailbox, and who writes to it. */
  readonly owner: ClientAccount;
  readonly writer: ClientAccount;
  readonly nodeLoops: NodeLoops;
};

async function setStage(seed: string): Promise<Stage> {
  const engine = await fastestEngine();
  const network = makeNetwork({ seed: `kinds ${seed}`, engine });
  const topology = makeTopology(network);
  const [home, other] = topology.providers;
  if (home === undefined || other === undefined) throw new Error('must hold: two providers');
  const random = seededRandom(`kinds ${seed}`);
  const sphinx = createSphinx(engine);
  const nodeLoops = createNodeLoops(
    {
      engine,
      sphinx,
      random,
      instants: random,
      intervalMsMean: 100,
      ground: () => ({ topology, epoch: 0, node: home }),
      isLinked: () => true,
    },
    { monotonicMs: 0, unixMs: 0 },
  );
  const owner = accountAt(home, engine, random);
  const writer = accountAt(other, engine, random);
  return { network, engine, sphinx, random, topology, owner, writer, nodeLoops };
}

function accountAt(node: TopologyNode, engine: CryptoEngine, random: RandomSource): ClientAccount {
  const [mailboxSecretKey, token] = [drawBytes(random, 32), drawBytes(random, 16)];
  const mailboxPublicKey = new Uint8Array(32);
  engine.x25519Base(mailboxPublicKey, mailboxSecretKey);
  const keys = { authPublicKey: drawBytes(random, 32), authSecretKey: new Uint8Array(64) };
  return { providerKey: node.identityKey, ...keys, mailboxPublicKey, mailboxSecretKey, token };
}

/** A packet of the kind, as it leaves its sender. */
function made(stage: Stage, kind: Kind, plant: KindPlant): Uint8Array {
  switch (kind) {
    case 'message':
      return packetFor(stage, stage.writer, messageErrand(stage));
    case 'loop':
    case 'drop':
      return packetFor(stage, stage.owner, { kind }, plant === 'unsealed-loop' && kind === 'loop');
    case 'node-loop':
      return nodeLoop(stage);
    case 'acknowledgement': {
      const drop = travel(stage, packetFor(stage, stage.owner, { kind: 'drop' }));
      const decoded = decodePayload(drop.plaintext);
      if (!decoded.ok) throw new Error('must hold: an honest payload can be read');
      return concatBytes(
        decoded.payload.acknowledgement.header,
        drawBytes(stage.random, PAYLOAD_SIZE),
      );
    }
  }
}

/** To the owner; the ciphertext of a session is as good as random. */
function messageErrand({ engine, random, owner }: Stage): Errand {
  const { providerKey, token, mailboxPublicKey: mailboxKey, authPublicKey } = owner;
  const mailbox = mailboxOf(engine, authPublicKey);
  const ids = { id: 1, index: 0, fragmentCount: 1 };
  const taken = {
    ...ids,
    messageId: drawBytes(random, 10),
    contactTag: drawBytes(random, 8),
    recipient: { providerKey, mailbox, token, mailboxKey },
  };
  return { kind: 'message', taken, ciphertext: drawBytes(random, 1_000) };
}

function packetFor(stage: Stage, account: ClientAccount, errand: Errand, isUnsealed = false) {
  const { engine, topology, random } = stage;
  const mailbox = mailboxOf(engine, account.authPublicKey);
  const sphinx = isUnsealed ? unsealing(stage) : stage.sphinx;
  const built = buildFor({ engine, sphinx, random, topology, epoch: 0, account, mailbox }, errand);
  if (built === null) throw new Error('must hold: every node has a key');
  return built.packet;
}

/** Puts random bytes where the sealed content, the end of a payload, was to be. */
function unsealing({ sphinx, random }: Stage): Sphinx {
  return {
    ...sphinx,
    wrap: (options) => {
      const plaintext = options.plaintext.slice();
      random.fill(plaintext.subarray(plaintext.length - CONTENT_SIZE));
      return sphinx.wrap({ ...options, plaintext });
    },
  };
}

function nodeLoop({ nodeLoops }: Stage): Uint8Array {
  for (;;) {
    const atMs = nodeLoops.nextWakeAtMs();
    const [loop] = nodeLoops.wake({ monotonicMs: atMs, unixMs: 0 });
    if (loop !== undefined) return loop.packet;
  }
}

/** What a mix of the layer sees and reads of it, in and out, and what the last hop reads. */
function travel(stage: Stage, packet: Uint8Array) {
  let [at, current] = [firstHop(stage, packet), packet];
  let atMix: Uint8Array = new Uint8Array(0);
  let delayMs = 0;
  for (;;) {
    const key = secretsOf(stage.network, nodePeer(at.identityKey)).sphinxKeys[0].secretKey;
    const unwrapped = stage.sphinx.unwrap(current, key, NETWORK_RULES);
    if (unwrapped.kind === 'refused') throw new Error(`refused: ${unwrapped.reason}`);
    if (unwrapped.kind === 'final') {
      const plaintext = unpadPayload(unwrapped.payload) ?? new Uint8Array(0);
      return { atMix, delayMs, plaintext };
    }
    if (at.layer === LAYER) {
      atMix = concatBytes(current, unwrapped.packet);
      delayMs = Number(unwrapped.delayNs) / 1e6;
    }
    const next = stage.topology.byPeer.get(nodePeer(unwrapped.nextAddress));
    if (next === undefined) throw new Error('must hold: the next hop is in the document');
    [at, current] = [next, unwrapped.packet];
  }
}

/** The one node whose key opens it. */
function firstHop({ network, sphinx, topology }: Stage, packet: Uint8Array): TopologyNode {
  for (const node of topology.byPeer.values()) {
    const key = secretsOf(network, node.peer).sphinxKeys[0].secretKey;
    if (sphinx.unwrap(packet, key, NETWORK_RULES).kind !== 'refused') return node;
  }
  throw new Error('must hold: somebody can open it');
}

/** `npm run -s long -- packet-kinds`: two thousand of each. */
export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    say('two thousand packets of each kind');
    const { passed, ...report } = await comparePacketKinds({ seed, perKind: 2_000 });
    return { passed, ...report };
  },
};
