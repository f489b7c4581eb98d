// The demo network of a data folder as one process: every node of a small network, each on links
// of its own over loopback, and the correspondent. An Eddy starts it and is its life line: it ends
// when told to, when the channel closes, and when its parent is another than the one that started
// it. What it is doing goes over the channel and into the file that other Eddys read.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fromUtf8 } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { canonicalNetworkFile } from '../../shared/network/network-file.ts';
import { chooseCryptoEngine } from '../crypto/choose.ts';
import {
  beatDemoFile,
  DEMO_BEAT_MS,
  DEMO_IN_USE,
  type DemoReport,
  removeDemoFile,
  writeDemoFile,
} from '../engine/demo-file.ts';
import { DEMO_NETWORK_NAME } from '../engine/joined-network.ts';
import { createLog } from '../log.ts';
import { FOLDER_MODE } from '../store/durable-file.ts';
import { lockProfile } from '../store/profile-lock.ts';
import { StoreError } from '../store/store-error.ts';
import { type Correspondent, startCorrespondent } from './demo-correspondent.ts';
import { type DemoNetwork, startDemoNetwork } from './demo-network.ts';
import { type LocalnetPlan, planLocalnet } from './localnet-plan.ts';
import { loadNetwork } from './node-files.ts';

const exitCodes = { done: 0, fault: 1, inUse: DEMO_IN_USE } as const;
/** Every so often: is the parent still the one that started this? */
const PARENT_MS = 500;
/** How long an orderly end may take. */
const END_MS_MAX = 4_000;
/** How often the nodes are looked at while they come up, and from then on. */
const LOOK_MS = 100;
const LOOK_READY_MS = 2_000;

/** The way to the parent: Node's channel, or the port of an Electron utility process. */
type Port = {
  readonly postMessage: (message: unknown) => void;
  readonly on: (event: 'message', take: (message: { data: unknown }) => void) => unknown;
};
const electronPort = (process as { parentPort?: Port }).parentPort;

const { values } = parseArgs({
  // The second is of tests: an SQLite addon for an older Electron.
  options: { data: { type: 'string' }, 'sqlite-binding': { type: 'string' } },
});
if (values.data === undefined || values.data === '') throw new Error('--data DIR is needed');
const folder = path.resolve(values.data);
const nativeBinding = values['sqlite-binding'];
const log = createLog('warn');
const parentPid = process.ppid;

let network: DemoNetwork | null = null;
let correspondent: Correspondent | null = null;
let report: DemoReport = {
  pid: process.pid,
  state: { state: 'starting', nodes: [], hasCorrespondent: false },
  network: null,
  correspondent: null,
};
let isHeld = false;
let isEnding = false;
let release = () => {};

holdLifeLine();
try {
  await main();
} catch (error) {
  const isInUse = error instanceof StoreError && error.code === 'profile_in_use';
  if (!isInUse) {
    // No text of the error: it may name a folder of the user's.
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    log('error', 'demo_failed', { error: error instanceof Error ? error.name : 'unknown', code });
  }
  await end(isInUse ? exitCodes.inUse : exitCodes.fault);
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  release = lockProfile(folder, nativeBinding).release;
  isHeld = true;
  tell({});
  setInterval(() => beatDemoFile(folder), DEMO_BEAT_MS);
  const { engine } = await chooseCryptoEngine();
  const plan = await planDemo(engine);
  const file = loadNetwork(plan.networkFile);
  tell({ network: fromUtf8(canonicalNetworkFile(file)) });
  const running = await startDemoNetwork({ plan, engine, network: file, log, nativeBinding });
  if (isEnding) return running.end();
  network = running;
  look();
  correspondent = startCorrespondent({
    profileDir: path.join(folder, 'echo'),
    network: file,
    engine,
    nativeBinding,
    log,
    onCode: (code) => {
      tell({
        correspondent: code,
        state: { ...report.state, hasCorrespondent: code !== null },
      });
    },
  });
}

/** The network of this folder. What a start left that was cut off is made anew. */
async function planDemo(engine: CryptoEngine): Promise<LocalnetPlan> {
  if (!existsSync(path.join(folder, 'localnet.json'))) {
    // No profile can have joined it yet: its file is told once the plan is there.
    for (const name of ['network.json', 'authority-1', 'provider-1', 'provider-2', 'echo']) {
      rmSync(path.join(folder, name), { recursive: true, force: true });
    }
    for (let index = 1; index <= 6; index++) {
      rmSync(path.join(folder, `mix-${index}`), { recursive: true, force: true });
    }
  }
  const shape = { layers: 3, mixes: 2, providers: 2, traffic: 'demo' } as const;
  return planLocalnet(folder, shape, engine, DEMO_NETWORK_NAME);
}

/** Looks at the nodes, tells what has changed, and looks again. */
function look(): void {
  if (network === null || isEnding) return;
  const isReadyBefore = report.state.state === 'ready';
  // While they come up a link may come twice and one of the two go; that is no step back.
  const before = new Set(report.state.nodes.filter((node) => node.isReady).map(({ name }) => name));
  const nodes = network.nodes().map((node) => {
    return { ...node, isReady: node.isReady || (!isReadyBefore && before.has(node.name)) };
  });
  const isReady = isReadyBefore || nodes.every((node) => node.isReady);
  tell({ state: { ...report.state, state: isReady ? 'ready' : 'starting', nodes } });
  setTimeout(look, isReady ? LOOK_READY_MS : LOOK_MS);
}

/** Tells what is new, where it is. */
function tell(change: Partial<DemoReport>): void {
  const next = { ...report, ...change };
  const isKnown = report !== next && JSON.stringify(next) === JSON.stringify(report);
  report = next;
  if (isEnding || (isKnown && Object.keys(change).length > 0)) return;
  writeDemoFile(folder, report);
  if (electronPort !== undefined) electronPort.postMessage(report);
  else if (process.connected) process.send?.(report);
}

function holdLifeLine(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void end(exitCodes.done));
  }
  process.once('disconnect', () => void end(exitCodes.done));
  const take = (message: unknown) => {
    if (message === 'end') void end(exitCodes.done);
  };
  process.on('message', take);
  electronPort?.on('message', ({ data }) => take(data));
  setInterval(() => {
    if (process.ppid !== parentPid) void end(exitCodes.done);
  }, PARENT_MS);
}

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  setTimeout(() => process.exit(code), END_MS_MAX);
  correspondent?.close();
  await network?.end();
  if (isHeld) removeDemoFile(folder);
  release();
  process.exit(code);
}
