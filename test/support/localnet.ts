// A network on this machine and users without a window on it, as real processes. Every process that
// is started here is ended here, by its id.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { EventFrame, Reply } from '../../shared/api.ts';
import type { TrafficName } from '../../shared/network/traffic.ts';

const root = path.resolve(import.meta.dirname, '../..');

export type Fault = {
  readonly node: string;
  readonly drop?: number;
  readonly delayMs?: number;
  readonly pauseMs?: number;
  readonly kill?: boolean;
};

export type RunningLocalnet = {
  readonly networkFile: string;
  readonly nodeNames: readonly string[];
  readonly fault: (fault: Fault) => void;
  readonly end: () => Promise<void>;
};

/** Starts `localnet --faults` and waits until it is ready; `shape` has further options of it. */
export async function startLocalnet(
  dataDir: string,
  traffic: TrafficName = 'test',
  shape: readonly string[] = [],
): Promise<RunningLocalnet> {
  const args = ['main/cli/localnet.ts', '--data', dataDir, '--traffic', traffic, ...shape];
  args.push('--faults');
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'pipe', 'ignore'] });
  const ready = await new Promise<{ network: string; nodes: { name: string }[] }>(
    (resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
      child.once('exit', (code) => reject(new Error(`localnet ended with ${code}`)));
    },
  );
  return {
    networkFile: ready.network,
    nodeNames: ready.nodes.map(({ name }) => name),
    fault: (fault) => child.stdin.write(`${JSON.stringify({ fault })}\n`),
    end: () => ended(child, 'SIGTERM'),
  };
}

export type EngineProcess = {
  readonly pid: number;
  /** The value, or throws what the engine refused with. Rejects when the process ends. */
  readonly call: (call: string, args?: unknown) => Promise<unknown>;
  readonly kill: () => Promise<void>;
  readonly end: () => Promise<void>;
};

export type EngineStart = {
  /** Every line on stderr. */
  readonly onLog?: (line: string) => void;
  /** Every refusal, as it came. */
  readonly onRefusal?: (line: string) => void;
  /** Modules that are loaded before the engine. */
  readonly preload?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** It has ended, by this signal or by itself. */
  readonly onExit?: (signal: NodeJS.Signals | null) => void;
};

/** Starts an engine on `dataDir` and hears its events. */
export function startEngine(
  dataDir: string,
  networkFile: string,
  onEvent: (event: EventFrame) => void,
  start: EngineStart = {},
): EngineProcess {
  const args = (start.preload ?? []).flatMap((file) => ['--import', file]);
  args.push('main/cli/engine.ts', '--data', dataDir, '--network', networkFile);
  const env = { ...process.env, ...start.env };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['pipe', 'pipe', 'pipe'] });
  createInterface({ input: child.stderr }).on('line', (line) => start.onLog?.(line));
  const waiting = new Map<number, { take: (reply: Reply) => void; fail: (error: Error) => void }>();
  let nextId = 1;
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) => {
    const frame = JSON.parse(line) as Reply | EventFrame;
    if ('ok' in frame && !frame.ok) start.onRefusal?.(line);
    if ('event' in frame) {
      onEvent(frame);
      return;
    }
    waiting.get(frame.id)?.take(frame);
    waiting.delete(frame.id);
  });
  child.once('exit', (_code, signal) => {
    for (const { fail } of waiting.values()) fail(new Error('the engine ended'));
    waiting.clear();
    start.onExit?.(signal);
  });
  return {
    pid: child.pid ?? 0,
    call: (call, callArgs = {}) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          reject(new Error('the engine ended'));
          return;
        }
        const id = nextId++;
        const take = (reply: Reply) =>
          reply.ok ? resolve(reply.value) : reject(new Error(`${call}: ${reply.code}`));
        waiting.set(id, { take, fail: reject });
        child.stdin.write(`${JSON.stringify({ id, call, args: callArgs })}\n`);
      }),
    kill: () => ended(child, 'SIGKILL'),
    end: () => ended(child, 'SIGTERM'),
  };
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
