// AES-128-CTR for the engines whose library has none, in three forms. Vectors in WebAssembly first:
// they take the same time for every key and need no object per call. Then node:crypto's, where the
// machine's AES instructions do the same, with keys wrapped in a KeyObject: Node 24.21 takes six
// times as long for a bare buffer. The reference engine's is a table, which can leak the key
// through the cache, and is for machines that have neither (decision 26).
import { createCipheriv, createSecretKey } from 'node:crypto';
import { assert } from '../../shared/assert.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';
import { createWasmAes128Ctr } from './aes-wasm.ts';

/** What of these a machine has. */
export type AesFeatures = { readonly vectors: boolean; readonly nodeAes: boolean };

const zeroBlock = new Uint8Array(16);

/** XORs the keystream from an all-zero counter block into `data`. */
export function nodeAes128CtrXor(data: Uint8Array, key: Uint8Array): void {
  assert(key.length === 16, 'AES-128 key of 16 bytes');
  data.set(createCipheriv('aes-128-ctr', createSecretKey(key), zeroBlock).update(data));
}

/** The best there is. */
export function chooseAes128Ctr(features: AesFeatures): CryptoEngine['aes128CtrXor'] {
  if (features.vectors) return createWasmAes128Ctr();
  return features.nodeAes ? nodeAes128CtrXor : nobleEngine.aes128CtrXor;
}
