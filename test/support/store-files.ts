// Folders with real stores for tests, and what lies in them byte for byte.
import { createHash } from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { memoryRoot } from './memory-root.ts';

/** A folder of this test alone on `memoryRoot`, gone when it ends. */
export function memoryFolder(): string {
  const folder = mkdtempSync(path.join(memoryRoot, 'eddy-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder of this test alone, gone when it ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Name and hash of every file below `folder`, but for SQLite's index of the log, which holds no
 * data.
 */
export function hashesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'));
  return Object.fromEntries(
    files.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
      return [path.relative(folder, file), hash];
    }),
  );
}

/** The closed code of what `work` throws; 'nothing' where it throws nothing. */
export function codeThrownBy(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'nothing';
}

/**
 * Overwrites the profile's database in `folder` under an engine that has it open; the head of the
 * log's index too, so that what the engine has in memory is thrown away.
 */
export function damageOpenStore(folder: string): void {
  const overwrite = (ending: string, sizeMax: number): void => {
    const file = path.join(folder, `profile.db${ending}`);
    const bytes = new Uint8Array(Math.min(sizeMax, statSync(file).size)).fill(0x55);
    writeFileSync(file, bytes, { flag: 'r+' });
  };
  overwrite('', Infinity);
  overwrite('-wal', Infinity);
  overwrite('-shm', 96);
}

/** How often this process has a file open, gone or not; 0 where the system is not Linux. */
export function openFiles(file: string): number {
  if (process.platform !== 'linux') return 0;
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(file);
    } catch {
      return false;
    }
  }).length;
}
