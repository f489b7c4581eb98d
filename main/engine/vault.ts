// The profile's keys and its database: who may open it, what that takes, and how it is closed again
// while the program goes on (design section 4). The master key is in memory while the profile is
// open, and wiped when it is locked.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { assert } from '../../shared/assert.ts';
import { toUtf8, wipe } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { RandomSource } from '../../shared/random.ts';
import { openDatabase } from '../store/database.ts';
import { FOLDER_MODE } from '../store/durable-file.ts';
import type { OpenDb } from '../store/handle.ts';
import {
  type Keychain,
  type KeyFile,
  type KeyRing,
  keychainSlot,
  masterOfKeychain,
  masterOfPassphrase,
  masterOfPlain,
  openKeyFile,
  protectedFile,
  sealStoreKey,
  storeKeysOf,
  writeKeyFile,
} from '../store/key-file.ts';
import { profileMigrations } from '../store/migrations.ts';
import { lockProfile } from '../store/profile-lock.ts';
import { type RekeyJob, rekeyCopy, rekeyFile } from '../store/rekey.ts';
import { classify, StoreError } from '../store/store-error.ts';

export type VaultOptions = {
  readonly profileDir: string;
  readonly crypto: CryptoEngine;
  readonly random: RandomSource;
  readonly nativeBinding?: string | undefined;
  /** Null where the system has none that is worth the name, or none yet. */
  readonly keychain: () => Keychain | null;
};

export type Vault = {
  readonly spoolFile: string;
  readonly databaseFile: string;
  readonly hasPassphrase: () => boolean;
  readonly hasKeychain: () => boolean | null;
  /** Whether a keychain was given the key, be one there now or not. */
  readonly wasGivenToKeychain: () => boolean;
  /** Takes the plain slot's key; false where there is none. */
  readonly takePlain: () => boolean;
  /**
   * Asks the system's keychain for the master key, which is the caller's to hand to `takeMaster` or
   * to wipe; null where it has none, or gives none. It may ask its user, for as long as that takes.
   */
  readonly askKeychain: () => Promise<Uint8Array | null>;
  /** Takes a master key and keeps its bytes. */
  readonly takeMaster: (master: Uint8Array) => void;
  /** False where this is not the passphrase. Takes a second, off this thread where that can be. */
  readonly takePassphrase: (passphrase: string) => Promise<boolean>;
  /** Opens the database with the key that was taken. Throws `StoreError`. */
  readonly open: () => OpenDb;
  /** Forgets the key; the database was closed. */
  readonly forget: () => void;
  /** Sets or takes away what opens the profile; it is open. */
  readonly protect: (change: {
    readonly passphrase: string | null;
    readonly keychain: boolean;
  }) => Promise<void>;
  readonly addKeychain: () => Promise<void>;
  readonly dropKeychain: () => void;
  /** Encrypts the closed database under a new key, in a thread of its own; crash-safe. */
  readonly rekey: (work: (job: RekeyJob) => Promise<void>) => Promise<void>;
  /** Lets others open the profile. */
  readonly release: () => void;
};

/** Takes the profile for this process. Throws `StoreError`. */
export function openVault(options: VaultOptions): Vault {
  const { profileDir, crypto, random, nativeBinding } = options;
  try {
    mkdirSync(profileDir, { recursive: true, mode: FOLDER_MODE });
  } catch (error) {
    throw classify(error);
  }
  const databaseFile = path.join(profileDir, 'profile.db');
  const ring: KeyRing = { engine: crypto, random, file: path.join(profileDir, 'store.key') };
  const lock = lockProfile(profileDir, nativeBinding);
  let keys: KeyFile;
  try {
    keys = openKeyFile(ring, databaseFile);
  } catch (error) {
    lock.release();
    throw classify(error);
  }
  let master: Uint8Array | null = null;
  let isReleased = false;

  const has = (kind: 'passphrase' | 'keychain') => keys.slots.some((one) => one.kind === kind);
  const save = (next: KeyFile) => {
    writeKeyFile(ring.file, next);
    keys = next;
  };
  const take = (found: Uint8Array | null): boolean => {
    if (found === null) return false;
    if (master !== null) wipe(master);
    // What was asked for before the profile was given back is worth nothing after it.
    if (isReleased) wipe(found);
    master = isReleased ? null : found;
    return !isReleased;
  };
  const held = (): Uint8Array => {
    assert(master !== null, 'the profile is open');
    return master;
  };
  const openWith = (key: Uint8Array): OpenDb => {
    try {
      return openDatabase({
        file: databaseFile,
        key,
        migrations: profileMigrations,
        nativeBinding,
      });
    } finally {
      wipe(key);
    }
  };

  return {
    spoolFile: path.join(profileDir, 'spool'),
    databaseFile,
    hasPassphrase: () => has('passphrase'),
    wasGivenToKeychain: () => has('keychain'),
    hasKeychain: () => (options.keychain() === null ? null : has('keychain')),
    takePlain: () => take(masterOfPlain(keys)),
    askKeychain: async () => {
      const keychain = options.keychain();
      return keychain === null ? null : await masterOfKeychain(keys, keychain).catch(() => null);
    },
    takeMaster: (found) => void take(found),
    takePassphrase: async (passphrase) => {
      const bytes = toUtf8(passphrase.normalize('NFC'));
      try {
        return take(await masterOfPassphrase(crypto, keys, bytes));
      } finally {
        wipe(bytes);
      }
    },
    open: () => {
      const { current, next } = storeKeysOf(crypto, keys, held());
      if (next === null) return openWith(current);
      // A renewal was cut off: the file has one key or the other.
      rmSync(rekeyCopy(databaseFile), { force: true });
      const sealedNext = keys.next ?? '';
      try {
        const db = openWith(next);
        save({ ...keys, store: sealedNext, next: null });
        wipe(current);
        return db;
      } catch (error) {
        const isOther = error instanceof StoreError && /^store_(key|damaged)$/.test(error.code);
        if (!isOther) throw error;
        const db = openWith(current);
        save({ ...keys, next: null });
        return db;
      }
    },
    forget: () => {
      if (master !== null) wipe(master);
      master = null;
    },
    protect: async ({ passphrase, keychain: isKept }) => {
      const bytes = passphrase === null ? null : toUtf8(passphrase.normalize('NFC'));
      const { current } = storeKeysOf(crypto, keys, held());
      try {
        const made = await protectedFile(ring, current, {
          passphrase: bytes,
          keychain: isKept ? options.keychain() : null,
        });
        save(made.content);
        take(made.master);
      } finally {
        wipe(current);
        if (bytes !== null) wipe(bytes);
      }
    },
    addKeychain: async () => {
      const keychain = options.keychain();
      assert(keychain !== null, 'a keychain that is there is used');
      const slot = await keychainSlot(held(), keychain);
      // What lies open beside a wrapped key would make it worth nothing.
      const kept = keys.slots.filter(({ kind }) => kind === 'passphrase');
      save({ ...keys, slots: [...kept, slot] });
    },
    dropKeychain: () => {
      const kept = keys.slots.filter(({ kind }) => kind !== 'keychain');
      const open = { kind: 'plain', key: Buffer.from(held()).toString('base64') } as const;
      save({ ...keys, slots: kept.length === 0 ? [open] : kept });
    },
    rekey: async (work) => {
      const { current } = storeKeysOf(crypto, keys, held());
      const fresh = new Uint8Array(current.length);
      random.fill(fresh);
      const sealed = sealStoreKey(ring, held(), fresh);
      save({ ...keys, next: sealed });
      try {
        await rekeyFile({ file: databaseFile, current, fresh, nativeBinding }, work);
        save({ ...keys, store: sealed, next: null });
      } finally {
        wipe(current);
        wipe(fresh);
      }
    },
    release: () => {
      isReleased = true;
      if (master !== null) wipe(master);
      master = null;
      lock.release();
    },
  };
}
