// The primitives that libsodium lacks or that are better elsewhere, one set for `native` and
// `wasm`: small SHA-256 from the WebAssembly module, the rest of SHA-2 and AES from node:crypto,
// ML-KEM from the reference engine (node:crypto has it on some runtimes only, and draws its own
// randomness where ours has to be given).
import { assert } from '../../shared/assert.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';
import { chooseAes128Ctr } from './aes-ctr.ts';
import { nodeHkdfSha512, nodeHmacSha512, nodeSha256, nodeSha512 } from './hash-node.ts';
import { createSha256 } from './sha256.ts';

/** From here on node:crypto's SHA-256 is faster than the module's: 1.2 µs and 0.6 µs per KiB. */
const LONG_INPUT_SIZE_MIN = 512;

export type HostPrimitives = Pick<
  CryptoEngine,
  | 'sha256'
  | 'sha512'
  | 'hmacSha256'
  | 'hmacSha512'
  | 'hkdfSha256'
  | 'hkdfSha512'
  | 'aes128CtrXor'
  | 'mlKem768KeyPair'
  | 'mlKem768Encapsulate'
  | 'mlKem768Decapsulate'
>;

/** A set with a SHA-256 module of its own. */
export function createHostPrimitives(): HostPrimitives {
  const small = createSha256();
  return {
    sha256: (out, data) => {
      assert(out.length === 32, 'SHA-256 digest of 32 bytes');
      if (data.length < LONG_INPUT_SIZE_MIN) small.sha256(out, data);
      else nodeSha256(out, data);
    },
    sha512: nodeSha512,
    hmacSha256: small.hmacSha256,
    hmacSha512: nodeHmacSha512,
    hkdfSha256: small.hkdfSha256,
    hkdfSha512: nodeHkdfSha512,
    aes128CtrXor: chooseAes128Ctr(),
    mlKem768KeyPair: nobleEngine.mlKem768KeyPair,
    mlKem768Encapsulate: nobleEngine.mlKem768Encapsulate,
    mlKem768Decapsulate: nobleEngine.mlKem768Decapsulate,
  };
}
