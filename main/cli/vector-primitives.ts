// What the implementation makes of the vectors about single steps: key schedule, keystream, MAC,
// blinding, LIONESS, padding, and the two number formats.
import { toHex } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { writeDelay, writeVersion } from '../../shared/sphinx/header.ts';
import { allocateHopKeys, derivePayloadKey, expandSharedSecret } from '../../shared/sphinx/keys.ts';
import { createLioness, lionessKey } from '../../shared/sphinx/lioness.ts';
import { padPayload } from '../../shared/sphinx/payload.ts';
import {
  bigField,
  bytesField,
  bytesListField,
  countField,
  type JsonObject,
  type Vector,
} from './vector-file.ts';
import { isAssertion } from './vector-refusals.ts';

type Compute = (engine: CryptoEngine, vector: Vector) => JsonObject;

const computeExpansion: Compute = (engine, vector) => {
  const keys = allocateHopKeys();
  expandSharedSecret(engine, keys, bytesField(vector, 'shared_secret'));
  return {
    stream_cipher_key: toHex(keys.streamKey),
    mac_key: toHex(keys.macKey),
    full_payload_key: toHex(keys.fullPayloadKey),
    payload_key_seed: toHex(keys.payloadKeySeed),
    blinding_factor: toHex(keys.blindingFactor),
    replay_tag: toHex(keys.replayTag),
  };
};

const computePayloadKey: Compute = (engine, vector) => {
  const key = new Uint8Array(192);
  derivePayloadKey(engine, key, bytesField(vector, 'seed'));
  return { payload_key: toHex(key) };
};

const computeKeystream: Compute = (engine, vector) => {
  const output = new Uint8Array(countField(vector, 'length'));
  engine.aes128CtrXor(output, bytesField(vector, 'key'));
  return { output: toHex(output) };
};

const computeHeaderMac: Compute = (engine, vector) => {
  const tag = new Uint8Array(32);
  engine.hmacSha256(tag, bytesField(vector, 'key'), bytesField(vector, 'data'));
  return { mac: toHex(tag.subarray(0, 16)) };
};

const computeBlinding: Compute = (engine, vector) => {
  const next = new Uint8Array(32);
  engine.x25519(next, bytesField(vector, 'blinding_factor'), bytesField(vector, 'alpha'));
  return { next_alpha: toHex(next) };
};

const computeX25519: Compute = (engine, vector) => {
  const publicKey = new Uint8Array(32);
  const secret = new Uint8Array(32);
  const privateKey = bytesField(vector, 'private_key');
  engine.x25519Base(publicKey, privateKey);
  engine.x25519(secret, privateKey, bytesField(vector, 'peer_public_key'));
  return { public_key: toHex(publicKey), shared_secret: toHex(secret) };
};

const computeLioness: Compute = (engine, vector) => {
  const lioness = createLioness(engine);
  const key = lionessKey(bytesField(vector, 'key'));
  const encrypted = bytesField(vector, 'input');
  const decrypted = bytesField(vector, 'input');
  lioness.encrypt(encrypted, key);
  lioness.decrypt(decrypted, key);
  return { encrypted: toHex(encrypted), decrypted: toHex(decrypted) };
};

/** The verdict is given in words; its first one is what is compared. */
const computeLionessError: Compute = (engine, vector) => {
  const lioness = createLioness(engine);
  const block = new Uint8Array(countField(vector, 'length'));
  const refusals = [lioness.encrypt, lioness.decrypt].map((work) => {
    try {
      work(block, lionessKey(new Uint8Array(192)));
      return false;
    } catch (error) {
      return isAssertion(error);
    }
  });
  return { verdict: refusals.every(Boolean) ? 'error' : 'ok' };
};

const computePadding: Compute = (_engine, vector) => {
  const padded = padPayload(bytesField(vector, 'plaintext'), countField(vector, 'payload_size'));
  return { padded: toHex(padded) };
};

const computeLayers: Compute = (engine, vector) => {
  const lioness = createLioness(engine);
  const keys = bytesListField(vector, 'keys').map(lionessKey);
  const block = padPayload(bytesField(vector, 'plaintext'), countField(vector, 'payload_size'));
  for (const key of keys.toReversed()) lioness.encrypt(block, key);
  const payload = toHex(block);
  const after_each_hop = keys.map((key) => {
    lioness.decrypt(block, key);
    return toHex(block);
  });
  return { payload, after_each_hop };
};

const computeDelay: Compute = (_engine, vector) => {
  const bytes = new Uint8Array(8);
  writeDelay(bytes, bigField(vector['delay_ns'], 'delay_ns'));
  return { bytes: toHex(bytes) };
};

const computeVersion: Compute = (_engine, vector) => {
  const bytes = new Uint8Array(3);
  writeVersion(bytes, countField(vector, 'version'));
  return { bytes: toHex(bytes) };
};

/** Kind of vector → what it gives and what of it. */
export const PRIMITIVE_KINDS: Readonly<
  Record<string, { readonly given: readonly string[]; readonly compute: Compute }>
> = {
  expand_shared_secret: { given: ['shared_secret'], compute: computeExpansion },
  payload_key: { given: ['seed'], compute: computePayloadKey },
  prg: { given: ['key', 'length'], compute: computeKeystream },
  header_mac: { given: ['key', 'data'], compute: computeHeaderMac },
  blind: { given: ['alpha', 'blinding_factor'], compute: computeBlinding },
  x25519: { given: ['private_key', 'peer_public_key'], compute: computeX25519 },
  lioness: { given: ['key', 'input'], compute: computeLioness },
  lioness_error: { given: ['length'], compute: computeLionessError },
  payload_padding: { given: ['plaintext', 'payload_size'], compute: computePadding },
  payload_layers: { given: ['keys', 'plaintext', 'payload_size'], compute: computeLayers },
  delay: { given: ['delay_ns'], compute: computeDelay },
  version: { given: ['version'], compute: computeVersion },
};
