// The system's keychain through Electron's safeStorage, asynchronous half. What it wraps only this
// user of this machine can unwrap. On Linux without a password manager Electron would use a
// password that everybody knows: that is no keychain, and none is offered then.
import type { Keychain } from '../engine/keychain.ts';

/** What is used of `safeStorage`; Electron older than 45 may lack it. */
export type AsyncSafeStorage = {
  readonly isAsyncEncryptionAvailable?: () => Promise<boolean>;
  readonly encryptStringAsync?: (text: string) => Promise<Buffer>;
  readonly decryptStringAsync?: (
    wrapped: Buffer,
  ) => Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
  readonly getSelectedStorageBackend?: () => string;
};

/** Backends whose key is no secret, or not known. */
const weak: ReadonlySet<string> = new Set(['basic_text', 'unknown']);

/** Null where there is none that keeps a secret. Not before the app is ready. */
export async function openKeychain(
  storage: AsyncSafeStorage,
  platform: NodeJS.Platform,
): Promise<Keychain | null> {
  const { encryptStringAsync, decryptStringAsync, isAsyncEncryptionAvailable } = storage;
  if (
    encryptStringAsync === undefined ||
    decryptStringAsync === undefined ||
    isAsyncEncryptionAvailable === undefined
  ) {
    return null;
  }
  const backend = platform === 'linux' ? storage.getSelectedStorageBackend?.() : 'system';
  if (backend === undefined || weak.has(backend)) return null;
  if (!(await isAsyncEncryptionAvailable.call(storage).catch(() => false))) return null;
  return {
    wrap: async (secret) =>
      encryptStringAsync.call(storage, Buffer.from(secret).toString('base64')),
    unwrap: async (wrapped) => {
      try {
        const { result } = await decryptStringAsync.call(storage, Buffer.from(wrapped));
        return Uint8Array.from(Buffer.from(result, 'base64'));
      } catch {
        // Another user's, another machine's, or its user said no: the passphrase is asked for.
        return null;
      }
    },
  };
}
