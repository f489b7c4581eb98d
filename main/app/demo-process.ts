// The demo network's process as a utility process of the desktop app: Node without a window, since
// the packaged program refuses to run as Node. It ends with the app, however that ends.
import { utilityProcess } from 'electron';
import type { StartDemoProcess } from '../engine/demo-host.ts';

/** Starts the built `script`; `nativeBinding` is the tests' own SQLite addon. */
export function forkDemo(script: string, nativeBinding: string | undefined): StartDemoProcess {
  return (folder, heard) => {
    const args = ['--data', folder];
    if (nativeBinding !== undefined) args.push('--sqlite-binding', nativeBinding);
    const child = utilityProcess.fork(script, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      serviceName: 'Eddy demo network',
    });
    child.on('message', heard.onMessage);
    child.on('exit', heard.onExit);
    return {
      end: () => child.postMessage('end'),
      kill: () => {
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
      },
    };
  };
}
