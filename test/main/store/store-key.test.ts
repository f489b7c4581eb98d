// The key file: made once, read back, and never made anew beside data that an older key encrypted.
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { KEY_FILE_SIZE_MAX, KEY_SLOTS_MAX, loadStoreKey } from '../../../main/store/store-key.ts';
import { codeThrownBy, scratchFolder } from '../../support/store-files.ts';

const key = Buffer.alloc(32, 5).toString('base64');
const slot = { kind: 'plain', key };

function files() {
  const folder = scratchFolder();
  return { file: path.join(folder, 'store.key'), database: path.join(folder, 'profile.db') };
}

describe('a key file', () => {
  it('is made with 32 random bytes, for its user alone, and read back', () => {
    const { file, database } = files();
    const made = loadStoreKey(file, database);
    expect(made).toHaveLength(32);
    expect(new Set(made).size).toBeGreaterThan(8);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      version: 1,
      slots: [{ kind: 'plain', key: Buffer.from(made).toString('base64') }],
    });
    expect(loadStoreKey(file, database)).toEqual(made);
    const other = files();
    expect(loadStoreKey(other.file, other.database)).not.toEqual(made);
  });

  it('is closed to others again where somebody opened it', () => {
    const { file, database } = files();
    loadStoreKey(file, database);
    chmodSync(file, 0o644);
    loadStoreKey(file, database);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each(['', '-wal'])('is not made anew beside data (profile.db%s)', (end) => {
    const { file, database } = files();
    writeFileSync(database + end, 'data');
    expect(codeThrownBy(() => loadStoreKey(file, database))).toBe('store_key');
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['nothing', '', 'store_key'],
    ['bytes', Buffer.alloc(32, 0xfe), 'store_key'],
    ['no object', '[]', 'store_key'],
    ['no slot', JSON.stringify({ version: 1, slots: [] }), 'store_key'],
    ['an extra key', JSON.stringify({ version: 1, slots: [slot], more: 1 }), 'store_key'],
    ['an unknown slot', JSON.stringify({ version: 1, slots: [{ kind: 'x', key }] }), 'store_key'],
    [
      'a short key',
      JSON.stringify({ version: 1, slots: [{ kind: 'plain', key: 'AAAA' }] }),
      'store_key',
    ],
    [
      'letters that are not base64',
      JSON.stringify({ version: 1, slots: [{ kind: 'plain', key: `!${key.slice(1)}` }] }),
      'store_key',
    ],
    [
      'too many slots',
      JSON.stringify({ version: 1, slots: Array(KEY_SLOTS_MAX + 1).fill(slot) }),
      'store_key',
    ],
    ['too many bytes', ' '.repeat(KEY_FILE_SIZE_MAX + 1), 'store_key'],
    ['a newer layout', JSON.stringify({ version: 2, locks: [] }), 'store_newer'],
  ])('is refused and kept when it holds %s', (_name, content, code) => {
    const { file, database } = files();
    writeFileSync(file, content, { mode: 0o600 });
    expect(codeThrownBy(() => loadStoreKey(file, database))).toBe(code);
    expect(readFileSync(file)).toEqual(Buffer.from(content));
  });

  it('takes as many slots and bytes as its limits say', () => {
    const { file, database } = files();
    const text = JSON.stringify({ version: 1, slots: Array(KEY_SLOTS_MAX).fill(slot) });
    writeFileSync(file, text.padEnd(KEY_FILE_SIZE_MAX), { mode: 0o600 });
    expect(Buffer.from(loadStoreKey(file, database)).toString('base64')).toBe(key);
  });

  it('says nothing of its content when it is refused', () => {
    const { file, database } = files();
    writeFileSync(file, `{"version":1,"slots":[{"kind":"plain","key":"${key}"}`);
    try {
      loadStoreKey(file, database);
    } catch (error) {
      const told = error as Error & { cause?: unknown };
      expect(`${String(told)} ${String(told.cause)} ${told.stack}`).not.toContain(key.slice(0, 8));
      return;
    }
    throw new Error('nothing was refused');
  });

  it('is refused where it is a folder', () => {
    const { file, database } = files();
    mkdirSync(file);
    expect(codeThrownBy(() => loadStoreKey(file, database))).toBe('store_access');
  });
});
