// A display of the tests' own: nothing appears on the screen of whoever runs them, and two runs do
// not meet. `-ac` lets in the unprivileged user that the windows run as.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export type Display = { readonly name: string; readonly close: () => void };

/** Starts Xvfb on a free number. Rejects where it is not installed. */
export async function startDisplay(): Promise<Display> {
  const args = ['-displayfd', '3', '-ac', '-screen', '0', '1440x1000x24', '-nolisten', 'tcp'];
  const server: ChildProcess = spawn('Xvfb', args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    server.once('error', (error) => reject(new Error('Xvfb is not installed', { cause: error })));
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    (server.stdio[3] as Readable).once('data', (chunk: Buffer) => resolve(String(chunk).trim()));
  });
  return { name: `:${number}`, close: () => server.kill('SIGTERM') };
}
