// The crypto engines on Electron's BoringSSL, which lacks ciphers that Node has: on the main thread
// and in a worker.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { electronBinary } from '../../scripts/electron-path.ts';

const electron = electronBinary();
const isUnavailable = electron === null && process.env['EDDY_ELECTRON_UNAVAILABLE'] === '1';
const root = path.resolve(import.meta.dirname, '../..');
const cache = path.join(root, 'node_modules', '.cache');
mkdirSync(cache, { recursive: true });
// Inside the project, so that the addon is found beside it.
const dir = mkdtempSync(path.join(cache, 'electron-crypto-'));

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: dir,
      emptyOutDir: true,
      rolldownOptions: {
        external: ['sodium-native'],
        input: new URL('./electron-crypto-probe.ts', import.meta.url).pathname,
        output: { format: 'es', entryFileNames: 'probe.mjs', chunkFileNames: '[name].mjs' },
      },
    },
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it.skipIf(isUnavailable)(
  'native is chosen in Electron and its workers, and every engine answers rightly there',
  async () => {
    const run = await promisify(execFile)(electron ?? '', [path.join(dir, 'probe.mjs')], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      timeout: 60_000,
    });
    const good = {
      chosen: 'native',
      refused: [],
      failed: { native: [], wasm: [], noble: [] },
      features: { vectors: true, nodeAes: true },
      failedWithoutVectors: [],
    };
    expect(JSON.parse(run.stdout)).toEqual({
      electron: expect.stringMatching(/^\d+\./),
      hasChaCha20: false,
      chosenMs: expect.any(Number),
      inMain: good,
      inWorker: good,
    });
  },
);
