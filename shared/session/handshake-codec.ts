// The bytes of the two handshake messages (docs/protocol.md, "Handshake"). The request has to fit
// one packet with a key of 1,184 bytes in it, so this is where the sizes are added up and
// asserted.
import { assert } from '../assert.ts';
import { ByteReader, ByteWriter, concatBytes, isAllZero, toUtf8 } from '../bytes.ts';
import {
  AEAD_TAG_SIZE,
  ML_KEM_768_CIPHERTEXT_SIZE,
  ML_KEM_768_PUBLIC_KEY_SIZE,
} from '../crypto-sizes.ts';
import {
  decodeMailboxAddress,
  encodeMailboxAddress,
  MAILBOX_ADDRESS_SIZE,
  type MailboxAddress,
} from '../network/address.ts';
import {
  FRAGMENT_BODY_SIZE,
  KEY_SIZE,
  NETWORK_HASH_SIZE,
  SIGNATURE_SIZE,
} from '../network/geometry.ts';
import { DISPLAY_NAME_SIZE_MAX, isDisplayName, readDisplayName } from './display-name.ts';
import type { PublicIdentity } from './identity.ts';

/** Raw address without the network's hash: both ends are in one network. */
export const INNER_ADDRESS_SIZE = MAILBOX_ADDRESS_SIZE - NETWORK_HASH_SIZE;
const NAME_FIELD_SIZE = 1 + DISPLAY_NAME_SIZE_MAX;
const GENERATION_SIZE = 8;

const REQUEST_FIELDS_SIZE =
  2 * KEY_SIZE +
  ML_KEM_768_PUBLIC_KEY_SIZE +
  INNER_ADDRESS_SIZE +
  GENERATION_SIZE +
  NAME_FIELD_SIZE;
export const REQUEST_HEAD_SIZE = 1 + KEY_SIZE;
/** What is left of the packet: zeros, for fields of a later version. */
const REQUEST_RESERVED_SIZE =
  FRAGMENT_BODY_SIZE - REQUEST_HEAD_SIZE - REQUEST_FIELDS_SIZE - SIGNATURE_SIZE - AEAD_TAG_SIZE;
export const REQUEST_SIZE = FRAGMENT_BODY_SIZE;
export const REQUEST_SIGNED_SIZE = REQUEST_FIELDS_SIZE + REQUEST_RESERVED_SIZE;

export const ACCEPTANCE_HEAD_SIZE = 1 + KEY_SIZE + ML_KEM_768_CIPHERTEXT_SIZE;
export const ACCEPTANCE_SIGNED_SIZE = INNER_ADDRESS_SIZE + NAME_FIELD_SIZE;
export const ACCEPTANCE_SIZE =
  ACCEPTANCE_HEAD_SIZE + ACCEPTANCE_SIGNED_SIZE + SIGNATURE_SIZE + AEAD_TAG_SIZE;

assert(REQUEST_RESERVED_SIZE === 25, 'a request has 25 bytes to spare');
assert(REQUEST_SIZE === 1_555, 'a request is one packet');
assert(ACCEPTANCE_SIZE === 1_362, 'an acceptance is 1,362 bytes');
assert(ACCEPTANCE_SIZE <= FRAGMENT_BODY_SIZE, 'an acceptance is one packet');

export type RequestFields = {
  readonly starter: PublicIdentity;
  /** ML-KEM-768, 1,184 bytes, for this handshake alone. */
  readonly kemKey: Uint8Array;
  readonly returnAddress: MailboxAddress;
  readonly generation: number;
  readonly name: string;
};

/** The part of a request that is signed, before it is sealed: 1,442 bytes. */
export function encodeRequestFields(fields: RequestFields): Uint8Array {
  const { starter, kemKey, returnAddress, generation, name } = fields;
  return new ByteWriter(REQUEST_SIGNED_SIZE)
    .raw(starter.signingKey)
    .raw(starter.agreementKey)
    .raw(kemKey)
    .raw(encodeInnerAddress(returnAddress))
    .u64(BigInt(generation))
    .raw(encodeName(name))
    .raw(new Uint8Array(REQUEST_RESERVED_SIZE))
    .finish();
}

/** Null where a field is impossible. The fields are views of `bytes`. */
export function decodeRequestFields(
  bytes: Uint8Array,
  networkHash: Uint8Array,
): RequestFields | null {
  const reader = new ByteReader(bytes);
  const starter = { signingKey: reader.raw(KEY_SIZE), agreementKey: reader.raw(KEY_SIZE) };
  const kemKey = reader.raw(ML_KEM_768_PUBLIC_KEY_SIZE);
  const returnAddress = decodeInnerAddress(reader.raw(INNER_ADDRESS_SIZE), networkHash);
  const generation = Number(reader.u64());
  const name = decodeName(reader.raw(NAME_FIELD_SIZE));
  const reserved = reader.raw(REQUEST_RESERVED_SIZE);
  if (!reader.isFinished || returnAddress === null || name === null) return null;
  if (!isAllZero(reserved) || !Number.isSafeInteger(generation) || generation < 1) return null;
  return { starter, kemKey, returnAddress, generation, name };
}

export type AcceptanceFields = { readonly returnAddress: MailboxAddress; readonly name: string };

/** The part of an acceptance that is signed, before it is sealed: 161 bytes. */
export function encodeAcceptanceFields({ returnAddress, name }: AcceptanceFields): Uint8Array {
  return concatBytes(encodeInnerAddress(returnAddress), encodeName(name));
}

/** Null where a field is impossible. The fields are views of `bytes`. */
export function decodeAcceptanceFields(
  bytes: Uint8Array,
  networkHash: Uint8Array,
): AcceptanceFields | null {
  const reader = new ByteReader(bytes);
  const returnAddress = decodeInnerAddress(reader.raw(INNER_ADDRESS_SIZE), networkHash);
  const name = decodeName(reader.raw(NAME_FIELD_SIZE));
  if (!reader.isFinished || returnAddress === null || name === null) return null;
  return { returnAddress, name };
}

/** 96 bytes. */
export function encodeInnerAddress(address: MailboxAddress): Uint8Array {
  return encodeMailboxAddress(address).subarray(NETWORK_HASH_SIZE);
}

/** The address with these 96 bytes in the network with `networkHash`, or null. */
export function decodeInnerAddress(
  bytes: Uint8Array,
  networkHash: Uint8Array,
): MailboxAddress | null {
  const parsed = decodeMailboxAddress(concatBytes(networkHash, bytes), networkHash);
  return parsed.ok ? parsed.address : null;
}

/** Length and 64 bytes: the name, then zeros. */
function encodeName(name: string): Uint8Array {
  assert(isDisplayName(name), 'a name that is sent is a display name');
  const bytes = toUtf8(name);
  const field = new Uint8Array(NAME_FIELD_SIZE);
  field[0] = bytes.length;
  field.set(bytes, 1);
  return field;
}

function decodeName(field: Uint8Array): string | null {
  const size = field[0] ?? 0;
  if (size > DISPLAY_NAME_SIZE_MAX || !isAllZero(field.subarray(1 + size))) return null;
  return readDisplayName(field.subarray(1, 1 + size));
}
