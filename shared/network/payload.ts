// The plaintext of a packet: what its last hop reads after the payload's own check (design section
// 2, "Plaintext"), and the destinations a last hop goes by. The header of a forward packet names no
// mailbox: it carries the constants below, so that a garbled packet does not show where it was
// going.
import { assert } from '../assert.ts';
import { ByteReader, ByteWriter, equalBytes, isAllZero } from '../bytes.ts';
import { HEADER_SIZE, PLAINTEXT_SIZE } from '../sphinx/geometry.ts';
import {
  CONTENT_SIZE,
  DESTINATION_SIZE,
  IDENTIFIER_SIZE,
  KEY_SIZE,
  MAILBOX_SIZE,
  TOKEN_SIZE,
} from './geometry.ts';

export type PayloadKind = 'mail' | 'drop';

/**
 * A ready-made header that the last hop sends off after `delayNs`; its arrival is the
 * acknowledgement.
 */
export type Acknowledgement = {
  readonly delayNs: bigint;
  /** Identity key of the node that the header is for, 32 bytes. */
  readonly firstHop: Uint8Array;
  /** 348 bytes. */
  readonly header: Uint8Array;
};

/** A drop fills mailbox, token and content with random bytes. */
export type Payload = {
  readonly kind: PayloadKind;
  /** 16 bytes each. */
  readonly mailbox: Uint8Array;
  readonly token: Uint8Array;
  readonly acknowledgement: Acknowledgement;
  /** 1,627 bytes, sealed to the mailbox's key. */
  readonly content: Uint8Array;
};

const kindBytes: Record<PayloadKind, number> = { mail: 1, drop: 2 };

/** 2,048 bytes. */
export function encodePayload(payload: Payload): Uint8Array {
  assert(payload.mailbox.length === MAILBOX_SIZE, 'a mailbox is 16 bytes');
  assert(payload.token.length === TOKEN_SIZE, 'a token is 16 bytes');
  assert(payload.acknowledgement.firstHop.length === KEY_SIZE, 'a first hop is 32 bytes');
  assert(payload.acknowledgement.header.length === HEADER_SIZE, 'a header is 348 bytes');
  assert(payload.content.length === CONTENT_SIZE, 'a content is 1,627 bytes');
  return new ByteWriter(PLAINTEXT_SIZE)
    .u8(kindBytes[payload.kind])
    .raw(payload.mailbox)
    .raw(payload.token)
    .u64(payload.acknowledgement.delayNs)
    .raw(payload.acknowledgement.firstHop)
    .raw(payload.acknowledgement.header)
    .raw(payload.content)
    .finish();
}

export type PayloadRefusal = 'payload_size' | 'payload_kind';

/** The fields are views of `plaintext`. */
export function decodePayload(
  plaintext: Uint8Array,
):
  | { readonly ok: true; readonly payload: Payload }
  | { readonly ok: false; readonly reason: PayloadRefusal } {
  if (plaintext.length !== PLAINTEXT_SIZE) return { ok: false, reason: 'payload_size' };
  const reader = new ByteReader(plaintext);
  const kindByte = reader.u8();
  const kind = kindByte === kindBytes.mail ? 'mail' : kindByte === kindBytes.drop ? 'drop' : null;
  if (kind === null) return { ok: false, reason: 'payload_kind' };
  const mailbox = reader.raw(MAILBOX_SIZE);
  const token = reader.raw(TOKEN_SIZE);
  const acknowledgement = {
    delayNs: reader.u64(),
    firstHop: reader.raw(KEY_SIZE),
    header: reader.raw(HEADER_SIZE),
  };
  const content = reader.raw(CONTENT_SIZE);
  assert(reader.isFinished, 'the payload table fills the plaintext');
  return { ok: true, payload: { kind, mailbox, token, acknowledgement, content } };
}

/**
 * Destination and identifier of every forward packet: constants, and no mailbox's or node's name.
 */
export const FORWARD_DESTINATION: Uint8Array = new Uint8Array(DESTINATION_SIZE).fill(0xff);
export const FORWARD_IDENTIFIER: Uint8Array = new Uint8Array(IDENTIFIER_SIZE).fill(0xff);

/** The destination of an acknowledgement for a client: its mailbox and 16 zero bytes. */
export function mailboxDestination(mailbox: Uint8Array): Uint8Array {
  assert(mailbox.length === MAILBOX_SIZE, 'a mailbox is 16 bytes');
  return new ByteWriter(DESTINATION_SIZE)
    .raw(mailbox)
    .raw(new Uint8Array(DESTINATION_SIZE - MAILBOX_SIZE))
    .finish();
}

/** What a last hop makes of a destination. `other` names nobody here and is refused. */
export type Destination =
  | { readonly kind: 'forward' }
  | { readonly kind: 'self' }
  | { readonly kind: 'mailbox'; readonly mailbox: Uint8Array }
  | { readonly kind: 'other' };

/** Reads a destination (32 bytes) as the node with `identityKey` does; a mailbox need not exist. */
export function readDestination(destination: Uint8Array, identityKey: Uint8Array): Destination {
  if (equalBytes(destination, FORWARD_DESTINATION)) return { kind: 'forward' };
  if (equalBytes(destination, identityKey)) return { kind: 'self' };
  const mailbox = destination.subarray(0, MAILBOX_SIZE);
  if (destination.length === DESTINATION_SIZE && isAllZero(destination.subarray(MAILBOX_SIZE))) {
    return { kind: 'mailbox', mailbox };
  }
  return { kind: 'other' };
}
