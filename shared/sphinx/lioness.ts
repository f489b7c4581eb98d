// LIONESS (Anderson and Biham 1996), the wide-block cipher of the payload: ChaCha20 and keyed
// BLAKE2b in a four-round Feistel network over halves of 32 bytes and the rest (docs/protocol.md
// section 1.5). In place, length-preserving, no integrity: a changed block decrypts to noise as a
// whole, which is what it is for.
import { assert } from '../assert.ts';
import type { CryptoEngine } from '../crypto.ts';
import { LIONESS_LEFT_SIZE, PAYLOAD_KEY_SIZE } from './geometry.ts';

/** A payload key of 192 bytes and its parts, which are views of it. */
export type LionessKey = {
  readonly bytes: Uint8Array;
  readonly k1: Uint8Array;
  readonly k2: Uint8Array;
  readonly k3: Uint8Array;
  readonly k4: Uint8Array;
};

/** The parts of a key; what is written to `bytes` later is a new key. */
export function lionessKey(bytes: Uint8Array): LionessKey {
  assert(bytes.length === PAYLOAD_KEY_SIZE, 'a LIONESS key has 192 bytes');
  const [k1, k2, k3] = [bytes.subarray(0, 32), bytes.subarray(32, 96), bytes.subarray(96, 128)];
  return { bytes, k1, k2, k3, k4: bytes.subarray(128) };
}

/** Both directions work on `block` itself, which has more than 32 bytes. */
export type Lioness = {
  readonly encrypt: (block: Uint8Array, key: LionessKey) => void;
  readonly decrypt: (block: Uint8Array, key: LionessKey) => void;
};

export function createLioness(engine: CryptoEngine): Lioness {
  const scratch = new Uint8Array(LIONESS_LEFT_SIZE);

  /** R ^= ChaCha20 keystream under L ^ K. */
  const streamRound = (block: Uint8Array, right: Uint8Array, key: Uint8Array): void => {
    for (let index = 0; index < LIONESS_LEFT_SIZE; index++) {
      scratch[index] = (block[index] ?? 0) ^ (key[index] ?? 0);
    }
    engine.chacha20Xor(right, scratch);
  };

  /** L ^= BLAKE2b(K, R). */
  const hashRound = (block: Uint8Array, right: Uint8Array, key: Uint8Array): void => {
    engine.blake2b(scratch, key, right);
    for (let index = 0; index < LIONESS_LEFT_SIZE; index++) {
      block[index] = (block[index] ?? 0) ^ (scratch[index] ?? 0);
    }
  };

  return {
    encrypt: (block, key) => {
      assert(block.length > LIONESS_LEFT_SIZE, 'a LIONESS block is longer than 32 bytes');
      const right = block.subarray(LIONESS_LEFT_SIZE);
      streamRound(block, right, key.k1);
      hashRound(block, right, key.k2);
      streamRound(block, right, key.k3);
      hashRound(block, right, key.k4);
    },
    decrypt: (block, key) => {
      assert(block.length > LIONESS_LEFT_SIZE, 'a LIONESS block is longer than 32 bytes');
      const right = block.subarray(LIONESS_LEFT_SIZE);
      hashRound(block, right, key.k4);
      streamRound(block, right, key.k3);
      hashRound(block, right, key.k2);
      streamRound(block, right, key.k1);
    },
  };
}
