// What a network on one machine is made of, and its files: made once, found again by the next
// start, so that the same network goes on with the same keys, ports and mailboxes.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import * as z from 'zod/mini';
import { toBase64url } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { type TrafficName, trafficNames } from '../../shared/network/traffic.ts';
import { drawBelow } from '../../shared/random.ts';
import type { NodeRole } from '../config.ts';
import { FOLDER_MODE, writeDurably } from '../store/durable-file.ts';
import { systemRandom } from '../system.ts';
import { initNode, loadKeys, OperatorError } from './node-files.ts';

export type LocalnetShape = {
  readonly layers: number;
  /** In each layer. */
  readonly mixes: number;
  readonly providers: number;
  readonly traffic: TrafficName;
};

export type PlannedNode = {
  readonly name: string;
  readonly role: NodeRole;
  readonly port: number;
  readonly statusPort: number;
  /** Absolute. */
  readonly configFile: string;
};

export type LocalnetPlan = {
  readonly shape: LocalnetShape;
  /** Absolute. */
  readonly networkFile: string;
  readonly nodes: readonly PlannedNode[];
};

export const LOCALNET_NODES_MAX = 64;
const HOST = '127.0.0.1';
/**
 * Where ports are drawn: below those that systems lend out for a while (from 32,768 on Linux, from
 * 49,152 elsewhere), since a port must be free again at the next start.
 */
const PORT_MIN = 20_000;
const PORT_MAX = 32_000;
/** Ports that are tried for each that is needed. */
const PORT_TRIES_MAX = 20;

const planSchema = z.strictObject({
  version: z.literal(1),
  layers: z.int(),
  mixes: z.int(),
  providers: z.int(),
  traffic: z.enum(trafficNames),
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      role: z.enum(['mix', 'provider', 'authority']),
      port: z.int(),
      statusPort: z.int(),
    }),
  ),
});

/** The network in `folder`: the one that is there, or a new one of the asked shape and name. */
export async function planLocalnet(
  folder: string,
  asked: Partial<LocalnetShape>,
  engine: CryptoEngine,
  networkName = 'this computer',
): Promise<LocalnetPlan> {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const planFile = path.join(folder, 'localnet.json');
  if (existsSync(planFile)) return readPlan(folder, planFile, asked);
  const shape: LocalnetShape = {
    layers: asked.layers ?? 3,
    mixes: asked.mixes ?? 2,
    providers: asked.providers ?? 2,
    traffic: asked.traffic ?? 'demo',
  };
  const plan = await makePlan(folder, shape);
  initNodes(plan, engine, networkName);
  // Last: what a start left that was cut off before this is no network yet.
  const nodes = plan.nodes.map(({ name, role, port, statusPort }) => ({
    name,
    role,
    port,
    statusPort,
  }));
  writeDurably(planFile, Buffer.from(`${JSON.stringify({ version: 1, ...shape, nodes })}\n`));
  return plan;
}

/** What the text of a localnet.json says; null where it is not one of this version. */
export function parsePlan(text: string): z.infer<typeof planSchema> | null {
  try {
    const parsed = planSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function readPlan(folder: string, file: string, asked: Partial<LocalnetShape>): LocalnetPlan {
  const plan = parsePlan(readFileSync(file, 'utf8'));
  if (plan === null) {
    throw new OperatorError('--data: expected a folder of this version, got another localnet.json');
  }
  const { nodes, layers, mixes, providers, traffic } = plan;
  const shape = { layers, mixes, providers, traffic };
  for (const [name, value] of Object.entries(asked)) {
    const there = shape[name as keyof LocalnetShape];
    if (value !== there) {
      throw new OperatorError(
        `--${name}: expected ${there}, which the network in this folder has, got ${value}`,
      );
    }
  }
  return {
    shape,
    networkFile: networkFileOf(folder),
    nodes: nodes.map((node) => ({ ...node, configFile: configFileOf(folder, node.name) })),
  };
}

async function makePlan(folder: string, shape: LocalnetShape): Promise<LocalnetPlan> {
  const mixes = Array.from({ length: shape.layers * shape.mixes }, (_, index) => ({
    name: `mix-${index + 1}`,
    role: 'mix' as const,
  }));
  const providers = Array.from({ length: shape.providers }, (_, index) => ({
    name: `provider-${index + 1}`,
    role: 'provider' as const,
  }));
  const named = [{ name: 'authority-1', role: 'authority' as const }, ...mixes, ...providers];
  if (named.length > LOCALNET_NODES_MAX) {
    throw new OperatorError(
      `--mixes: expected ${LOCALNET_NODES_MAX} nodes at most, got ${named.length}`,
    );
  }
  const ports = await freePorts(named.length * 2);
  return {
    shape,
    networkFile: networkFileOf(folder),
    nodes: named.map((node, index) => ({
      ...node,
      port: ports[2 * index] ?? 0,
      statusPort: ports[2 * index + 1] ?? 0,
      configFile: configFileOf(folder, node.name),
    })),
  };
}

/** Keys of all nodes first, since the authority's list names them. */
function initNodes(plan: LocalnetPlan, engine: CryptoEngine, networkName: string): void {
  const allow = plan.nodes
    .filter(({ role }) => role !== 'authority')
    .map(({ name, role, configFile }) => {
      const dataDir = path.join(path.dirname(configFile), 'data');
      const { identity } = loadKeys(role, dataDir, engine);
      return { key: toBase64url(identity.publicKey), operator: name };
    });
  for (const { name, role, configFile, port, statusPort } of plan.nodes) {
    if (existsSync(configFile)) {
      throw new OperatorError(`--data: expected an empty folder, got one with ${name} in it`);
    }
    initNode(
      {
        role,
        configFile,
        networkName,
        dataDir: 'data',
        network: '../network.json',
        traffic: plan.shape.traffic,
        listen: { host: HOST, port },
        addresses: [`${HOST}:${port}`],
        operator: name,
        statusPort,
        logLevel: 'warn',
        layers: plan.shape.layers,
        ...(role === 'authority' ? { allow } : {}),
      },
      engine,
    );
  }
}

function configFileOf(folder: string, name: string): string {
  return path.join(folder, name, 'node.jsonc');
}

function networkFileOf(folder: string): string {
  return path.join(folder, 'network.json');
}

/** Ports that nobody has now, all held at once so that none comes twice. */
async function freePorts(count: number): Promise<number[]> {
  const servers: net.Server[] = [];
  for (let tries = 0; servers.length < count && tries < count * PORT_TRIES_MAX; tries++) {
    const server = await listening(PORT_MIN + drawBelow(systemRandom, PORT_MAX - PORT_MIN));
    if (server !== null) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  if (ports.length < count) {
    throw new OperatorError(`ports: expected ${count} free ones, got ${ports.length}`);
  }
  return ports;
}

/** Null where somebody has the port. */
function listening(port: number): Promise<net.Server | null> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(null));
    server.listen(port, HOST, () => resolve(server));
  });
}
