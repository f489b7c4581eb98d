// A node's epoch keys and the tags they saw, as files: a key must never come back without every tag
// that was seen under it. Tags are written before any of their packets goes on, many at once, so
// they outlive the process however that ends; they outlive the machine only after an orderly end.
// So a node that finds its files left behind by another boot destroys the keys, and makes new ones.
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
/** Tags of one key that wait for a write at the most: 64 kB. One more has them written. */
export const TAGS_WAITING_MAX = 4_096;
const keyName = /^epoch-(\d{1,10})\.key$/;

/**
 * Opens or makes `folder`, which is this process's alone. `bootId` is the same for as long as the
 * machine runs; null where it cannot be told, so that only an orderly end is trusted.
 */
export function openEpochKeyFiles(folder: string, bootId: string | null): EpochKeyFiles {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const keyFile = (epoch: number) => path.join(folder, `epoch-${epoch}.key`);
  const tagFile = (epoch: number) => path.join(folder, `epoch-${epoch}.tags`);
  const tagFiles = new Map<number, TagFile>();

  const destroy = (epoch: number) => {
    const tags = tagFiles.get(epoch);
    if (tags !== undefined) closeSync(tags.fd);
    tagFiles.delete(epoch);
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

  const openTags = (epoch: number): TagFile => {
    const fd = openSync(tagFile(epoch), 'a', FILE_MODE);
    const tags = { fd, waiting: new Uint8Array(0), size: 0 };
    tagFiles.set(epoch, tags);
    return tags;
  };
  const flush = () => {
    for (const tags of tagFiles.values()) writeWaiting(tags);
  };

  return {
    keysDistrusted: epochs.length - sound.length,
    load: () =>
      sound.map((epoch): StoredEpochKey => {
        const tags = readFileSync(tagFile(epoch));
        const rest = tags.length % REPLAY_TAG_KEPT_SIZE;
        if (!tagFiles.has(epoch)) {
          const { fd } = openTags(epoch);
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
      const tags = tagFiles.get(epoch) ?? openTags(epoch);
      // Made with the first tag: keys that are not in use yet need none.
      if (tags.waiting.length === 0) {
        tags.waiting = new Uint8Array(TAGS_WAITING_MAX * REPLAY_TAG_KEPT_SIZE);
      }
      if (tags.size === tags.waiting.length) writeWaiting(tags);
      tags.waiting.set(tag, tags.size);
      tags.size += tag.length;
    },
    flush,
    destroy,
    close: () => {
      flush();
      for (const [epoch, { fd }] of tagFiles) {
        fsyncSync(fd);
        closeSync(fd);
        tagFiles.delete(epoch);
      }
      writeDurably(runFile, Buffer.from(ORDERLY));
    },
  };
}

const ORDERLY = 'orderly';

type TagFile = { readonly fd: number; waiting: Uint8Array; size: number };

function writeWaiting(tags: TagFile): void {
  if (tags.size === 0) return;
  const written = writeSync(tags.fd, tags.waiting, 0, tags.size);
  if (written !== tags.size) throw new Error('replay tags: expected all to be written');
  tags.size = 0;
}

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
