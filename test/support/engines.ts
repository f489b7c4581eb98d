// Every crypto engine there is: what holds must hold on all of them.
import type { CryptoEngine } from '../../shared/crypto.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';

export function everyEngine(): Promise<readonly CryptoEngine[]> {
  return Promise.resolve([nobleEngine]);
}
