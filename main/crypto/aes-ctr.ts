// AES-128-CTR from node:crypto, for the engines whose library has none. The machine's AES
// instructions take the same time for every key; a table in JavaScript would leak it through the
// cache (decision 18). Keys are wrapped in a KeyObject: Node 24.21 takes six times as long for a
// bare buffer.
import { createCipheriv, createSecretKey, getCiphers } from 'node:crypto';
import { assert } from '../../shared/assert.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';

const zeroBlock = new Uint8Array(16);

/** XORs the keystream from an all-zero counter block into `data`. */
export function nodeAes128CtrXor(data: Uint8Array, key: Uint8Array): void {
  assert(key.length === 16, 'AES-128 key of 16 bytes');
  data.set(createCipheriv('aes-128-ctr', createSecretKey(key), zeroBlock).update(data));
}

/** node:crypto's where the runtime has the cipher, else the reference engine's. */
export function chooseAes128Ctr(): CryptoEngine['aes128CtrXor'] {
  return getCiphers().includes('aes-128-ctr') ? nodeAes128CtrXor : nobleEngine.aes128CtrXor;
}
