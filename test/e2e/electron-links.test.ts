// A link from Electron's BoringSSL, in a worker thread, to a node on the pinned Node's OpenSSL.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createServer } from 'node:tls';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLinkKey } from '../../main/net/certificate.ts';
import { createLinkTls } from '../../main/net/tls.ts';
import { electronBinary } from '../../scripts/electron-path.ts';
import { toHex } from '../../shared/bytes.ts';
import { testFrame } from '../support/links.ts';

const electron = electronBinary();
const isUnavailable = electron === null && process.env['EDDY_ELECTRON_UNAVAILABLE'] === '1';
const dir = mkdtempSync(path.join(os.tmpdir(), 'eddy-electron-links-'));

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: dir,
      rolldownOptions: {
        input: new URL('./electron-dialler.ts', import.meta.url).pathname,
        output: { format: 'es', entryFileNames: 'dialler.mjs' },
      },
    },
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A node's end that echoes, restricted to `groups`; what Electron prints after one frame. */
async function dialFromElectron(groups: string): Promise<unknown> {
  const key = createLinkKey();
  const server = createServer({ ...createLinkTls(key).options, ecdhCurve: groups }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (server.address() as AddressInfo).port;
  const run = await promisify(execFile)(
    electron ?? '',
    [path.join(dir, 'dialler.mjs'), String(port), toHex(key.hash)],
    { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, timeout: 30_000 },
  );
  server.close();
  return JSON.parse(run.stdout);
}

it.skipIf(isUnavailable).each([
  ['X25519MLKEM768:X25519', 'X25519MLKEM768'],
  ['X25519', 'X25519'],
])('Electron dials a node that has %s and says %s', async (groups, group) => {
  expect(await dialFromElectron(groups)).toEqual({
    group,
    size: testFrame(2).length,
    electron: expect.stringMatching(/^\d+\./),
  });
});
