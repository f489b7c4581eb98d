// Every length of a Sphinx packet, in one place, with the relations between them asserted at load.
// The format is that of the Rust crate `sphinx-packet` (docs/protocol.md section 1). Sizes are
// bytes.
import { assert } from '../assert.ts';

/** Hops of the longest path the header has room for. Fixed by the format. */
export const HOPS_MAX = 5;

export const FLAG_SIZE = 1;
export const VERSION_SIZE = 3;
export const ADDRESS_SIZE = 32;
export const IDENTIFIER_SIZE = 16;
export const DELAY_SIZE = 8;
export const MAC_SIZE = 16;
export const ALPHA_SIZE = 32;

/** What one forward hop reads: flag, version, next address, delay, the next header's MAC. */
export const SLOT_SIZE = FLAG_SIZE + VERSION_SIZE + ADDRESS_SIZE + DELAY_SIZE + MAC_SIZE;
/** What the last hop reads: flag, version, destination, identifier. */
export const FINAL_BLOCK_SIZE = FLAG_SIZE + VERSION_SIZE + ADDRESS_SIZE + IDENTIFIER_SIZE;
/** β: one slot for each hop that a path can have. */
export const ROUTING_SIZE = HOPS_MAX * SLOT_SIZE;
/** Drawn per hop: β and the slot of zeros that a hop appends before it decrypts. */
export const KEYSTREAM_SIZE = ROUTING_SIZE + SLOT_SIZE;
export const HEADER_SIZE = ALPHA_SIZE + MAC_SIZE + ROUTING_SIZE;

export const MAC_OFFSET = ALPHA_SIZE;
export const ROUTING_OFFSET = ALPHA_SIZE + MAC_SIZE;

/**
 * Where the fields of a decrypted routing block lie; the last hop's identifier stands where a delay
 * would.
 */
export const VERSION_OFFSET = FLAG_SIZE;
export const BLOCK_ADDRESS_OFFSET = VERSION_OFFSET + VERSION_SIZE;
export const BLOCK_DELAY_OFFSET = BLOCK_ADDRESS_OFFSET + ADDRESS_SIZE;
export const BLOCK_IDENTIFIER_OFFSET = BLOCK_DELAY_OFFSET;
export const BLOCK_MAC_OFFSET = BLOCK_DELAY_OFFSET + DELAY_SIZE;

export const KEY_SIZE = 32;
export const STREAM_KEY_SIZE = 16;
export const MAC_KEY_SIZE = 16;
/** K1 ‖ K2 ‖ K3 ‖ K4 of LIONESS: 32 + 64 + 32 + 64. */
export const PAYLOAD_KEY_SIZE = 192;
export const PAYLOAD_KEY_SEED_SIZE = 16;
export const BLINDING_FACTOR_SIZE = 32;
export const REPLAY_TAG_SIZE = 32;
/** What a shared secret is expanded to. */
export const EXPANDED_SIZE =
  STREAM_KEY_SIZE + MAC_KEY_SIZE + PAYLOAD_KEY_SIZE + BLINDING_FACTOR_SIZE + REPLAY_TAG_SIZE;

/** The zeros that tell the last hop that the payload is whole. */
export const PAYLOAD_ZEROS_SIZE = 16;
/** Zeros and the one end marker. */
export const PAYLOAD_OVERHEAD = PAYLOAD_ZEROS_SIZE + 1;
/** The left half of a LIONESS block; a block must be longer than this. */
export const LIONESS_LEFT_SIZE = 32;
export const PAYLOAD_SIZE_MIN = LIONESS_LEFT_SIZE + 1;

/**
 * The one size of Eddy's network: 2,048 bytes of plaintext. No second one, since it would split the
 * crowd.
 */
export const PLAINTEXT_SIZE = 2048;
export const PAYLOAD_SIZE = PLAINTEXT_SIZE + PAYLOAD_OVERHEAD;
export const PACKET_SIZE = HEADER_SIZE + PAYLOAD_SIZE;

/** Key-less part of a serialised reply block: header and the first hop's address. */
export const SURB_BASE_SIZE = HEADER_SIZE + ADDRESS_SIZE;

/** Random bytes after the last hop's block, which keep the path's length from it. */
export function finalPaddingSize(hopCount: number): number {
  return ROUTING_SIZE - SLOT_SIZE * (hopCount - 1) - FINAL_BLOCK_SIZE;
}

assert(SLOT_SIZE === 60 && HEADER_SIZE === 348, 'header as the format has it');
assert(
  KEYSTREAM_SIZE === 360 && EXPANDED_SIZE === 288,
  'keystream and expansion as the format has',
);
assert(PACKET_SIZE === 2413, 'packet as the network has it');
assert(BLOCK_MAC_OFFSET + MAC_SIZE === SLOT_SIZE, 'the MAC ends the slot');
assert(finalPaddingSize(HOPS_MAX) === 8, 'the final block fits the longest path');
assert(FINAL_BLOCK_SIZE <= SLOT_SIZE, 'the final block is no longer than a slot');
assert(PAYLOAD_SIZE >= PAYLOAD_SIZE_MIN, 'the payload can be encrypted');
