// One node of a local network as a child process: started again when it ends unasked, stopped and
// told faults. Its stdin is its life line: when this process dies, however, the child ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Log } from '../log.ts';
import { monotonicMs } from '../system.ts';
import type { NodeFault } from './faults.ts';
import type { PlannedNode } from './localnet-plan.ts';

/**
 * How Node runs a node, here and from the command line (scripts/setup.mjs). A packet leaves ten
 * kilobytes of objects behind and as much outside the heap. With the young generation of the
 * runtime, 16 MB, what lies outside asks for a collection of the whole heap before the small one
 * comes: several a second under load, each a pause of some milliseconds (decision 34).
 */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=2'];
/** How long a node that ended unasked stays down. */
export const RESTART_MS = 1_000;
/** Ends within a minute after which a node is given up, and the network with it. */
export const RESTARTS_MAX = 20;
const RESTARTS_WINDOW_MS = 60_000;
/** How long a node may take to end in order before it is killed. */
export const END_MS_MAX = 5_000;

export type NodeChild = {
  readonly node: PlannedNode;
  readonly pid: () => number;
  readonly setFault: (fault: NodeFault) => void;
  readonly pause: (ms: number) => void;
  readonly kill: () => void;
  readonly end: () => Promise<void>;
};

export type NodeChildOptions = {
  readonly node: PlannedNode;
  /** The script of `node`. */
  readonly script: string;
  readonly log: Log;
  /** It is in reach of the network for the first time. */
  readonly onHealthy: () => void;
  /** It ended too often. */
  readonly onGivenUp: () => void;
};

export function startNodeChild(options: NodeChildOptions): NodeChild {
  const { node, script, log } = options;
  const endedAtMs: number[] = [];
  let fault: NodeFault = {};
  let child: ChildProcess;
  let isEnding = false;
  let isHealthyTold = false;
  let restart: NodeJS.Timeout | null = null;

  const start = () => {
    restart = null;
    const args = [script, node.role, 'run', '--config', node.configFile, '--supervised'];
    const started = spawn(process.execPath, [...NODE_FLAGS, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child = started;
    // A child that died with a line on the way to it: its end says so.
    started.stdin.on('error', () => {});
    if (Object.keys(fault).length > 0) started.stdin.write(`${JSON.stringify(fault)}\n`);
    createInterface({ input: started.stdout }).on('line', (line) => {
      if (line !== '{"healthy":true}' || isHealthyTold) return;
      isHealthyTold = true;
      options.onHealthy();
    });
    started.on('exit', (code, signal) => {
      if (isEnding) return;
      log('warn', 'node_ended', { node: node.name, code, signal });
      const now = monotonicMs();
      endedAtMs.push(now);
      if (endedAtMs.filter((at) => now - at < RESTARTS_WINDOW_MS).length > RESTARTS_MAX) {
        options.onGivenUp();
      } else restart = setTimeout(start, RESTART_MS);
    });
  };
  start();

  return {
    node,
    pid: () => child.pid ?? 0,
    setFault: (next) => {
      fault = { ...fault, ...next };
      child.stdin?.write(`${JSON.stringify(next)}\n`);
    },
    pause: (ms) => {
      const paused = child;
      paused.kill('SIGSTOP');
      setTimeout(() => paused.kill('SIGCONT'), ms);
    },
    kill: () => child.kill('SIGKILL'),
    end: async () => {
      isEnding = true;
      if (restart !== null) clearTimeout(restart);
      const last = child;
      if (last.exitCode !== null || last.signalCode !== null) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => last.kill('SIGKILL'), END_MS_MAX);
        last.once('exit', () => {
          clearTimeout(timer);
          resolve();
        });
        // A paused one hears nothing.
        last.kill('SIGCONT');
        last.kill('SIGTERM');
      });
    },
  };
}
