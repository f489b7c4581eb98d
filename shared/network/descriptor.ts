// What a node says of itself, signed by its identity key (design section 2, "Directory"): kind,
// where it listens, its link key's hash, Sphinx keys for one epoch and the two after it.
// Authorities list descriptors as they came; whoever reads a document can check each one.
import { assert } from '../assert.ts';
import { ByteReader, ByteWriter, concatBytes, fromUtf8, isAllZero, toUtf8 } from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { DESCRIPTOR_SIZE_MAX } from './frame-sizes.ts';
import { HASH_SIZE, KEY_SIZE, SIGNATURE_SIZE } from './geometry.ts';
import { NODE_ADDRESS_SIZE_MAX, parseNodeAddress } from './node-address.ts';
import { readUint53, writeUint53 } from './uint53.ts';

export type NodeKind = 'mix' | 'provider';

export type NodeDescriptor = {
  /** Ed25519, 32 bytes: the node's address in Sphinx headers, and its name everywhere. */
  readonly identityKey: Uint8Array;
  readonly kind: NodeKind;
  /** Whether a provider registers whoever asks; else it wants an invite. False for a mix. */
  readonly isRegistrationOpen: boolean;
  readonly protocolVersion: number;
  /** When it was written; of two descriptors of one node the later one holds. */
  readonly publishedUnixMs: number;
  /** SHA-256 of the link key's SubjectPublicKeyInfo, 32 bytes. */
  readonly linkKeyHash: Uint8Array;
  /** The epoch of the first Sphinx key. */
  readonly firstEpoch: number;
  /** X25519, 32 bytes each: for `firstEpoch` and the two epochs after it. */
  readonly sphinxKeys: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** Who runs it: at most 32 bytes of UTF-8 without control characters; empty where nobody said. */
  readonly operator: string;
  /** `host:port`, 1 to 4. */
  readonly addresses: readonly string[];
};

export const SPHINX_KEY_COUNT = 3;
export const NODE_ADDRESSES_MAX = 4;
export const OPERATOR_SIZE_MAX = 32;
const FORMAT = 1;
const IS_REGISTRATION_OPEN = 1;

const kindBytes: Record<NodeKind, number> = { mix: 1, provider: 2 };
const signatureLabel = toUtf8('eddy descriptor v1');

export type DescriptorRefusal =
  | 'descriptor_size'
  | 'descriptor_format'
  | 'descriptor_field'
  | 'descriptor_address'
  | 'descriptor_operator'
  | 'descriptor_signature';

/** The descriptor's bytes with a signature by `identitySecretKey` (64 bytes) at their end. */
export function signDescriptor(
  engine: CryptoEngine,
  descriptor: NodeDescriptor,
  identitySecretKey: Uint8Array,
): Uint8Array {
  const unsigned = encodeUnsigned(descriptor);
  const signature = new Uint8Array(SIGNATURE_SIZE);
  engine.ed25519Sign(signature, concatBytes(signatureLabel, unsigned), identitySecretKey);
  return concatBytes(unsigned, signature);
}

export type DecodedDescriptor =
  | { readonly ok: true; readonly descriptor: NodeDescriptor }
  | { readonly ok: false; readonly reason: DescriptorRefusal };

/** Reads a descriptor and checks its signature. The byte fields are views of `bytes`. */
export function verifyDescriptor(engine: CryptoEngine, bytes: Uint8Array): DecodedDescriptor {
  const decoded = decodeDescriptor(bytes);
  if (!decoded.ok) return decoded;
  const unsigned = bytes.subarray(0, bytes.length - SIGNATURE_SIZE);
  const signature = bytes.subarray(bytes.length - SIGNATURE_SIZE);
  const message = concatBytes(signatureLabel, unsigned);
  const isSigned = engine.ed25519Verify(signature, message, decoded.descriptor.identityKey);
  return isSigned ? decoded : { ok: false, reason: 'descriptor_signature' };
}

/** The Sphinx key of a node for an epoch, or null where its descriptor has none for it. */
export function sphinxKeyFor(node: NodeDescriptor, epoch: number): Uint8Array | null {
  return node.sphinxKeys[epoch - node.firstEpoch] ?? null;
}

function encodeUnsigned(descriptor: NodeDescriptor): Uint8Array {
  const operator = toUtf8(descriptor.operator);
  const addresses = descriptor.addresses.map(toUtf8);
  const addressesSize = addresses.reduce((size, address) => size + 1 + address.length, 0);
  assert(isOperator(descriptor.operator), 'an operator tag is within its bounds');
  assert(areAddresses(descriptor.addresses), 'a node has 1 to 4 addresses');
  assert(descriptor.identityKey.length === KEY_SIZE, 'an identity key is 32 bytes');
  assert(descriptor.linkKeyHash.length === HASH_SIZE, 'a link key hash is 32 bytes');
  const writer = new ByteWriter(FIXED_SIZE + operator.length + addressesSize);
  writer.u8(FORMAT).u8(kindBytes[descriptor.kind]);
  writer.u8(descriptor.isRegistrationOpen ? IS_REGISTRATION_OPEN : 0);
  writer.u16(descriptor.protocolVersion);
  writeUint53(writer, descriptor.publishedUnixMs);
  writer.raw(descriptor.identityKey).raw(descriptor.linkKeyHash).u32(descriptor.firstEpoch);
  for (const key of descriptor.sphinxKeys) {
    assert(key.length === KEY_SIZE, 'a Sphinx key is 32 bytes');
    writer.raw(key);
  }
  writer.u8(operator.length).raw(operator).u8(addresses.length);
  for (const address of addresses) writer.u8(address.length).raw(address);
  return writer.finish();
}

/** Format, kind, flags, version, time, identity, link key, epoch, keys, two counts. */
const FIXED_SIZE = 1 + 1 + 1 + 2 + 8 + KEY_SIZE + HASH_SIZE + 4 + SPHINX_KEY_COUNT * KEY_SIZE + 2;

function decodeDescriptor(bytes: Uint8Array): DecodedDescriptor {
  if (bytes.length > DESCRIPTOR_SIZE_MAX || bytes.length < FIXED_SIZE + SIGNATURE_SIZE) {
    return { ok: false, reason: 'descriptor_size' };
  }
  const reader = new ByteReader(bytes);
  if (reader.u8() !== FORMAT) return { ok: false, reason: 'descriptor_format' };
  const kindByte = reader.u8();
  const kind: NodeKind = kindByte === kindBytes.mix ? 'mix' : 'provider';
  const flags = reader.u8();
  const protocolVersion = reader.u16();
  const publishedUnixMs = readUint53(reader);
  const identityKey = reader.raw(KEY_SIZE);
  const linkKeyHash = reader.raw(HASH_SIZE);
  const firstEpoch = reader.u32();
  const sphinxKeys = [reader.raw(KEY_SIZE), reader.raw(KEY_SIZE), reader.raw(KEY_SIZE)] as const;
  const operator = fromUtf8(reader.raw(reader.u8()));
  const addressCount = reader.u8();
  const addresses: string[] = [];
  for (let index = 0; index < addressCount && index <= NODE_ADDRESSES_MAX; index++) {
    addresses.push(fromUtf8(reader.raw(reader.u8())) ?? '');
  }
  reader.raw(SIGNATURE_SIZE);
  const flagsMax = kind === 'provider' ? IS_REGISTRATION_OPEN : 0;
  const isSound = kindByte === kindBytes[kind] && flags <= flagsMax && publishedUnixMs !== null;
  if (!isSound || sphinxKeys.some(isAllZero)) return { ok: false, reason: 'descriptor_field' };
  if (operator === null || !isOperator(operator)) {
    return { ok: false, reason: 'descriptor_operator' };
  }
  if (!areAddresses(addresses)) return { ok: false, reason: 'descriptor_address' };
  if (!reader.isFinished) return { ok: false, reason: 'descriptor_size' };
  const isRegistrationOpen = flags === IS_REGISTRATION_OPEN;
  const facts = { kind, isRegistrationOpen, protocolVersion, publishedUnixMs, operator, addresses };
  return {
    ok: true,
    descriptor: { ...facts, identityKey, linkKeyHash, firstEpoch, sphinxKeys },
  };
}

function isOperator(operator: string): boolean {
  return toUtf8(operator).length <= OPERATOR_SIZE_MAX && !/\p{C}/u.test(operator);
}

function areAddresses(addresses: readonly string[]): boolean {
  const isCountSound = addresses.length >= 1 && addresses.length <= NODE_ADDRESSES_MAX;
  return isCountSound && addresses.every((address) => parseNodeAddress(address).ok);
}

assert(
  FIXED_SIZE +
    OPERATOR_SIZE_MAX +
    NODE_ADDRESSES_MAX * (1 + NODE_ADDRESS_SIZE_MAX) +
    SIGNATURE_SIZE <=
    DESCRIPTOR_SIZE_MAX,
  'the largest descriptor fits its frame',
);
