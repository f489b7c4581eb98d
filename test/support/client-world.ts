// A network around client roles on virtual time: real packets unwrapped hop by hop with the nodes'
// keys, a provider's real mailboxes, links that are cut and nodes that lose. Its mixes are no
// roles: what is tested here is the client, and every packet can be looked at where it ends.

import type { MailboxStore } from '../../main/mixnet/mailbox-store.ts';
import { createProviderClients, type ProviderClients } from '../../main/mixnet/provider-clients.ts';
import { createProviderMail, type ProviderMail } from '../../main/mixnet/provider-mail.ts';
import { createCounter, PACKET_REFUSALS } from '../../main/mixnet/refusal.ts';
import type { PeerId } from '../../main/mixnet/role.ts';
import { equalBytes, toHex } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { documentHash, encodeDocumentBody } from '../../shared/network/document.ts';
import { epochOfParity } from '../../shared/network/epoch.ts';
import {
  decodeFrame,
  documentPart,
  type EpochParity,
  encodeFrame,
  type Frame,
  noDocument,
} from '../../shared/network/frames.ts';
import { networkHash } from '../../shared/network/network-file.ts';
import { networkUnwrapRules } from '../../shared/network/packet.ts';
import { FORWARD_DESTINATION } from '../../shared/network/payload.ts';
import { type NodePeer, nodeOf, nodePeer, type Topology } from '../../shared/network/topology.ts';
import { hopDelayMsMax, type TrafficName } from '../../shared/network/traffic.ts';
import { drawUnit } from '../../shared/random.ts';
import { createSphinx, type Sphinx } from '../../shared/sphinx/packet.ts';
import type { Now } from '../../shared/time.ts';
import { createPlainSphinx, plainEngine } from '../sim/plain-codec.ts';
import {
  makeBody,
  makeNetwork,
  makeTopology,
  type NetworkShape,
  secretsOf,
  signBody,
  type TestNetwork,
} from './network.ts';
import { mailboxesIn } from './provider.ts';
import { seededRandom } from './random.ts';

/** A client as the world drives it. */
export type WorldClient = {
  readonly peer: PeerId;
  readonly nextWakeAt: () => number;
  readonly wake: () => void;
  /** From the provider: a frame, or the link's state. */
  readonly frame: (from: NodePeer, frame: Uint8Array) => void;
  readonly link: (to: NodePeer, isUp: boolean) => void;
};

/** What ended at a last hop, for those who look at bytes. */
export type FinalSeen = {
  readonly atMs: number;
  readonly provider: NodePeer;
  readonly destination: Uint8Array;
  readonly payload: Uint8Array;
};

type Provider = {
  readonly peer: NodePeer;
  readonly store: MailboxStore;
  readonly mail: ProviderMail;
  readonly clients: ProviderClients;
  isUp: boolean;
};

export class ClientWorld {
  readonly engine: CryptoEngine;
  /** What `plain` packets are made without; the same as `engine` where they are real. */
  readonly realEngine: CryptoEngine;
  readonly sphinx: Sphinx;
  readonly made: TestNetwork;
  readonly topology: Topology;
  readonly providers = new Map<NodePeer, Provider>();
  readonly finals: FinalSeen[] = [];
  /** Probability that a node loses a packet. */
  readonly loss = new Map<NodePeer, number>();
  /** Providers at which no acknowledgement arrives. */
  readonly losesAcknowledgements = new Set<NodePeer>();
  /** Identifiers, as hex, of acknowledgements that arrive there all the same. */
  readonly sparedIdentifiers = new Set<string>();
  /** Packets that were lost or refused in the network. */
  lost = 0;
  /** Documents by epoch. */
  readonly documents = new Map<number, { hash: Uint8Array; bytes: Uint8Array }>();
  readonly #clients = new Map<PeerId, WorldClient>();
  readonly #links = new Map<PeerId, Set<NodePeer>>();
  readonly #events: { atMs: number; serial: number; run: () => void }[] = [];
  readonly #random;
  readonly #folder: string;
  #serial = 0;
  #nowMs = 1_000;
  #unixOffsetMs: number;

  constructor(options: {
    /** A folder of the test's own. */
    folder: string;
    engine: CryptoEngine;
    /**
     * `plain` is for those who look at what packets cause, and not at packets: a third of the time
     * (test/sim/plain-codec.ts).
     */
    codec?: 'sphinx' | 'plain';
    seed?: string;
    traffic?: TrafficName;
    epochs?: number;
    /** Who is in the network, where it is not two of each. */
    shape?: Omit<NetworkShape, 'seed' | 'engine'>;
  }) {
    const { seed = 'world', traffic = 'test', codec = 'sphinx' } = options;
    const engine = codec === 'plain' ? plainEngine(options.engine) : options.engine;
    this.engine = engine;
    this.realEngine = options.engine;
    this.#folder = options.folder;
    this.sphinx = codec === 'plain' ? createPlainSphinx() : createSphinx(engine);
    this.made = makeNetwork({ seed, engine, ...options.shape });
    this.topology = makeTopology(this.made, { traffic });
    this.#random = seededRandom(`${seed} world`);
    this.#unixOffsetMs = this.made.network.epoch0UnixMs + 10;
    for (let epoch = 0; epoch < (options.epochs ?? 3); epoch++) this.addDocument(epoch, traffic);
    for (const node of this.topology.providers) {
      this.providers.set(node.peer, this.#openProvider(node.peer, node.identityKey));
    }
  }

  get now(): Now {
    return { monotonicMs: this.#nowMs, unixMs: Math.floor(this.#nowMs + this.#unixOffsetMs) };
  }

  /** The document of an epoch; without the node that `without` names. */
  addDocument(epoch: number, traffic: TrafficName, without?: NodePeer): void {
    const nodes = this.made.nodes.filter(
      ({ identity }) => nodePeer(identity.publicKey) !== without,
    );
    const body = makeBody({ ...this.made, nodes }, { epoch, traffic });
    const bytes = signBody(this.made, body);
    const hash = documentHash(this.engine, encodeDocumentBody(body));
    this.documents.set(epoch, { hash, bytes });
  }

  at(atMs: number, run: () => void): void {
    this.#events.push({ atMs, serial: this.#serial++, run });
    this.#events.sort((a, b) => b.atMs - a.atMs || b.serial - a.serial);
  }

  add(client: WorldClient): void {
    this.#clients.set(client.peer, client);
  }

  remove(peer: PeerId): void {
    for (const to of this.#links.get(peer) ?? [])
      this.providers.get(to)?.clients.close(peer, this.now);
    this.#links.delete(peer);
    this.#clients.delete(peer);
  }

  /** Links as a client asks for them; a provider that is down takes none. */
  dial(peer: PeerId, to: NodePeer): void {
    this.at(this.#nowMs + 1, () => this.#connect(peer, to));
  }

  /** Links as an effect `neighbours` asks for them; gives with whom. */
  dialAll(peer: PeerId, neighbours: readonly { readonly peer: PeerId }[]): Set<NodePeer> {
    const [first] = this.providers.keys();
    const dialled = new Set<NodePeer>();
    for (const { peer: wanted } of neighbours) {
      // Authorities of this world serve what providers do.
      const isProvider = this.providers.has(wanted as NodePeer);
      const to = (isProvider ? wanted : first) as NodePeer;
      this.dial(peer, to);
      dialled.add(to);
    }
    return dialled;
  }

  hangUp(peer: PeerId, to: NodePeer): void {
    const links = this.#links.get(peer);
    if (links?.delete(to) !== true) return;
    this.providers.get(to)?.clients.close(peer, this.now);
    this.at(this.#nowMs, () => {
      this.#clients.get(peer)?.link(to, false);
      this.at(this.#nowMs + 500, () => this.#connect(peer, to));
    });
  }

  /** The provider's disk is lost: it begins with empty mailboxes. */
  forgetMailboxes(provider: NodePeer): void {
    const node = nodeOf(this.topology, secretsOf(this.made, provider).identity.publicKey);
    if (node === null) throw new Error('no such provider');
    for (const [peer, links] of this.#links) if (links.has(provider)) this.hangUp(peer, provider);
    this.providers.set(provider, this.#openProvider(provider, node.identityKey));
  }

  setUp(provider: NodePeer, isUp: boolean): void {
    const one = this.providers.get(provider);
    if (one === undefined) throw new Error('no such provider');
    one.isUp = isUp;
    if (isUp) return;
    for (const [peer, links] of this.#links) if (links.has(provider)) this.hangUp(peer, provider);
  }

  /** A frame of a client; false where there is no link. */
  send(peer: PeerId, to: NodePeer, frame: Uint8Array): boolean {
    if (this.#links.get(peer)?.has(to) !== true) return false;
    this.at(this.#nowMs + 1, () => this.#takeFrame(peer, to, frame));
    return true;
  }

  run(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let steps = 0; ; steps++) {
      if (steps > 5_000_000) throw new Error('the world does not move on');
      const eventAtMs = this.#events.at(-1)?.atMs ?? Infinity;
      let nextMs = eventAtMs;
      for (const client of this.#clients.values()) nextMs = Math.min(nextMs, client.nextWakeAt());
      for (const { mail } of this.providers.values()) {
        nextMs = Math.min(nextMs, mail.nextWakeAtMs() ?? Infinity);
      }
      if (nextMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, nextMs);
      if (eventAtMs <= this.#nowMs) {
        this.#events.pop()?.run();
        continue;
      }
      for (const { mail } of this.providers.values()) mail.wake(this.now);
      for (const client of this.#clients.values()) {
        if (client.nextWakeAt() <= this.#nowMs) client.wake();
      }
    }
    this.#nowMs = endMs;
  }

  /** The clock of everybody moves, and nothing runs: a sleep, or a night. */
  sleep(ms: number): void {
    this.#unixOffsetMs += ms;
  }

  #connect(peer: PeerId, to: NodePeer): void {
    const provider = this.providers.get(to);
    const client = this.#clients.get(peer);
    if (client === undefined) return;
    if (provider?.isUp !== true) {
      this.at(this.#nowMs + 1_000, () => this.#connect(peer, to));
      return;
    }
    const links = this.#links.get(peer) ?? new Set();
    if (links.has(to)) return;
    links.add(to);
    this.#links.set(peer, links);
    const challenge = provider.clients.open(peer);
    client.link(to, true);
    const current = Math.max(...this.documents.keys());
    this.#give(peer, to, {
      kind: 'hello',
      protocolVersion: 1,
      networkHash: networkHash(this.engine, this.made.network),
      epoch: current,
      documentHash: this.documents.get(current)?.hash ?? new Uint8Array(32),
      challenge,
      unixMs: Math.floor(this.now.unixMs),
    });
  }

  #give(peer: PeerId, from: NodePeer, frame: Frame): void {
    const bytes = encodeFrame(frame, this.topology.traffic.pullMailCount);
    this.at(this.#nowMs + 1, () => {
      if (this.#links.get(peer)?.has(from) === true) this.#clients.get(peer)?.frame(from, bytes);
    });
  }

  #takeFrame(peer: PeerId, to: NodePeer, bytes: Uint8Array): void {
    const provider = this.providers.get(to);
    if (provider?.isUp !== true || this.#links.get(peer)?.has(to) !== true) return;
    const decoded = decodeFrame(bytes, this.topology.traffic.pullMailCount);
    if (!decoded.ok) throw new Error(`a client sent what is no frame: ${decoded.reason}`);
    const { frame } = decoded;
    if (frame.kind === 'sphinx') {
      if (provider.clients.mayPass(peer, this.now)) this.#pass(to, frame.parity, frame.packet);
      else this.lost += 1;
    } else if (frame.kind === 'registration-request') {
      this.#give(peer, to, provider.clients.register(peer, frame, this.now));
    } else if (frame.kind === 'pull-request') {
      const answer = provider.clients.pull(peer, frame, this.now);
      if (answer === null) this.hangUp(peer, to);
      else if (answer !== 'busy') this.#give(peer, to, answer);
    } else if (frame.kind === 'document-request') {
      const newest = Math.max(...this.documents.keys());
      const epoch = frame.epoch === 0xffffffff ? newest : frame.epoch;
      const document = this.documents.get(epoch);
      const part = document === undefined ? null : documentPart({ epoch, ...document }, frame.part);
      this.#give(peer, to, part ?? noDocument(frame));
    }
  }

  /** One hop of a packet, now. */
  #pass(at: NodePeer, parity: EpochParity, packet: Uint8Array): void {
    const node = secretsOf(this.made, at);
    const epoch = epochOfParity(this.topology.times, parity, this.now.unixMs);
    const key = epoch === null ? undefined : node.sphinxKeys[epoch - node.descriptor.firstEpoch];
    const isLost = drawUnit(this.#random) <= (this.loss.get(at) ?? 0);
    if (key === undefined || isLost || this.providers.get(at)?.isUp === false) {
      this.lost += 1;
      return;
    }
    const unwrapped = this.sphinx.unwrap(
      packet,
      key.secretKey,
      networkUnwrapRules(() => false),
    );
    if (unwrapped.kind === 'refused') throw new Error(`a packet was refused: ${unwrapped.reason}`);
    if (unwrapped.kind === 'forward') {
      const next = nodePeer(unwrapped.nextAddress);
      const delayMs = Number(unwrapped.delayNs) / 1e6;
      this.at(this.#nowMs + delayMs, () => this.#pass(next, parity, unwrapped.packet));
      return;
    }
    const { destination, identifier, payload } = unwrapped;
    const isForward = equalBytes(destination, FORWARD_DESTINATION);
    const isSpared = this.sparedIdentifiers.has(toHex(identifier));
    if (!isForward && !isSpared && this.losesAcknowledgements.has(at)) {
      this.lost += 1;
      return;
    }
    this.finals.push({ atMs: this.#nowMs, provider: at, destination, payload });
    this.providers.get(at)?.mail.take({ parity, destination, identifier, payload }, this.now);
  }

  #openProvider(peer: NodePeer, identityKey: Uint8Array): Provider {
    const { engine } = this;
    const random = seededRandom(`provider ${peer}`);
    const store = mailboxesIn(this.#folder);
    const nextPeer = (address: Uint8Array) => nodeOf(this.topology, address)?.peer ?? null;
    const mail = createProviderMail({
      hop: {
        hold: ({ peer: next, parity, packet }, releaseAtMs) => {
          this.at(releaseAtMs, () => this.#pass(next as NodePeer, parity, packet));
          return true;
        },
      },
      store,
      random,
      refusals: createCounter(PACKET_REFUSALS),
      identityKey,
      delayMsMax: () => hopDelayMsMax(this.topology.traffic),
      nextPeer,
      onOwnAcknowledgement: () => undefined,
    });
    const clients = createProviderClients({
      engine,
      random,
      store,
      mail,
      networkHash: networkHash(engine, this.made.network),
      identityKey,
      traffic: () => this.topology.traffic,
      registration: 'open',
      retentionMs: 1e9,
      mailsMax: 20_000,
    });
    return { peer, store, mail, clients, isUp: true };
  }
}
