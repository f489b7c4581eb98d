// One running node: a role on links under a driver, its status page, its stores, and an orderly
// end.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { frameSizeOfByte } from '../../shared/network/frame-sizes.ts';
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
import { loadKeys, loadNetwork } from './node-files.ts';
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

const now = () => ({ monotonicMs: monotonicMs(), unixMs: unixMs() });

/** Starts the node of `config`. Throws `StoreError` where another process has its folder. */
export async function runNode(config: NodeConfig, options: RunOptions): Promise<RunningNode> {
  const network = loadNetwork(config.networkFile);
  const engine = options.engine ?? (await chooseEngine(options.log));
  const keys = loadKeys(config.role, config.dataDir, engine);
  const lock = lockProfile(config.dataDir, options.nativeBinding);
  const { nativeBinding } = options;
  const pool = await startPool(config, {
    onUnwrapped: (input) => driver.input(input),
    onPressure: (isHigh) => links?.holdBack(isHigh),
  });
  const parts = createRole(
    config,
    { network, keys, engine, bootId: bootId(), nativeBinding, pool },
    now(),
  );
  const { pullMailCount } = trafficSets[config.traffic];
  let faults: Faults | undefined;
  let links: Links | undefined;
  const driver: NodeDriver = new Driver<LinkInput | UnwrappedInput, never>({
    role: parts.role,
    now,
    links: (onInput) => {
      const passing = createFaults(systemRandom, onInput);
      faults = passing;
      links = new Links({
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
        onInput: passing.pass,
      });
      return links;
    },
    carryOut: () => {},
  });
  if (links === undefined || faults === undefined) throw new Error('must hold: links were made');
  const running = { parts, links, faults, driver, pool };
  const port = await links.listen();
  const status = createStatus(config, running);
  const server =
    config.statusPort === null ? null : await startStatusServer(config.statusPort, status);
  options.log('info', 'node_started', { role: config.role, port, engine: engine.name });
  return {
    port,
    identityKey: keys.identity.publicKey,
    statusPort: server?.port ?? null,
    status,
    faults,
    end: () => end(running, server, lock.release),
  };
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

async function end(running: Running, server: StatusServer | null, release: () => void) {
  running.faults.end();
  running.driver.end();
  await server?.close();
  await running.links.end();
  await running.pool?.end();
  running.parts.close();
  release();
}

function createStatus(config: NodeConfig, running: Running): Status {
  const { parts, links, faults, driver, pool } = running;
  const startedAtMs = monotonicMs();
  return {
    health: () => {
      const { neighbours, up } = links.standing();
      const hasDocument = parts.document === null ? neighbours > 0 : parts.document() !== null;
      return {
        isHealthy: hasDocument && up === neighbours,
        facts: {
          role: config.role,
          neighbours,
          neighboursUp: up,
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
