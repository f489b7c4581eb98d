// The lengths as the format's own vector file states them.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as geometry from '../../../shared/sphinx/geometry.ts';

const url = new URL('../../vectors/nym-sphinx.json', import.meta.url);
const { constants } = JSON.parse(readFileSync(url, 'utf8')) as {
  constants: Record<string, number | string>;
};

it('every length is the crate’s', () => {
  expect({
    alpha_size: geometry.ALPHA_SIZE,
    destination_address_length: geometry.ADDRESS_SIZE,
    expanded_shared_secret_length: geometry.EXPANDED_SIZE,
    header_size: geometry.HEADER_SIZE,
    hop_slot_size: geometry.SLOT_SIZE,
    identifier_length: geometry.IDENTIFIER_SIZE,
    mac_size: geometry.MAC_SIZE,
    max_path_length: geometry.HOPS_MAX,
    node_address_length: geometry.ADDRESS_SIZE,
    nym_regular_packet_size: geometry.PACKET_SIZE,
    nym_regular_payload_size: geometry.PAYLOAD_SIZE,
    payload_key_seed_size: geometry.PAYLOAD_KEY_SEED_SIZE,
    payload_key_size: geometry.PAYLOAD_KEY_SIZE,
    payload_overhead: geometry.PAYLOAD_OVERHEAD,
    routing_info_size: geometry.ROUTING_SIZE,
    stream_cipher_output_length: geometry.KEYSTREAM_SIZE,
  }).toEqual(
    Object.fromEntries(
      Object.entries(constants).filter(
        ([name, value]) => typeof value === 'number' && !name.startsWith('nym_ack'),
      ),
    ),
  );
});

it('the final padding fills the routing information of every path', () => {
  expect([1, 2, 3, 4, 5].map(geometry.finalPaddingSize)).toEqual([248, 188, 128, 68, 8]);
});
