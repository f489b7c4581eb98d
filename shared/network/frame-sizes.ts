// The one table of what travels on links: a kind byte, the version it is written in, and a size
// that depends on the kind alone (design section 2, "Links"). Whoever cuts a stream into frames
// asks here.

import { assert } from '../assert.ts';
import { PACKET_SIZE } from '../sphinx/geometry.ts';
import {
  CONTENT_SIZE,
  HASH_SIZE,
  IDENTIFIER_SIZE,
  KEY_SIZE,
  MAILBOX_SIZE,
  NETWORK_HASH_SIZE,
  SIGNATURE_SIZE,
  TOKEN_SIZE,
} from './geometry.ts';

/** Of everything on links and in documents that has no version of its own. */
export const PROTOCOL_VERSION = 1;
/** The second byte of every frame. */
export const FRAME_VERSION = 1;
/** Kind and version. */
export const FRAME_HEADER_SIZE = 2;

/** Acknowledgements in every pull answer: five times what a client of any traffic set expects. */
export const PULL_ACKNOWLEDGEMENT_COUNT = 16;
/** The largest k a traffic set may ask for; bounds the pull answer. */
export const PULL_MAIL_COUNT_MAX = 8;
/** Fresh bytes of one end of one link, which proofs are made over. */
export const CHALLENGE_SIZE = 32;
/**
 * What a client calls itself for as long as it runs; another one for the same mailbox is another
 * copy.
 */
export const INSTANCE_SIZE = 8;
/** Invite token of a provider that does not register everybody; zero bytes for none. */
export const INVITE_SIZE = 32;
/** Put or remove, kind, number, token, quota, end: always there, all zero for no command. */
export const TOKEN_COMMAND_SIZE = 1 + 1 + 8 + TOKEN_SIZE + 4 + 8;
/** Room for a descriptor: asserted against the largest one in descriptor.ts. */
export const DESCRIPTOR_SIZE_MAX = 800;

const SEQUENCE_SIZE = 8;
const UNIX_MS_SIZE = 8;
export const PULLED_MAIL_SIZE = SEQUENCE_SIZE + UNIX_MS_SIZE + CONTENT_SIZE;
export const PULLED_ACKNOWLEDGEMENT_SIZE = SEQUENCE_SIZE + IDENTIFIER_SIZE + UNIX_MS_SIZE;

/** Document frames are as long as Sphinx frames. */
const SPHINX_FRAME_SIZE = FRAME_HEADER_SIZE + 1 + PACKET_SIZE;
const DOCUMENT_ANSWER_FIXED_SIZE = FRAME_HEADER_SIZE + 4 + HASH_SIZE + 4 + 2;
/** Bytes of the document in one frame; all parts but the last are full. */
export const DOCUMENT_PART_SIZE = SPHINX_FRAME_SIZE - DOCUMENT_ANSWER_FIXED_SIZE;

export type FrameKind =
  | 'hello'
  | 'sphinx'
  | 'pull-request'
  | 'pull-answer'
  | 'registration-request'
  | 'registration-answer'
  | 'document-request'
  | 'document-answer'
  | 'descriptor'
  | 'descriptor-answer';

export const frameKindBytes: Record<FrameKind, number> = {
  hello: 1,
  sphinx: 2,
  'pull-request': 3,
  'pull-answer': 4,
  'registration-request': 5,
  'registration-answer': 6,
  'document-request': 7,
  'document-answer': 8,
  descriptor: 9,
  'descriptor-answer': 10,
};

const kindsByByte = new Map<number, FrameKind>(
  // Object.entries loses the key's type; the record above has every kind and nothing else.
  Object.entries(frameKindBytes).map(([kind, byte]) => [byte, kind as FrameKind]),
);

/** The kind of a frame's first byte, or null. */
export function frameKindOf(kindByte: number): FrameKind | null {
  return kindsByByte.get(kindByte) ?? null;
}

/** Size of a frame in bytes, header included. `pullMailCount` is the network's k. */
export function frameSize(kind: FrameKind, pullMailCount: number): number {
  return kind === 'pull-answer' ? pullAnswerSize(pullMailCount) : fixedSizes[kind];
}

/** Size of the frame that begins with this byte, or null where there is no such frame. */
export function frameSizeOfByte(kindByte: number, pullMailCount: number): number | null {
  const kind = frameKindOf(kindByte);
  return kind === null ? null : frameSize(kind, pullMailCount);
}

function pullAnswerSize(pullMailCount: number): number {
  assert(
    Number.isInteger(pullMailCount) && pullMailCount >= 1 && pullMailCount <= PULL_MAIL_COUNT_MAX,
    'k is 1 to 8',
  );
  return (
    FRAME_HEADER_SIZE +
    4 + // serial of the request
    1 + // flags
    8 + // number of the last durable token command
    4 + // mail backlog
    4 + // acknowledgement backlog
    pullMailCount * PULLED_MAIL_SIZE +
    PULL_ACKNOWLEDGEMENT_COUNT * PULLED_ACKNOWLEDGEMENT_SIZE
  );
}

const fixedSizes: Record<Exclude<FrameKind, 'pull-answer'>, number> = {
  // Protocol version, network, epoch, document, challenge, time.
  hello: FRAME_HEADER_SIZE + 2 + NETWORK_HASH_SIZE + 4 + HASH_SIZE + CHALLENGE_SIZE + UNIX_MS_SIZE,
  // Epoch parity, packet.
  sphinx: SPHINX_FRAME_SIZE,
  // Mailbox, proof, instance, serial, two acknowledged sequences, token command.
  'pull-request':
    FRAME_HEADER_SIZE +
    MAILBOX_SIZE +
    SIGNATURE_SIZE +
    INSTANCE_SIZE +
    4 +
    2 * SEQUENCE_SIZE +
    TOKEN_COMMAND_SIZE,
  // Authentication key, proof, invite.
  'registration-request': FRAME_HEADER_SIZE + KEY_SIZE + SIGNATURE_SIZE + INVITE_SIZE,
  // Result, mailbox, retention, mails that a mailbox holds.
  'registration-answer': FRAME_HEADER_SIZE + 1 + MAILBOX_SIZE + 8 + 4,
  // Epoch, part.
  'document-request': FRAME_HEADER_SIZE + 4 + 2,
  // Epoch, hash, size of the whole, part, bytes.
  'document-answer': DOCUMENT_ANSWER_FIXED_SIZE + DOCUMENT_PART_SIZE,
  // Size, descriptor, zeros.
  descriptor: FRAME_HEADER_SIZE + 2 + DESCRIPTOR_SIZE_MAX,
  // Result.
  'descriptor-answer': FRAME_HEADER_SIZE + 1,
};

/** The largest frame there can be: what a link's read buffer must hold. */
export const FRAME_SIZE_MAX = pullAnswerSize(PULL_MAIL_COUNT_MAX);

assert(SPHINX_FRAME_SIZE === 2_416, 'a Sphinx frame is 2,416 bytes');
assert(fixedSizes['document-answer'] === SPHINX_FRAME_SIZE, 'document frames are as Sphinx frames');
assert(
  Object.values(fixedSizes).every((size) => size <= FRAME_SIZE_MAX),
  'no frame is larger than the largest pull answer',
);
