// What raw calls take and give. Bytes of messages are base64url without padding, long ones read
// piece by piece in moments without emissions, and by the platform's codec, which takes a
// twentieth of the time of another: a large message stands before nothing that is due.
import type { EventValue } from '../../shared/api.ts';
import { MESSAGES_LISTED_MAX, type MessageStatus } from '../../shared/api-network.ts';
import { toHex } from '../../shared/bytes.ts';
import type { Client } from '../mixnet/client/client.ts';
import type { ReceivedMessage } from '../mixnet/client/store.ts';
import { CallFailure } from './call-failure.ts';
import type { Mixnet } from './mixnet.ts';

/** Characters that are read at once, as a call's other arguments are: 0.1 ms. */
export const AT_ONCE_LENGTH = 16_384;
/** Characters that one look reads, 768 KiB: a few milliseconds. A message of the default fits. */
export const PIECE_LENGTH = 1_048_576;

export function rawText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
}

/**
 * Bytes of a text of at most `sizeMax` of them. A longer one is refused by its length, `too_large`,
 * before anything of it is read; one that is no base64url, or not the shortest form, is
 * `bad_arguments`. A short one has its bytes at once, so that its command keeps its place.
 */
export function rawBytes(
  text: string,
  sizeMax: number,
  look: Mixnet['look'],
): Uint8Array | Promise<Uint8Array> {
  if (text.length > Math.ceil((sizeMax * 4) / 3)) {
    throw new CallFailure('too_large', 'message: too_large');
  }
  return text.length <= AT_ONCE_LENGTH ? pieceOf(text) : readPieces(text, look);
}

async function readPieces(text: string, look: Mixnet['look']): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < text.length; at += PIECE_LENGTH) {
    pieces.push(await look(() => pieceOf(text.slice(at, at + PIECE_LENGTH))));
  }
  return Buffer.concat(pieces);
}

/** Passing over what is none, the platform's codec does not say it: the way back does. */
function pieceOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') === text) return bytes;
  throw new CallFailure('bad_arguments', 'bytes: expected base64url');
}

/** A message that came in, as it is told. */
export function receivedOf(message: ReceivedMessage): EventValue<'received'> {
  const { id, contactTag, bytes, arrivedUnixMs } = message;
  return { id, bytes: rawText(bytes), contactTag: toHex(contactTag), arrivedUnixMs };
}

/** Messages with a later id, as many as one answer has; for a look. */
export function pageOf(client: Client, afterId: number): MessageStatus[] {
  return [...client.page(afterId, MESSAGES_LISTED_MAX)];
}

/** What the client's ledger and counters say; for a look. */
export function ledgerOf(client: Client) {
  const { voided, forgotten, ...probes } = client.ledger();
  const { days, ...counters } = client.counters();
  return { probes, voided: { ...voided, forgotten }, ...counters, days: [...days] };
}
