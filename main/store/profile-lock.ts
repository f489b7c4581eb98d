// One profile, one engine, across processes and threads: an empty database beside the profile's,
// held with an exclusive lock. The operating system gives it back when the process dies, however it
// dies.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { connect } from './database.ts';
import { createEmpty } from './durable-file.ts';
import { classify, codeOf, StoreError } from './store-error.ts';

/** How long a start waits for an engine that is just ending. */
export const LOCK_WAIT_MS_MAX = 500;

export type ProfileLock = { readonly release: () => void };

/**
 * Takes the lock of the profile in `folder`, which is there. Throws `StoreError` `profile_in_use`.
 * The file stays when the lock is given back: deleting it would let two hold it. Nothing else may
 * open it, since closing any descriptor of it would drop the lock.
 */
export function lockProfile(folder: string, nativeBinding?: string): ProfileLock {
  const file = path.join(folder, 'profile.lock');
  try {
    if (!existsSync(file)) createEmpty(file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw classify(error);
  }
  let raw: ReturnType<typeof connect> | null = null;
  try {
    raw = connect(file, { timeout: LOCK_WAIT_MS_MAX, fileMustExist: true, nativeBinding });
    raw.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    raw?.close();
    if (codeOf(error).startsWith('SQLITE_BUSY')) {
      throw new StoreError('profile_in_use', 'another engine has this profile open', {
        cause: error,
      });
    }
    throw classify(error);
  }
  const held = raw;
  return { release: () => void held.close() };
}
