// Builds everything that runs from dist/: the renderer, the main side (ESM, dependencies bundled
// but the native ones) and the preload (one CommonJS file). A build appears whole or not at all,
// and is skipped where dist/ is of these very sources.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { build } from 'vite';
import { withLock } from './lock.mjs';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
/** Beside dist/, not in it: what lies in there is shipped. */
const stampFile = path.join(root, '.cache', 'build.json');

const external = [
  /^node:/,
  ...builtinModules,
  'electron',
  'better-sqlite3',
  'sodium-native',
  'bufferutil',
  'utf-8-validate',
];

/** What a build is made from. */
const inputs = ['main', 'renderer', 'shared', 'scripts/build.ts', 'vite.config.ts'];
inputs.push('package.json', 'package-lock.json');

/** Builds unless dist/ is current; says that it builds. Throws what Vite throws. */
export async function ensureBuilt(say: (text: string) => void): Promise<void> {
  if (isCurrent()) return;
  await withLock(
    path.join(root, '.cache', 'build.lock'),
    async () => {
      if (isCurrent()) return;
      say('building, once until something changes');
      await buildAnew();
    },
    (pid) => say(`waiting for another start (process ${pid}) that is building`),
  );
}

/** Builds dist/ anew, whatever is there. Throws what Vite throws. */
export async function buildAll(): Promise<void> {
  await withLock(path.join(root, '.cache', 'build.lock'), buildAnew);
}

async function buildAnew(): Promise<void> {
  const hash = inputHash();
  const staging = path.join(root, '.cache', `build-${process.pid}`);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  // Vite sets this for its whole process: a test run that builds first would go on with React's
  // production build, and a build inside a test would take the tests' one.
  const modeBefore = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await buildInto(staging);
    rmSync(stampFile, { force: true });
    rmSync(dist, { recursive: true, force: true });
    renameSync(staging, dist);
    writeFileSync(stampFile, JSON.stringify({ hash, outputs: filesBelow(dist) }));
  } finally {
    if (modeBefore === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = modeBefore;
    rmSync(staging, { recursive: true, force: true });
  }
}

async function buildInto(out: string): Promise<void> {
  await build({ root: path.join(root, 'renderer'), logLevel: 'warn', ...rendererInto(out) });
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: path.join(out, 'main'),
      emptyOutDir: true,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: {
          electron: 'main/app/electron.ts',
          'browser-shell': 'main/shell/browser-shell.ts',
          'engine-worker': 'main/engine/worker.ts',
          'rekey-worker': 'main/engine/rekey-worker.ts',
          demo: 'main/cli/demo.ts',
          localnet: 'main/cli/localnet.ts',
          node: 'main/cli/node.ts',
          'unwrap-worker': 'main/cli/unwrap-worker.ts',
        },
        external,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  await buildCommonJs(
    'main/app/before-ready.ts',
    path.join(out, 'main'),
    'electron.cjs',
    'node20.18',
  );
  await buildCommonJs('main/app/preload.ts', path.join(out, 'preload'), 'preload.cjs', 'chrome130');
}

function rendererInto(out: string) {
  const configFile = path.join(root, 'vite.config.ts');
  return { configFile, build: { outDir: path.join(out, 'renderer'), emptyOutDir: true } };
}

/** One CommonJS file, for the two places where Electron takes no ESM. */
async function buildCommonJs(entry: string, outDir: string, fileName: string, target: string) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      lib: { entry, formats: ['cjs'], fileName: () => fileName },
      target,
      outDir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { external: ['electron'] },
    },
  });
}

/** True where dist/ was built from these inputs and all of it is still there. */
function isCurrent(): boolean {
  try {
    const { hash, outputs } = JSON.parse(readFileSync(stampFile, 'utf8')) as {
      hash: string;
      outputs: string[];
    };
    return outputs.every((file) => existsSync(path.join(dist, file))) && hash === inputHash();
  } catch {
    return false;
  }
}

function inputHash(): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const full = path.join(root, input);
    const files = path.extname(input) === '' ? filesBelow(full) : [''];
    for (const file of files) {
      hash.update(`${input}/${file}\0`);
      hash.update(readFileSync(path.join(full, file)));
    }
  }
  return hash.digest('hex');
}

/** Paths relative to `dir`, in order. */
function filesBelow(dir: string): string[] {
  const all = readdirSync(dir, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name))).sort();
}

if (import.meta.main) await buildAll();
