// One running node: a role on links under a driver, its status page, its stores, and an orderly
// end.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { frameSizeOfByte } from '../../shared/network/frame-sizes.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import { isLoopbackAddress } from '../../shared/network/node-address.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import type { NodeConfig } from '../config.ts';
import { chooseCryptoEngine } from '../crypto/choose.ts';
import type { Log } from '../log.ts';
import type { LinkInput } from '../mixnet/role.ts';
import type { UnwrappedInput } from '../mixnet/unwrap-step.ts';
import { Driver } from '../net/drive.ts';
import { INBOUND_MAX } from '../net/inbound.ts';
import { Links } from '../net/links.ts';
import {
  type Metrics,
  type Status,
  type StatusServer,
  startStatusServer,
} from '../net/status-server.ts';
import { UnwrapPool, type UnwrapPoolOptions } from '../net/unwrap-pool.ts';
import { lockProfile } from '../store/profile-lock.ts';
import { monotonicMs, systemRandom, unixMs } from '../system.ts';
import { createFaults, type Faults } from './faults.ts';
import { loadKeys, loadNetwork, type NodeKeys } from './node-files.ts';
import { createRole, type RoleParts } from './node-roles.ts';

export type RunningNode = {
  readonly port: number;
  readonly identityKey: Uint8Array;
  /** Null where the configuration asks for no status page. */
  readonly statusPort: number | null;
  readonly status: Status;
  readonly faults: Faults;
  /** Ends links after what was written, makes everything durable, gives the folder back. */
  readonly end: () => Promise<void>;
};

export type RunOptions = {
  readonly log: Log;
  readonly nativeBinding: string | undefined;
  /** One that has passed its self-test in this process; chosen and tested where absent. */
  readonly engine?: CryptoEngine;
};

/** Nothing can listen as configured; the message has the field and the system's code. */
export class ListenError extends Error {}

const now = () => ({ monotonicMs: monotonicMs(), unixMs: unixMs() });

/**
 * Starts the node of `config`. Throws `StoreError` where another process has its folder, and
 * `ListenError` where another one has its ports; what was begun is ended then.
 */
export async function runNode(config: NodeConfig, options: RunOptions): Promise<RunningNode> {
  const network = loadNetwork(config.networkFile);
  const engine = options.engine ?? (await chooseEngine(options.log));
  const keys = loadKeys(config.role, config.dataDir, engine);
  const begun: Begun = { lock: lockProfile(config.dataDir, options.nativeBinding) };
  try {
    return await begin(begun, config, { ...options, network, keys, engine });
  } catch (error) {
    // What cannot even be ended adds nothing: the first fault is the one to tell.
    await end(begun).catch(() => undefined);
    throw error;
  }
}

type Known = RunOptions & {
  readonly network: NetworkFile;
  readonly keys: NodeKeys;
  readonly engine: CryptoEngine;
};

/** What there is to end, each from the moment it was made. */
type Begun = { readonly lock: { readonly release: () => void }; server?: StatusServer } & {
  -readonly [Part in keyof Running]?: Running[Part];
};

/** Makes all parts, each noted in `begun` at once. */
async function begin(begun: Begun, config: NodeConfig, known: Known): Promise<RunningNode> {
  const { network, keys, engine, nativeBinding } = known;
  const pool = await startPool(config, {
    onUnwrapped: (input) => driver.input(input),
    onPressure: (isHigh) => begun.links?.holdBack(isHigh),
  });
  begun.pool = pool;
  const parts = createRole(
    config,
    { network, keys, engine, bootId: bootId(), nativeBinding, pool },
    now(),
  );
  begun.parts = parts;
  const { pullMailCount } = trafficSets[config.traffic];
  const driver: NodeDriver = new Driver<LinkInput | UnwrappedInput, never>({
    role: parts.role,
    now,
    links: (onInput) => {
      const faults = createFaults(systemRandom, onInput);
      begun.faults = faults;
      const links = new Links({
        frameSizes: (kind) => frameSizeOfByte(kind, pullMailCount),
        key: keys.link,
        listen: {
          ...config.listen,
          acceptsAnonymous: parts.acceptsAnonymous,
          // Where all come from this computer, one address is everybody.
          ...(config.addresses.every(isLoopbackAddress) ? { perAddressMax: INBOUND_MAX } : {}),
        },
        random: systemRandom,
        nowMs: monotonicMs,
        onInput: faults.pass,
      });
      begun.links = links;
      return links;
    },
    carryOut: () => {},
  });
  begun.driver = driver;
  const { links, faults } = begun;
  if (links === undefined || faults === undefined) throw new Error('must hold: links were made');
  const port = await listening('listen', links.listen());
  const status = createStatus(config, { parts, links, faults, driver, pool });
  if (config.statusPort !== null) {
    begun.server = await listening('statusPort', startStatusServer(config.statusPort, status));
  }
  known.log('info', 'node_started', { role: config.role, port, engine: engine.name });
  return {
    port,
    identityKey: keys.identity.publicKey,
    statusPort: begun.server?.port ?? null,
    status,
    faults,
    end: () => end(begun),
  };
}

async function listening<T>(field: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const got = error instanceof Error && 'code' in error ? String(error.code) : 'a fault';
    const expected = 'expected an address and port that this process may have';
    throw new ListenError(`${field}: ${expected}, got ${got}`, { cause: error });
  }
}

async function chooseEngine(log: Log): Promise<CryptoEngine> {
  const { engine, refused } = await chooseCryptoEngine();
  for (const { name, reason } of refused) log('warn', 'crypto_engine', { name, reason });
  return engine;
}

type NodeDriver = Driver<LinkInput | UnwrappedInput, never>;

/** Null where the node's own thread unwraps. */
async function startPool(
  config: NodeConfig,
  heard: Pick<UnwrapPoolOptions, 'onUnwrapped' | 'onPressure'>,
): Promise<UnwrapPool | null> {
  if (config.role === 'authority' || config.threads === 0) return null;
  const own = fileURLToPath(import.meta.url);
  // Beside this file, as source or as built.
  const workerUrl = new URL(`./unwrap-worker${path.extname(own)}`, import.meta.url);
  return await UnwrapPool.start({ threads: config.threads, workerUrl, ...heard });
}

type Running = {
  readonly parts: RoleParts;
  readonly links: Links;
  readonly faults: Faults;
  readonly driver: NodeDriver;
  readonly pool: UnwrapPool | null;
};

async function end({ faults, driver, server, links, pool, parts, lock }: Begun): Promise<void> {
  faults?.end();
  driver?.end();
  await server?.close();
  await links?.end();
  await pool?.end();
  parts?.close();
  lock.release();
}

function createStatus(config: NodeConfig, running: Running): Status {
  const { parts, links, faults, driver, pool } = running;
  const startedAtMs = monotonicMs();
  return {
    health: () => {
      const { neighbours, up } = links.standing();
      const groups = links.outboundGroups();
      const hasDocument = parts.document === null ? neighbours > 0 : parts.document() !== null;
      return {
        isHealthy: hasDocument && up === neighbours,
        facts: {
          role: config.role,
          neighbours,
          neighboursUp: up,
          outboundX25519MLKEM768: groups.x25519mlkem768,
          outboundX25519: groups.x25519,
          outboundOther: groups.other,
          uptimeSeconds: Math.floor((monotonicMs() - startedAtMs) / 1_000),
        },
      };
    },
    metrics: () => {
      const { neighbours, up } = links.standing();
      const { wakes, meanMs, maxMs } = driver.lag;
      return {
        ...flatten(parts.counters()),
        ...links.counters.all(),
        ...flatten(links.outboundGroups(), 'links_outbound'),
        ...faults.counts(),
        neighbours,
        neighbours_up: up,
        buffered_bytes: links.bufferedBytes,
        wakes,
        wake_lag_ms_mean: meanMs,
        wake_lag_ms_max: maxMs,
        unwrap_workers_lost: pool?.workersLost ?? 0,
        resident_bytes: process.memoryUsage.rss(),
      };
    },
    ...(parts.document === null ? {} : { document: parts.document }),
  };
}

/** Numbers nested by name, as one level: `refusals` `mac` becomes `refusals_mac`. */
function flatten(value: unknown, prefix = ''): Metrics {
  if (typeof value === 'number') return { [prefix]: value };
  if (typeof value !== 'object' || value === null) return {};
  const parts = Object.entries(value).map(([name, inner]) => {
    const plain = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const whole = `${prefix === '' ? '' : `${prefix}_`}${plain.replaceAll('-', '_')}`;
    return flatten(inner, whole);
  });
  return Object.assign({}, ...parts) as Metrics;
}

/** Linux tells one boot from another; elsewhere only an orderly end is trusted. */
function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
