// What lies under the seal of a content: one fragment of a message (design section 2, "One
// packet"). All fragments but the last are full, so that a message has one way to be cut.
import { assert } from '../assert.ts';
import { ByteReader, ByteWriter, isAllZero } from '../bytes.ts';
import {
  CONTACT_TAG_SIZE,
  FRAGMENT_BODY_SIZE,
  FRAGMENT_COUNT_MAX,
  FRAGMENT_SIZE,
  MESSAGE_ID_SIZE,
} from './geometry.ts';

export type Fragment = {
  /** 10 random bytes, the same in all fragments of a message and in every try. */
  readonly messageId: Uint8Array;
  /** From 0. */
  readonly index: number;
  /** 1 to 2,740. */
  readonly count: number;
  /** 8 bytes: which session the ciphertext is for; all zero in a loop, which is to oneself. */
  readonly contactTag: Uint8Array;
  /** 1,555 bytes in all but the last fragment, 1 to 1,555 in that. */
  readonly ciphertext: Uint8Array;
};

/** The contact tag of a loop. */
export const LOOP_CONTACT_TAG: Uint8Array = new Uint8Array(CONTACT_TAG_SIZE);

export type FragmentRefusal =
  | 'fragment_size'
  | 'fragment_count'
  | 'fragment_index'
  | 'fragment_length'
  | 'fragment_padding';

/** 1,579 bytes. */
export function encodeFragment(fragment: Fragment): Uint8Array {
  const { messageId, index, count, contactTag, ciphertext } = fragment;
  assert(messageId.length === MESSAGE_ID_SIZE, 'a message id is 10 bytes');
  assert(contactTag.length === CONTACT_TAG_SIZE, 'a contact tag is 8 bytes');
  assert(refusal(index, count, ciphertext.length) === null, 'a fragment keeps its bounds');
  return new ByteWriter(FRAGMENT_SIZE)
    .raw(messageId)
    .u16(index)
    .u16(count)
    .u16(ciphertext.length)
    .raw(contactTag)
    .raw(ciphertext)
    .raw(new Uint8Array(FRAGMENT_BODY_SIZE - ciphertext.length))
    .finish();
}

/** The fields are views of `bytes`. */
export function decodeFragment(
  bytes: Uint8Array,
):
  | { readonly ok: true; readonly fragment: Fragment }
  | { readonly ok: false; readonly reason: FragmentRefusal } {
  if (bytes.length !== FRAGMENT_SIZE) return { ok: false, reason: 'fragment_size' };
  const reader = new ByteReader(bytes);
  const messageId = reader.raw(MESSAGE_ID_SIZE);
  const index = reader.u16();
  const count = reader.u16();
  const length = reader.u16();
  const contactTag = reader.raw(CONTACT_TAG_SIZE);
  const reason = refusal(index, count, length);
  if (reason !== null) return { ok: false, reason };
  const ciphertext = reader.raw(length);
  if (!isAllZero(reader.raw(reader.remaining))) return { ok: false, reason: 'fragment_padding' };
  return { ok: true, fragment: { messageId, index, count, contactTag, ciphertext } };
}

function refusal(index: number, count: number, length: number): FragmentRefusal | null {
  if (count < 1 || count > FRAGMENT_COUNT_MAX) return 'fragment_count';
  if (index >= count) return 'fragment_index';
  if (length < 1 || length > FRAGMENT_BODY_SIZE) return 'fragment_length';
  if (index < count - 1 && length !== FRAGMENT_BODY_SIZE) return 'fragment_length';
  return null;
}
