// Epoch keys and replay tags as files: what comes back after an orderly end, a killed process, a
// machine that went down, and a write that was cut.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openEpochKeyFiles, TAGS_WAITING_MAX } from '../../../main/store/epoch-key-store.ts';

const fresh = () => path.join(mkdtempSync(path.join(os.tmpdir(), 'eddy-epoch-keys-')), 'keys');
const key = (fill: number) => new Uint8Array(32).fill(fill);
const tag = (fill: number) => new Uint8Array(16).fill(fill);

it('gives back keys with all their tags, after the process ended in any way', () => {
  const folder = fresh();
  const first = openEpochKeyFiles(folder, 'boot-1');
  expect([first.load(), first.keysDistrusted]).toEqual([[], 0]);
  first.create(7, key(1));
  first.create(8, key(2));
  first.remember(7, tag(1));
  first.remember(7, tag(2));
  first.flush();
  const second = openEpochKeyFiles(folder, 'boot-1');
  expect(second.load()).toEqual([
    { epoch: 7, privateKey: key(1), tags: Uint8Array.from([...tag(1), ...tag(2)]) },
    { epoch: 8, privateKey: key(2), tags: new Uint8Array(0) },
  ]);
  second.remember(8, tag(3));
  second.close();
  const third = openEpochKeyFiles(folder, 'boot-1');
  expect(third.load().map(({ tags }) => tags.length)).toEqual([32, 16]);
});

it('destroys keys whose tags a machine may have lost, and no others', () => {
  const folder = fresh();
  const first = openEpochKeyFiles(folder, 'boot-1');
  first.create(7, key(1));
  first.close();
  const afterOrderlyEnd = openEpochKeyFiles(folder, 'boot-2');
  expect([afterOrderlyEnd.load().length, afterOrderlyEnd.keysDistrusted]).toEqual([1, 0]);
  const afterCrash = openEpochKeyFiles(folder, 'boot-3');
  expect([afterCrash.load(), afterCrash.keysDistrusted]).toEqual([[], 1]);
  expect(readdirSync(folder)).toEqual(['last-run']);
});

it('trusts only an orderly end where the boot cannot be told', () => {
  const folder = fresh();
  openEpochKeyFiles(folder, null).create(7, key(1));
  expect(openEpochKeyFiles(folder, null).keysDistrusted).toBe(1);
});

it('forgets a tag that was cut in mid-write, and goes on after it', () => {
  const folder = fresh();
  const first = openEpochKeyFiles(folder, 'boot-1');
  first.create(7, key(1));
  first.remember(7, tag(1));
  first.flush();
  appendFileSync(path.join(folder, 'epoch-7.tags'), tag(9).subarray(0, 5));
  const second = openEpochKeyFiles(folder, 'boot-1');
  expect(second.load()[0]?.tags).toEqual(tag(1));
  second.remember(7, tag(2));
  second.flush();
  const tags = openEpochKeyFiles(folder, 'boot-1').load()[0]?.tags;
  expect(tags).toEqual(Uint8Array.from([...tag(1), ...tag(2)]));
});

it('writes tags when asked to, or when as many wait as may, and a destroyed key’s never', () => {
  const folder = fresh();
  const files = openEpochKeyFiles(folder, 'boot-1');
  const onDisk = (epoch: number) => statSync(path.join(folder, `epoch-${epoch}.tags`)).size / 16;
  for (const epoch of [7, 8, 9]) files.create(epoch, key(epoch));
  files.remember(7, tag(1));
  files.remember(8, tag(2));
  expect([onDisk(7), onDisk(8)]).toEqual([0, 0]);
  files.flush();
  files.flush();
  expect([onDisk(7), onDisk(8), onDisk(9)]).toEqual([1, 1, 0]);
  for (let count = 0; count <= TAGS_WAITING_MAX; count++) files.remember(9, tag(count & 255));
  expect(onDisk(9)).toBe(TAGS_WAITING_MAX);
  files.remember(8, tag(3));
  files.destroy(8);
  files.close();
  const again = openEpochKeyFiles(folder, 'boot-2').load();
  expect(again.map(({ epoch, tags }) => [epoch, tags.length / 16])).toEqual([
    [7, 1],
    [9, TAGS_WAITING_MAX + 1],
  ]);
});

it('takes no key that is cut, and no key without its tags', () => {
  const folder = fresh();
  const first = openEpochKeyFiles(folder, 'boot-1');
  first.create(7, key(1));
  writeFileSync(path.join(folder, 'epoch-7.key'), key(1).subarray(0, 31));
  writeFileSync(path.join(folder, 'epoch-8.key'), key(2));
  expect(openEpochKeyFiles(folder, 'boot-1').keysDistrusted).toBe(2);
});

it('leaves nothing of a destroyed key, and lets nobody else read one that lives', () => {
  const folder = fresh();
  const files = openEpochKeyFiles(folder, 'boot-1');
  files.create(7, key(1));
  expect(statSync(path.join(folder, 'epoch-7.key')).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(folder, 'epoch-7.tags')).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  files.destroy(7);
  files.destroy(7);
  expect(existsSync(path.join(folder, 'epoch-7.key'))).toBe(false);
  expect(openEpochKeyFiles(folder, 'boot-1').load()).toEqual([]);
});

it('has every tag that it said it has, when it is killed', async () => {
  const folder = fresh();
  const module = new URL('../../../main/store/epoch-key-store.ts', import.meta.url).href;
  const code = `
    import { openEpochKeyFiles } from ${JSON.stringify(module)};
    const files = openEpochKeyFiles(${JSON.stringify(folder)}, 'boot-1');
    files.create(7, new Uint8Array(32).fill(1));
    let count = 0;
    const step = () => {
      files.remember(7, new Uint8Array(16).fill(++count & 255));
      files.flush();
      process.stdout.write(count + '\\n');
      setImmediate(step);
    };
    step();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code]);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.length > 2_000) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  const lines = said
    .split('\n')
    .filter((line, index, all) => index < all.length - 1 && line !== '');
  const count = Number(lines.at(-1));
  expect(count).toBeGreaterThan(100);
  const tags = openEpochKeyFiles(folder, 'boot-1').load()[0]?.tags ?? new Uint8Array(0);
  expect(tags.length / 16).toBeGreaterThanOrEqual(count);
  expect(readFileSync(path.join(folder, 'epoch-7.tags')).length % 16).toBe(0);
});
