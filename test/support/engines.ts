// Every crypto engine there is: what holds must hold on all of them. All of them load wherever the
// tests run; one that does not is a failure, and not a test less.
import { engineLoaders } from '../../main/crypto/choose.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';

/** `native`, `wasm`, `noble`, in this order. */
export function everyEngine(): Promise<readonly CryptoEngine[]> {
  return Promise.all(engineLoaders.map(({ load }) => load()));
}

/** The one to run many packets through. */
export async function fastestEngine(): Promise<CryptoEngine> {
  const [fastest] = await everyEngine();
  if (fastest === undefined) throw new Error('no crypto engine');
  return fastest;
}
