// The import table of the design as data, and the rules on imports: who may import whom, which
// packages a folder may use, and that every file is used by somebody. Type-only imports obey it
// like the rest.
import path from 'node:path';
import type { Source } from './source.ts';
import type { Finding } from './tidy-rules.ts';

type Row = {
  /** What this row is about: the longest prefix that fits a file is its row. */
  readonly folder: string;
  /** Prefixes of project files that it may import besides its own folder. */
  readonly imports: readonly string[];
  /** npm packages, `node:` for every module of Node; '*' for anything in package.json. */
  readonly packages: readonly string[];
};

/** Files directly in main/: clock, log, configuration, page, version. */
const base = ['main/*'];
const engineAndBelow = ['shared/', ...base, 'main/mixnet/', 'main/net/', 'main/store/'];
engineAndBelow.push('main/crypto/', 'main/engine/');

export const table: readonly Row[] = [
  { folder: 'shared/', imports: [], packages: ['zod/mini', '@scure/base'] },
  {
    folder: 'shared/crypto',
    imports: ['shared/'],
    packages: ['@noble/curves', '@noble/hashes', '@noble/ciphers', '@noble/post-quantum'],
  },
  { folder: 'main/', imports: ['shared/', ...base], packages: ['node:', 'zod/mini'] },
  { folder: 'main/version.ts', imports: ['package.json'], packages: [] },
  {
    folder: 'main/crypto/',
    imports: ['shared/'],
    packages: ['node:', 'sodium-native', 'libsodium-wrappers-sumo'],
  },
  { folder: 'main/mixnet/', imports: ['shared/'], packages: [] },
  {
    folder: 'main/net/',
    imports: ['shared/', 'main/mixnet/', ...base],
    packages: ['node:', 'zod/mini'],
  },
  {
    folder: 'main/store/',
    imports: ['shared/', 'main/mixnet/', ...base],
    packages: ['node:', 'zod/mini', 'better-sqlite3'],
  },
  {
    folder: 'main/engine/',
    imports: engineAndBelow,
    packages: ['node:', 'zod/mini'],
  },
  {
    folder: 'main/app/',
    imports: ['shared/', 'main/engine/', ...base],
    packages: ['node:', 'electron', 'zod/mini'],
  },
  // The preload runs inside the window's sandbox: the contract and electron, nothing of Node.
  { folder: 'main/app/preload.ts', imports: ['shared/api'], packages: ['electron'] },
  {
    folder: 'main/shell/',
    imports: ['shared/', 'main/engine/', ...base],
    packages: ['node:', 'ws', 'zod/mini'],
  },
  {
    folder: 'main/cli/',
    imports: engineAndBelow,
    packages: ['node:', 'zod/mini'],
  },
  {
    folder: 'renderer/',
    imports: ['shared/api', 'shared/model'],
    packages: [
      'react',
      'react-dom',
      'radix-ui',
      'get-nonce',
      'lucide-react',
      'uplot',
      'qr',
      'react-virtuoso',
      '@fontsource/ibm-plex-mono',
      '@fontsource-variable/ibm-plex-sans',
    ],
  },
  { folder: 'scripts/', imports: ['shared/', 'main/', 'renderer/'], packages: ['node:', '*'] },
  // Before the packages are in, there are none to use; before Node is known, not even its modules.
  { folder: 'scripts/bootstrap.mjs', imports: ['scripts/setup.mjs'], packages: [] },
  { folder: 'scripts/setup.mjs', imports: ['scripts/install.mjs'], packages: ['node:'] },
  { folder: 'scripts/install.mjs', imports: ['scripts/lock.mjs'], packages: ['node:'] },
  { folder: 'scripts/lock.mjs', imports: [], packages: ['node:'] },
  { folder: 'scripts/follow-parent.mjs', imports: [], packages: [] },
  {
    folder: 'test/',
    imports: ['shared/', 'main/', 'renderer/', 'scripts/'],
    packages: ['node:', '*'],
  },
  { folder: 'vite.config.ts', imports: [], packages: ['node:', '*'] },
  { folder: 'vitest.config.ts', imports: [], packages: ['node:', '*'] },
];

/** Every import that the table does not allow, and every file that lies in no folder of it. */
export function importFindings(source: Source, named: ReadonlySet<string>): Finding[] {
  const row = rowOf(source.path);
  const at = (line: number, what: string) => ({ path: source.path, line, what });
  if (row === null) return [at(1, 'lies in a folder that the import table does not know')];
  return source.imports.flatMap((use) => {
    if (use.specifier === null) {
      return computedImports.has(source.path) ? [] : [at(use.line, 'imports a computed name')];
    }
    if (!use.specifier.startsWith('.')) {
      const isAllowed = mayUse(row, use.specifier, named);
      return isAllowed ? [] : [at(use.line, `may not use the package ${use.specifier}`)];
    }
    const target = resolve(source.path, use.specifier);
    return mayImport(row, target) ? [] : [at(use.line, `may not import ${target}`)];
  });
}

/** The CommonJS entry imports the ESM rest by a name that the bundler must not follow. */
const computedImports = new Set(['main/app/before-ready.ts']);

/** Files that nobody imports: they are run, bundled or read by name. */
const entries: readonly RegExp[] = [
  /^scripts\/[^/]+\.(ts|mjs)$/,
  /^(vite|vitest)\.config\.ts$/,
  /^main\/app\/(before-ready|electron|preload)\.ts$/,
  /^main\/shell\/browser-shell\.ts$/,
  /^main\/engine\/(rekey-)?worker\.ts$/,
  /^main\/cli\/[^/]+\.ts$/,
  /^renderer\/(index|gallery\/gallery)\.tsx$/,
  /\.d\.ts$/,
  /^test\/.*\.test\.tsx?$/,
  /^test\/(bench|sim|long|shots)\/[^/]+\.tsx?$/,
];

/** Files that are reached from no entry, by imports or by the URL of a worker. */
export function unusedFindings(sources: readonly Source[]): Finding[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const reached = new Set<string>();
  const queue = sources.filter((source) => entries.some((entry) => entry.test(source.path)));
  for (let source = queue.pop(); source !== undefined; source = queue.pop()) {
    if (reached.has(source.path)) continue;
    reached.add(source.path);
    const urls = source.text.matchAll(/new URL\('(\.[^']+)', import\.meta\.url\)/g);
    const names = [
      ...source.imports.map((use) => use.specifier),
      ...[...urls].map((url) => url[1]),
    ];
    for (const name of names) {
      const target = name?.startsWith('.') ? byPath.get(resolve(source.path, name)) : undefined;
      if (target !== undefined) queue.push(target);
    }
  }
  return sources
    .filter((source) => !reached.has(source.path))
    .map((source) => ({ path: source.path, line: 1, what: 'is imported by nobody' }));
}

function rowOf(file: string): Row | null {
  const fitting = table.filter(({ folder }) => file.startsWith(folder));
  // main/ stands for its own files only: a folder below it that has no row of its own is unknown.
  const known = fitting.filter(({ folder }) => folder !== 'main/' || /^main\/[^/]+$/.test(file));
  return known.sort((a, b) => b.folder.length - a.folder.length)[0] ?? null;
}

function mayImport(row: Row, target: string): boolean {
  const own = row.folder.endsWith('/') && row.folder !== 'main/' ? [row.folder] : [];
  return [...own, ...row.imports].some((allowed) =>
    allowed === 'main/*' ? /^main\/[^/]+$/.test(target) : target.startsWith(allowed),
  );
}

function mayUse(row: Row, specifier: string, named: ReadonlySet<string>): boolean {
  if (specifier.startsWith('node:')) return row.packages.includes('node:');
  const parts = specifier.split('/');
  const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
  if (!named.has(name)) return false;
  if (row.packages.includes('*')) return true;
  return row.packages.some(
    (one) =>
      // A package named with a path is allowed by that path alone (zod/mini, not zod).
      one === name || specifier === one,
  );
}

function resolve(from: string, specifier: string): string {
  return path.posix.join(path.posix.dirname(from), specifier);
}
