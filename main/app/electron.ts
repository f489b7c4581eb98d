// Composition root of the desktop app: a list of what is built, in order. What Electron takes only
// before it is ready is in before-ready.ts.
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { app, ipcMain, Menu, powerMonitor, safeStorage, session } from 'electron';
import { type Settings, settingsSchema } from '../../shared/api.ts';
import { startDemoHost } from '../engine/demo-host.ts';
import { type EngineHost, startEngineHost } from '../engine/host.ts';
import { createLog } from '../log.ts';
import { createPage } from '../page.ts';
import { monotonicMs } from '../system.ts';
import { textsOfSetting } from '../texts.ts';
import { eddyVersion } from '../version.ts';
import { forkDemo } from './demo-process.ts';
import { openDoor } from './ipc.ts';
import { openKeychain } from './keychain.ts';
import { hooksOf } from './launch.ts';
import { menuTemplate } from './menu.ts';
import { hardenSession } from './session.ts';
import { denyNavigation } from './window.ts';
import { createWindows, type Windows, windowFolder } from './windows.ts';

const here = import.meta.dirname;
const log = createLog('info');
const ownDataDir = path.join(app.getPath('appData'), 'eddy');
const profileDir = argument('--eddy-profile') ?? path.join(ownDataDir, 'default');
/** Where the demo network of all profiles lies; a profile that lies elsewhere has none. */
const dataDir =
  argument('--eddy-data') ?? (argument('--eddy-profile') === undefined ? ownDataDir : null);
const isNewProfile = !existsSync(path.join(profileDir, 'profile.db'));

mkdirSync(windowFolder(profileDir), { recursive: true, mode: 0o700 });
// Electron's single-instance lock lies in this folder, so there is one per profile.
app.setPath('userData', windowFolder(profileDir));
app.on('web-contents-created', (_event, contents) => denyNavigation(contents));

if (app.requestSingleInstanceLock()) {
  await run();
} else {
  process.stderr.write('eddy: this profile is open already; its window was brought to the front\n');
  app.exit(0);
}

async function run(): Promise<void> {
  const hooks = hooksOf(app.isPackaged, process.env);
  const network = argument('--eddy-network');
  const host = startEngineHost({
    workerUrl: new URL('./engine-worker.js', import.meta.url),
    profileDir,
    version: eddyVersion,
    nativeBinding: hooks.nativeBinding,
    network,
    keychain: () => app.whenReady().then(() => openKeychain(safeStorage, process.platform)),
    log,
  });
  let closeDemo = async () => {};
  const isEnding = endCleanly(async () => {
    await Promise.all([host.close(), closeDemo()]);
  });
  if (hooks.isCrashable) process.on('SIGUSR2', host.crash);

  await app.whenReady();
  if (isEnding()) return;
  if (dataDir !== null) {
    const start = forkDemo(path.join(here, 'demo.js'), hooks.nativeBinding);
    const folder = path.join(dataDir, 'demo');
    const isNew = isNewProfile && network === undefined;
    closeDemo = startDemoHost({ engine: host, folder, start, isNew, log }).close;
  }
  powerMonitor.on('shutdown', () => app.quit());
  // Refused where there is no passphrase to ask for.
  const lock = () => void host.handle({ id: 0, call: 'lock.now', args: {} });
  powerMonitor.on('lock-screen', lock);
  const page = createPage(path.join(here, '../renderer'));
  await hardenSession(session.defaultSession, page, app.isPackaged);
  const windows = createWindows({
    stateFile: path.join(windowFolder(profileDir), 'window-state.json'),
    preload: path.join(here, '../preload/preload.cjs'),
    door: openDoor({ ipc: ipcMain, host, log, now: monotonicMs }),
    log,
    isEnding,
  });
  const show: ShowMenu = (language) => showMenu(language, { newWindow: windows.open, lock });
  show('system');
  app.on('second-instance', windows.raise);
  app.on('activate', windows.raise);
  followSettings(host, windows, show);
  windows.open();
}

/**
 * Every way out (last window, menu, signal, shutdown) is `quit`, and that waits for the store.
 * Gives back what tells whether one was taken.
 */
function endCleanly(close: () => Promise<void>): () => boolean {
  let isEnding = false;
  let isClosed = false;
  app.on('before-quit', () => {
    isEnding = true;
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void close().then(() => {
      isClosed = true;
      // A host without a worker is closed at once, and a `quit` inside this event would be lost.
      setImmediate(() => app.quit());
    });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => app.quit());
  }
  // `npm start` holds the other end of a channel; it closes when that is gone, however it went.
  process.once('disconnect', () => app.quit());
  process.channel?.unref();
  return () => isEnding;
}

type ShowMenu = (language: Settings['language']) => void;

function showMenu(
  language: Settings['language'],
  acts: { readonly newWindow: () => void; readonly lock: () => void },
): void {
  const template = menuTemplate({
    platform: process.platform,
    isPackaged: app.isPackaged,
    ...acts,
    texts: textsOfSetting(language, app.getLocale()),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** Menu and theme go by the settings, as soon as the engine has told them. */
function followSettings(host: EngineHost, windows: Windows, show: ShowMenu): void {
  let language: Settings['language'] = 'system';
  const take = (value: unknown) => {
    const settings = settingsSchema.safeParse(value);
    if (!settings.success) return;
    windows.follow(settings.data);
    if (settings.data.language === language) return;
    language = settings.data.language;
    show(language);
  };
  host.listen((frame) => {
    if (frame.event === 'settings') take(frame.value);
    if (frame.event !== 'engine' || host.state().state !== 'running') return;
    void host.handle({ id: 0, call: 'settings.get', args: {} }).then((reply) => {
      if (reply.ok) take(reply.value);
    });
  });
}

function argument(name: string): string | undefined {
  return process.argv.find((given) => given.startsWith(`${name}=`))?.slice(name.length + 1);
}
