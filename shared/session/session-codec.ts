// The bytes in which a store keeps a session or a handshake under way: exact, versioned, one form
// per value. They are secret. What does not parse is damage and gives null.
import { assert } from '../assert.ts';
import { ByteReader, ByteWriter } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { ML_KEM_768_SEED_SIZE } from '../crypto-sizes.ts';
import { CONTACT_TAG_SIZE, KEY_SIZE, NETWORK_HASH_SIZE } from '../network/geometry.ts';
import type { PendingHandshake } from './handshake.ts';
import { agreementKeyPairOf } from './identity.ts';
import { TRANSCRIPT_SIZE } from './key-schedule.ts';
import {
  CLOSED_CHAINS_MAX,
  type ReceiveChain,
  type Session,
  SKIPPED_KEYS_MAX,
  type SkippedKey,
} from './session-state.ts';

const VERSION = 1;
const SKIPPED_KEY_SIZE = 4 + 8 + KEY_SIZE;
/** Header key, whether it is open, chain key, next index, count of skipped keys. */
const CHAIN_SIZE = KEY_SIZE + 1 + KEY_SIZE + 4 + 2;
/** Generation, starter, tags, establishment, seven keys, two counters; then the chains. */
const SESSION_SIZE = 1 + 8 + 2 * CONTACT_TAG_SIZE + 8 + 9 * KEY_SIZE + 4 + 4 + 1;
const PENDING_SIZE =
  1 +
  1 +
  4 * KEY_SIZE +
  NETWORK_HASH_SIZE +
  2 * TRANSCRIPT_SIZE +
  8 +
  8 +
  ML_KEM_768_SEED_SIZE +
  KEY_SIZE +
  2 * CONTACT_TAG_SIZE;

/** About 420 bytes and 44 for every skipped key. */
export function encodeSession(session: Session): Uint8Array {
  const chains = session.receiveChains;
  const size = chains.reduce(
    (sum, { skipped }) => sum + CHAIN_SIZE + skipped.length * SKIPPED_KEY_SIZE,
    SESSION_SIZE,
  );
  const writer = new ByteWriter(size)
    .u8(VERSION)
    .u64(BigInt(session.generation))
    .raw(session.starterKey)
    .raw(session.sendTag)
    .raw(session.receiveTag)
    .u64(BigInt(session.establishedUnixMs))
    .raw(session.associated)
    .raw(session.rootKey)
    .raw(session.ownKey.secretKey)
    .raw(session.peerKey)
    .raw(session.sendChain.headerKey)
    .raw(session.sendChain.chainKey)
    .u32(session.sendChain.count)
    .raw(session.nextSendHeaderKey)
    .u32(session.previousCount)
    .raw(session.nextReceiveHeaderKey)
    .u8(chains.length);
  for (const chain of chains) writeChain(writer, chain);
  return writer.finish();
}

/** The fields are views of `bytes`, but for the own public key, which is computed. */
export function decodeSession(engine: CryptoEngine, bytes: Uint8Array): Session | null {
  const reader = new ByteReader(bytes);
  if (reader.u8() !== VERSION) return null;
  const generation = Number(reader.u64());
  const starterKey = reader.raw(KEY_SIZE);
  const sendTag = reader.raw(CONTACT_TAG_SIZE);
  const receiveTag = reader.raw(CONTACT_TAG_SIZE);
  const establishedUnixMs = Number(reader.u64());
  const associated = reader.raw(KEY_SIZE);
  const rootKey = reader.raw(KEY_SIZE);
  const ownSecret = reader.raw(KEY_SIZE);
  const peerKey = reader.raw(KEY_SIZE);
  const headerKey = reader.raw(KEY_SIZE);
  const sendChain = { headerKey, chainKey: reader.raw(KEY_SIZE), count: reader.u32() };
  const nextSendHeaderKey = reader.raw(KEY_SIZE);
  const previousCount = reader.u32();
  const nextReceiveHeaderKey = reader.raw(KEY_SIZE);
  const chainCount = reader.u8();
  if (!reader.isWhole || chainCount > 1 + CLOSED_CHAINS_MAX) return null;
  if (!Number.isSafeInteger(generation) || !Number.isSafeInteger(establishedUnixMs)) return null;
  const receiveChains = Array.from({ length: chainCount }, () => readChain(reader));
  if (!reader.isFinished || !receiveChains.every((chain) => chain !== null)) return null;
  return {
    generation,
    starterKey,
    sendTag,
    receiveTag,
    establishedUnixMs,
    associated,
    rootKey,
    ownKey: agreementKeyPairOf(engine, ownSecret),
    peerKey,
    sendChain,
    nextSendHeaderKey,
    previousCount,
    nextReceiveHeaderKey,
    receiveChains,
  };
}

function writeChain(writer: ByteWriter, chain: ReceiveChain): void {
  const { headerKey, chainKey, next, skipped } = chain;
  assert(skipped.length <= SKIPPED_KEYS_MAX, 'a chain keeps to the limit of skipped keys');
  writer
    .raw(headerKey)
    .u8(chainKey === null ? 0 : 1)
    .raw(chainKey ?? new Uint8Array(KEY_SIZE))
    .u32(next)
    .u16(skipped.length);
  for (const { index, sinceUnixMs, key } of skipped) {
    writer.u32(index).u64(BigInt(sinceUnixMs)).raw(key);
  }
}

function readChain(reader: ByteReader): ReceiveChain | null {
  const headerKey = reader.raw(KEY_SIZE);
  const openMark = reader.u8();
  const key = reader.raw(KEY_SIZE);
  const next = reader.u32();
  const count = reader.u16();
  if (openMark > 1 || count > SKIPPED_KEYS_MAX || !reader.isWhole) return null;
  if (openMark === 0 && key.some((byte) => byte !== 0)) return null;
  const skipped: SkippedKey[] = [];
  for (let read = 0; read < count; read++) {
    const index = reader.u32();
    const sinceUnixMs = Number(reader.u64());
    const last = skipped.at(-1)?.index ?? -1;
    if (index <= last || index >= next || !Number.isSafeInteger(sinceUnixMs)) return null;
    skipped.push({ index, sinceUnixMs, key: reader.raw(KEY_SIZE) });
  }
  return { headerKey, chainKey: openMark === 1 ? key : null, next, skipped };
}

/** 497 bytes. */
export function encodePendingHandshake(pending: PendingHandshake): Uint8Array {
  const { target, request } = pending;
  return new ByteWriter(PENDING_SIZE)
    .u8(VERSION)
    .u8(target.kind === 'code' ? 0 : 1)
    .raw(target.owner.signingKey)
    .raw(target.owner.agreementKey)
    .raw(target.prekey)
    .raw(target.networkHash)
    .raw(target.opening)
    .u64(BigInt(pending.generation))
    .raw(pending.ephemeralSecret)
    .raw(pending.kemSeed)
    .raw(request.hash)
    .raw(request.chain)
    .raw(request.tagToAcceptor)
    .raw(request.tagToStarter)
    .u64(BigInt(pending.startedUnixMs))
    .finish();
}

/** The fields are views of `bytes`. */
export function decodePendingHandshake(bytes: Uint8Array): PendingHandshake | null {
  const reader = new ByteReader(bytes);
  if (reader.u8() !== VERSION) return null;
  const kind = (['code', 'contact'] as const)[reader.u8()];
  const owner = { signingKey: reader.raw(KEY_SIZE), agreementKey: reader.raw(KEY_SIZE) };
  const prekey = reader.raw(KEY_SIZE);
  const networkHash = reader.raw(NETWORK_HASH_SIZE);
  const opening = reader.raw(TRANSCRIPT_SIZE);
  const generation = Number(reader.u64());
  const ephemeralSecret = reader.raw(KEY_SIZE);
  const kemSeed = reader.raw(ML_KEM_768_SEED_SIZE);
  const request = {
    hash: reader.raw(TRANSCRIPT_SIZE),
    chain: reader.raw(KEY_SIZE),
    tagToAcceptor: reader.raw(CONTACT_TAG_SIZE),
    tagToStarter: reader.raw(CONTACT_TAG_SIZE),
  };
  const startedUnixMs = Number(reader.u64());
  if (!reader.isFinished || kind === undefined || !Number.isSafeInteger(generation)) return null;
  if (!Number.isSafeInteger(startedUnixMs)) return null;
  const target = { kind, owner, prekey, networkHash, opening };
  return { target, generation, ephemeralSecret, kemSeed, request, startedUnixMs };
}
