// Every crypto engine there is: what holds must hold on all of them.
import { engineLoaders } from '../../main/crypto/choose.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';

/** Native, wasm, noble, in this order, without a self-test; rejects where one does not load. */
export function everyEngine(): Promise<readonly CryptoEngine[]> {
  return Promise.all(engineLoaders.map(({ load }) => load()));
}
