// Every length of the network above the Sphinx packet, derived in one place (design section 2, "One
// packet"). Nothing else adds sizes up; the relations are asserted when the module loads.
import { assert } from '../assert.ts';
import { DELAY_SIZE, HEADER_SIZE, PACKET_SIZE, PLAINTEXT_SIZE } from '../sphinx/geometry.ts';

/** Identity keys (Ed25519), Sphinx and mailbox keys (X25519), addresses of nodes. */
export const KEY_SIZE = 32;
/** Ed25519. */
export const SIGNATURE_SIZE = 64;
/** SHA-256. */
export const HASH_SIZE = 32;
export const NETWORK_HASH_SIZE = 8;
export const MAILBOX_SIZE = 16;
export const TOKEN_SIZE = 16;
/** What an acknowledgement is known by: the identifier in the final block of its header. */
export const IDENTIFIER_SIZE = 16;
/** Destination in a Sphinx final block. */
export const DESTINATION_SIZE = 32;

const KIND_SIZE = 1;
/** Delay at the last hop, first hop, ready-made header. */
export const ACKNOWLEDGEMENT_SIZE = DELAY_SIZE + KEY_SIZE + HEADER_SIZE;
export const CONTENT_SIZE =
  PLAINTEXT_SIZE - KIND_SIZE - MAILBOX_SIZE - TOKEN_SIZE - ACKNOWLEDGEMENT_SIZE;

/** Ephemeral X25519 key and tag. */
export const SEAL_OVERHEAD = KEY_SIZE + 16;
export const FRAGMENT_SIZE = CONTENT_SIZE - SEAL_OVERHEAD;

/** 80 random bits: 2^32 messages under one contact tag repeat none but with probability 2^-17. */
export const MESSAGE_ID_SIZE = 10;
/** Picks the session; 64 bits, so that two of a client's tags meet by chance in no client. */
export const CONTACT_TAG_SIZE = 8;
/** Message id, index (u16), count (u16), length (u16), contact tag. */
export const FRAGMENT_HEADER_SIZE = MESSAGE_ID_SIZE + 2 + 2 + 2 + CONTACT_TAG_SIZE;
/** Ciphertext in one fragment. */
export const FRAGMENT_BODY_SIZE = FRAGMENT_SIZE - FRAGMENT_HEADER_SIZE;

/** The largest message a client may be configured to send. */
export const MESSAGE_SIZE_MAX = 4 * 1_024 * 1_024;
/** Room for ratchet and content headers of the largest message. */
const MESSAGE_HEADERS_SIZE_MAX = 65_536;
export const FRAGMENT_COUNT_MAX = Math.ceil(
  (MESSAGE_SIZE_MAX + MESSAGE_HEADERS_SIZE_MAX) / FRAGMENT_BODY_SIZE,
);

assert(PACKET_SIZE === 2_413, 'a packet is 2,413 bytes');
assert(ACKNOWLEDGEMENT_SIZE === 388, 'an acknowledgement is 388 bytes');
assert(CONTENT_SIZE === 1_627, 'a content is 1,627 bytes');
assert(FRAGMENT_HEADER_SIZE === 24, 'a fragment header is 24 bytes');
assert(FRAGMENT_BODY_SIZE === 1_555, 'a fragment carries 1,555 bytes');
assert(FRAGMENT_COUNT_MAX <= 0xffff, 'a fragment count fits 16 bits');
