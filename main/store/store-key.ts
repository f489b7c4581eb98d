// The random key of a profile's database, in a file that only its user can read. Until a passphrase
// or the system's keychain wraps it, whoever can read the profile's folder can read the profile.
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { randomBytes } from '../system.ts';
import { STORE_KEY_SIZE, StoreError } from './database.ts';

/**
 * Reads the 32-byte key at `file`, or makes one. Throws `StoreError` `store_key` on a wrong length.
 */
export function loadStoreKey(file: string): Uint8Array {
  try {
    const fd = openSync(file, 'wx', 0o600);
    const fresh = randomBytes(STORE_KEY_SIZE);
    writeSync(fd, fresh);
    fsyncSync(fd);
    closeSync(fd);
    return fresh;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
  const key = readFileSync(file);
  if (key.length !== STORE_KEY_SIZE) {
    throw new StoreError(
      'store_key',
      `key file: expected ${STORE_KEY_SIZE} bytes, got ${key.length}`,
    );
  }
  return key;
}
