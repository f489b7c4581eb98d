// Keeps the browser shell running: where it is killed, it is started again on the same port with
// the same session, so that open tabs find it again. The session goes over stdin, never in an
// argument or the environment; the end of that pipe ends the shell with us.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Running } from './supervise.ts';

/** Restarts within the window, after which it is left ended. */
export const SHELL_RESTARTS_MAX = 5;
export const SHELL_RESTART_WINDOW_MS = 60_000;
export const SHELL_RESTART_DELAY_MS = 200;

/** Starts the shell of `profileDir`; `onAddress` is given the address it prints, once. */
export function superviseShell(options: {
  readonly profileDir: string;
  /** Where the demo network lies; without it there is none. */
  readonly dataDir?: string;
  /** A network to join, as its link. */
  readonly network?: string | undefined;
  readonly say: (text: string) => void;
  readonly onAddress: (address: string) => void;
}): Running {
  const session = randomBytes(32).toString('base64url');
  const { profileDir, dataDir, network } = options;
  const startedAtMs: number[] = [];
  let port: number | null = null;
  let child: ChildProcess | null = null;
  let isEnding = false;

  const ended: Running['ended'] = new Promise((resolve) => {
    const start = () => {
      startedAtMs.push(performance.now());
      const args = ['dist/main/browser-shell.js', '--profile', profileDir, '--supervised'];
      if (dataDir !== undefined) args.push('--data', dataDir);
      const shell = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      child = shell;
      shell.stdin.on('error', () => {});
      const again = port === null ? {} : { port, isRestart: true };
      const launch = { session, network, ...again };
      shell.stdin.write(`${JSON.stringify(launch)}\n`);
      let printed = '';
      shell.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        const [line, rest] = printed.split('\n');
        if (line === undefined || rest === undefined || port !== null) return;
        port = Number(new URL(line).port);
        options.onAddress(line);
      });
      shell.on('error', () => resolve({ code: 1, signal: null }));
      shell.on('exit', (code, signal) => {
        const now = performance.now();
        const recent = startedAtMs.filter((at) => now - at < SHELL_RESTART_WINDOW_MS);
        const isClean = code === 0 || port === null || isEnding;
        if (isClean || recent.length > SHELL_RESTARTS_MAX) return resolve({ code, signal });
        options.say('the engine ended unasked; starting it again');
        setTimeout(() => {
          if (isEnding) resolve({ code: 0, signal: null });
          else start();
        }, SHELL_RESTART_DELAY_MS);
      });
    };
    start();
  });
  return {
    ended,
    kill: (signal) => {
      isEnding = true;
      child?.kill(signal);
    },
  };
}
