// Every frame on links, both ways (design section 2: "Links", "Traffic", "Mailbox"). A frame that
// is not exactly what its kind says is a refusal of a closed union; nothing here throws for bytes
// from outside. The bodies of the mailbox frames are in mailbox-frames.ts.

import { assert, unreachable } from '../assert.ts';
import { ByteReader, ByteWriter, isAllZero } from '../bytes.ts';
import { PACKET_SIZE } from '../sphinx/geometry.ts';
import {
  CHALLENGE_SIZE,
  DESCRIPTOR_SIZE_MAX,
  DOCUMENT_PART_SIZE,
  FRAME_HEADER_SIZE,
  FRAME_VERSION,
  frameKindBytes,
  frameKindOf,
  frameSize,
} from './frame-sizes.ts';
import { HASH_SIZE, NETWORK_HASH_SIZE } from './geometry.ts';
import {
  type PullAnswer,
  type PullRequest,
  type RegistrationAnswer,
  type RegistrationRequest,
  readPullAnswer,
  readPullRequest,
  readRegistrationAnswer,
  readRegistrationRequest,
  writePullAnswer,
  writePullRequest,
  writeRegistrationAnswer,
  writeRegistrationRequest,
} from './mailbox-frames.ts';
import { readUint53, writeUint53 } from './uint53.ts';

export type EpochParity = 0 | 1;

/** The first frame of both ends of every link. */
export type Hello = {
  readonly kind: 'hello';
  readonly protocolVersion: number;
  /** 8 bytes. */
  readonly networkHash: Uint8Array;
  /**
   * Epoch and hash (32 bytes) of the newest document that this end holds; 0 and zeros without one.
   */
  readonly epoch: number;
  readonly documentHash: Uint8Array;
  /** 32 fresh bytes, which the other end's proofs on this link are made over. */
  readonly challenge: Uint8Array;
  readonly unixMs: number;
};

export type SphinxFrame = {
  readonly kind: 'sphinx';
  /** Of the epoch whose keys the packet was built for. */
  readonly parity: EpochParity;
  /** 2,413 bytes. */
  readonly packet: Uint8Array;
};

/** Asks for one part of a document. */
export type DocumentRequest = {
  readonly kind: 'document-request';
  /** `DOCUMENT_NEWEST` for the newest there is. */
  readonly epoch: number;
  /** From 0. */
  readonly part: number;
};
/** In a document request: whichever document is the newest. */
export const DOCUMENT_NEWEST = 0xffffffff;

export type DocumentAnswer = {
  readonly kind: 'document-answer';
  readonly epoch: number;
  /** SHA-256 of the document's body, 32 bytes: parts of one document carry one hash. */
  readonly hash: Uint8Array;
  /** Of the whole document, in bytes; 0 where the asked one is not there. */
  readonly documentSize: number;
  readonly part: number;
  /** 2,370 bytes in all but the last part; zeros fill the frame. */
  readonly bytes: Uint8Array;
};

/** A node gives its descriptor to an authority. */
export type DescriptorFrame = { readonly kind: 'descriptor'; readonly descriptor: Uint8Array };
export type DescriptorResult = 'accepted' | 'malformed' | 'bad_signature' | 'not_allowed' | 'stale';
export type DescriptorAnswer = {
  readonly kind: 'descriptor-answer';
  readonly result: DescriptorResult;
};

export type Frame =
  | Hello
  | SphinxFrame
  | PullRequest
  | PullAnswer
  | RegistrationRequest
  | RegistrationAnswer
  | DocumentRequest
  | DocumentAnswer
  | DescriptorFrame
  | DescriptorAnswer;

export type FrameRefusal = 'frame_kind' | 'frame_version' | 'frame_size' | 'frame_field';

const descriptorResults: readonly DescriptorResult[] = [
  'accepted',
  'malformed',
  'bad_signature',
  'not_allowed',
  'stale',
];

/** The frame's bytes; `frameSize` of its kind. `pullMailCount` is the network's k. */
export function encodeFrame(frame: Frame, pullMailCount: number): Uint8Array {
  const writer = new ByteWriter(frameSize(frame.kind, pullMailCount));
  writer.u8(frameKindBytes[frame.kind]).u8(FRAME_VERSION);
  switch (frame.kind) {
    case 'hello':
      writeHello(writer, frame);
      break;
    case 'sphinx':
      assert(frame.packet.length === PACKET_SIZE, 'a packet is 2,413 bytes');
      writer.u8(frame.parity).raw(frame.packet);
      break;
    case 'pull-request':
      writePullRequest(writer, frame);
      break;
    case 'pull-answer':
      writePullAnswer(writer, frame, pullMailCount);
      break;
    case 'registration-request':
      writeRegistrationRequest(writer, frame);
      break;
    case 'registration-answer':
      writeRegistrationAnswer(writer, frame);
      break;
    case 'document-request':
      writer.u32(frame.epoch).u16(frame.part);
      break;
    case 'document-answer':
      writeDocumentAnswer(writer, frame);
      break;
    case 'descriptor':
      writer.u16(frame.descriptor.length).raw(frame.descriptor);
      writer.raw(new Uint8Array(DESCRIPTOR_SIZE_MAX - frame.descriptor.length));
      break;
    case 'descriptor-answer':
      writer.u8(descriptorResults.indexOf(frame.result));
      break;
    default:
      unreachable(frame);
  }
  return writer.finish();
}

export type DecodedFrame =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly reason: FrameRefusal };

/** Reads one whole frame. The fields are views of `bytes`. */
export function decodeFrame(bytes: Uint8Array, pullMailCount: number): DecodedFrame {
  const kind = frameKindOf(bytes[0] ?? 0);
  if (kind === null) return { ok: false, reason: 'frame_kind' };
  if (bytes[1] !== FRAME_VERSION) return { ok: false, reason: 'frame_version' };
  if (bytes.length !== frameSize(kind, pullMailCount)) return { ok: false, reason: 'frame_size' };
  const reader = new ByteReader(bytes.subarray(FRAME_HEADER_SIZE));
  let frame: Frame | null;
  switch (kind) {
    case 'hello':
      frame = readHello(reader);
      break;
    case 'sphinx':
      frame = readSphinx(reader);
      break;
    case 'pull-request':
      frame = readPullRequest(reader);
      break;
    case 'pull-answer':
      frame = readPullAnswer(reader, pullMailCount);
      break;
    case 'registration-request':
      frame = readRegistrationRequest(reader);
      break;
    case 'registration-answer':
      frame = readRegistrationAnswer(reader);
      break;
    case 'document-request':
      frame = { kind, epoch: reader.u32(), part: reader.u16() };
      break;
    case 'document-answer':
      frame = readDocumentAnswer(reader);
      break;
    case 'descriptor':
      frame = readDescriptor(reader);
      break;
    case 'descriptor-answer': {
      const result = descriptorResults[reader.u8()];
      frame = result === undefined ? null : { kind, result };
      break;
    }
    default:
      return unreachable(kind);
  }
  if (frame === null) return { ok: false, reason: 'frame_field' };
  assert(reader.isFinished, 'the fields of a frame fill it');
  return { ok: true, frame };
}

function writeHello(writer: ByteWriter, hello: Hello): void {
  assert(hello.networkHash.length === NETWORK_HASH_SIZE, 'a network hash is 8 bytes');
  assert(hello.documentHash.length === HASH_SIZE, 'a document hash is 32 bytes');
  assert(hello.challenge.length === CHALLENGE_SIZE, 'a challenge is 32 bytes');
  writer.u16(hello.protocolVersion).raw(hello.networkHash).u32(hello.epoch);
  writer.raw(hello.documentHash).raw(hello.challenge);
  writeUint53(writer, hello.unixMs);
}

function readHello(reader: ByteReader): Hello | null {
  const protocolVersion = reader.u16();
  const networkHash = reader.raw(NETWORK_HASH_SIZE);
  const epoch = reader.u32();
  const documentHash = reader.raw(HASH_SIZE);
  const challenge = reader.raw(CHALLENGE_SIZE);
  const unixMs = readUint53(reader);
  if (unixMs === null) return null;
  return { kind: 'hello', protocolVersion, networkHash, epoch, documentHash, challenge, unixMs };
}

function readSphinx(reader: ByteReader): SphinxFrame | null {
  const parity = reader.u8();
  const packet = reader.raw(PACKET_SIZE);
  return parity === 0 || parity === 1 ? { kind: 'sphinx', parity, packet } : null;
}

/** Cuts part `part` out of a whole document (its bytes, signatures included). */
export function documentPart(
  document: { readonly epoch: number; readonly hash: Uint8Array; readonly bytes: Uint8Array },
  part: number,
): DocumentAnswer | null {
  if (part >= documentPartCount(document.bytes.length)) return null;
  const start = part * DOCUMENT_PART_SIZE;
  return {
    kind: 'document-answer',
    epoch: document.epoch,
    hash: document.hash,
    documentSize: document.bytes.length,
    part,
    bytes: document.bytes.subarray(start, start + DOCUMENT_PART_SIZE),
  };
}

/** What answers a request for a document or part that is not there. */
export function noDocument(request: DocumentRequest): DocumentAnswer {
  return {
    kind: 'document-answer',
    epoch: request.epoch,
    hash: new Uint8Array(HASH_SIZE),
    documentSize: 0,
    part: request.part,
    bytes: new Uint8Array(0),
  };
}

/** Frames that a document of `documentSize` bytes takes. */
export function documentPartCount(documentSize: number): number {
  return Math.ceil(documentSize / DOCUMENT_PART_SIZE);
}

/** Bytes of the document in one part of it; 0 for a part that it has not. */
function partSize(documentSize: number, part: number): number {
  return Math.max(0, Math.min(DOCUMENT_PART_SIZE, documentSize - part * DOCUMENT_PART_SIZE));
}

function writeDocumentAnswer(writer: ByteWriter, answer: DocumentAnswer): void {
  const size = partSize(answer.documentSize, answer.part);
  assert(answer.bytes.length === size, 'a part has the bytes that its place says');
  assert(answer.hash.length === HASH_SIZE, 'a document hash is 32 bytes');
  writer.u32(answer.epoch).raw(answer.hash).u32(answer.documentSize).u16(answer.part);
  writer.raw(answer.bytes).raw(new Uint8Array(DOCUMENT_PART_SIZE - size));
}

function readDocumentAnswer(reader: ByteReader): DocumentAnswer | null {
  const epoch = reader.u32();
  const hash = reader.raw(HASH_SIZE);
  const documentSize = reader.u32();
  const part = reader.u16();
  const size = partSize(documentSize, part);
  const bytes = reader.raw(size);
  const rest = reader.raw(DOCUMENT_PART_SIZE - size);
  if ((size === 0 && documentSize > 0) || !isAllZero(rest)) return null;
  return { kind: 'document-answer', epoch, hash, documentSize, part, bytes };
}

function readDescriptor(reader: ByteReader): DescriptorFrame | null {
  const size = reader.u16();
  if (size > DESCRIPTOR_SIZE_MAX) return null;
  const descriptor = reader.raw(size);
  if (!isAllZero(reader.raw(DESCRIPTOR_SIZE_MAX - size))) return null;
  return { kind: 'descriptor', descriptor };
}
