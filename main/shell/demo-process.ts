// The demo network's process as a child of the browser shell. The channel between the two is its
// life line: the child ends when that closes.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { StartDemoProcess } from '../engine/demo-host.ts';

/** Starts `script`, which is main/cli/demo.ts as source or as built. */
export function forkDemo(script: URL, nativeBinding?: string): StartDemoProcess {
  return (folder, heard) => {
    const args = ['--data', folder];
    if (nativeBinding !== undefined) args.push('--sqlite-binding', nativeBinding);
    const child = fork(fileURLToPath(script), args, {
      // stdout is for the address alone.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let isOver = false;
    const over = (code: number | null) => {
      if (isOver) return;
      isOver = true;
      heard.onExit(code);
    };
    child.on('message', heard.onMessage);
    child.on('error', () => {
      if (child.exitCode === null && child.pid === undefined) over(null);
    });
    child.on('exit', over);
    return {
      // Where it has no channel any more, it ends by itself.
      end: () => void (child.connected && child.send('end', () => {})),
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
