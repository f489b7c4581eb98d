// The lock file serves every system that Eddy runs on, names only what the registry signs for, and
// the packages that are shipped are free to ship. Each rule also meets a defect that it must find.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  exactFindings,
  type Lock,
  licenceFindings,
  lockFindings,
  type Manifest,
  shippedPackages,
  systemFindings,
} from './support/lock.ts';

const root = path.resolve(import.meta.dirname, '..');
const readJson = (name: string): unknown => JSON.parse(readFileSync(path.join(root, name), 'utf8'));
const lock = readJson('package-lock.json') as Lock;
const manifest = readJson('package.json') as Manifest;
const copy = () => structuredClone(lock);

function entry(of: Lock, name: string) {
  const found = of.packages[name];
  if (found === undefined) throw new Error(`no such package: ${name}`);
  return found;
}

describe('the lock file', () => {
  it('is complete and names nothing odd', () => {
    expect(lockFindings(lock)).toEqual([]);
  });
  it('has the tools for linux, darwin and win32', () => {
    expect(systemFindings(lock)).toEqual([]);
  });
  it('goes with package.json, whose versions are exact', () => {
    expect(exactFindings(manifest, lock)).toEqual([]);
  });
  it('ships nothing that its licence forbids', () => {
    expect(shippedPackages(lock, manifest).length).toBeGreaterThan(20);
    expect(licenceFindings(lock, manifest)).toEqual([]);
  });
});

describe('its rules find', () => {
  it('a platform package that was left out', () => {
    const broken = copy();
    delete broken.packages['node_modules/@biomejs/cli-darwin-arm64'];
    expect(lockFindings(broken)).toEqual([
      'node_modules/@biomejs/biome wants @biomejs/cli-darwin-arm64, which has no entry',
    ]);
    expect(systemFindings(broken)).toEqual(['@biomejs/biome has no package for darwin']);
  });
  it('a dependency that was left out', () => {
    const broken = copy();
    delete broken.packages['node_modules/react'];
    expect(lockFindings(broken)).toEqual(['package.json wants react, which has no entry']);
  });
  it('a package without a checksum, with a weak one, from elsewhere, as a link', () => {
    const broken = copy();
    delete entry(broken, 'node_modules/ws').integrity;
    entry(broken, 'node_modules/react').integrity = 'sha1-AAAA';
    entry(broken, 'node_modules/zod').resolved = 'git+ssh://git@example.invalid/zod.git';
    entry(broken, 'node_modules/vite').link = true;
    expect(lockFindings(broken)).toEqual([
      'node_modules/react: its checksum is not SHA-512',
      'node_modules/vite: is a link',
      'node_modules/ws: has no checksum',
      'node_modules/zod: is taken from git+ssh:',
    ]);
  });
  it('a range instead of a version, and a version that the lock file does not have', () => {
    const ranged = { ...manifest, dependencies: { ...manifest.dependencies, ws: '^8.0.0' } };
    expect(exactFindings(ranged, lock)).toContain('ws: ^8.0.0 is a range');
    const moved = { ...manifest, devDependencies: { ...manifest.devDependencies, ws: '8.0.0' } };
    expect(exactFindings(moved, lock)).toHaveLength(2);
  });
  it('a licence that may not be shipped, deep below what is shipped', () => {
    const broken = copy();
    entry(broken, 'node_modules/scheduler').license = 'GPL-3.0-only';
    expect(licenceFindings(broken, manifest)).toEqual([
      'node_modules/scheduler: GPL-3.0-only is not among the licences that may be shipped',
    ]);
  });
  it.each([
    ['(MIT OR GPL-3.0-only)', 0],
    ['(GPL-2.0-only OR GPL-3.0-only)', 1],
    ['(MIT AND GPL-3.0-only)', 1],
    ['MIT AND GPL-3.0-only', 1],
  ])('what a choice of licences leaves: %s', (licence, count) => {
    const chosen = copy();
    entry(chosen, 'node_modules/scheduler').license = licence;
    expect(licenceFindings(chosen, manifest)).toHaveLength(count);
  });
});
