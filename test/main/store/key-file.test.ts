// The key file of a profile: what opens it, what does not, and that no key stands in it unwrapped
// once there is something to wrap it with.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseCryptoEngine } from '../../../main/crypto/choose.ts';
import {
  type Keychain,
  type KeyFile,
  type KeyRing,
  keychainSlot,
  masterOfKeychain,
  masterOfPassphrase,
  masterOfPlain,
  openKeyFile,
  PASSPHRASE_MEMORY_KIB,
  protectedFile,
  storeKeysOf,
} from '../../../main/store/key-file.ts';
import { systemRandom } from '../../../main/system.ts';
import { toUtf8 } from '../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { codeThrownBy, scratchFolder } from '../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  ({ engine } = await chooseCryptoEngine());
});

function ringIn(folder: string): { ring: KeyRing; database: string } {
  const file = path.join(folder, 'store.key');
  return { ring: { engine, random: systemRandom, file }, database: path.join(folder, 'x.db') };
}
const keyOf = (content: KeyFile, master: Uint8Array) =>
  storeKeysOf(engine, content, master).current;
/** Keeps what it wraps, and gives it back for what it gave out. */
function memoryKeychain(): Keychain {
  const kept = new Map<string, Uint8Array>();
  return {
    wrap: async (secret) => {
      const handle = systemBytes(24);
      kept.set(Buffer.from(handle).toString('hex'), secret.slice());
      return handle;
    },
    unwrap: async (handle) => kept.get(Buffer.from(handle).toString('hex'))?.slice() ?? null,
  };
}
function systemBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  systemRandom.fill(bytes);
  return bytes;
}

describe('a key file', () => {
  it('is made open, read back, and gives the same key of the database', () => {
    const { ring, database } = ringIn(scratchFolder());
    const made = openKeyFile(ring, database);
    const master = masterOfPlain(made);
    const again = openKeyFile(ring, database);
    expect(again).toEqual(made);
    expect(keyOf(again, master as Uint8Array)).toHaveLength(32);
    writeFileSync(database, 'x');
    const other = ringIn(path.dirname(database));
    expect(codeThrownBy(() => openKeyFile({ ...other.ring, file: 'none' }, database))).toBe(
      'store_key',
    );
  });

  it('takes over the first layout, whose key stays the key of the database', () => {
    const { ring, database } = ringIn(scratchFolder());
    const key = Buffer.alloc(32, 5);
    const slots = [{ kind: 'plain', key: key.toString('base64') }];
    writeFileSync(ring.file, JSON.stringify({ version: 1, slots }));
    const content = openKeyFile(ring, database);
    expect(content.version).toBe(2);
    const master = masterOfPlain(content) as Uint8Array;
    expect(Buffer.from(keyOf(content, master))).toEqual(key);
    expect(Buffer.from(master)).not.toEqual(key);
    expect(openKeyFile(ring, database)).toEqual(content);
  });

  it('opens with its passphrase alone, and holds no key that is not wrapped', async () => {
    const { ring } = ringIn(scratchFolder());
    const storeKey = new Uint8Array(32).fill(9);
    const passphrase = toUtf8('seven slow herons');
    const { content, master } = await protectedFile(ring, storeKey, { passphrase, keychain: null });
    expect(masterOfPlain(content)).toBeNull();
    expect(content.slots).toHaveLength(1);
    const text = JSON.stringify(content);
    for (const secret of [storeKey, master]) {
      expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20));
    }
    const wrong = await masterOfPassphrase(engine, content, toUtf8('seven slow heron'));
    expect(wrong).toBeNull();
    const right = await masterOfPassphrase(engine, content, passphrase);
    expect(keyOf(content, right as Uint8Array)).toEqual(storeKey);
    expect(PASSPHRASE_MEMORY_KIB).toBeGreaterThanOrEqual(65_536);
  });

  it('opens with the keychain that wrapped it, with no other, and with both', async () => {
    const { ring } = ringIn(scratchFolder());
    const storeKey = new Uint8Array(32).fill(9);
    const keychain = memoryKeychain();
    const both = { passphrase: toUtf8('p'), keychain };
    const { content, master } = await protectedFile(ring, storeKey, both);
    expect(await masterOfKeychain(content, keychain)).toEqual(master);
    expect(await masterOfKeychain(content, memoryKeychain())).toBeNull();
    expect(await masterOfPassphrase(engine, content, toUtf8('p'))).toEqual(master);
    const slot = await keychainSlot(master, keychain);
    expect(await masterOfKeychain({ ...content, slots: [slot] }, keychain)).toEqual(master);
  });

  it('notices every changed byte of what is sealed', async () => {
    const { ring, database } = ringIn(scratchFolder());
    const content = openKeyFile(ring, database);
    const master = masterOfPlain(content) as Uint8Array;
    const sealed = Buffer.from(content.store, 'base64');
    for (let at = 0; at < sealed.length; at++) {
      const bent = Buffer.from(sealed);
      bent[at] = (bent[at] ?? 0) ^ 1;
      const store = bent.toString('base64');
      expect(codeThrownBy(() => storeKeysOf(engine, { ...content, store }, master))).toBe(
        'store_key',
      );
    }
  });

  it.each([
    ['a later layout', { version: 3 }, 'store_newer'],
    ['no slot', { version: 2, slots: [], store: '', next: null }, 'store_key'],
    [
      'a cost that would take the machine down',
      {
        version: 2,
        slots: [{ kind: 'passphrase', salt: '', memoryKiB: 2 ** 31, passes: 1, sealed: '' }],
        store: '',
        next: null,
      },
      'store_key',
    ],
    ['an extra field', { version: 2, slots: [], store: '', next: null, more: 1 }, 'store_key'],
  ])('with %s is refused and left as it is', (_name, content, code) => {
    const { ring, database } = ringIn(scratchFolder());
    writeFileSync(ring.file, JSON.stringify(content));
    expect(codeThrownBy(() => openKeyFile(ring, database))).toBe(code);
    expect(JSON.parse(readFileSync(ring.file, 'utf8'))).toEqual(content);
  });
});
