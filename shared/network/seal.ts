// The seal of a content: one fragment, encrypted to a mailbox's X25519 key with a fresh key of the
// sender's (an ECIES after RFC 9180's outline). Two seals of one fragment share no bytes. It hides
// the fragment from the recipient's provider; who sent it is proven by the session inside, not
// here.
import { assert } from '../assert.ts';
import { concatBytes, toUtf8, wipe } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { drawBytes, type RandomSource } from '../random.ts';
import { CONTENT_SIZE, FRAGMENT_SIZE, KEY_SIZE } from './geometry.ts';

const label = toUtf8('eddy content seal v1');
const noAssociated = new Uint8Array(0);
/** Each key seals once, so that a fixed nonce repeats under none. */
const zeroNonce = new Uint8Array(12);

/**
 * Seals a fragment (1,579 bytes) to `mailboxKey` (X25519, 32): ephemeral key ‖ ciphertext ‖ tag,
 * 1,627 bytes. Null where the mailbox's key is of low order and agrees with nobody.
 */
export function sealContent(
  engine: CryptoEngine,
  random: RandomSource,
  mailboxKey: Uint8Array,
  fragment: Uint8Array,
): Uint8Array | null {
  assert(fragment.length === FRAGMENT_SIZE, 'a fragment is 1,579 bytes');
  const secret = drawBytes(random, KEY_SIZE);
  const ephemeral = new Uint8Array(KEY_SIZE);
  engine.x25519Base(ephemeral, secret);
  const key = deriveKey(engine, secret, mailboxKey, ephemeral, mailboxKey);
  wipe(secret);
  if (key === null) return null;
  const content = new Uint8Array(CONTENT_SIZE);
  content.set(ephemeral);
  engine.chacha20Poly1305Seal(content.subarray(KEY_SIZE), key, zeroNonce, noAssociated, fragment);
  wipe(key);
  return content;
}

/** The mailbox's key pair, 32 bytes each. */
export type MailboxKeyPair = { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };

/**
 * Opens a content of any length; the fragment (1,579 bytes), or null for whatever does not open.
 */
export function openContent(
  engine: CryptoEngine,
  mailbox: MailboxKeyPair,
  content: Uint8Array,
): Uint8Array | null {
  if (content.length !== CONTENT_SIZE) return null;
  const ephemeral = content.subarray(0, KEY_SIZE);
  const key = deriveKey(engine, mailbox.secretKey, ephemeral, ephemeral, mailbox.publicKey);
  if (key === null) return null;
  const fragment = new Uint8Array(FRAGMENT_SIZE);
  const sealed = content.subarray(KEY_SIZE);
  const opened = engine.chacha20Poly1305Open(fragment, key, zeroNonce, noAssociated, sealed);
  wipe(key);
  return opened ? fragment : null;
}

/**
 * HKDF-SHA-256 over the agreement, with both public keys in the info; null for a low-order point.
 */
function deriveKey(
  engine: CryptoEngine,
  secret: Uint8Array,
  point: Uint8Array,
  ephemeral: Uint8Array,
  mailboxKey: Uint8Array,
): Uint8Array | null {
  const shared = new Uint8Array(KEY_SIZE);
  if (!engine.x25519(shared, secret, point)) return null;
  const key = new Uint8Array(KEY_SIZE);
  engine.hkdfSha256(key, shared, noAssociated, concatBytes(label, ephemeral, mailboxKey));
  wipe(shared);
  return key;
}
