// Builds everything that runs from dist/: the renderer, the main side (ESM, dependencies bundled
// but the native ones) and the preload (one CommonJS file).
import { builtinModules } from 'node:module';
import { build } from 'vite';

const external = [
  /^node:/,
  ...builtinModules,
  'electron',
  'better-sqlite3',
  'sodium-native',
  'bufferutil',
  'utf-8-validate',
];

/** Builds dist/ anew; throws what Vite throws. */
export async function buildAll(): Promise<void> {
  await build({ logLevel: 'warn' });
  await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: 'dist/main',
      emptyOutDir: true,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: {
          electron: 'main/app/electron.ts',
          'browser-shell': 'main/shell/browser-shell.ts',
          'engine-worker': 'main/engine/worker.ts',
        },
        external,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  await buildCommonJs('main/app/before-ready.ts', 'dist/main', 'electron.cjs', 'node20.18');
  await buildCommonJs('main/app/preload.ts', 'dist/preload', 'preload.cjs', 'chrome130');
}

/** One CommonJS file, for the two places where Electron takes no ESM. */
async function buildCommonJs(entry: string, outDir: string, fileName: string, target: string) {
  await build({
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

if (import.meta.main) await buildAll();
