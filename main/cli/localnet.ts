// A whole network on this machine: one process for each node, real links on loopback. Prints one
// line when every node is in reach of the others; goes on until SIGTERM, SIGINT or the end of its
// parent.
import { fstatSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type TrafficName, trafficNames } from '../../shared/network/traffic.ts';
import { chooseCryptoEngine } from '../crypto/choose.ts';
import { createLog } from '../log.ts';
import { lockProfile } from '../store/profile-lock.ts';
import { StoreError } from '../store/store-error.ts';
import { monotonicMs } from '../system.ts';
import { faultLineSchema } from './faults.ts';
import { type LocalnetPlan, type LocalnetShape, planLocalnet } from './localnet-plan.ts';
import { type NodeChild, startNodeChild } from './node-child.ts';
import { OperatorError } from './node-files.ts';

/** How it ends: as asked, by a fault, called wrongly, folder in use. */
const exitCodes = { done: 0, fault: 1, usage: 2, inUse: 3 } as const;
const USAGE = `localnet --data DIR [--layers 1..3] [--mixes 2] [--providers 2] [--authorities 1]
     [--traffic demo] [--faults]`;
/** Every so often: is the parent still the one that started this? */
const PARENT_MS = 500;
/** A stdin that ends sooner was never anybody's hand. */
const STDIN_GRACE_MS = 2_000;

const log = createLog('info');
const startedAtMs = monotonicMs();
const parentPid = process.ppid;
const children: NodeChild[] = [];
let release = () => {};
let isEnding = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void end(exitCodes.done));
}
try {
  await main();
} catch (error) {
  explain(error);
  await end(error instanceof OperatorError ? exitCodes.usage : failureCode(error));
}

async function main(): Promise<void> {
  const { folder, asked, hasFaults } = readArguments();
  const { engine } = await chooseCryptoEngine();
  const plan = await planLocalnet(folder, asked, engine);
  release = lockProfile(folder, process.env['EDDY_SQLITE_BINDING']).release;
  watchParent();
  await new Promise<void>((resolve) => {
    let healthy = 0;
    const onHealthy = () => {
      healthy += 1;
      if (healthy === plan.nodes.length) resolve();
    };
    const onGivenUp = () => {
      log('error', 'network_given_up');
      void end(exitCodes.fault);
    };
    const script = nodeScript();
    for (const node of plan.nodes) {
      children.push(startNodeChild({ node, script, log, onHealthy, onGivenUp }));
    }
  });
  if (!isEnding) process.stdout.write(`${JSON.stringify(readyLine(plan))}\n`);
  if (hasFaults) takeFaults();
}

function readyLine(plan: LocalnetPlan) {
  const authority = plan.nodes.find(({ role }) => role === 'authority');
  return {
    ready: true,
    network: plan.networkFile,
    documentUrl: `http://127.0.0.1:${authority?.statusPort}/document`,
    nodes: children.map(({ node, pid }) => ({
      name: node.name,
      kind: node.role,
      address: `127.0.0.1:${node.port}`,
      pid: pid(),
    })),
  };
}

function takeFaults(): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const parsed = faultLineSchema.safeParse(parseJson(line));
    const fault = parsed.success ? parsed.data.fault : null;
    const child = children.find(({ node }) => node.name === fault?.node);
    if (fault === null || child === undefined) {
      log('warn', 'fault_refused', { reason: fault === null ? 'malformed' : 'unknown node' });
      return;
    }
    const { drop, delayMs, pauseMs, kill } = fault;
    child.setFault({
      ...(drop === undefined ? {} : { drop }),
      ...(delayMs === undefined ? {} : { delayMs }),
    });
    if (pauseMs !== undefined && pauseMs > 0) child.pause(pauseMs);
    if (kill === true) child.kill();
    log('info', 'fault_taken', { node: child.node.name });
  });
}

/** Ends when the parent does, and when a stdin that somebody holds is closed. */
function watchParent(): void {
  setInterval(() => {
    if (process.ppid !== parentPid) void end(exitCodes.done);
  }, PARENT_MS).unref();
  if (!isPipe()) return;
  process.stdin.on('end', () => {
    if (monotonicMs() - startedAtMs > STDIN_GRACE_MS) void end(exitCodes.done);
  });
  process.stdin.on('error', () => {});
  process.stdin.resume();
}

function isPipe(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    return false;
  }
}

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await Promise.all(children.map((child) => child.end()));
  release();
  process.exit(code);
}

/** As source or as built: the other script is beside this one, with the same ending. */
function nodeScript(): string {
  const own = fileURLToPath(import.meta.url);
  return path.join(path.dirname(own), `node${path.extname(own)}`);
}

function readArguments() {
  const options = {
    data: { type: 'string' },
    layers: { type: 'string' },
    mixes: { type: 'string' },
    providers: { type: 'string' },
    authorities: { type: 'string', default: '1' },
    traffic: { type: 'string' },
    faults: { type: 'boolean', default: false },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    values = parseArgs({ options }).values;
  } catch (error) {
    const what = error instanceof Error ? error.message : 'the arguments cannot be read';
    throw new OperatorError(`${what}\n${USAGE}`, { cause: error });
  }
  if (values.data === undefined || values.data === '') throw new OperatorError(USAGE);
  if (values.authorities !== '1') {
    throw new OperatorError('--authorities: expected 1, since they do not agree among them yet');
  }
  const asked: Partial<LocalnetShape> = {
    ...count('layers', values.layers, 3),
    ...count('mixes', values.mixes, 16),
    ...count('providers', values.providers, 16),
    ...(values.traffic === undefined ? {} : { traffic: trafficName(values.traffic) }),
  };
  return { folder: path.resolve(values.data), asked, hasFaults: values.faults };
}

function count(name: 'layers' | 'mixes' | 'providers', text: string | undefined, max: number) {
  if (text === undefined) return {};
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return { [name]: value };
  throw new OperatorError(`--${name}: expected 1 to ${max}`);
}

function trafficName(text: string): TrafficName {
  const name = trafficNames.find((known) => known === text);
  if (name !== undefined) return name;
  throw new OperatorError(`--traffic: expected ${trafficNames.join(' or ')}`);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function failureCode(error: unknown): number {
  const isInUse = error instanceof StoreError && error.code === 'profile_in_use';
  return isInUse ? exitCodes.inUse : exitCodes.fault;
}

function explain(error: unknown): void {
  const isInUse = error instanceof StoreError && error.code === 'profile_in_use';
  if (isInUse) process.stderr.write('localnet: a network runs with this folder already.\n');
  else if (error instanceof OperatorError) process.stderr.write(`localnet: ${error.message}\n`);
  else process.stderr.write(`localnet: ${error instanceof Error ? error.stack : 'fault'}\n`);
}
