// The rules on package-lock.json: complete for every system, checksums everywhere, exact versions,
// and licences that go with Apache-2.0 for what is shipped.

export type LockEntry = {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  link?: boolean;
  os?: string[];
  name?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};
export type Lock = { packages: Record<string, LockEntry> };
export type Manifest = {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
};

/** The licences that may be shipped inside an Apache-2.0 program, fonts included. */
const shippable = new Set(['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']);
shippable.add('BlueOak-1.0.0').add('CC0-1.0').add('OFL-1.1').add('MIT OR Apache-2.0');

/**
 * Tools that help to build and test, and are not in what is shipped, nor is what they bring along.
 */
const tools = [
  /^@(biomejs|testing-library|types|axe-core|vitejs|vitest|electron)\//,
  /^(electron-builder|electron|fast-check|jsdom|oxlint|oxlint-tsgolint|playwright-core)$/,
  /^(typescript|vite|vitest|tinybench)$/,
];

/** Tools whose executables come as one package for each system. */
const perSystem = ['@biomejs/biome', 'oxlint', 'oxlint-tsgolint', 'rolldown', 'typescript'];

/**
 * Where `name` is found from the package at `where`, as Node looks for it; null where it is not.
 */
function find(lock: Lock, where: string, name: string): string | null {
  for (let base = where; ; ) {
    const candidate = `${base === '' ? '' : `${base}/`}node_modules/${name}`;
    if (lock.packages[candidate] !== undefined) return candidate;
    if (base === '') return null;
    const at = base.lastIndexOf('node_modules/');
    base = at <= 0 ? '' : base.slice(0, at - 1);
  }
}

/** What is missing or odd: dependencies without an entry, no or weak checksums, other sources. */
export function lockFindings(lock: Lock): string[] {
  const found: string[] = [];
  for (const [where, entry] of Object.entries(lock.packages)) {
    const wanted = { ...entry.dependencies, ...entry.optionalDependencies };
    if (where === '') Object.assign(wanted, entry.devDependencies);
    for (const name of Object.keys(wanted)) {
      if (find(lock, where, name) === null) {
        found.push(`${where || 'package.json'} wants ${name}, which has no entry`);
      }
    }
    if (where === '') continue;
    if (entry.link === true) found.push(`${where}: is a link`);
    if (entry.integrity === undefined) found.push(`${where}: has no checksum`);
    else if (!entry.integrity.startsWith('sha512-')) {
      found.push(`${where}: its checksum is not SHA-512`);
    }
    // The lock file names no addresses: npm asks the registry that it is set to.
    if (entry.resolved !== undefined) {
      found.push(`${where}: is taken from ${URL.parse(entry.resolved)?.protocol ?? 'somewhere'}`);
    }
  }
  return found;
}

/** Tools that have no executable for a system that Eddy is built on. */
export function systemFindings(lock: Lock): string[] {
  return perSystem.flatMap((tool) => {
    const entry = lock.packages[`node_modules/${tool}`];
    const parts = Object.keys(entry?.optionalDependencies ?? {});
    const systems = new Set(parts.flatMap((part) => osOf(lock, part)));
    return ['linux', 'darwin', 'win32']
      .filter((system) => !systems.has(system) || isPartMissing(lock, parts, system))
      .map((system) => `${tool} has no package for ${system}`);
  });
}

function osOf(lock: Lock, part: string): string[] {
  return lock.packages[`node_modules/${part}`]?.os ?? [];
}

function isPartMissing(lock: Lock, parts: string[], system: string): boolean {
  return parts.some(
    (part) => part.includes(system) && lock.packages[`node_modules/${part}`] === undefined,
  );
}

/** Versions in package.json that are ranges, or that the lock file does not have. */
export function exactFindings(manifest: Manifest, lock: Lock): string[] {
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;
  return kinds.flatMap((kind) =>
    Object.entries(manifest[kind]).flatMap(([name, wanted]) => {
      const version = /^npm:(?:@[^/]+\/)?[^@]+@(.+)$/.exec(wanted)?.[1] ?? wanted;
      const found = /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)
        ? []
        : [`${name}: ${wanted} is a range`];
      if (lock.packages['']?.[kind]?.[name] !== wanted) {
        found.push(`${name}: package.json and the lock file differ`);
      }
      if (lock.packages[`node_modules/${name}`]?.version !== version) {
        found.push(`${name}: the lock file has another version than ${version}`);
      }
      return found;
    }),
  );
}

/** Everything that may end in what is shipped: all but tools, with what it needs, to the end. */
export function shippedPackages(lock: Lock, manifest: Manifest): string[] {
  const direct = { ...manifest.dependencies, ...manifest.devDependencies };
  const names = Object.keys(direct).filter((name) => !tools.some((tool) => tool.test(name)));
  const queue = names.map((name) => find(lock, '', name));
  const shipped = new Set<string>();
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (at === null || shipped.has(at)) continue;
    shipped.add(at);
    const from = at;
    const needs = Object.keys(lock.packages[at]?.dependencies ?? {});
    queue.push(...needs.map((name) => find(lock, from, name)));
  }
  return [...shipped].sort();
}

export function licenceFindings(lock: Lock, manifest: Manifest): string[] {
  return shippedPackages(lock, manifest).flatMap((at) => {
    const licence = lock.packages[at]?.license ?? 'none';
    return alternatives(licence).some((one) => shippable.has(one))
      ? []
      : [`${at}: ${licence} is not among the licences that may be shipped`];
  });
}

/** Of an SPDX expression that leaves the choice: what may be chosen. Else the licence itself. */
function alternatives(licence: string): readonly string[] {
  return /^\([^()]+( OR [^()]+)+\)$/.test(licence) ? licence.slice(1, -1).split(' OR ') : [licence];
}
