// A node's epoch keys and the tags they saw, as files: a key must never come back without every tag
// that was seen under it. A tag is written before its packet goes on, so it outlives the process
// however that ends; it outlives the machine only after an orderly end. So a node that finds its
// files left behind by another boot destroys the keys, and makes new ones.
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { EpochKeyStore, StoredEpochKey } from '../mixnet/epoch-keys.ts';
import { REPLAY_TAG_KEPT_SIZE } from '../mixnet/replay-set.ts';
import { createEmpty, FILE_MODE, FOLDER_MODE, syncFile, writeDurably } from './durable-file.ts';

export type EpochKeyFiles = EpochKeyStore & {
  /** Keys that were destroyed at the opening, since tags may be missing. */
  readonly keysDistrusted: number;
  /** Puts every tag on the disk and says so: the next opening trusts the files after any boot. */
  readonly close: () => void;
};

const KEY_SIZE = 32;
const keyName = /^epoch-(\d{1,10})\.key$/;

/**
 * Opens or makes `folder`, which is this process's alone. `bootId` is the same for as long as the
 * machine runs; null where it cannot be told, so that only an orderly end is trusted.
 */
export function openEpochKeyFiles(folder: string, bootId: string | null): EpochKeyFiles {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const keyFile = (epoch: number) => path.join(folder, `epoch-${epoch}.key`);
  const tagFile = (epoch: number) => path.join(folder, `epoch-${epoch}.tags`);
  const tagFds = new Map<number, number>();

  const destroy = (epoch: number) => {
    const fd = tagFds.get(epoch);
    if (fd !== undefined) closeSync(fd);
    tagFds.delete(epoch);
    if (existsSync(keyFile(epoch))) {
      overwrite(keyFile(epoch));
      rmSync(keyFile(epoch));
    }
    rmSync(tagFile(epoch), { force: true });
  };

  const epochs = readdirSync(folder).flatMap((name) => {
    const epoch = keyName.exec(name)?.[1];
    return epoch === undefined ? [] : [Number(epoch)];
  });
  const runFile = path.join(folder, 'last-run');
  const lastRun = existsSync(runFile) ? readFileSync(runFile, 'utf8') : ORDERLY;
  const isTrusted = lastRun === ORDERLY || (bootId !== null && lastRun === `boot ${bootId}`);
  const sound = epochs.filter((epoch) => isTrusted && isWhole(keyFile(epoch), tagFile(epoch)));
  for (const epoch of epochs) if (!sound.includes(epoch)) destroy(epoch);
  // From here on tags may be in the system's memory alone.
  writeDurably(runFile, Buffer.from(bootId === null ? 'running' : `boot ${bootId}`));

  const openTags = (epoch: number) => {
    const fd = openSync(tagFile(epoch), 'a', FILE_MODE);
    tagFds.set(epoch, fd);
    return fd;
  };

  return {
    keysDistrusted: epochs.length - sound.length,
    load: () =>
      sound.map((epoch): StoredEpochKey => {
        const tags = readFileSync(tagFile(epoch));
        const rest = tags.length % REPLAY_TAG_KEPT_SIZE;
        if (!tagFds.has(epoch)) {
          const fd = openTags(epoch);
          // Cut off in mid-write: its packet never went on.
          if (rest !== 0) ftruncateSync(fd, tags.length - rest);
        }
        const whole = new Uint8Array(tags.subarray(0, tags.length - rest));
        return { epoch, privateKey: new Uint8Array(readFileSync(keyFile(epoch))), tags: whole };
      }),
    create: (epoch, privateKey) => {
      // The tags' file first: a key is never without one.
      if (!existsSync(tagFile(epoch))) createEmpty(tagFile(epoch));
      openTags(epoch);
      writeDurably(keyFile(epoch), privateKey);
    },
    remember: (epoch, tag) => {
      const fd = tagFds.get(epoch) ?? openTags(epoch);
      const written = writeSync(fd, tag);
      if (written !== tag.length) throw new Error('replay tags: expected all to be written');
    },
    destroy,
    close: () => {
      for (const [epoch, fd] of tagFds) {
        fsyncSync(fd);
        closeSync(fd);
        tagFds.delete(epoch);
      }
      writeDurably(runFile, Buffer.from(ORDERLY));
    },
  };
}

const ORDERLY = 'orderly';

function isWhole(keyFile: string, tagFile: string): boolean {
  return existsSync(tagFile) && readFileSync(keyFile).length === KEY_SIZE;
}

/** What a file system with copies keeps is out of reach; the rest is gone when this returns. */
function overwrite(file: string): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, new Uint8Array(KEY_SIZE), 0, KEY_SIZE, 0);
  closeSync(fd);
  syncFile(file);
}
