// One profile, one engine: held against threads and processes, given back by the system when one
// dies.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockProfile } from '../../../main/store/profile-lock.ts';
import { codeThrownBy, scratchFolder } from '../../support/store-files.ts';

const modulePath = path.resolve(import.meta.dirname, '../../../main/store/profile-lock.ts');

/** Another process that takes the lock, says `held`, and lives until it is killed. */
async function holder(folder: string): Promise<{ child: ChildProcess; said: string }> {
  const program = `
    const { lockProfile } = await import(${JSON.stringify(modulePath)});
    try {
      globalThis.lock = lockProfile(${JSON.stringify(folder)});
      console.log('held');
      setInterval(() => {}, 1000);
    } catch (error) {
      console.log(error.code);
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: chunk.toString().trim() };
}

describe('the lock of a profile', () => {
  it('is held by one, and free again when that one gave it back', () => {
    const folder = scratchFolder();
    const lock = lockProfile(folder);
    expect(statSync(path.join(folder, 'profile.lock')).mode & 0o777).toBe(0o600);
    expect(codeThrownBy(() => lockProfile(folder))).toBe('profile_in_use');
    lock.release();
    lockProfile(folder).release();
    const other = lockProfile(scratchFolder());
    other.release();
  });

  it('holds against another process, both ways', async () => {
    const folder = scratchFolder();
    const lock = lockProfile(folder);
    expect((await holder(folder)).said).toBe('profile_in_use');
    lock.release();
    expect((await holder(folder)).said).toBe('held');
    expect(codeThrownBy(() => lockProfile(folder))).toBe('profile_in_use');
  });

  it('is given back when its process is killed', async () => {
    const folder = scratchFolder();
    const { child, said } = await holder(folder);
    expect(said).toBe('held');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    lockProfile(folder).release();
  });

  it('is not taken where it cannot be: no folder, a file that is something else', () => {
    const folder = scratchFolder();
    expect(codeThrownBy(() => lockProfile(path.join(folder, 'no')))).toBe('store_access');
    writeFileSync(path.join(folder, 'profile.lock'), 'something else\n'.repeat(500));
    expect(codeThrownBy(() => lockProfile(folder))).toBe('store_damaged');
  });
});
