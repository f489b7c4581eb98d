// A directory authority that signs alone: takes the descriptors of the nodes on its list, signs one
// document for each epoch ahead of it, and gives it to whoever asks. The document's form has room
// for several signatures; agreement among several authorities is not here yet.
import { compareBytes, toHex, toUtf8 } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import {
  type NodeDescriptor,
  sphinxKeyFor,
  verifyDescriptor,
} from '../../shared/network/descriptor.ts';
import {
  type DocumentBody,
  documentHash,
  encodeDocument,
  encodeDocumentBody,
  NODES_MAX,
  signDocument,
} from '../../shared/network/document.ts';
import { epochAt, epochStartUnixMs, epochTimes } from '../../shared/network/epoch.ts';
import { CHALLENGE_SIZE, PROTOCOL_VERSION } from '../../shared/network/frame-sizes.ts';
import {
  type DescriptorResult,
  decodeFrame,
  encodeFrame,
  type Frame,
} from '../../shared/network/frames.ts';
import { HASH_SIZE } from '../../shared/network/geometry.ts';
import { type NetworkFile, networkHash } from '../../shared/network/network-file.ts';
import { type TrafficName, trafficSets } from '../../shared/network/traffic.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import type { Now } from '../../shared/time.ts';
import { createDocumentServing } from './document-serving.ts';
import { createDocuments, type DocumentStore } from './documents.ts';
import { makeHello } from './greeting.ts';
import { dealLayers, type LayerDeal } from './layers.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { createCounter } from './refusal.ts';
import type { LinkEffect, LinkInput, PeerId, Role } from './role.ts';

/** After the first descriptor: how long the authority waits for the rest of its list. */
export const SETTLE_MS = 15_000;
/** Where in an epoch the next one's document is signed; nodes fetch it after that. */
export const SIGN_AHEAD_EPOCHS = 0.5;
/** Descriptors that one link may bring in a second, and at once: each costs a verification. */
export const DESCRIPTORS_PER_SECOND = 1;
export const DESCRIPTORS_DEPTH = 8;
/** How often it looks whether a document can be made that could not before. */
const RETRY_MS = 500;

export const AUTHORITY_EVENTS = [
  'frame_refused',
  'frame_unexpected',
  'descriptor_accepted',
  'descriptor_malformed',
  'descriptor_bad_signature',
  'descriptor_not_allowed',
  'descriptor_stale',
  'descriptor_rate',
  'document_signed',
  /** Too few nodes for a document. */
  'document_not_possible',
  'document_served',
  'document_rate',
] as const;
export type AuthorityEvent = (typeof AUTHORITY_EVENTS)[number];

export type AuthorityOptions = {
  readonly engine: CryptoEngine;
  readonly random: RandomSource;
  readonly network: NetworkFile;
  /** Ed25519: 32 and 64 bytes. Its key is in the network file. */
  readonly identity: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  /** Hex of an identity key → the operator who runs it. Nobody else is listed. */
  readonly allowed: ReadonlyMap<string, string>;
  readonly traffic: TrafficName;
  readonly layerCount: number;
  readonly documentStore: DocumentStore;
};

export type Authority = Role<LinkInput, LinkEffect> & {
  readonly counters: () => Readonly<Record<AuthorityEvent, number>>;
  /** The newest signed document, or null before the first. */
  readonly newest: () => { readonly epoch: number; readonly bytes: Uint8Array } | null;
};

type Listed = { readonly descriptor: NodeDescriptor; readonly bytes: Uint8Array };

export function createAuthority(options: AuthorityOptions, start: Now): Authority {
  const { engine, network, identity } = options;
  const traffic = trafficSets[options.traffic];
  const times = epochTimes(network.epoch0UnixMs, traffic);
  const events = createCounter(AUTHORITY_EVENTS);
  /** How often each link may bring a descriptor. */
  const peers = new Map<PeerId, RateLimit>();
  const listed = new Map<string, Listed>();
  const isAllowed = () => true;
  const store = options.documentStore;
  const documents = createDocuments({ engine, network, store, isAllowed }, start);
  const serving = createDocumentServing(documents);
  let settledAtMs: number | null = null;
  let wakeAtMs = start.monotonicMs;

  const send = (peer: PeerId, frame: Frame): LinkEffect => ({
    kind: 'send',
    peer,
    frame: encodeFrame(frame, traffic.pullMailCount),
  });

  const accept = (bytes: Uint8Array, now: Now): DescriptorResult => {
    const verified = verifyDescriptor(engine, bytes);
    if (!verified.ok) {
      return verified.reason === 'descriptor_signature' ? 'bad_signature' : 'malformed';
    }
    const { descriptor } = verified;
    const name = toHex(descriptor.identityKey);
    if (options.allowed.get(name) !== descriptor.operator) return 'not_allowed';
    const known = listed.get(name);
    const isOlder = (known?.descriptor.publishedUnixMs ?? 0) > descriptor.publishedUnixMs;
    const isAhead = descriptor.publishedUnixMs > now.unixMs + times.skewMs;
    if (isOlder || isAhead) return 'stale';
    const kept = bytes.slice();
    const copy = verifyDescriptor(engine, kept);
    if (copy.ok) listed.set(name, { descriptor: copy.descriptor, bytes: kept });
    settledAtMs ??= now.monotonicMs + SETTLE_MS;
    return 'accepted';
  };

  /** What the layers of an epoch are drawn from: known to nobody before, and fixed for good. */
  const revealFor = (epoch: number): Uint8Array => {
    const reveal = new Uint8Array(HASH_SIZE);
    const info = toUtf8(`${epoch}`);
    engine.hkdfSha256(reveal, identity.secretKey.subarray(0, 32), toUtf8('eddy layers v1'), info);
    return reveal;
  };
  const hashOf = (bytes: Uint8Array): Uint8Array => {
    const hash = new Uint8Array(HASH_SIZE);
    engine.sha256(hash, bytes);
    return hash;
  };

  const dealBefore = (): LayerDeal | null => {
    const topology = documents.newest()?.topology;
    if (topology === undefined) return null;
    const mixes = [...topology.byPeer.values()].filter(({ kind }) => kind === 'mix');
    const layers = new Map(mixes.map((mix) => [toHex(mix.identityKey), mix.layer]));
    return { layerRandom: topology.layerRandom, layers };
  };

  /** Signs the document of an epoch; false where the nodes do not make a network. */
  const sign = (epoch: number, now: Now): boolean => {
    const usable = [...listed.values()]
      .filter(({ descriptor }) => sphinxKeyFor(descriptor, epoch) !== null)
      .sort((a, b) => compareBytes(a.descriptor.identityKey, b.descriptor.identityKey))
      .slice(0, NODES_MAX);
    const mixes = usable.filter(({ descriptor }) => descriptor.kind === 'mix');
    const layerRandom = hashOf(revealFor(epoch));
    const candidates = mixes.map(({ descriptor }) => descriptor);
    const deal = dealLayers(engine, candidates, options.layerCount, layerRandom, dealBefore());
    if (deal === null || mixes.length === usable.length) {
      events.count('document_not_possible');
      return false;
    }
    const body: DocumentBody = {
      networkHash: networkHash(engine, network),
      epoch,
      validFromUnixMs: epochStartUnixMs(times, epoch),
      validUntilUnixMs: epochStartUnixMs(times, epoch + 1),
      protocolVersion: PROTOCOL_VERSION,
      nextProtocolVersion: PROTOCOL_VERSION,
      nextProtocolFromEpoch: 0,
      traffic,
      layerCount: options.layerCount,
      layerRandom: deal.layerRandom,
      commitments: [{ authorityKey: identity.publicKey, commitment: hashOf(revealFor(epoch + 1)) }],
      nodes: usable.map(({ descriptor, bytes }) => ({
        layer: deal.layers.get(toHex(descriptor.identityKey)) ?? 0,
        standing: 'normal',
        descriptor: bytes,
      })),
    };
    const bodyBytes = encodeDocumentBody(body);
    const signature = signDocument(engine, documentHash(engine, bodyBytes), identity);
    const outcome = documents.accept(encodeDocument(bodyBytes, [signature]), now);
    events.count(outcome === 'accepted' ? 'document_signed' : 'document_not_possible');
    return outcome === 'accepted';
  };

  /** Signs what is due: this epoch's where it is missing, the next one's in its second half. */
  const signDue = (now: Now): void => {
    const epoch = epochAt(times, now.unixMs);
    wakeAtMs = now.monotonicMs + RETRY_MS;
    if (epoch === null || settledAtMs === null) return;
    documents.prune(now);
    const isSettled = listed.size >= options.allowed.size || now.monotonicMs >= settledAtMs;
    if (!isSettled) return;
    if (documents.held(epoch) === null) sign(epoch, now);
    const aheadFromUnixMs = epochStartUnixMs(times, epoch) + SIGN_AHEAD_EPOCHS * times.epochMs;
    if (now.unixMs >= aheadFromUnixMs && documents.held(epoch + 1) === null) sign(epoch + 1, now);
  };

  const receiveFrame = (peer: PeerId, frame: Frame, now: Now): readonly LinkEffect[] => {
    const limit = peers.get(peer);
    if (limit === undefined || frame.kind === 'hello') return [];
    if (frame.kind === 'document-request') {
      const answer = serving.answer(peer, frame, now);
      events.count(answer === null ? 'document_rate' : 'document_served');
      return answer === null ? [] : [send(peer, answer)];
    }
    if (frame.kind === 'descriptor') {
      if (!limit.take(now.monotonicMs)) {
        events.count('descriptor_rate');
        return [];
      }
      const result = accept(frame.descriptor, now);
      events.count(`descriptor_${result}`);
      return [send(peer, { kind: 'descriptor-answer', result })];
    }
    events.count('frame_unexpected');
    return [];
  };

  return {
    receive: (input, now) => {
      const { peer } = input;
      if (input.kind === 'link-up') {
        peers.set(peer, createRateLimit(DESCRIPTORS_PER_SECOND, DESCRIPTORS_DEPTH));
        const challenge = drawBytes(options.random, CHALLENGE_SIZE);
        const hello = makeHello(networkHash(engine, network), documents, challenge, now);
        return [send(peer, hello)];
      }
      if (input.kind === 'link-down') {
        peers.delete(peer);
        serving.linkDown(peer);
        return [];
      }
      const decoded = decodeFrame(input.frame, traffic.pullMailCount);
      if (decoded.ok) return receiveFrame(peer, decoded.frame, now);
      events.count('frame_refused');
      return [];
    },
    wake: (now) => {
      if (now.monotonicMs >= wakeAtMs) signDue(now);
      return [];
    },
    nextWakeAt: () => wakeAtMs,
    counters: events.snapshot,
    newest: () => {
      const held = documents.newest();
      return held === null ? null : { epoch: held.topology.epoch, bytes: held.bytes };
    },
  };
}
