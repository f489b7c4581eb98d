// The payload's padding: 16 zeros that prove it whole, the plaintext, one 0x01, zeros to the end
// (docs/protocol.md section 1.6).
import { assert } from '../assert.ts';
import { PAYLOAD_OVERHEAD, PAYLOAD_SIZE_MIN, PAYLOAD_ZEROS_SIZE } from './geometry.ts';

const END_MARKER = 1;

/** The padded payload of `payloadSize` bytes; the plaintext is at least 17 bytes shorter. */
export function padPayload(plaintext: Uint8Array, payloadSize: number): Uint8Array {
  assert(payloadSize >= PAYLOAD_SIZE_MIN, 'a payload has at least 33 bytes');
  assert(plaintext.length <= payloadSize - PAYLOAD_OVERHEAD, 'the plaintext fits the payload');
  const payload = new Uint8Array(payloadSize);
  payload.set(plaintext, PAYLOAD_ZEROS_SIZE);
  payload[PAYLOAD_ZEROS_SIZE + plaintext.length] = END_MARKER;
  return payload;
}

/**
 * The plaintext, a view of `payload`, or null where it was altered on the way. Strict: after the
 * last 0x01 nothing but zeros may stand, so that every payload has one reading (the crate ignores
 * what stands there).
 */
export function unpadPayload(payload: Uint8Array): Uint8Array | null {
  if (payload.length < PAYLOAD_OVERHEAD) return null;
  let leading = 0;
  for (let index = 0; index < PAYLOAD_ZEROS_SIZE; index++) leading |= payload[index] ?? 0;
  if (leading !== 0) return null;
  let end = payload.length - 1;
  while (end >= PAYLOAD_ZEROS_SIZE && payload[end] === 0) end -= 1;
  if (end < PAYLOAD_ZEROS_SIZE || payload[end] !== END_MARKER) return null;
  return payload.subarray(PAYLOAD_ZEROS_SIZE, end);
}
