// Small files that must be whole after a power cut: written beside, synced, renamed, folder synced.
// Only the user who runs the program can read them.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Mode of every file of a profile, and of its folder. */
export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;

/** Replaces `file` by `bytes`, or leaves it as it was. */
export function writeDurably(file: string, bytes: Uint8Array): void {
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  const fd = openSync(fresh, 'wx', FILE_MODE);
  try {
    let written = 0;
    while (written < bytes.length) written += writeSync(fd, bytes, written);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameDurably(fresh, file);
}

/** Makes an empty file that only its user can read; throws where there is one. */
export function createEmpty(file: string): void {
  closeSync(openSync(file, 'wx', FILE_MODE));
}

/**
 * Waits until `file` is on the disk. Not for a database that is open: closing would drop its locks.
 */
export function syncFile(file: string): void {
  const fd = openSync(file, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Renames within one folder and waits until that is on the disk. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  // Windows opens no folders; its file system keeps renames in a journal of its own.
  if (process.platform === 'win32') return;
  const fd = openSync(path.dirname(to), 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
