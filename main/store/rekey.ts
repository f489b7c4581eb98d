// A new key for a closed database: a copy is encrypted anew beside it and takes its place when it
// is whole and on the disk. Whoever calls has written both keys down before, and tells which one
// holds by trying (main/engine/vault.ts).
import { copyFileSync, rmSync } from 'node:fs';
import { connect } from './database.ts';
import { renameDurably, syncFile, writeDurably } from './durable-file.ts';
import { checkFile, keyCheck, sidecars } from './inspect.ts';
import { classify, StoreError } from './store-error.ts';

export type RekeyJob = {
  /** Path of the database; nobody has it open. */
  readonly file: string;
  /** 32 bytes each. */
  readonly current: Uint8Array;
  readonly fresh: Uint8Array;
  readonly nativeBinding?: string | undefined;
};

export const rekeyCopy = (file: string) => `${file}.rekey`;

/** `work` is to run `encryptCopy` for the job, in a thread of its own. Throws `StoreError`. */
export async function rekeyFile(
  job: RekeyJob,
  work: (job: RekeyJob) => Promise<void>,
): Promise<void> {
  const copy = rekeyCopy(job.file);
  try {
    await work(job);
    renameDurably(copy, job.file);
    writeDurably(checkFile(job.file), keyCheck(job.fresh));
  } catch (error) {
    for (const half of [copy, ...sidecars(copy)]) rmSync(half, { force: true });
    throw classify(error);
  }
}

/** Copies the file and encrypts the copy anew; takes as long as the disk needs for both. */
export function encryptCopy({ file, current, fresh, nativeBinding }: RekeyJob): void {
  const copy = rekeyCopy(file);
  rmSync(copy, { force: true });
  copyFileSync(file, copy);
  const raw = connect(copy, { fileMustExist: true, nativeBinding });
  try {
    raw.pragma("cipher = 'sqlcipher'");
    raw.pragma(`key = "x'${Buffer.from(current).toString('hex')}'"`);
    raw.pragma('temp_store = MEMORY');
    // A key is changed in a file without a log of its own.
    const mode = raw.pragma('journal_mode = DELETE', { simple: true });
    if (mode !== 'delete') throw new StoreError('store_access', 'the copy keeps its log');
    raw.pragma(`rekey = "x'${Buffer.from(fresh).toString('hex')}'"`);
  } finally {
    raw.close();
  }
  syncFile(copy);
}
