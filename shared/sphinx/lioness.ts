// LIONESS (Anderson and Biham 1996), the wide-block cipher of the payload: ChaCha20 and keyed
// BLAKE2b in a four-round Feistel network over halves of 32 bytes and the rest (docs/protocol.md
// section 1.5). In place, length-preserving, no integrity: a changed block decrypts to noise as a
// whole, which is what it is for.
import { assert } from '../assert.ts';
import type { CryptoEngine } from '../crypto.ts';
import { LIONESS_LEFT_SIZE, PAYLOAD_KEY_SIZE } from './geometry.ts';

/** Both directions work on `block` itself (more than 32 bytes) with a key of 192 bytes. */
export type Lioness = {
  readonly encrypt: (block: Uint8Array, key: Uint8Array) => void;
  readonly decrypt: (block: Uint8Array, key: Uint8Array) => void;
};

const K1_OFFSET = 0;
const K2_OFFSET = 32;
const K3_OFFSET = 96;
const K4_OFFSET = 128;
const HASH_KEY_SIZE = 64;

export function createLioness(engine: CryptoEngine): Lioness {
  const scratch = new Uint8Array(LIONESS_LEFT_SIZE);

  /** R ^= ChaCha20 keystream under L ^ K. */
  const streamRound = (left: Uint8Array, right: Uint8Array, key: Uint8Array, at: number): void => {
    for (let index = 0; index < LIONESS_LEFT_SIZE; index++) {
      scratch[index] = (left[index] ?? 0) ^ (key[at + index] ?? 0);
    }
    engine.chacha20Xor(right, scratch);
  };

  /** L ^= BLAKE2b(K, R). */
  const hashRound = (left: Uint8Array, right: Uint8Array, key: Uint8Array, at: number): void => {
    engine.blake2b(scratch, key.subarray(at, at + HASH_KEY_SIZE), right);
    for (let index = 0; index < LIONESS_LEFT_SIZE; index++) {
      left[index] = (left[index] ?? 0) ^ (scratch[index] ?? 0);
    }
  };

  return {
    encrypt: (block, key) => {
      assertSizes(block, key);
      const left = block.subarray(0, LIONESS_LEFT_SIZE);
      const right = block.subarray(LIONESS_LEFT_SIZE);
      streamRound(left, right, key, K1_OFFSET);
      hashRound(left, right, key, K2_OFFSET);
      streamRound(left, right, key, K3_OFFSET);
      hashRound(left, right, key, K4_OFFSET);
    },
    decrypt: (block, key) => {
      assertSizes(block, key);
      const left = block.subarray(0, LIONESS_LEFT_SIZE);
      const right = block.subarray(LIONESS_LEFT_SIZE);
      hashRound(left, right, key, K4_OFFSET);
      streamRound(left, right, key, K3_OFFSET);
      hashRound(left, right, key, K2_OFFSET);
      streamRound(left, right, key, K1_OFFSET);
    },
  };
}

function assertSizes(block: Uint8Array, key: Uint8Array): void {
  assert(block.length > LIONESS_LEFT_SIZE, 'a LIONESS block is longer than 32 bytes');
  assert(key.length === PAYLOAD_KEY_SIZE, 'a LIONESS key has 192 bytes');
}
