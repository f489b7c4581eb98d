// What an installer would hold, by packing for real with a stand-in for Electron's folder: this
// system's native addons alone, no second Node, no source maps. And the configuration's schema.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkBuilderConfig } from '../../scripts/check-builder-config.mjs';
import { fuses } from '../../scripts/flip-fuses.mjs';
import { root } from '../support/source.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'eddy-pack-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('electron-builder.yml', () => {
  it('is as the schema wants it', async () => {
    expect(await checkBuilderConfig()).toMatchObject({ npmRebuild: false });
  });
  it('is refused with a key that does not exist', async () => {
    await expect(checkBuilderConfig({ apId: 'x' })).rejects.toThrow("unknown property 'apId'");
  });
  it('decides on every fuse there is', () => {
    const known = Object.values(FuseV1Options).filter((value) => typeof value === 'number');
    expect(known.filter((fuse) => fuses[String(fuse)] === undefined)).toEqual([]);
    expect(fuses[String(FuseV1Options.RunAsNode)]).toBe(false);
  });
});

/** A folder shaped like Electron's, with nothing in it that runs. */
function standIn(): string {
  const dir = path.join(scratch, 'electron');
  mkdirSync(path.join(dir, 'locales'), { recursive: true });
  mkdirSync(path.join(dir, 'resources'));
  for (const name of ['version', 'LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak']) {
    writeFileSync(path.join(dir, name), '45.4.1');
  }
  for (const name of ['electron', 'chrome-sandbox']) {
    writeFileSync(path.join(dir, name), '');
    chmodSync(path.join(dir, name), 0o755);
  }
  return dir;
}

function filesBelow(dir: string): string[] {
  const all = readdirSync(dir, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)));
}

describe.skipIf(process.platform !== 'linux')('the packed app', () => {
  let inside: string[] = [];
  let beside: string[] = [];

  beforeAll(() => {
    const bin = path.join(root, 'node_modules', '.bin');
    const out = path.join(scratch, 'release');
    const args = ['--dir', '--publish', 'never', `-c.electronDist=${standIn()}`];
    // The stand-in has no fuses to flip.
    const hook = path.join(scratch, 'after-pack.mjs');
    writeFileSync(hook, 'export default () => {};');
    args.push(`-c.directories.output=${out}`, `-c.afterPack=${hook}`);
    const options = { cwd: root, encoding: 'utf8', timeout: 110_000 } as const;
    const done = spawnSync(path.join(bin, 'electron-builder'), args, options);
    if (done.status !== 0) throw new Error(`packing failed: ${done.stderr}${done.stdout}`);
    const resources = path.join(out, 'linux-unpacked', 'resources');
    expect(existsSync(resources)).toBe(true);
    const list = spawnSync(path.join(bin, 'asar'), ['list', path.join(resources, 'app.asar')], {
      encoding: 'utf8',
    });
    inside = list.stdout.trim().split('\n');
    beside = filesBelow(path.join(resources, 'app.asar.unpacked'));
  });

  it('has the two entries, the preload and the page', () => {
    for (const file of ['main/electron.cjs', 'main/electron.js', 'main/engine-worker.js']) {
      expect(inside).toContain(`/dist/${file}`);
    }
    expect(inside).toContain('/dist/preload/preload.cjs');
    expect(inside).toContain('/dist/renderer/index.html');
  });
  it('has every font of the page, its scripts and its styles', () => {
    const built = filesBelow(path.join(root, 'dist/renderer')).filter(
      (file) => !file.endsWith('.map'),
    );
    expect(built.filter((file) => file.endsWith('.woff2')).length).toBeGreaterThan(2);
    const packed = inside.filter((file) => /^\/dist\/renderer\/.*\.\w+$/.test(file));
    expect(packed.sort()).toEqual(built.map((file) => `/dist/renderer/${file}`).sort());
  });
  it('has no entry that listens to its environment, and no page of samples', () => {
    expect(inside.filter((file) => /browser-shell|gallery/.test(file))).toEqual([]);
  });
  it("has this system's addons, outside the archive, and no others", () => {
    const system = `${process.platform}-${process.arch}`;
    expect(beside.filter((file) => file.endsWith('.node')).sort()).toEqual([
      `node_modules/better-sqlite3/prebuilds/${system}.node`,
      `node_modules/sodium-native/prebuilds/${system}/sodium-native.node`,
    ]);
    expect(inside.filter((file) => file.endsWith('.node'))).toHaveLength(2);
  });
  it('has no second Node, no source maps, no sources and no tests', () => {
    const odd = /node-linux-|\.map$|^\/(main|renderer|shared|test|scripts|docs)\/|\.(ts|c|cc|cpp)$/;
    expect(inside.filter((file) => odd.test(file))).toEqual([]);
  });
});
