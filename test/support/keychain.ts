// A keychain of a system, in memory.
import type { Keychain } from '../../main/store/key-file.ts';

/** Keeps one secret; taken out of `kept`, it is lost. */
export function keepingKeychain(): {
  readonly keychain: Keychain;
  readonly kept: Map<string, Uint8Array>;
} {
  const kept = new Map<string, Uint8Array>();
  const keychain: Keychain = {
    wrap: async (secret) => {
      kept.set('one', secret.slice());
      return Uint8Array.from(Buffer.from('one'));
    },
    unwrap: async (handle) => kept.get(Buffer.from(handle).toString())?.slice() ?? null,
  };
  return { keychain, kept };
}
