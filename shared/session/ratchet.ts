// The Double Ratchet with header encryption (Signal's specification, section 4; design section 3,
// "Session"; docs/protocol.md, "Session"). A session is a plain value: what seals or opens gives
// the next one back together with its result, and one transaction stores both. What does not open
// gives nothing back, so that it cannot change anything. In a mix network messages overtake one
// another all the time: keys of skipped messages are the normal path, bounded by the limits below.
import { assert } from '../assert.ts';
import { ByteReader, ByteWriter, concatBytes, toUtf8, wipe } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { AEAD_TAG_SIZE, CHACHA20_NONCE_SIZE } from '../crypto-sizes.ts';
import { KEY_SIZE } from '../network/geometry.ts';
import type { RandomSource } from '../random.ts';
import { ENVELOPE, envelopeKind } from './envelope.ts';
import { createAgreementKeyPair } from './identity.ts';
import { agree, deriveBytes, tryAgree } from './key-schedule.ts';
import {
  forgetSkippedKeys,
  JUMP_MAX,
  type ReceiveChain,
  type Session,
  SKIPPED_KEYS_MAX,
} from './session-state.ts';

type NewSession = Pick<
  Session,
  | 'generation'
  | 'starterKey'
  | 'sendTag'
  | 'receiveTag'
  | 'establishedUnixMs'
  | 'associated'
  | 'rootKey'
  | 'ownKey'
  | 'peerKey'
> & { readonly headerKeyToStarter: Uint8Array; readonly headerKeyToAcceptor: Uint8Array };

const HEADER_SIZE = KEY_SIZE + 4 + 4;
const SEALED_HEADER_SIZE = HEADER_SIZE + AEAD_TAG_SIZE;
/** Kind, nonce, sealed header. */
const HEAD_SIZE = 1 + CHACHA20_NONCE_SIZE + SEALED_HEADER_SIZE;
/** What a message is longer than its plaintext. */
export const MESSAGE_OVERHEAD = HEAD_SIZE + AEAD_TAG_SIZE;
assert(MESSAGE_OVERHEAD === 85, 'a message is 85 bytes longer than its plaintext');

/** The acceptor's side: his key in the acceptance is his first ratchet key. */
export function sessionOfAcceptor(engine: CryptoEngine, fields: NewSession): Session {
  const { headerKeyToStarter, headerKeyToAcceptor, ...session } = fields;
  const step = ratchetRoot(engine, session.rootKey, session.ownKey.secretKey, session.peerKey);
  return {
    ...session,
    rootKey: step.rootKey,
    sendChain: { headerKey: headerKeyToStarter, chainKey: step.chainKey, count: 0 },
    nextSendHeaderKey: step.nextHeaderKey,
    previousCount: 0,
    nextReceiveHeaderKey: headerKeyToAcceptor,
    receiveChains: [],
  };
}

/** The starter's side: he has the acceptor's ratchet key from the start, and answers with his. */
export function sessionOfStarter(
  engine: CryptoEngine,
  random: RandomSource,
  fields: NewSession,
): Session {
  const { headerKeyToStarter, headerKeyToAcceptor, ...session } = fields;
  const step = ratchetRoot(engine, session.rootKey, session.ownKey.secretKey, session.peerKey);
  const received = {
    ...session,
    rootKey: step.rootKey,
    nextReceiveHeaderKey: step.nextHeaderKey,
    receiveChains: [openChain(headerKeyToStarter, step.chainKey)],
  };
  return turnSendChain(engine, random, received, {
    headerKey: headerKeyToAcceptor,
    previousCount: 0,
  });
}

/**
 * Seals a plaintext of any length: kind 1, nonce 12, sealed header 56, ciphertext, tag 16. The same
 * session and plaintext give the same bytes. Store the session that comes back before the message
 * leaves, and never seal from the old one again.
 */
export function sealMessage(
  engine: CryptoEngine,
  session: Session,
  plaintext: Uint8Array,
): { readonly session: Session; readonly message: Uint8Array } {
  const { headerKey, chainKey, count } = session.sendChain;
  const { messageKey, nextChainKey } = stepChain(engine, chainKey);
  const { key, nonce, headerNonce } = expandMessageKey(engine, messageKey);
  wipe(messageKey);
  const message = new Uint8Array(plaintext.length + MESSAGE_OVERHEAD);
  message[0] = ENVELOPE.message;
  message.set(headerNonce, 1);
  const header = new ByteWriter(HEADER_SIZE)
    .raw(session.ownKey.publicKey)
    .u32(session.previousCount)
    .u32(count)
    .finish();
  const { associated } = session;
  const sealedHeader = message.subarray(1 + CHACHA20_NONCE_SIZE, HEAD_SIZE);
  engine.chacha20Poly1305Seal(sealedHeader, headerKey, headerNonce, associated, header);
  const body = concatBytes(associated, message.subarray(0, HEAD_SIZE));
  engine.chacha20Poly1305Seal(message.subarray(HEAD_SIZE), key, nonce, body, plaintext);
  wipe(key);
  const sendChain = { headerKey, chainKey: nextChainKey, count: count + 1 };
  return { session: { ...session, sendChain }, message };
}

export type MessageRefusal =
  | 'length'
  | 'kind'
  /** No key of this session opens the header: altered, of another session, or of a lost chain. */
  | 'header'
  /** This message was opened before, or its key was forgotten. Other bytes: a doubled profile. */
  | 'repeated'
  /** It would take more than 2,000 skipped keys: only a reset helps. */
  | 'too_far'
  /** The header contradicts itself: the other program is broken. */
  | 'malformed'
  | 'low_order'
  | 'body';

export type OpenedMessage =
  | {
      readonly ok: true;
      readonly session: Session;
      readonly plaintext: Uint8Array;
      /** Keys of skipped messages that went for want of room: those messages will not open. */
      readonly forgottenCount: number;
    }
  | { readonly ok: false; readonly reason: MessageRefusal };

/** Opens a message. Draws 32 bytes if, and only if, it opens and begins a chain. */
export function openMessage(
  engine: CryptoEngine,
  random: RandomSource,
  options: {
    readonly session: Session;
    readonly message: Uint8Array;
    readonly nowUnixMs: number;
  },
): OpenedMessage {
  const { session, message, nowUnixMs } = options;
  if (message.length < MESSAGE_OVERHEAD) return { ok: false, reason: 'length' };
  if (envelopeKind(message) !== 'message') return { ok: false, reason: 'kind' };
  const found = findHeader(engine, session, message);
  if (found === null) return { ok: false, reason: 'header' };
  const advanced =
    found.chain === null
      ? turnReceiveChain(engine, session, found.header, nowUnixMs)
      : advanceChain(engine, session, found, nowUnixMs);
  if (!advanced.ok) return advanced;
  const { key, nonce } = expandMessageKey(engine, advanced.messageKey);
  const plaintext = new Uint8Array(message.length - MESSAGE_OVERHEAD);
  const body = concatBytes(session.associated, message.subarray(0, HEAD_SIZE));
  const sealed = message.subarray(HEAD_SIZE);
  const isOpen = engine.chacha20Poly1305Open(plaintext, key, nonce, body, sealed);
  wipe(key);
  if (!isOpen) return { ok: false, reason: 'body' };
  const turned =
    found.chain === null
      ? turnSendChain(engine, random, advanced.session, {
          headerKey: session.nextSendHeaderKey,
          previousCount: session.sendChain.count,
        })
      : advanced.session;
  const kept = forgetSkippedKeys(turned, { keepMax: SKIPPED_KEYS_MAX, olderThanUnixMs: 0 });
  return { ok: true, plaintext, session: kept.session, forgottenCount: kept.forgottenCount };
}

type Header = {
  readonly peerKey: Uint8Array;
  readonly previousCount: number;
  readonly index: number;
};
type Found = { readonly chain: ReceiveChain | null; readonly header: Header };

/** Tries the current chain, the closed ones, then the next: at most seven opens of 40 bytes. */
function findHeader(engine: CryptoEngine, session: Session, message: Uint8Array): Found | null {
  const nonce = message.subarray(1, 1 + CHACHA20_NONCE_SIZE);
  const sealed = message.subarray(1 + CHACHA20_NONCE_SIZE, HEAD_SIZE);
  const bytes = new Uint8Array(HEADER_SIZE);
  const opens = (key: Uint8Array): boolean =>
    engine.chacha20Poly1305Open(bytes, key, nonce, session.associated, sealed);
  const chain = session.receiveChains.find(({ headerKey }) => opens(headerKey)) ?? null;
  if (chain === null && !opens(session.nextReceiveHeaderKey)) return null;
  const reader = new ByteReader(bytes);
  const peerKey = reader.raw(KEY_SIZE);
  return { chain, header: { peerKey, previousCount: reader.u32(), index: reader.u32() } };
}

type Advanced =
  | { readonly ok: true; readonly session: Session; readonly messageKey: Uint8Array }
  | { readonly ok: false; readonly reason: MessageRefusal };

/** A message of a chain that is known: its key was skipped, or is still to be derived. */
function advanceChain(
  engine: CryptoEngine,
  session: Session,
  found: Found,
  nowUnixMs: number,
): Advanced {
  const { chain, header } = found;
  assert(chain !== null, 'the header belongs to a known chain');
  const replace = (next: ReceiveChain): Session => ({
    ...session,
    receiveChains: session.receiveChains.map((one) => (one === chain ? next : one)),
  });
  if (header.index < chain.next) {
    const kept = chain.skipped.find(({ index }) => index === header.index);
    if (kept === undefined) return { ok: false, reason: 'repeated' };
    const skipped = chain.skipped.filter((one) => one !== kept);
    return { ok: true, session: replace({ ...chain, skipped }), messageKey: kept.key };
  }
  if (chain.chainKey === null) return { ok: false, reason: 'malformed' };
  if (header.index - chain.next > JUMP_MAX) return { ok: false, reason: 'too_far' };
  const skippedTo = skipTo(engine, chain, header.index, nowUnixMs);
  const { chainKey } = skippedTo;
  assert(chainKey !== null, 'an open chain stays open');
  const { messageKey, nextChainKey } = stepChain(engine, chainKey);
  const next = { ...skippedTo, chainKey: nextChainKey, next: header.index + 1 };
  return { ok: true, session: replace(next), messageKey };
}

/** The first message of a new chain: closes the current one and takes the other's new key in. */
function turnReceiveChain(
  engine: CryptoEngine,
  session: Session,
  header: Header,
  nowUnixMs: number,
): Advanced {
  const [current, ...older] = session.receiveChains;
  const unseen = current === undefined ? 0 : header.previousCount - current.next;
  if (unseen < 0) return { ok: false, reason: 'malformed' };
  if (unseen + header.index > JUMP_MAX) return { ok: false, reason: 'too_far' };
  if (tryAgree(engine, session.ownKey.secretKey, header.peerKey) === null) {
    return { ok: false, reason: 'low_order' };
  }
  const closed =
    current === undefined
      ? []
      : [{ ...skipTo(engine, current, header.previousCount, nowUnixMs), chainKey: null }];
  const step = ratchetRoot(engine, session.rootKey, session.ownKey.secretKey, header.peerKey);
  const opened = openChain(session.nextReceiveHeaderKey, step.chainKey);
  const turned: Session = {
    ...session,
    rootKey: step.rootKey,
    peerKey: header.peerKey.slice(),
    nextReceiveHeaderKey: step.nextHeaderKey,
    receiveChains: [opened, ...closed, ...older],
  };
  return advanceChain(engine, turned, { chain: opened, header }, nowUnixMs);
}

/** The own answer to a new chain of the other's: a fresh key and a chain of its own. */
function turnSendChain(
  engine: CryptoEngine,
  random: RandomSource,
  session: Omit<Session, 'sendChain' | 'nextSendHeaderKey' | 'previousCount'>,
  next: { readonly headerKey: Uint8Array; readonly previousCount: number },
): Session {
  const ownKey = createAgreementKeyPair(engine, random);
  const step = ratchetRoot(engine, session.rootKey, ownKey.secretKey, session.peerKey);
  return {
    ...session,
    ownKey,
    rootKey: step.rootKey,
    previousCount: next.previousCount,
    sendChain: { headerKey: next.headerKey, chainKey: step.chainKey, count: 0 },
    nextSendHeaderKey: step.nextHeaderKey,
  };
}

function openChain(headerKey: Uint8Array, chainKey: Uint8Array): ReceiveChain {
  return { headerKey, chainKey, next: 0, skipped: [] };
}

/** Derives and keeps the keys up to `index`, that one excluded. */
function skipTo(
  engine: CryptoEngine,
  chain: ReceiveChain,
  index: number,
  nowUnixMs: number,
): ReceiveChain {
  let { chainKey } = chain;
  assert(chainKey !== null || index === chain.next, 'keys are skipped in an open chain');
  const skipped = [...chain.skipped];
  for (let at = chain.next; at < index && chainKey !== null; at++) {
    const { messageKey, nextChainKey } = stepChain(engine, chainKey);
    skipped.push({ index: at, key: messageKey, sinceUnixMs: nowUnixMs });
    chainKey = nextChainKey;
  }
  return { ...chain, chainKey, next: index, skipped };
}

const rootLabel = toUtf8('eddy ratchet v1');
const messageLabel = toUtf8('eddy message v1');
const messageKeyInput = Uint8Array.of(1);
const chainKeyInput = Uint8Array.of(2);
const noSalt = new Uint8Array(0);

function ratchetRoot(
  engine: CryptoEngine,
  rootKey: Uint8Array,
  secret: Uint8Array,
  point: Uint8Array,
) {
  const input = agree(engine, secret, point);
  const derived = deriveBytes(engine, 3 * KEY_SIZE, [input], rootKey, rootLabel);
  return {
    rootKey: derived.slice(0, 32),
    chainKey: derived.slice(32, 64),
    nextHeaderKey: derived.slice(64, 96),
  };
}

function stepChain(engine: CryptoEngine, chainKey: Uint8Array) {
  const messageKey = new Uint8Array(KEY_SIZE);
  const nextChainKey = new Uint8Array(KEY_SIZE);
  engine.hmacSha256(messageKey, chainKey, messageKeyInput);
  engine.hmacSha256(nextChainKey, chainKey, chainKeyInput);
  return { messageKey, nextChainKey };
}

/**
 * The header's nonce comes from the message key too: no two headers share one under a header key,
 * and sealing draws nothing.
 */
function expandMessageKey(engine: CryptoEngine, messageKey: Uint8Array) {
  const derived = new Uint8Array(KEY_SIZE + 2 * CHACHA20_NONCE_SIZE);
  engine.hkdfSha256(derived, messageKey, noSalt, messageLabel);
  return {
    key: derived.subarray(0, 32),
    nonce: derived.subarray(32, 44),
    headerNonce: derived.subarray(44, 56),
  };
}
