// The raw address of a mailbox: everything a sender's program needs to reach it (design section 2,
// "Directory"). Each wrong input is told apart, so that a person can be told what is wrong with it.
import { assert } from '../assert.ts';
import {
  ByteReader,
  concatBytes,
  equalBytes,
  fromBase64url,
  isAllZero,
  toBase64url,
  toUtf8,
} from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { HASH_SIZE, KEY_SIZE, MAILBOX_SIZE, NETWORK_HASH_SIZE, TOKEN_SIZE } from './geometry.ts';

export type MailboxAddress = {
  /** 8 bytes. */
  readonly networkHash: Uint8Array;
  /** Identity key of the provider, 32 bytes. */
  readonly providerKey: Uint8Array;
  /** 16 bytes. */
  readonly mailbox: Uint8Array;
  /** Delivery token, 16 bytes. */
  readonly token: Uint8Array;
  /** X25519, 32 bytes: what contents are sealed to. */
  readonly mailboxKey: Uint8Array;
};

export const MAILBOX_ADDRESS_SIZE =
  NETWORK_HASH_SIZE + KEY_SIZE + MAILBOX_SIZE + TOKEN_SIZE + KEY_SIZE;
const ADDRESS_TEXT_SIZE = Math.ceil((MAILBOX_ADDRESS_SIZE * 8) / 6);

export type MailboxAddressRefusal =
  /** Characters that base64url has not, or a last one that says nothing. */
  | 'not_base64url'
  | 'truncated'
  | 'too_long'
  /** Made in another network. */
  | 'foreign_network'
  /** A key or mailbox of zeros: nobody's. */
  | 'empty_field';

/** 104 bytes. */
export function encodeMailboxAddress(address: MailboxAddress): Uint8Array {
  const { networkHash, providerKey, mailbox, token, mailboxKey } = address;
  const bytes = concatBytes(networkHash, providerKey, mailbox, token, mailboxKey);
  assert(bytes.length === MAILBOX_ADDRESS_SIZE, 'a mailbox address is 104 bytes');
  return bytes;
}

/** 139 characters of base64url. */
export function formatMailboxAddress(address: MailboxAddress): string {
  return toBase64url(encodeMailboxAddress(address));
}

export type ParsedMailboxAddress =
  | { readonly ok: true; readonly address: MailboxAddress }
  | { readonly ok: false; readonly reason: MailboxAddressRefusal };

/** Parses the text form for the network with `networkHash`. */
export function parseMailboxAddress(text: string, networkHash: Uint8Array): ParsedMailboxAddress {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return { ok: false, reason: 'not_base64url' };
  if (text.length < ADDRESS_TEXT_SIZE) return { ok: false, reason: 'truncated' };
  if (text.length > ADDRESS_TEXT_SIZE) return { ok: false, reason: 'too_long' };
  const bytes = fromBase64url(text);
  if (bytes === null) return { ok: false, reason: 'not_base64url' };
  return decodeMailboxAddress(bytes, networkHash);
}

/** Reads 104 bytes for the network with `networkHash`. The fields are views of `bytes`. */
export function decodeMailboxAddress(
  bytes: Uint8Array,
  networkHash: Uint8Array,
): ParsedMailboxAddress {
  if (bytes.length < MAILBOX_ADDRESS_SIZE) return { ok: false, reason: 'truncated' };
  if (bytes.length > MAILBOX_ADDRESS_SIZE) return { ok: false, reason: 'too_long' };
  const reader = new ByteReader(bytes);
  const address = {
    networkHash: reader.raw(NETWORK_HASH_SIZE),
    providerKey: reader.raw(KEY_SIZE),
    mailbox: reader.raw(MAILBOX_SIZE),
    token: reader.raw(TOKEN_SIZE),
    mailboxKey: reader.raw(KEY_SIZE),
  };
  if (!equalBytes(address.networkHash, networkHash))
    return { ok: false, reason: 'foreign_network' };
  const needed = [address.providerKey, address.mailbox, address.mailboxKey];
  if (needed.some(isAllZero)) return { ok: false, reason: 'empty_field' };
  return { ok: true, address };
}

const mailboxLabel = toUtf8('eddy mailbox v1');

/**
 * The mailbox (16 bytes) of an authentication key (Ed25519, 32). Derived, so that nobody can
 * register another's mailbox, and registering twice with one key gives the same one.
 */
export function mailboxOf(engine: CryptoEngine, authKey: Uint8Array): Uint8Array {
  const hash = new Uint8Array(HASH_SIZE);
  engine.sha256(hash, concatBytes(mailboxLabel, authKey));
  return hash.slice(0, MAILBOX_SIZE);
}
