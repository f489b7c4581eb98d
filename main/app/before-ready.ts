// Entry of the desktop app, as one CommonJS file: what Electron takes only before it is ready is
// done here, synchronously, whatever way the file was loaded. Everything else is in electron.ts
// (ESM).
import { app, protocol } from 'electron';
import { CHROMIUM_SWITCHES, refusedSwitches } from './launch.ts';

const refused = refusedSwitches(app.isPackaged, (name) => app.commandLine.hasSwitch(name));
if (refused.length > 0) {
  process.stderr.write(`eddy: not started with --${refused.join(', --')}\n`);
  app.exit(2);
} else {
  app.enableSandbox();
  for (const [name, value] of CHROMIUM_SWITCHES) app.commandLine.appendSwitch(name, value);
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);

  const rest = './electron.js';
  import(/* @vite-ignore */ rest).catch((error: unknown) => {
    process.stderr.write(`eddy: ${error instanceof Error ? error.message : 'could not start'}\n`);
    app.exit(1);
  });
}
