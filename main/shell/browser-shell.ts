// Entry of the browser shell: one engine, one loopback server, and the address on stdout.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startEngineHost } from '../engine/host.ts';
import { createLog } from '../log.ts';
import { eddyVersion } from '../version.ts';
import { startBrowserShell } from './server.ts';

const { values } = parseArgs({ options: { profile: { type: 'string' } } });
if (values.profile === undefined) throw new Error('--profile DIR is needed');
const log = createLog('info');
const here = import.meta.dirname;

const host = startEngineHost({
  workerUrl: new URL('./engine-worker.js', import.meta.url),
  profileDir: values.profile,
  version: eddyVersion,
  nativeBinding: process.env['EDDY_SQLITE_BINDING'],
  log,
});
const shell = await startBrowserShell({ pageDir: path.join(here, '../renderer'), host, log });
process.stdout.write(`${shell.address()}\n`);

const end = () => {
  void Promise.all([shell.close(), host.close()]).then(() => process.exit(0));
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
