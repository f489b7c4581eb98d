// The adapter to Electron's asynchronous safeStorage: what is a keychain and what is none, and the
// way of its answers to the engine's thread. The storage here is a stand-in: the Electron of the
// tests has no asynchronous one.
import { describe, expect, it } from 'vitest';
import { type AsyncSafeStorage, openKeychain } from '../../../main/app/keychain.ts';
import { answerKeychain, createKeychainLink } from '../../../main/engine/keychain.ts';

function storage(change: Partial<AsyncSafeStorage> = {}): AsyncSafeStorage {
  return {
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async (text) => Buffer.from(`wrapped ${text}`),
    decryptStringAsync: async (wrapped) => {
      const text = wrapped.toString();
      if (!text.startsWith('wrapped ')) throw new Error('not mine');
      return { result: text.slice(8), shouldReEncrypt: false };
    },
    getSelectedStorageBackend: () => 'gnome_libsecret',
    ...change,
  };
}
const secret = new Uint8Array(32).fill(5);

describe('the keychain of the desktop app', () => {
  it('gives back what it wrapped, and nothing for anything else', async () => {
    const keychain = await openKeychain(storage(), 'linux');
    const wrapped = (await keychain?.wrap(secret)) ?? new Uint8Array(0);
    expect(await keychain?.unwrap(wrapped)).toEqual(secret);
    expect(await keychain?.unwrap(Buffer.from('x'))).toBeNull();
  });

  it.each<[string, AsyncSafeStorage, NodeJS.Platform]>([
    [
      'a password that everybody knows',
      storage({ getSelectedStorageBackend: () => 'basic_text' }),
      'linux',
    ],
    [
      'a backend that is not known',
      storage({ getSelectedStorageBackend: () => 'unknown' }),
      'linux',
    ],
    ['an older Electron', {}, 'darwin'],
    [
      'one that is not available',
      storage({ isAsyncEncryptionAvailable: async () => false }),
      'win32',
    ],
    [
      'one that fails to say',
      storage({ isAsyncEncryptionAvailable: () => Promise.reject(new Error('no')) }),
      'darwin',
    ],
  ])('is none with %s', async (_name, given, platform) => {
    expect(await openKeychain(given, platform)).toBeNull();
  });

  it('asks for no backend where there is but one', async () => {
    const bare = storage({
      getSelectedStorageBackend: () => {
        throw new Error('Linux only');
      },
    });
    expect(await openKeychain(bare, 'darwin')).not.toBeNull();
  });
});

describe('the way to the keychain', () => {
  it('carries questions and answers, and a keychain that is gone as nothing', async () => {
    const real = await openKeychain(storage(), 'linux');
    let held = real;
    const link = createKeychainLink((question) => {
      void answerKeychain(held, question).then((bytes) => link.answer(question.id, bytes));
    });
    const wrapped = await link.keychain.wrap(secret);
    expect(await link.keychain.unwrap(wrapped)).toEqual(secret);
    held = null;
    expect(await link.keychain.unwrap(wrapped)).toBeNull();
    await expect(link.keychain.wrap(secret)).rejects.toThrow('took nothing');
  });
});
