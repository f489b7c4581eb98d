// The crypto engine of a program that starts: chosen, and what was passed over said in the log.
import type { CryptoEngine } from '../../shared/crypto.ts';
import { chooseCryptoEngine } from '../crypto/choose.ts';
import type { Log } from '../log.ts';

/** Logs `crypto_engine` with its name, and a warning for every faster engine that is not used. */
export async function startCryptoEngine(log: Log): Promise<CryptoEngine> {
  const { engine, refused } = await chooseCryptoEngine();
  for (const passedOver of refused) log('warn', 'crypto_engine_refused', passedOver);
  log('info', 'crypto_engine', { name: engine.name });
  return engine;
}
