// Entry of the browser shell: one engine, one loopback server, and the address on stdout. A second
// start of one profile prints an address of the first and ends. With --supervised, the first line
// on stdin is the launch below, and the end of stdin is the end of the parent, which this one does
// not outlive.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type DemoHost, startDemoHost } from '../engine/demo-host.ts';
import { type EngineHost, startEngineHost } from '../engine/host.ts';
import { createLog } from '../log.ts';
import { eddyVersion } from '../version.ts';
import { forkDemo } from './demo-process.ts';
import { askInstance } from './instance.ts';
import { type Launch, parseLaunch } from './launch.ts';
import { startBrowserShell } from './server.ts';

/** Tries to reach a first start that holds the profile and has not yet said where it listens. */
const ASK_TRIES_MAX = 10;
const ASK_EVERY_MS = 300;
const STATE_EVERY_MS = 20;

const { values } = parseArgs({
  options: {
    profile: { type: 'string' },
    // Where the demo network of all profiles lies; without it there is none.
    data: { type: 'string' },
    supervised: { type: 'boolean', default: false },
  },
});
if (values.profile === undefined) throw new Error('--profile DIR is needed');
const profileDir = values.profile;
const nativeBinding = process.env['EDDY_SQLITE_BINDING'];
const isNewProfile = !existsSync(path.join(profileDir, 'profile.db'));
const log = createLog('info');
const say = (text: string) => process.stderr.write(`eddy: ${text}\n`);
const launch = values.supervised ? await readLaunch() : {};

if (!(await joinFirst())) await serve();

/** Prints an address of the shell that has this profile open; false where there is none. */
async function joinFirst(): Promise<boolean> {
  const address = await askInstance(profileDir);
  if (address === null) return false;
  say('this profile is open already; the address leads to the Eddy that runs');
  process.stdout.write(`${address}\n`);
  process.stdin.destroy();
  return true;
}

async function serve(): Promise<void> {
  const host = startEngineHost({
    workerUrl: new URL('./engine-worker.js', import.meta.url),
    profileDir,
    version: eddyVersion,
    nativeBinding,
    network: launch.network,
    log,
  });
  if (process.env['EDDY_TEST_HOOKS'] === '1') process.on('SIGUSR2', host.crash);
  if (await isHeldByAnother(host)) {
    await host.close();
    for (let tries = 0; tries < ASK_TRIES_MAX; tries++) {
      if (await joinFirst()) return;
      await wait(ASK_EVERY_MS);
    }
    say('another Eddy has this profile open, in a window of its own.');
    say('Use that one, or close it and start again, or start with --profile NAME.');
    process.exit(1);
  }
  if (host.state().reason === 'other_network') {
    await host.close();
    say('--network: this profile belongs to another network; start with --profile NAME.');
    process.exit(2);
  }
  const demo = values.data === undefined ? null : serveDemo(host, values.data);
  const shell = await startBrowserShell({
    pageDir: path.join(import.meta.dirname, '../renderer'),
    profileDir,
    host,
    log,
    port: launch.port ?? 0,
    session: launch.session,
  });
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    void Promise.all([shell.close(), host.close(), demo?.close()]).then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  if (values.supervised) process.stdin.on('end', end).on('error', end).resume();
  if (values.supervised && process.stdin.readableEnded) end();
  if (launch.isRestart !== true) process.stdout.write(`${shell.address()}\n`);
}

function serveDemo(host: EngineHost, dataDir: string): DemoHost {
  return startDemoHost({
    engine: host,
    folder: path.join(dataDir, 'demo'),
    start: forkDemo(new URL('./demo.js', import.meta.url), nativeBinding),
    isNew: isNewProfile && launch.network === undefined,
    log,
  });
}

/** Waits for the engine to be past its start. */
async function isHeldByAnother(host: EngineHost): Promise<boolean> {
  while (host.state().state === 'starting') await wait(STATE_EVERY_MS);
  return host.state().reason === 'profile_in_use';
}

async function readLaunch(): Promise<Launch> {
  const lines = createInterface({ input: process.stdin });
  const line = await new Promise<string>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve('{}'));
  });
  lines.close();
  const launch = parseLaunch(line);
  if (launch !== null) return launch;
  say('--supervised: expected the launch as the first line of stdin, got something else');
  process.exit(2);
}
