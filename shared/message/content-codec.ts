// The bytes of a message before the ratchet seals it (docs/protocol.md, "Content"): a header, the
// body of its kind, zeros up to whole packets. Every content has one form; what has none of the
// forms is refused.
import { assert } from '../assert.ts';
import { ByteReader, ByteWriter, concatBytes, fromUtf8, isAllZero, toUtf8 } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import {
  decodeMailboxAddress,
  encodeMailboxAddress,
  MAILBOX_ADDRESS_SIZE,
} from '../network/address.ts';
import {
  FRAGMENT_BODY_SIZE,
  HASH_SIZE,
  MESSAGE_SIZE_MAX,
  NETWORK_HASH_SIZE,
  TOKEN_SIZE,
} from '../network/geometry.ts';
import { isDisplayName, readDisplayName } from '../session/display-name.ts';
import { MESSAGE_OVERHEAD } from '../session/ratchet.ts';
import {
  areRanges,
  CONTENT_HASH_SIZE,
  type Content,
  type ContentBody,
  type ContentHeader,
  type ContentKind,
  EXPIRY_SECONDS_MAX,
  isMessageText,
  isReaction,
  isSequenced,
  RECEIPT_UIDS_MAX,
  type SequenceRange,
  UID_SIZE,
  type UnknownBody,
} from './content.ts';

const VERSION = 1;
const HEADER_SIZE = 1 + 1 + UID_SIZE + 8 + 4 + CONTENT_HASH_SIZE + 8 + 4 + 4;
/** Text that fits into one packet. */
export const ONE_PACKET_BODY_SIZE = FRAGMENT_BODY_SIZE - MESSAGE_OVERHEAD - HEADER_SIZE;
assert(HEADER_SIZE === 62, 'a content header is 62 bytes');
assert(ONE_PACKET_BODY_SIZE === 1_408, 'one packet carries 1,408 bytes of text');
assert(2 + RECEIPT_UIDS_MAX * UID_SIZE <= ONE_PACKET_BODY_SIZE, 'a receipt is one packet');

const codes: Readonly<Record<ContentKind, number>> = {
  text: 1,
  reply: 2,
  reaction: 3,
  edit: 4,
  delete: 5,
  receipt: 6,
  timer: 7,
  session_note: 8,
  profile: 9,
  resend: 10,
  unavailable: 11,
  address: 12,
  address_confirmed: 13,
};
const kinds = new Map<number, ContentKind>(
  (Object.keys(codes) as ContentKind[]).map((kind) => [codes[kind], kind]),
);
const levels = ['delivered', 'read'] as const;
const resetReasons = ['asked', 'broken', 'restored'] as const;

/**
 * The padded plaintext: so long that the sealed message fills k packets, 1,555 k - 85 bytes. What
 * breaks a limit of content.ts is a bug of the caller's, who checked the user's input.
 */
export function encodeContent(header: ContentHeader, body: ContentBody): Uint8Array {
  assert(isHeader(header, body.kind), 'a content header keeps its limits');
  const bytes = encodeBody(body);
  const size = contentSize(bytes.length);
  return new ByteWriter(size)
    .u8(VERSION)
    .u8(codes[body.kind])
    .raw(header.uid)
    .u64(BigInt(header.stream))
    .u32(header.sequence)
    .raw(header.previousHash)
    .u64(BigInt(header.sentUnixMs))
    .u32(header.expirySeconds)
    .u32(bytes.length)
    .raw(bytes)
    .raw(new Uint8Array(size - HEADER_SIZE - bytes.length))
    .finish();
}

/** Packets that a body of so many bytes takes. */
export function packetCount(bodySize: number): number {
  return Math.ceil((bodySize + HEADER_SIZE + MESSAGE_OVERHEAD) / FRAGMENT_BODY_SIZE);
}

/** Of the padded plaintext. */
function contentSize(bodySize: number): number {
  return packetCount(bodySize) * FRAGMENT_BODY_SIZE - MESSAGE_OVERHEAD;
}

/** What the next message's `previousHash` says of this padded plaintext: 16 bytes. */
export function contentHash(engine: CryptoEngine, plaintext: Uint8Array): Uint8Array {
  const hash = new Uint8Array(HASH_SIZE);
  engine.sha256(hash, plaintext);
  return hash.slice(0, CONTENT_HASH_SIZE);
}

export type DecodedContent =
  | { readonly ok: true; readonly content: Content }
  /** `newer_version`: keep the bytes; a later program may read them. */
  | { readonly ok: false; readonly reason: 'malformed' | 'newer_version' };

/** Reads a padded plaintext. The fields are views of `plaintext`. Never throws. */
export function decodeContent(plaintext: Uint8Array): DecodedContent {
  const malformed = { ok: false, reason: 'malformed' } as const;
  const reader = new ByteReader(plaintext);
  const version = reader.u8();
  if (version > VERSION) return { ok: false, reason: 'newer_version' };
  const code = reader.u8();
  const header = {
    uid: reader.raw(UID_SIZE),
    stream: Number(reader.u64()),
    sequence: reader.u32(),
    previousHash: reader.raw(CONTENT_HASH_SIZE),
    sentUnixMs: Number(reader.u64()),
    expirySeconds: reader.u32(),
  };
  const size = reader.u32();
  if (!reader.isWhole || version !== VERSION || code === 0 || size > MESSAGE_SIZE_MAX) {
    return malformed;
  }
  const bytes = reader.raw(size);
  const padding = reader.raw(reader.remaining);
  if (!reader.isFinished || plaintext.length !== contentSize(size)) return malformed;
  const kind = kinds.get(code) ?? null;
  if (!isAllZero(padding) || !isHeader(header, kind)) return malformed;
  const body: ContentBody | UnknownBody | null =
    kind === null ? { kind: 'unknown', code, bytes } : decodeBody(kind, bytes);
  return body === null ? malformed : { ok: true, content: { header, body } };
}

/** `kind` is null for one that is not known, which may be sequenced or not. */
function isHeader(header: ContentHeader, kind: ContentKind | null): boolean {
  const { uid, stream, sequence, previousHash, sentUnixMs, expirySeconds } = header;
  if (uid.length !== UID_SIZE || previousHash.length !== CONTENT_HASH_SIZE) return false;
  if (!Number.isSafeInteger(sentUnixMs) || sentUnixMs < 0) return false;
  if (!Number.isInteger(sequence) || sequence < 0 || sequence > 0xffffffff) return false;
  if (!Number.isSafeInteger(stream) || stream > 0 !== sequence > 0) return false;
  if (expirySeconds > EXPIRY_SECONDS_MAX) return false;
  if (kind !== null && isSequenced(kind) !== sequence > 0) return false;
  // The first of a stream follows none.
  return sequence > 1 || isAllZero(previousHash);
}

function encodeBody(body: ContentBody): Uint8Array {
  switch (body.kind) {
    case 'text':
      return encodeText(body.text);
    case 'reply':
    case 'edit':
      return concatBytes(encodeUid(body.target), encodeText(body.text));
    case 'reaction':
      assert(isReaction(body.reaction), 'a reaction is short');
      return concatBytes(encodeUid(body.target), toUtf8(body.reaction));
    case 'delete':
      return encodeUid(body.target);
    case 'receipt':
      assert(isUidCount(body.uids.length), 'a receipt names 1 to 87 messages');
      return concatBytes(
        Uint8Array.of(levels.indexOf(body.level) + 1, body.uids.length),
        ...body.uids.map(encodeUid),
      );
    case 'timer':
      assert(body.seconds <= EXPIRY_SECONDS_MAX, 'a timer ends within four weeks');
      return new ByteWriter(4).u32(body.seconds).finish();
    case 'session_note':
      return new ByteWriter(1 + 8)
        .u8(resetReasons.indexOf(body.reason) + 1)
        .u64(BigInt(body.previousGeneration))
        .finish();
    case 'profile':
      assert(isDisplayName(body.name), 'a name that is sent is a display name');
      return toUtf8(body.name);
    case 'resend':
    case 'unavailable':
      return encodeRanges(body.stream, body.ranges);
    case 'address':
      return encodeMailboxAddress(body.address);
    case 'address_confirmed':
      assert(body.token.length === TOKEN_SIZE, 'a token is 16 bytes');
      return body.token;
  }
}

/** Null where these are not the bytes of such a body. */
function decodeBody(kind: ContentKind, bytes: Uint8Array): ContentBody | null {
  const target = bytes.subarray(0, UID_SIZE);
  const rest = bytes.subarray(UID_SIZE);
  const isTargeted = bytes.length >= UID_SIZE;
  switch (kind) {
    case 'text': {
      const text = readText(bytes);
      return text === null ? null : { kind, text };
    }
    case 'reply':
    case 'edit': {
      const text = readText(rest);
      return isTargeted && text !== null ? { kind, target, text } : null;
    }
    case 'reaction': {
      const reaction = fromUtf8(rest);
      if (!isTargeted || reaction === null || !isReaction(reaction)) return null;
      return { kind, target, reaction };
    }
    case 'delete':
      return bytes.length === UID_SIZE ? { kind, target } : null;
    case 'receipt':
      return decodeReceipt(bytes);
    case 'profile': {
      const name = readDisplayName(bytes);
      return name === null ? null : { kind, name };
    }
    case 'timer':
    case 'session_note':
    case 'resend':
    case 'unavailable':
      return decodeNumbers(kind, bytes);
    case 'address': {
      if (bytes.length !== MAILBOX_ADDRESS_SIZE) return null;
      const parsed = decodeMailboxAddress(bytes, bytes.subarray(0, NETWORK_HASH_SIZE));
      return parsed.ok ? { kind, address: parsed.address } : null;
    }
    case 'address_confirmed':
      return bytes.length === TOKEN_SIZE ? { kind, token: bytes } : null;
  }
}

function decodeReceipt(bytes: Uint8Array): ContentBody | null {
  const reader = new ByteReader(bytes);
  const level = levels[reader.u8() - 1];
  const count = reader.u8();
  if (level === undefined || !isUidCount(count)) return null;
  const uids = Array.from({ length: count }, () => reader.raw(UID_SIZE));
  return reader.isFinished ? { kind: 'receipt', level, uids } : null;
}

function decodeNumbers(
  kind: 'timer' | 'session_note' | 'resend' | 'unavailable',
  bytes: Uint8Array,
): ContentBody | null {
  const reader = new ByteReader(bytes);
  if (kind === 'timer') {
    const seconds = reader.u32();
    return reader.isFinished && seconds <= EXPIRY_SECONDS_MAX ? { kind, seconds } : null;
  }
  if (kind === 'session_note') {
    const reason = resetReasons[reader.u8() - 1];
    const previousGeneration = Number(reader.u64());
    if (!reader.isFinished || reason === undefined) return null;
    return Number.isSafeInteger(previousGeneration) ? { kind, reason, previousGeneration } : null;
  }
  const stream = Number(reader.u64());
  if (!Number.isSafeInteger(stream)) return null;
  const ranges: SequenceRange[] = [];
  while (reader.isWhole && reader.remaining > 0) {
    ranges.push({ first: reader.u32(), last: reader.u32() });
  }
  return reader.isFinished && areRanges(ranges) ? { kind, stream, ranges } : null;
}

function encodeRanges(stream: number, ranges: readonly SequenceRange[]): Uint8Array {
  assert(areRanges(ranges), 'ranges are 1 to 32, ascending and apart');
  const writer = new ByteWriter(8 + 8 * ranges.length).u64(BigInt(stream));
  for (const { first, last } of ranges) writer.u32(first).u32(last);
  return writer.finish();
}

function encodeText(text: string): Uint8Array {
  assert(isMessageText(text), 'a text has 1 to 16,384 bytes');
  return toUtf8(text);
}

function readText(bytes: Uint8Array): string | null {
  const text = fromUtf8(bytes);
  return text !== null && isMessageText(text) ? text : null;
}

function encodeUid(uid: Uint8Array): Uint8Array {
  assert(uid.length === UID_SIZE, 'a message id is 16 bytes');
  return uid;
}

function isUidCount(count: number): boolean {
  return count >= 1 && count <= RECEIPT_UIDS_MAX;
}
