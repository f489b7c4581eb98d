// The network document: who the network is for one epoch, signed by its authorities (design section
// 2, "Directory"). This file is its bytes, both ways; topology.ts checks what they say. It is one
// size for everybody, canonical (nodes and signatures ascend by key), and bounded before anything
// is read.
import { assert } from '../assert.ts';
import { ByteReader, ByteWriter, compareBytes, concatBytes, toUtf8 } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { DESCRIPTOR_SIZE_MAX } from './frame-sizes.ts';
import { HASH_SIZE, KEY_SIZE, NETWORK_HASH_SIZE, SIGNATURE_SIZE } from './geometry.ts';
import { AUTHORITIES_MAX } from './network-file.ts';
import { type Traffic, trafficNames } from './traffic.ts';
import { readUint53, writeUint53 } from './uint53.ts';

/** Mixes stand in a layer; providers, and mixes that wait for one, in none. */
export type Layer = 0 | 1 | 2 | 3;
/** Layers of a network that others may trust. Fewer are for one computer, to look at. */
export const LAYERS_MAX = 3;

/** `out`: listed, and led around by everybody; `probation`: back, and watched. */
export type Standing = 'normal' | 'probation' | 'out';
const standings: readonly Standing[] = ['normal', 'probation', 'out'];

export type DocumentNode = {
  readonly layer: Layer;
  readonly standing: Standing;
  /** As the node signed it. */
  readonly descriptor: Uint8Array;
};

/** What an authority promises now and reveals in its next vote. */
export type Commitment = { readonly authorityKey: Uint8Array; readonly commitment: Uint8Array };

export type DocumentBody = {
  /** 8 bytes. */
  readonly networkHash: Uint8Array;
  readonly epoch: number;
  readonly validFromUnixMs: number;
  readonly validUntilUnixMs: number;
  readonly protocolVersion: number;
  /**
   * Which version holds next, and from which epoch; the same version where no change is planned.
   */
  readonly nextProtocolVersion: number;
  readonly nextProtocolFromEpoch: number;
  readonly traffic: Traffic;
  /** 1 to 3. */
  readonly layerCount: number;
  /** What the layers were drawn from: of the revealed promises of the document before; 32 bytes. */
  readonly layerRandom: Uint8Array;
  /** Promises for the layers of a later document; keys ascend. */
  readonly commitments: readonly Commitment[];
  /** Identity keys ascend. */
  readonly nodes: readonly DocumentNode[];
};

export type DocumentSignature = {
  readonly authorityKey: Uint8Array;
  readonly signature: Uint8Array;
};

/**
 * Twenty times what its traffic can fill; a client checks so many signatures in a tenth of a
 * second.
 */
export const NODES_MAX = 1_000;
const NODE_SIZE_MAX = 1 + 1 + 2 + DESCRIPTOR_SIZE_MAX;
const FORMAT = 1;
const TRAFFIC_SIZE = 1 + 8 * 4;
const BODY_FIXED_SIZE =
  1 + NETWORK_HASH_SIZE + 4 + 8 + 8 + 2 + 2 + 4 + TRAFFIC_SIZE + 1 + HASH_SIZE + 1 + 2;
const COMMITMENT_SIZE = KEY_SIZE + HASH_SIZE;
const SIGNATURE_ENTRY_SIZE = KEY_SIZE + SIGNATURE_SIZE;
export const DOCUMENT_SIZE_MAX =
  4 +
  BODY_FIXED_SIZE +
  AUTHORITIES_MAX * COMMITMENT_SIZE +
  NODES_MAX * NODE_SIZE_MAX +
  1 +
  AUTHORITIES_MAX * SIGNATURE_ENTRY_SIZE;

const signatureLabel = toUtf8('eddy document v1');

/** The bytes that are hashed and signed. */
export function encodeDocumentBody(body: DocumentBody): Uint8Array {
  assert(body.nodes.length <= NODES_MAX, 'a document lists at most 1,000 nodes');
  assert(body.commitments.length <= AUTHORITIES_MAX, 'one promise for each authority');
  assert(body.networkHash.length === NETWORK_HASH_SIZE, 'a network hash is 8 bytes');
  assert(body.layerRandom.length === HASH_SIZE, 'the layers are drawn from 32 bytes');
  const nodesSize = body.nodes.reduce((size, node) => size + 4 + node.descriptor.length, 0);
  const commitmentsSize = body.commitments.length * COMMITMENT_SIZE;
  const writer = new ByteWriter(BODY_FIXED_SIZE + commitmentsSize + nodesSize);
  writer.u8(FORMAT).raw(body.networkHash).u32(body.epoch);
  writeUint53(writer, body.validFromUnixMs);
  writeUint53(writer, body.validUntilUnixMs);
  writer.u16(body.protocolVersion).u16(body.nextProtocolVersion).u32(body.nextProtocolFromEpoch);
  writeTraffic(writer, body.traffic);
  writer.u8(body.layerCount).raw(body.layerRandom).u8(body.commitments.length);
  for (const { authorityKey, commitment } of body.commitments) {
    assert(commitment.length === HASH_SIZE, 'a promise is 32 bytes');
    writer.raw(authorityKey).raw(commitment);
  }
  writer.u16(body.nodes.length);
  for (const { layer, standing, descriptor } of body.nodes) {
    writer.u8(layer).u8(standings.indexOf(standing));
    writer.u16(descriptor.length).raw(descriptor);
  }
  return writer.finish();
}

/** SHA-256 over the body, 32 bytes: the document's name, whoever signed it. */
export function documentHash(engine: CryptoEngine, body: Uint8Array): Uint8Array {
  const hash = new Uint8Array(HASH_SIZE);
  engine.sha256(hash, body);
  return hash;
}

/** What an authority signs. */
export function documentSignatureMessage(hash: Uint8Array): Uint8Array {
  return concatBytes(signatureLabel, hash);
}

/** A signature by `secretKey` (64 bytes) over the document with this hash. */
export function signDocument(
  engine: CryptoEngine,
  hash: Uint8Array,
  authority: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array },
): DocumentSignature {
  const signature = new Uint8Array(SIGNATURE_SIZE);
  engine.ed25519Sign(signature, documentSignatureMessage(hash), authority.secretKey);
  return { authorityKey: authority.publicKey, signature };
}

/** Body and signatures as they travel; the signatures are put in order. */
export function encodeDocument(
  body: Uint8Array,
  signatures: readonly DocumentSignature[],
): Uint8Array {
  assert(signatures.length <= AUTHORITIES_MAX, 'one signature for each authority');
  const sorted = signatures.toSorted((a, b) => compareBytes(a.authorityKey, b.authorityKey));
  const writer = new ByteWriter(4 + body.length + 1 + sorted.length * SIGNATURE_ENTRY_SIZE);
  writer.u32(body.length).raw(body).u8(sorted.length);
  for (const { authorityKey, signature } of sorted) writer.raw(authorityKey).raw(signature);
  return writer.finish();
}

export type DocumentFormatRefusal =
  | 'document_size'
  | 'document_format'
  | 'document_malformed'
  | 'too_many_nodes'
  | 'unknown_traffic';

export type DecodedDocument =
  | {
      readonly ok: true;
      readonly body: DocumentBody;
      readonly bodyBytes: Uint8Array;
      readonly signatures: readonly DocumentSignature[];
    }
  | { readonly ok: false; readonly reason: DocumentFormatRefusal };

/** Reads a document; checks its form and nothing that it says. Byte fields are views of `bytes`. */
export function decodeDocument(bytes: Uint8Array): DecodedDocument {
  if (bytes.length > DOCUMENT_SIZE_MAX) return { ok: false, reason: 'document_size' };
  const outer = new ByteReader(bytes);
  const bodyBytes = outer.raw(outer.u32());
  const signatureCount = outer.u8();
  if (signatureCount > AUTHORITIES_MAX) return { ok: false, reason: 'document_malformed' };
  const signatures: DocumentSignature[] = [];
  for (let index = 0; index < signatureCount; index++) {
    signatures.push({ authorityKey: outer.raw(KEY_SIZE), signature: outer.raw(SIGNATURE_SIZE) });
  }
  if (!outer.isFinished || !isAscending(signatures.map((one) => one.authorityKey))) {
    return { ok: false, reason: 'document_malformed' };
  }
  const body = decodeBody(new ByteReader(bodyBytes));
  return typeof body === 'string'
    ? { ok: false, reason: body }
    : { ok: true, body, bodyBytes, signatures };
}

function decodeBody(reader: ByteReader): DocumentBody | DocumentFormatRefusal {
  if (reader.u8() !== FORMAT) return 'document_format';
  const networkHash = reader.raw(NETWORK_HASH_SIZE);
  const epoch = reader.u32();
  const validFromUnixMs = readUint53(reader);
  const validUntilUnixMs = readUint53(reader);
  const protocolVersion = reader.u16();
  const nextProtocolVersion = reader.u16();
  const nextProtocolFromEpoch = reader.u32();
  const traffic = readTraffic(reader);
  const layerCount = reader.u8();
  const layerRandom = reader.raw(HASH_SIZE);
  const commitments = readCommitments(reader);
  const nodes = readNodes(reader);
  if (typeof nodes === 'string') return nodes;
  if (traffic === null && reader.isWhole) return 'unknown_traffic';
  if (!reader.isFinished || commitments === null || traffic === null) return 'document_malformed';
  if (layerCount < 1 || layerCount > LAYERS_MAX) return 'document_malformed';
  if (validFromUnixMs === null || validUntilUnixMs === null) return 'document_malformed';
  return {
    networkHash,
    epoch,
    validFromUnixMs,
    validUntilUnixMs,
    protocolVersion,
    nextProtocolVersion,
    nextProtocolFromEpoch,
    traffic,
    layerCount,
    layerRandom,
    commitments,
    nodes,
  };
}

function readCommitments(reader: ByteReader): Commitment[] | null {
  const count = reader.u8();
  if (count > AUTHORITIES_MAX) return null;
  const commitments: Commitment[] = [];
  for (let index = 0; index < count; index++) {
    commitments.push({ authorityKey: reader.raw(KEY_SIZE), commitment: reader.raw(HASH_SIZE) });
  }
  return isAscending(commitments.map((one) => one.authorityKey)) ? commitments : null;
}

/** The count is looked at before any node is, so that a long list costs nothing. */
function readNodes(reader: ByteReader): DocumentNode[] | DocumentFormatRefusal {
  const count = reader.u16();
  if (count > NODES_MAX) return 'too_many_nodes';
  const nodes: DocumentNode[] = [];
  for (let index = 0; index < count && reader.isWhole; index++) {
    const layer = reader.u8();
    const standing = standings[reader.u8()];
    const descriptor = reader.raw(reader.u16());
    if (!isLayer(layer) || standing === undefined) return 'document_malformed';
    nodes.push({ layer, standing, descriptor });
  }
  return nodes;
}

function isLayer(value: number): value is Layer {
  return value <= LAYERS_MAX;
}

function isAscending(keys: readonly Uint8Array[]): boolean {
  return keys.every((key, index) => {
    const before = keys[index - 1];
    return before === undefined || (before.length === key.length && compareBytes(before, key) < 0);
  });
}

function writeTraffic(writer: ByteWriter, traffic: Traffic): void {
  writer.u8(trafficNames.indexOf(traffic.name));
  writer.u32(traffic.payloadIntervalMsMean).u32(traffic.loopIntervalMsMean);
  writer.u32(traffic.dropIntervalMsMean).u32(traffic.hopDelayMsMean);
  writer.u32(traffic.nodeLoopIntervalMsMean).u32(traffic.pullIntervalMs);
  writer.u32(traffic.pullMailCount).u32(traffic.epochMs);
}

function readTraffic(reader: ByteReader): Traffic | null {
  const name = trafficNames[reader.u8()];
  const traffic = {
    payloadIntervalMsMean: reader.u32(),
    loopIntervalMsMean: reader.u32(),
    dropIntervalMsMean: reader.u32(),
    hopDelayMsMean: reader.u32(),
    nodeLoopIntervalMsMean: reader.u32(),
    pullIntervalMs: reader.u32(),
    pullMailCount: reader.u32(),
    epochMs: reader.u32(),
  };
  return name === undefined ? null : { name, ...traffic };
}
