// A profile that a keychain alone opens: where that is not there, or gives no key, the engine says
// so and nothing of a passphrase, and is asked again when its user wants it.
import path from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { chooseCryptoEngine } from '../../../main/crypto/choose.ts';
import { createEngine, type Engine } from '../../../main/engine/engine.ts';
import type { Keychain } from '../../../main/store/key-file.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { keepingKeychain } from '../../support/keychain.ts';
import { scratchFolder } from '../../support/store-files.ts';

let crypto: CryptoEngine;
beforeAll(async () => {
  ({ engine: crypto } = await chooseCryptoEngine());
});

/** An engine whose keychain can come and go. */
function start(profileDir: string, first: Keychain | null) {
  const system = { keychain: first, later: null as Keychain | null };
  const engine = createEngine({
    profileDir,
    version: '1.2.3',
    crypto,
    keychain: () => system.keychain,
    findKeychain: async () => {
      system.keychain ??= system.later;
    },
    log: () => {},
    emit: () => {},
  });
  onTestFinished(() => engine.close());
  return { engine, system };
}

async function call(engine: Engine, name: string, args: unknown = {}): Promise<unknown> {
  const reply = await engine.handle({ id: 1, call: name, args });
  return reply.ok ? reply.value : reply.code;
}

/** A folder that only the keychain opens. */
async function kept() {
  const { keychain, kept: secrets } = keepingKeychain();
  const profileDir = path.join(scratchFolder(), 'profile');
  const { engine } = start(profileDir, keychain);
  await call(engine, 'settings.set', { theme: 'dark' });
  expect(await call(engine, 'lock.setKeychain', { isOn: true })).toMatchObject({
    hasPassphrase: false,
    hasKeychain: true,
    wasGivenToKeychain: true,
  });
  engine.close();
  return { profileDir, keychain, secrets };
}

it('says without a keychain who has the key, and that there is no passphrase', async () => {
  const { profileDir } = await kept();
  const { engine } = start(profileDir, null);
  expect(await call(engine, 'lock.get')).toMatchObject({
    state: 'locked',
    hasPassphrase: false,
    hasKeychain: null,
    wasGivenToKeychain: true,
  });
  expect(await call(engine, 'lock.unlock', { passphrase: 'any words' })).toBe('no_passphrase');
  expect(await call(engine, 'lock.again')).toBe('no_keychain');
});

it('opens at another try, once the keychain is found and gives the key', async () => {
  const { profileDir, keychain } = await kept();
  const { engine, system } = start(profileDir, null);
  let isLocked = true;
  system.later = {
    ...keychain,
    unwrap: async (wrapped) => (isLocked ? null : await keychain.unwrap(wrapped)),
  };
  expect(await call(engine, 'lock.again')).toBe('keychain_refused');
  expect(await call(engine, 'lock.get')).toMatchObject({ state: 'locked', hasKeychain: true });
  isLocked = false;
  const both = await Promise.all([call(engine, 'lock.again'), call(engine, 'lock.again')]);
  for (const one of both) expect(one).toMatchObject({ state: 'open' });
  expect(await call(engine, 'settings.get')).toMatchObject({ theme: 'dark' });
  expect(await call(engine, 'lock.again')).toMatchObject({ state: 'open' });
});

it('is asked no more for what was locked with a passphrase', async () => {
  const { profileDir, keychain } = await kept();
  const { engine } = start(profileDir, keychain);
  await engine.openWithKeychain();
  await call(engine, 'lock.setPassphrase', { current: null, next: 'seven slow herons' });
  await call(engine, 'lock.now');
  expect(await call(engine, 'lock.again')).toBe('locked');
  expect(await call(engine, 'lock.get')).toMatchObject({ state: 'locked', hasPassphrase: true });
});
