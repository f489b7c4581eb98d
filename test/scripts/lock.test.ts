// One installation and one build at a time, whatever became of the process that held the lock.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { withLock } from '../../scripts/lock.mjs';
import { root } from '../support/source.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'eddy-lock-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const newLock = () => path.join(mkdtempSync(path.join(scratch, 'case-')), 'one.lock');

/** A process that takes the lock and keeps it until it is killed. */
async function holder(lock: string) {
  const url = pathToFileURL(path.join(root, 'scripts', 'lock.mjs')).href;
  const code = `import { withLock } from ${JSON.stringify(url)};
    await withLock(${JSON.stringify(lock)}, () => new Promise(() => {
      process.stdout.write('held');
      setInterval(() => {}, 1000);
    }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code]);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

describe('withLock', () => {
  it('lets one work at a time', async () => {
    const lock = newLock();
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([withLock(lock, work), withLock(lock, work), withLock(lock, work)]);
    expect(most).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });
  it('waits for a live holder, says so once, and takes over when it was killed', async () => {
    const lock = newLock();
    const child = await holder(lock);
    let isIn = false;
    const told: number[] = [];
    let tell = () => {};
    const isTold = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const work = async () => {
      isIn = true;
    };
    const waiting = withLock(lock, work, (pid) => {
      told.push(pid);
      tell();
    });
    await isTold;
    expect(isIn).toBe(false);
    child.kill('SIGKILL');
    await waiting;
    expect(isIn).toBe(true);
    expect(told).toEqual([child.pid]);
  });
  it('takes over from a pid that is another process now, once it was watched long enough', async () => {
    const lock = newLock();
    writeFileSync(lock, String(process.ppid));
    const startedAt = performance.now();
    await withLock(lock, async () => {}, undefined, 400);
    expect(performance.now() - startedAt).toBeGreaterThan(400);
  });
  it('is given back when the work fails', async () => {
    const lock = newLock();
    await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });
});
