// Entry of the desktop app, as one CommonJS file: what Electron takes only before it is ready is
// done here, synchronously, whatever way the file was loaded. Everything else is in electron.ts
// (ESM).
import { app, protocol } from 'electron';

app.enableSandbox();
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
