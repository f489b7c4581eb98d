// Whom a handshake is started with: the owner of a contact code, or a contact whose identity keys
// are all that is left (a reset). Also what a first message is found by: the recipient knows the
// tags of his codes, and one per contact for resets, and tries nothing.
import { concatBytes, toUtf8, wipe } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { CONTACT_TAG_SIZE, HASH_SIZE } from '../network/geometry.ts';
import type { ContactCode } from './contact-code.ts';
import type { Identity, PublicIdentity } from './identity.ts';
import { agree, transcriptHash } from './key-schedule.ts';

export type HandshakeTarget = {
  readonly kind: 'code' | 'contact';
  readonly owner: PublicIdentity;
  /** X25519, 32 bytes: the code's; for a contact his identity key stands in for it. */
  readonly prekey: Uint8Array;
  /** 8 bytes. */
  readonly networkHash: Uint8Array;
  /** 64 bytes: the transcript so far. */
  readonly opening: Uint8Array;
};

/** One's own target, to open what is sent to it. Secret. */
export type OwnTarget = HandshakeTarget & {
  readonly agreementSecret: Uint8Array;
  readonly prekeySecret: Uint8Array;
};

const codeLabel = toUtf8('eddy contact handshake v1');
const resetLabel = toUtf8('eddy reset handshake v1');
const requestTagLabel = toUtf8('eddy request tag v1');
const resetTagLabel = toUtf8('eddy reset tag v1');

/** The owner of a parsed code. */
export function codeTarget(engine: CryptoEngine, code: ContactCode): HandshakeTarget {
  return {
    kind: 'code',
    owner: code.owner,
    prekey: code.prekey,
    networkHash: code.address.networkHash,
    opening: transcriptHash(engine, codeLabel, code.bytes),
  };
}

/** A contact, by his identity keys alone. */
export function contactTarget(
  engine: CryptoEngine,
  networkHash: Uint8Array,
  owner: PublicIdentity,
): HandshakeTarget {
  return {
    kind: 'contact',
    owner,
    prekey: owner.agreementKey,
    networkHash,
    opening: transcriptHash(engine, resetLabel, networkHash, owner.signingKey, owner.agreementKey),
  };
}

/** A code of one's own, with the secret of its prekey. */
export function ownCodeTarget(
  engine: CryptoEngine,
  identity: Identity,
  code: ContactCode,
  prekeySecret: Uint8Array,
): OwnTarget {
  const { agreementSecret } = identity;
  return { ...codeTarget(engine, code), agreementSecret, prekeySecret };
}

/** Oneself, for the resets of contacts. */
export function ownContactTarget(
  engine: CryptoEngine,
  networkHash: Uint8Array,
  identity: Identity,
): OwnTarget {
  const { agreementSecret } = identity;
  return {
    ...contactTarget(engine, networkHash, identity),
    agreementSecret,
    prekeySecret: agreementSecret,
  };
}

/** The contact tag (8 bytes) of requests to a code: its owner keeps one per open code. */
export function requestTag(engine: CryptoEngine, code: ContactCode): Uint8Array {
  const hash = new Uint8Array(HASH_SIZE);
  engine.sha256(hash, concatBytes(requestTagLabel, code.bytes));
  return hash.slice(0, CONTACT_TAG_SIZE);
}

/** The contact tags (8 bytes) of resets between two people, who alone can compute them. */
export function resetTags(
  engine: CryptoEngine,
  identity: Identity,
  contact: PublicIdentity,
): { readonly toContact: Uint8Array; readonly toOneself: Uint8Array } {
  const shared = agree(engine, identity.agreementSecret, contact.agreementKey);
  const tagTo = (person: PublicIdentity): Uint8Array => {
    const tag = new Uint8Array(CONTACT_TAG_SIZE);
    const info = concatBytes(resetTagLabel, person.signingKey, person.agreementKey);
    engine.hkdfSha512(tag, shared, new Uint8Array(0), info);
    return tag;
  };
  const tags = { toContact: tagTo(contact), toOneself: tagTo(identity) };
  wipe(shared);
  return tags;
}
