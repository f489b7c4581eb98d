// A message on its way out: its place in the sender's stream, and the bytes for the ratchet. And
// the way in: what was opened, as a content with the link that the stream is followed by.
import type { CryptoEngine } from '../crypto.ts';
import {
  CONTENT_HASH_SIZE,
  type Content,
  type ContentBody,
  type ContentHeader,
  isSequenced,
} from './content.ts';
import { contentHash, decodeContent, encodeContent } from './content-codec.ts';
import type { Link, OutgoingSequence } from './sequence.ts';

/**
 * Gives a body its header and place: the padded plaintext, and the sender's count after it. Store
 * both with the message: the same plaintext is what a resend seals anew.
 */
export function composeContent(
  engine: CryptoEngine,
  outgoing: OutgoingSequence,
  fields: Pick<ContentHeader, 'uid' | 'sentUnixMs' | 'expirySeconds'>,
  body: ContentBody,
): { readonly plaintext: Uint8Array; readonly outgoing: OutgoingSequence } {
  const { stream } = outgoing;
  if (!isSequenced(body.kind)) {
    const previousHash = new Uint8Array(CONTENT_HASH_SIZE);
    const header = { ...fields, stream: 0, sequence: 0, previousHash };
    return { plaintext: encodeContent(header, body), outgoing };
  }
  const sequence = outgoing.sequence + 1;
  const header = { ...fields, stream, sequence, previousHash: outgoing.hash };
  const plaintext = encodeContent(header, body);
  return { plaintext, outgoing: { stream, sequence, hash: contentHash(engine, plaintext) } };
}

export type ReadContent =
  | {
      readonly ok: true;
      readonly content: Content;
      /** For `observeSequence` with the state of this contact and stream; null if uncounted. */
      readonly link: Link | null;
    }
  | { readonly ok: false; readonly reason: 'malformed' | 'newer_version' };

/** Reads what a session opened. */
export function readContent(engine: CryptoEngine, plaintext: Uint8Array): ReadContent {
  const decoded = decodeContent(plaintext);
  if (!decoded.ok) return decoded;
  const { sequence, previousHash } = decoded.content.header;
  const link =
    sequence === 0 ? null : { sequence, previousHash, hash: contentHash(engine, plaintext) };
  return { ok: true, content: decoded.content, link };
}
