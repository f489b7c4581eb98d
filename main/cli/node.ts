// One node of a network: `mix|provider|authority init|run --config FILE`. stdout carries one JSON
// line (what init made; that run listens), everything else goes to stderr.
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { toBase64url } from '../../shared/bytes.ts';
import { parseNodeAddress } from '../../shared/network/node-address.ts';
import { type NodeRole, nodeRoles } from '../config.ts';
import { chooseCryptoEngine } from '../crypto/choose.ts';
import { createLog, type Log } from '../log.ts';
import { StoreError } from '../store/store-error.ts';
import { nodeFaultSchema } from './faults.ts';
import { initNode, loadConfig, OperatorError } from './node-files.ts';
import { ListenError, type RunningNode, runNode } from './node-process.ts';

/** How it ends: as asked, by a fault, called or configured wrongly, folder in use. */
const exitCodes = { done: 0, fault: 1, usage: 2, inUse: 3 } as const;

const USAGE = `node mix|provider|authority init --config FILE [--listen HOST:PORT]
       [--address HOST:PORT]... [--operator NAME] [--network FILE] [--data DIR]
       [--traffic NAME] [--status-port PORT] [--name NETWORK]
     node mix|provider|authority run --config FILE`;

/** How often a supervised node looks whether it is healthy, until it first is. */
const HEALTH_MS = 50;

const options = {
  config: { type: 'string' },
  listen: { type: 'string', default: '127.0.0.1:4433' },
  address: { type: 'string', multiple: true },
  operator: { type: 'string' },
  network: { type: 'string', default: 'network.json' },
  data: { type: 'string', default: 'data' },
  traffic: { type: 'string', default: 'standard' },
  'status-port': { type: 'string', default: '0' },
  name: { type: 'string', default: 'network' },
  // Of a supervisor that runs whole networks: ends with stdin, says when the network is in reach,
  // and takes faults as lines.
  supervised: { type: 'boolean', default: false },
} as const;

try {
  await main();
} catch (error) {
  process.exitCode = explain(error);
}

async function main(): Promise<void> {
  const { values, positionals } = parse();
  const role = nodeRoles.find((name) => name === positionals[0]);
  const command = positionals[1];
  const isKnown = role !== undefined && (command === 'init' || command === 'run');
  if (!isKnown || positionals.length !== 2 || values.config === undefined) {
    throw new OperatorError(USAGE);
  }
  const configFile = path.resolve(values.config);
  if (command === 'init') await init(role, configFile, values);
  else await run(role, configFile, values.supervised);
}

function parse() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    const what = error instanceof Error ? error.message : 'the arguments cannot be read';
    throw new OperatorError(`${what}\n${USAGE}`, { cause: error });
  }
}

type Values = ReturnType<typeof parse>['values'];

async function init(role: NodeRole, configFile: string, values: Values): Promise<void> {
  const listen = parseNodeAddress(values.listen);
  if (!listen.ok) throw new OperatorError(`--listen: expected host:port, got ${listen.reason}`);
  const { engine } = await chooseCryptoEngine();
  const identityKey = initNode(
    {
      role,
      configFile,
      networkName: values.name,
      dataDir: values.data,
      network: values.network,
      traffic: values.traffic,
      listen: listen.address,
      addresses: values.address ?? [values.listen],
      operator: values.operator ?? `operator-${path.basename(path.dirname(configFile))}`,
      statusPort: Number(values['status-port']),
      logLevel: 'info',
    },
    engine,
  );
  say({ role, key: toBase64url(identityKey), config: configFile });
}

async function run(role: NodeRole, configFile: string, isSupervised: boolean): Promise<void> {
  const config = loadConfig(role, configFile);
  const log = createLog(config.logLevel);
  const node = await runNode(config, { log, nativeBinding: process.env['EDDY_SQLITE_BINDING'] });
  say({ ready: true, role, port: node.port, statusPort: node.statusPort });
  const end = once(async () => {
    log('info', 'node_ends', { role });
    await node.end();
    process.exit(exitCodes.done);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  if (isSupervised) supervise(node, log, end);
}

function supervise(node: RunningNode, log: Log, end: () => void): void {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const fault = nodeFaultSchema.safeParse(parseJson(line));
    if (fault.success) node.faults.set(fault.data);
    else log('warn', 'fault_refused');
  });
  lines.on('close', end);
  const timer = setInterval(() => {
    if (!node.status.health().isHealthy) return;
    clearInterval(timer);
    say({ healthy: true });
  }, HEALTH_MS);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function once(work: () => Promise<void>): () => void {
  let isCalled = false;
  return () => {
    if (isCalled) return;
    isCalled = true;
    work().catch((error: unknown) => process.exit(explain(error)));
  };
}

function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function explain(error: unknown): number {
  if (error instanceof OperatorError) {
    process.stderr.write(`node: ${error.message}\n`);
    return exitCodes.usage;
  }
  if (error instanceof StoreError && error.code === 'profile_in_use') {
    process.stderr.write('node: another process runs with this data folder; end it first.\n');
    return exitCodes.inUse;
  }
  if (error instanceof ListenError) {
    process.stderr.write(`node: ${error.message}\n`);
    return exitCodes.fault;
  }
  process.stderr.write(
    `node: ${error instanceof Error ? (error.stack ?? error.message) : 'fault'}\n`,
  );
  return exitCodes.fault;
}
