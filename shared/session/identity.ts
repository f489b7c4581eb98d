// A user's long-term keys, made on the first start and nowhere registered (design section 3,
// "Identity"). Ed25519 signs contact codes, handshakes and group membership, never a message;
// X25519 agrees. ML-KEM keys are made for one handshake each, and the provider knows a client by
// another key of its own making, so neither is here.
import { assert } from '../assert.ts';
import { ByteReader, ByteWriter, isAllZero } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { ED25519_SECRET_KEY_SIZE, ED25519_SEED_SIZE } from '../crypto-sizes.ts';
import { KEY_SIZE } from '../network/geometry.ts';
import { drawBytes, type RandomSource } from '../random.ts';

/** What others know of a person. Two people are the same where both keys are. */
export type PublicIdentity = {
  /** Ed25519, 32 bytes. */
  readonly signingKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly agreementKey: Uint8Array;
};

export type Identity = PublicIdentity & {
  /** Ed25519 seed ‖ public key, 64 bytes. */
  readonly signingSecret: Uint8Array;
  /** X25519, 32 bytes. */
  readonly agreementSecret: Uint8Array;
};

/** An X25519 key pair, 32 bytes each: prekeys, ephemeral and ratchet keys. */
export type AgreementKeyPair = { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };

/** Version, Ed25519 seed, X25519 secret. */
export const IDENTITY_SIZE = 1 + ED25519_SEED_SIZE + KEY_SIZE;
const IDENTITY_VERSION = 1;

/** Draws 64 bytes: the Ed25519 seed, then the X25519 secret. */
export function createIdentity(engine: CryptoEngine, random: RandomSource): Identity {
  const seed = drawBytes(random, ED25519_SEED_SIZE);
  return identityOf(engine, seed, drawBytes(random, KEY_SIZE));
}

/** Draws 32 bytes. */
export function createAgreementKeyPair(
  engine: CryptoEngine,
  random: RandomSource,
): AgreementKeyPair {
  return agreementKeyPairOf(engine, drawBytes(random, KEY_SIZE));
}

export function agreementKeyPairOf(engine: CryptoEngine, secretKey: Uint8Array): AgreementKeyPair {
  const publicKey = new Uint8Array(KEY_SIZE);
  engine.x25519Base(publicKey, secretKey);
  return { publicKey, secretKey };
}

/** 65 bytes, all of them secret. */
export function encodeIdentity(identity: Identity): Uint8Array {
  return new ByteWriter(IDENTITY_SIZE)
    .u8(IDENTITY_VERSION)
    .raw(identity.signingSecret.subarray(0, ED25519_SEED_SIZE))
    .raw(identity.agreementSecret)
    .finish();
}

/** Null for what `encodeIdentity` did not write. The secrets are copies. */
export function decodeIdentity(engine: CryptoEngine, bytes: Uint8Array): Identity | null {
  if (bytes.length !== IDENTITY_SIZE) return null;
  const reader = new ByteReader(bytes);
  if (reader.u8() !== IDENTITY_VERSION) return null;
  const seed = reader.raw(ED25519_SEED_SIZE);
  const agreementSecret = reader.raw(KEY_SIZE);
  // A file of zeros is damage, not a person.
  if (isAllZero(seed) || isAllZero(agreementSecret)) return null;
  return identityOf(engine, seed, agreementSecret.slice());
}

function identityOf(engine: CryptoEngine, seed: Uint8Array, agreementSecret: Uint8Array): Identity {
  assert(agreementSecret.length === KEY_SIZE, 'an X25519 secret is 32 bytes');
  const signingKey = new Uint8Array(KEY_SIZE);
  const signingSecret = new Uint8Array(ED25519_SECRET_KEY_SIZE);
  engine.ed25519KeyPair(signingKey, signingSecret, seed);
  const { publicKey: agreementKey } = agreementKeyPairOf(engine, agreementSecret);
  return { signingKey, agreementKey, signingSecret, agreementSecret };
}
