// Contact codes: how two people find each other (design section 3, "Contact codes"). A code holds
// all that a first request needs, so that nothing is fetched; text and QR are the same bytes. Every
// wrong code is told apart, since a person has to be told what to do about it. Byte table:
// docs/protocol.md, "Contact codes".
import { assert } from '../assert.ts';
import {
  ByteReader,
  concatBytes,
  equalBytes,
  fromBase64url,
  fromUtf8,
  isAllZero,
  toBase64url,
  toUtf8,
} from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import {
  decodeMailboxAddress,
  encodeMailboxAddress,
  MAILBOX_ADDRESS_SIZE,
  type MailboxAddress,
} from '../network/address.ts';
import { HASH_SIZE, KEY_SIZE, NETWORK_HASH_SIZE, SIGNATURE_SIZE } from '../network/geometry.ts';
import { NETWORK_LINK_PREFIX, NETWORK_NAME_SIZE_MAX } from '../network/network-file.ts';
import type { Identity, PublicIdentity } from './identity.ts';
import { isLowOrder } from './key-schedule.ts';

/** `invite`: for one person, once. `address`: for anybody, until it is renewed. */
export type ContactCodeKind = 'invite' | 'address';

export type ContactCode = {
  readonly kind: ContactCodeKind;
  /** As the network file says it; for people, the hash in the address decides. */
  readonly networkName: string;
  /** With a delivery token made for this code alone. */
  readonly address: MailboxAddress;
  readonly owner: PublicIdentity;
  /** X25519, 32 bytes, made for this code alone. */
  readonly prekey: Uint8Array;
  /** Whole minutes, UTC. */
  readonly expiresUnixMs: number;
  /** The code's own bytes, as they were signed: they open the handshake's transcript. */
  readonly bytes: Uint8Array;
  /** 16 bytes: which code this is. */
  readonly id: Uint8Array;
};

export const CONTACT_CODE_PREFIX = 'eddy:c/';
export const CONTACT_CODE_ID_SIZE = 16;
/** Text that may be one, with the spaces and line breaks of a mail; longer input is not parsed. */
export const CONTACT_CODE_TEXT_MAX = 4_096;
/** A code of another's making need not keep to these; this program makes none that lives longer. */
export const INVITE_LIFETIME_MS_MAX = 30 * 86_400_000;
export const ADDRESS_LIFETIME_MS_MAX = 366 * 86_400_000;

const CODE_VERSION = 1;
const KINDS: readonly ContactCodeKind[] = ['invite', 'address'];
const MINUTE_MS = 60_000;
const CHECKSUM_SIZE = 4;
/** Version, kind, length of the name. */
const CODE_HEAD_SIZE = 3;
const CODE_FIXED_SIZE =
  CODE_HEAD_SIZE + MAILBOX_ADDRESS_SIZE + 3 * KEY_SIZE + 4 + SIGNATURE_SIZE + CHECKSUM_SIZE;
/** UTF-8 of a network's name, whose limit counts UTF-16 units. */
const NAME_SIZE_MAX = 3 * NETWORK_NAME_SIZE_MAX;
export const CONTACT_CODE_SIZE_MAX = CODE_FIXED_SIZE + NAME_SIZE_MAX;
const signatureLabel = toUtf8('eddy contact code v1');

/** In the order in which they are found out. */
export type ContactCodeRefusal =
  | 'empty'
  /** A link to a network (`eddy:n/`): it belongs elsewhere in the program. */
  | 'network_link'
  | 'not_a_code'
  | 'too_long'
  /** Its end is missing. */
  | 'truncated'
  /** Letters were changed, swapped or left out. */
  | 'altered'
  | 'newer_version'
  /** Whole, and still no code that a program made rightly. */
  | 'malformed'
  /** The signature is not its owner's. */
  | 'forged'
  | 'own'
  | 'foreign_network'
  /** An invite that this user has used. */
  | 'reused'
  | 'expired';

export type ParsedContactCode =
  | { readonly ok: true; readonly code: ContactCode }
  | {
      readonly ok: false;
      readonly reason: ContactCodeRefusal;
      /** Of a whole code: what can be told of it. */
      readonly code: ContactCode | null;
    };

/** What a code is held against: whose program reads it, where and when. */
export type ContactCodeReader = {
  readonly signingKey: Uint8Array;
  readonly networkHash: Uint8Array;
  readonly nowUnixMs: number;
  /** Whether the invite with this id (16 bytes) was used by this user. */
  readonly isUsed: (id: Uint8Array) => boolean;
};

export type NewContactCode = Pick<
  ContactCode,
  'kind' | 'networkName' | 'address' | 'prekey' | 'expiresUnixMs'
>;

/** Makes and signs a code; `expiresUnixMs` is rounded down to a minute. */
export function createContactCode(
  engine: CryptoEngine,
  identity: Identity,
  fields: NewContactCode,
): ContactCode {
  const name = toUtf8(fields.networkName);
  assert(
    name.length >= 1 && name.length <= NAME_SIZE_MAX,
    'a network has a name of 1 to 192 bytes',
  );
  const minutes = Math.floor(fields.expiresUnixMs / MINUTE_MS);
  assert(minutes >= 1 && minutes <= 0xffffffff, 'a code expires in a 32-bit minute');
  const signed = concatBytes(
    Uint8Array.of(CODE_VERSION, KINDS.indexOf(fields.kind) + 1, name.length),
    name,
    encodeMailboxAddress(fields.address),
    identity.signingKey,
    identity.agreementKey,
    fields.prekey,
    Uint8Array.of(minutes >>> 24, minutes >>> 16, minutes >>> 8, minutes),
  );
  const signature = new Uint8Array(SIGNATURE_SIZE);
  engine.ed25519Sign(signature, concatBytes(signatureLabel, signed), identity.signingSecret);
  const content = concatBytes(signed, signature);
  const bytes = concatBytes(content, checksum(engine, content));
  const code = readFields(engine, bytes);
  assert(code !== null, 'a code that was made can be read');
  return code;
}

/** `eddy:c/…`, 373 characters and 4 for every 3 bytes of the network's name. */
export function formatContactCode(code: ContactCode): string {
  return CONTACT_CODE_PREFIX + toBase64url(code.bytes);
}

/** Spaces of every kind, and the marks without width that programs break long words with. */
const ignored = /[\s\u00ad\u200b-\u200d\u2060\ufeff]/g;
/** What a sentence or a mail program puts around a link. */
const around = /^[<"'([]+|[>"')\].,;:!?]+$/g;

/** Parses what a person pasted. Never throws. */
export function parseContactCode(
  engine: CryptoEngine,
  text: string,
  reader: ContactCodeReader,
): ParsedContactCode {
  if (text.length > CONTACT_CODE_TEXT_MAX) return refuse('too_long');
  const link = text.replace(ignored, '').replace(around, '');
  if (link === '') return refuse('empty');
  const prefix = link.slice(0, CONTACT_CODE_PREFIX.length).toLowerCase();
  if (prefix === NETWORK_LINK_PREFIX) return refuse('network_link');
  if (prefix !== CONTACT_CODE_PREFIX) {
    return refuse(CONTACT_CODE_PREFIX.startsWith(prefix) ? 'truncated' : 'not_a_code');
  }
  const body = link.slice(CONTACT_CODE_PREFIX.length);
  if (!/^[A-Za-z0-9_-]*$/.test(body)) return refuse('altered');
  // A cut text may end within a byte: what is whole says how long it should have been.
  const whole = fromBase64url(body.slice(0, body.length - (body.length % 4)));
  if (whole === null) return refuse('altered');
  const missing = missingSize(whole, Math.floor((body.length * 3) / 4));
  if (missing > 0) return refuse('truncated');
  const bytes = fromBase64url(body);
  if (bytes === null) return refuse('altered');
  return decodeContactCode(engine, bytes, reader);
}

/** Parses the bytes of a QR picture. Never throws. */
export function decodeContactCode(
  engine: CryptoEngine,
  bytes: Uint8Array,
  reader: ContactCodeReader,
): ParsedContactCode {
  if (bytes.length === 0) return refuse('empty');
  if (missingSize(bytes, bytes.length) > 0) return refuse('truncated');
  const content = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM_SIZE));
  if (!equalBytes(bytes.subarray(content.length), checksum(engine, content))) {
    return refuse('altered');
  }
  if ((bytes[0] ?? 0) > CODE_VERSION) return refuse('newer_version');
  const code = readFields(engine, bytes.slice());
  if (code === null) return refuse('malformed');
  const { signingKey, agreementKey } = code.owner;
  const signed = bytes.subarray(0, bytes.length - CHECKSUM_SIZE - SIGNATURE_SIZE);
  const signature = bytes.subarray(signed.length, signed.length + SIGNATURE_SIZE);
  const message = concatBytes(signatureLabel, signed);
  if (!engine.ed25519Verify(signature, message, signingKey)) return refuse('forged');
  // A key of low order agrees with nobody; its owner's program would not have made it.
  const keys = [agreementKey, code.prekey, code.address.mailboxKey];
  if (keys.some((key) => isLowOrder(engine, key))) return refuse('malformed', code);
  const reason = readerRefusal(code, reader);
  return reason === null ? { ok: true, code } : refuse(reason, code);
}

function readerRefusal(code: ContactCode, reader: ContactCodeReader): ContactCodeRefusal | null {
  if (equalBytes(code.owner.signingKey, reader.signingKey)) return 'own';
  if (!equalBytes(code.address.networkHash, reader.networkHash)) return 'foreign_network';
  if (code.kind === 'invite' && reader.isUsed(code.id)) return 'reused';
  return reader.nowUnixMs >= code.expiresUnixMs ? 'expired' : null;
}

function refuse(reason: ContactCodeRefusal, code: ContactCode | null = null): ParsedContactCode {
  return { ok: false, reason, code };
}

/** How many bytes a code of this version that begins like `bytes` lacks, having `size` of them. */
function missingSize(bytes: Uint8Array, size: number): number {
  const [version = CODE_VERSION, , nameSize = 0] = bytes;
  // How long a newer one is, only its own program knows; the checksum stands at its end too.
  if (version !== CODE_VERSION) return 0;
  return CODE_FIXED_SIZE + Math.min(nameSize, NAME_SIZE_MAX) - size;
}

/** The fields of a whole code; null where one is impossible. Keeps `bytes`. */
function readFields(engine: CryptoEngine, bytes: Uint8Array): ContactCode | null {
  const reader = new ByteReader(bytes);
  const version = reader.u8();
  const kind = KINDS[reader.u8() - 1];
  const networkName = fromUtf8(reader.raw(reader.u8()));
  const addressBytes = reader.raw(MAILBOX_ADDRESS_SIZE);
  const signingKey = reader.raw(KEY_SIZE);
  const agreementKey = reader.raw(KEY_SIZE);
  const prekey = reader.raw(KEY_SIZE);
  const expiresUnixMs = reader.u32() * MINUTE_MS;
  reader.raw(SIGNATURE_SIZE + CHECKSUM_SIZE);
  if (version !== CODE_VERSION || kind === undefined || !reader.isFinished) return null;
  if (networkName === null || networkName === '' || /\p{C}/u.test(networkName)) return null;
  if (networkName.length > NETWORK_NAME_SIZE_MAX || expiresUnixMs === 0) return null;
  const parsed = decodeMailboxAddress(addressBytes, addressBytes.subarray(0, NETWORK_HASH_SIZE));
  if (!parsed.ok || [signingKey, agreementKey, prekey].some(isAllZero)) return null;
  const hash = new Uint8Array(HASH_SIZE);
  engine.sha256(hash, bytes);
  return {
    kind,
    networkName,
    address: parsed.address,
    owner: { signingKey, agreementKey },
    prekey,
    expiresUnixMs,
    bytes,
    id: hash.slice(0, CONTACT_CODE_ID_SIZE),
  };
}

function checksum(engine: CryptoEngine, content: Uint8Array): Uint8Array {
  const hash = new Uint8Array(HASH_SIZE);
  engine.sha256(hash, content);
  return hash.subarray(0, CHECKSUM_SIZE);
}
