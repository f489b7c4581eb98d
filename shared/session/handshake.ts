// The handshake: two messages after which two people share a session (design section 3,
// "Handshake"; docs/protocol.md, "Handshake"). X25519 agreements as in X3DH, with the acceptor's
// fresh key in the one-time prekey's place, plus ML-KEM-768; everything sent enters the keys
// through the transcript. A request goes to a contact code, a reset to a contact's identity keys.
// Input that is refused changes nothing: all state is in the values that come back.
import { assert } from '../assert.ts';
import { concatBytes, toUtf8, wipe } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { ML_KEM_768_RANDOMNESS_SIZE, ML_KEM_768_SEED_SIZE } from '../crypto-sizes.ts';
import type { MailboxAddress } from '../network/address.ts';
import { CONTACT_TAG_SIZE, KEY_SIZE, SIGNATURE_SIZE } from '../network/geometry.ts';
import { drawBytes, type RandomSource } from '../random.ts';
import { ENVELOPE, envelopeKind } from './envelope.ts';
import {
  ACCEPTANCE_HEAD_SIZE,
  ACCEPTANCE_SIGNED_SIZE,
  ACCEPTANCE_SIZE,
  type AcceptanceFields,
  decodeAcceptanceFields,
  decodeRequestFields,
  encodeAcceptanceFields,
  encodeRequestFields,
  REQUEST_HEAD_SIZE,
  REQUEST_SIGNED_SIZE,
  REQUEST_SIZE,
  type RequestFields,
} from './handshake-codec.ts';
import type { HandshakeTarget, OwnTarget } from './handshake-target.ts';
import {
  agreementKeyPairOf,
  createAgreementKeyPair,
  type Identity,
  type PublicIdentity,
} from './identity.ts';
import {
  agree,
  deriveBytes,
  isLowOrder,
  openOnce,
  sealOnce,
  signHash,
  transcriptHash,
  tryAgree,
} from './key-schedule.ts';
import { sessionOfAcceptor, sessionOfStarter } from './ratchet.ts';
import type { Session } from './session-state.ts';

const requestLabel = toUtf8('eddy request v1');
const requestSignatureLabel = toUtf8('eddy request signature v1');
const acceptanceLabel = toUtf8('eddy acceptance v1');
const acceptanceSignatureLabel = toUtf8('eddy acceptance signature v1');
const sessionLabel = toUtf8('eddy session v1');
const HANDSHAKE_ID_SIZE = 16;

/** Why a handshake message is refused. */
export type HandshakeRefusal =
  | 'length'
  /** Not of the kind that is awaited here. */
  | 'kind'
  /** A key of low order. */
  | 'low_order'
  /** Sealed to other keys, or altered on the way. */
  | 'sealed'
  | 'malformed'
  | 'signature';

/** The starter's half, until the acceptance comes. Secret. */
export type PendingHandshake = {
  readonly target: HandshakeTarget;
  readonly generation: number;
  /** X25519, 32 bytes. */
  readonly ephemeralSecret: Uint8Array;
  /** The key pair follows from it, 64 bytes. */
  readonly kemSeed: Uint8Array;
  readonly request: RequestSecrets;
  readonly startedUnixMs: number;
};

/** What both have once the request is in: 128 bytes. */
export type RequestSecrets = {
  /** 64 bytes, over everything up to the end of the request. */
  readonly hash: Uint8Array;
  /** 32 bytes. */
  readonly chain: Uint8Array;
  /** 8 bytes each: what the session's messages to either are found by. */
  readonly tagToAcceptor: Uint8Array;
  readonly tagToStarter: Uint8Array;
};

export type StartOptions = {
  readonly identity: Identity;
  readonly target: HandshakeTarget;
  /** With an invite-type token in a request, with the contacts' in a reset. */
  readonly returnAddress: MailboxAddress;
  readonly name: string;
  /** Of the session to come: higher than that of any before it with this person. */
  readonly generation: number;
  readonly nowUnixMs: number;
};

/**
 * Starts a handshake; the message is 1,555 bytes. Draws 32 bytes (ephemeral key) and 64 (ML-KEM).
 * The target's keys were checked when its code or request was read.
 */
export function startHandshake(
  engine: CryptoEngine,
  random: RandomSource,
  options: StartOptions,
): { readonly pending: PendingHandshake; readonly message: Uint8Array } {
  const { identity, target, returnAddress, name, generation } = options;
  const ephemeral = createAgreementKeyPair(engine, random);
  const kemSeed = drawBytes(random, ML_KEM_768_SEED_SIZE);
  const { publicKey: kemKey } = engine.mlKem768KeyPair(kemSeed);
  const head = concatBytes(
    Uint8Array.of(target.kind === 'code' ? ENVELOPE.request : ENVELOPE.reset),
    ephemeral.publicKey,
  );
  const hash = transcriptHash(engine, target.opening, head);
  const { sealKey, ...derived } = deriveRequest(engine, hash, [
    agree(engine, ephemeral.secretKey, target.owner.agreementKey),
    agree(engine, ephemeral.secretKey, target.prekey),
  ]);
  const signed = encodeRequestFields({
    starter: identity,
    kemKey,
    returnAddress,
    generation,
    name,
  });
  const signature = signHash(
    engine,
    requestSignatureLabel,
    transcriptHash(engine, hash, signed),
    identity.signingSecret,
  );
  const sealed = sealOnce(engine, sealKey, hash, concatBytes(signed, signature));
  wipe(sealKey);
  const message = concatBytes(head, sealed);
  assert(message.length === REQUEST_SIZE, 'a request is one packet');
  return {
    message,
    pending: {
      target,
      generation,
      ephemeralSecret: ephemeral.secretKey,
      kemSeed,
      request: { ...derived, hash: transcriptHash(engine, hash, sealed) },
      startedUnixMs: options.nowUnixMs,
    },
  };
}

/** A request that opened: who asks, and what an acceptance is made from. Secret. */
export type OpenedHandshake = RequestFields & {
  readonly target: OwnTarget;
  /** X25519, 32 bytes. */
  readonly ephemeralKey: Uint8Array;
  readonly request: RequestSecrets;
  /** 16 bytes, no two requests have the same: what a repeated one is known by. */
  readonly id: Uint8Array;
};

/**
 * Opens a request or reset for one's own target. Says nothing of whether it is wanted: see
 * `refuseRequest`. Keep the message and open it again when its user accepts it, days later perhaps.
 */
export function openHandshake(
  engine: CryptoEngine,
  target: OwnTarget,
  message: Uint8Array,
):
  | { readonly ok: true; readonly opened: OpenedHandshake }
  | { readonly ok: false; readonly reason: HandshakeRefusal } {
  const refuse = (reason: HandshakeRefusal) => ({ ok: false, reason }) as const;
  if (message.length !== REQUEST_SIZE) return refuse('length');
  if (envelopeKind(message) !== (target.kind === 'code' ? 'request' : 'reset'))
    return refuse('kind');
  const head = message.subarray(0, REQUEST_HEAD_SIZE);
  const ephemeralKey = head.slice(1);
  const identityAgreement = tryAgree(engine, target.agreementSecret, ephemeralKey);
  const prekeyAgreement = tryAgree(engine, target.prekeySecret, ephemeralKey);
  if (identityAgreement === null || prekeyAgreement === null) return refuse('low_order');
  const hash = transcriptHash(engine, target.opening, head);
  const inputs = [identityAgreement, prekeyAgreement];
  const { sealKey, ...derived } = deriveRequest(engine, hash, inputs);
  const sealed = message.subarray(REQUEST_HEAD_SIZE);
  const plaintext = openOnce(engine, sealKey, hash, sealed);
  wipe(sealKey);
  if (plaintext === null) return refuse('sealed');
  const signed = plaintext.subarray(0, REQUEST_SIGNED_SIZE);
  const fields = decodeRequestFields(signed, target.networkHash);
  if (fields === null) return refuse('malformed');
  const signature = plaintext.subarray(REQUEST_SIGNED_SIZE);
  const covered = transcriptHash(engine, hash, signed);
  if (!isSigned(engine, requestSignatureLabel, covered, signature, fields.starter.signingKey)) {
    return refuse('signature');
  }
  const keys = [fields.starter.agreementKey, fields.returnAddress.mailboxKey];
  if (keys.some((key) => isLowOrder(engine, key))) return refuse('low_order');
  if (engine.mlKem768Encapsulate(fields.kemKey, new Uint8Array(32)) === null) {
    return refuse('malformed');
  }
  const requestHash = transcriptHash(engine, hash, sealed);
  const id = requestHash.slice(0, HANDSHAKE_ID_SIZE);
  const request = { ...derived, hash: requestHash };
  return { ok: true, opened: { ...fields, target, ephemeralKey, request, id } };
}

/** The id of a request or reset to `target`, 16 bytes, without opening it; null for neither. */
export function handshakeId(
  engine: CryptoEngine,
  target: HandshakeTarget,
  message: Uint8Array,
): Uint8Array | null {
  if (message.length !== REQUEST_SIZE) return null;
  const hash = transcriptHash(engine, target.opening, message.subarray(0, REQUEST_HEAD_SIZE));
  const sealed = message.subarray(REQUEST_HEAD_SIZE);
  return transcriptHash(engine, hash, sealed).slice(0, HANDSHAKE_ID_SIZE);
}

export type AcceptOptions = {
  readonly identity: Identity;
  readonly opened: OpenedHandshake;
  /** With the contacts' token. */
  readonly returnAddress: MailboxAddress;
  readonly name: string;
  readonly nowUnixMs: number;
};

/**
 * Accepts; the message is 1,362 bytes, found by `tagToStarter`. From now on the session may send.
 * Draws 32 bytes for the acceptor's key and 32 for ML-KEM.
 */
export function acceptHandshake(
  engine: CryptoEngine,
  random: RandomSource,
  options: AcceptOptions,
): { readonly session: Session; readonly message: Uint8Array } {
  const { identity, opened } = options;
  const { target, starter, ephemeralKey, request } = opened;
  const ephemeral = createAgreementKeyPair(engine, random);
  const encapsulated = engine.mlKem768Encapsulate(
    opened.kemKey,
    drawBytes(random, ML_KEM_768_RANDOMNESS_SIZE),
  );
  assert(encapsulated !== null, 'the ML-KEM key of an opened request is valid');
  const head = concatBytes(
    Uint8Array.of(target.kind === 'code' ? ENVELOPE.acceptance : ENVELOPE.resetAcceptance),
    ephemeral.publicKey,
    encapsulated.ciphertext,
  );
  const hash = transcriptHash(engine, request.hash, head);
  const { sealKey, chain } = deriveAcceptance(engine, hash, [
    request.chain.slice(),
    agree(engine, target.prekeySecret, starter.agreementKey),
    agree(engine, ephemeral.secretKey, ephemeralKey),
    agree(engine, ephemeral.secretKey, starter.agreementKey),
    encapsulated.sharedSecret,
  ]);
  const signed = encodeAcceptanceFields(options);
  const covered = transcriptHash(engine, hash, signed);
  const signature = signHash(engine, acceptanceSignatureLabel, covered, identity.signingSecret);
  const sealed = sealOnce(engine, sealKey, hash, concatBytes(signed, signature));
  wipe(sealKey);
  const message = concatBytes(head, sealed);
  assert(message.length === ACCEPTANCE_SIZE, 'an acceptance is 1,362 bytes');
  const people = { starter, acceptor: identity };
  const secrets = deriveSession(engine, transcriptHash(engine, hash, sealed), chain, people);
  const session = sessionOfAcceptor(engine, {
    ...secrets,
    generation: opened.generation,
    starterKey: starter.signingKey.slice(),
    sendTag: request.tagToStarter,
    receiveTag: request.tagToAcceptor,
    establishedUnixMs: options.nowUnixMs,
    ownKey: ephemeral,
    peerKey: ephemeralKey,
  });
  return { session, message };
}

/** Ends the starter's half. Draws 32 bytes, for the ratchet key that he sends with. */
export function finishHandshake(
  engine: CryptoEngine,
  random: RandomSource,
  options: {
    readonly identity: Identity;
    readonly pending: PendingHandshake;
    readonly message: Uint8Array;
    readonly nowUnixMs: number;
  },
):
  | { readonly ok: true; readonly session: Session; readonly acceptor: AcceptanceFields }
  | { readonly ok: false; readonly reason: HandshakeRefusal } {
  const { identity, pending, message } = options;
  const { target, request } = pending;
  const refuse = (reason: HandshakeRefusal) => ({ ok: false, reason }) as const;
  if (message.length !== ACCEPTANCE_SIZE) return refuse('length');
  if (envelopeKind(message) !== acceptanceKind(target)) return refuse('kind');
  const head = message.subarray(0, ACCEPTANCE_HEAD_SIZE);
  const peerKey = head.slice(1, 1 + KEY_SIZE);
  const ownKey = agreementKeyPairOf(engine, pending.ephemeralSecret);
  const ephemeralAgreement = tryAgree(engine, ownKey.secretKey, peerKey);
  const identityAgreement = tryAgree(engine, identity.agreementSecret, peerKey);
  if (ephemeralAgreement === null || identityAgreement === null) return refuse('low_order');
  const { secretKey: kemSecret } = engine.mlKem768KeyPair(pending.kemSeed);
  const hash = transcriptHash(engine, request.hash, head);
  const { sealKey, chain } = deriveAcceptance(engine, hash, [
    request.chain.slice(),
    agree(engine, identity.agreementSecret, target.prekey),
    ephemeralAgreement,
    identityAgreement,
    engine.mlKem768Decapsulate(head.subarray(1 + KEY_SIZE), kemSecret),
  ]);
  wipe(kemSecret);
  const sealed = message.subarray(ACCEPTANCE_HEAD_SIZE);
  const plaintext = openOnce(engine, sealKey, hash, sealed);
  wipe(sealKey);
  if (plaintext === null) return refuse('sealed');
  const signed = plaintext.subarray(0, ACCEPTANCE_SIGNED_SIZE);
  const acceptor = decodeAcceptanceFields(signed, target.networkHash);
  if (acceptor === null) return refuse('malformed');
  const covered = transcriptHash(engine, hash, signed);
  const signature = plaintext.subarray(ACCEPTANCE_SIGNED_SIZE);
  if (!isSigned(engine, acceptanceSignatureLabel, covered, signature, target.owner.signingKey)) {
    return refuse('signature');
  }
  if (isLowOrder(engine, acceptor.returnAddress.mailboxKey)) return refuse('low_order');
  const people = { starter: identity, acceptor: target.owner };
  const secrets = deriveSession(engine, transcriptHash(engine, hash, sealed), chain, people);
  const session = sessionOfStarter(engine, random, {
    ...secrets,
    generation: pending.generation,
    starterKey: identity.signingKey,
    sendTag: request.tagToAcceptor,
    receiveTag: request.tagToStarter,
    establishedUnixMs: options.nowUnixMs,
    ownKey,
    peerKey,
  });
  return { ok: true, session, acceptor };
}

const acceptanceKind = ({ kind }: HandshakeTarget) =>
  kind === 'code' ? 'acceptance' : 'resetAcceptance';

function deriveRequest(engine: CryptoEngine, hash: Uint8Array, inputs: readonly Uint8Array[]) {
  const size = 2 * KEY_SIZE + 2 * CONTACT_TAG_SIZE;
  const derived = deriveBytes(engine, size, inputs, hash, requestLabel);
  return {
    sealKey: derived.slice(0, 32),
    chain: derived.slice(32, 64),
    tagToAcceptor: derived.slice(64, 72),
    tagToStarter: derived.slice(72, 80),
  };
}

function deriveAcceptance(engine: CryptoEngine, hash: Uint8Array, inputs: readonly Uint8Array[]) {
  const derived = deriveBytes(engine, 2 * KEY_SIZE, inputs, hash, acceptanceLabel);
  return { sealKey: derived.slice(0, 32), chain: derived.slice(32, 64) };
}

/** The people's keys stand in the transcript already; here they need no argument to be bound. */
function deriveSession(
  engine: CryptoEngine,
  hash: Uint8Array,
  chain: Uint8Array,
  people: { readonly starter: PublicIdentity; readonly acceptor: PublicIdentity },
) {
  const { starter, acceptor } = people;
  const info = concatBytes(
    sessionLabel,
    starter.signingKey,
    starter.agreementKey,
    acceptor.signingKey,
    acceptor.agreementKey,
  );
  const derived = deriveBytes(engine, 4 * KEY_SIZE, [chain], hash, info);
  return {
    rootKey: derived.slice(0, 32),
    headerKeyToStarter: derived.slice(32, 64),
    headerKeyToAcceptor: derived.slice(64, 96),
    associated: derived.slice(96, 128),
  };
}

function isSigned(
  engine: CryptoEngine,
  label: Uint8Array,
  hash: Uint8Array,
  signature: Uint8Array,
  signingKey: Uint8Array,
): boolean {
  assert(signature.length === SIGNATURE_SIZE, 'a signature is 64 bytes');
  return engine.ed25519Verify(signature, concatBytes(label, hash), signingKey);
}
