// Ends what we started when we are told to end, by force where it does not end by itself.
import type { ChildProcess } from 'node:child_process';
import os from 'node:os';

/** What a shell has to close its engine and its database after a signal, before it is killed. */
export const SHELL_END_WAIT_MS = 7_000;

export type End = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** What can be told to end, and says when it has. */
export type Running = {
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<End>;
};

/** A child process as something that runs; one that could not be started ends with 1. */
export function running(child: ChildProcess): Running {
  return {
    kill: (signal) => {
      child.kill(signal);
    },
    ended: new Promise((resolve) => {
      child.on('error', () => resolve({ code: 1, signal: null }));
      child.on('exit', (code, signal) => resolve({ code, signal }));
    }),
  };
}

/** Hands on what we are told until it has ended; gives the exit code to end with. */
export async function supervise(started: Running, say: (text: string) => void): Promise<number> {
  let killTimer: NodeJS.Timeout | null = null;
  const end = () => {
    started.kill('SIGTERM');
    killTimer ??= setTimeout(() => {
      say(`still running ${SHELL_END_WAIT_MS / 1000} s after it was told to end; killed`);
      started.kill('SIGKILL');
    }, SHELL_END_WAIT_MS);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  const { code, signal } = await started.ended;
  if (killTimer !== null) clearTimeout(killTimer);
  return signal === null ? (code ?? 1) : 128 + (os.constants.signals[signal] ?? 0);
}
