// Composition root of the desktop app: a list of what is built, in order. What Electron takes only
// before it is ready is in before-ready.ts.
import path from 'node:path';
import { app, BrowserWindow } from 'electron';
import { startEngineHost } from '../engine/host.ts';
import { createLog } from '../log.ts';
import { createPage } from '../page.ts';
import { eddyVersion } from '../version.ts';
import { openDoor } from './ipc.ts';
import { hardenSession } from './session.ts';
import { createWindow, denyNavigation } from './window.ts';

const here = import.meta.dirname;
const log = createLog('info');
const profileDir =
  argument('--eddy-profile') ?? path.join(app.getPath('appData'), 'eddy', 'default');

app.setPath('userData', path.join(profileDir, 'window'));
app.on('web-contents-created', (_event, contents) => denyNavigation(contents));

if (!app.requestSingleInstanceLock()) {
  log('info', 'already_running');
  app.exit(0);
} else {
  const host = startEngineHost({
    workerUrl: new URL('./engine-worker.js', import.meta.url),
    profileDir,
    version: eddyVersion,
    nativeBinding: app.isPackaged ? undefined : process.env['EDDY_SQLITE_BINDING'],
    log,
  });
  let isClosed = false;

  app.on('second-instance', () => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window === undefined) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void host.close().then(() => {
      isClosed = true;
      app.quit();
    });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());

  await app.whenReady();
  hardenSession(createPage(path.join(here, '../renderer')));
  const window = createWindow(path.join(here, '../preload/preload.cjs'));
  openDoor(window, host, log);
  await window.loadURL('app://eddy/');
}

function argument(name: string): string | undefined {
  return process.argv.find((given) => given.startsWith(`${name}=`))?.slice(name.length + 1);
}
