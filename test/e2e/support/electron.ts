// The desktop app in a real Electron: as an ordinary user, with the sandbox on, on a display of its
// own. The Electron is the one that EDDY_TEST_ELECTRON names, its SQLite addon the one that
// EDDY_SQLITE_BINDING names, if any; both are copied to where that user may read them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { standInDevices } from './chromium.ts';
import { type Display, startDisplay } from './display.ts';
import { watchFaults } from './faults.ts';
import type { Running, Target } from './target.ts';
import { ownedFolder, scratchFolder, unprivilegedLauncher } from './unprivileged.ts';

const root = path.resolve(import.meta.dirname, '../../..');
/** What the built app loads at run time. */
const packages = [
  'better-sqlite3',
  'sodium-native',
  'require-addon',
  'bare-addon-resolve',
  'bare-module-resolve',
  'bare-semver',
  'bare-assert',
  'which-runtime',
];

export type ElectronStage = {
  /** Starts the app; `args` go to it as they are. */
  readonly launch: (profile: string, args?: readonly string[]) => Promise<ElectronApplication>;
  /** A program and arguments that start the app without a driver. */
  readonly command: (profile: string) => readonly [string, string[]];
  readonly profile: (name: string) => string;
  /** A folder of the ordinary user's. */
  readonly dataDir: string;
  readonly env: Record<string, string>;
  readonly close: () => void;
};

/** Lays out runtime, app and packages in a folder that an ordinary user may read. */
export async function stageElectron(executable: string): Promise<ElectronStage> {
  const runtime = path.dirname(executable);
  const binding = process.env['EDDY_SQLITE_BINDING'];
  const scratch = scratchFolder();
  const app = path.join(scratch.dir, 'app');
  mkdirSync(path.join(app, 'node_modules'), { recursive: true });
  // Hard links where the disk allows, since the runtime has 250 MB.
  const linked = spawnSync('cp', ['-al', runtime, path.join(scratch.dir, 'runtime')]);
  if (linked.status !== 0) cpSync(runtime, path.join(scratch.dir, 'runtime'), { recursive: true });
  const addon = path.join(scratch.dir, 'sqlite.node');
  if (binding !== undefined) copyFileSync(binding, addon);
  cpSync(path.join(root, 'dist'), path.join(app, 'dist'), { recursive: true });
  copyFileSync(path.join(root, 'package.json'), path.join(app, 'package.json'));
  for (const name of packages) {
    const from = path.join(root, 'node_modules', name);
    if (existsSync(from)) cpSync(from, path.join(app, 'node_modules', name), { recursive: true });
  }
  const home = ownedFolder(scratch.dir, 'home');
  const display: Display = await startDisplay();
  const env = {
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_RUNTIME_DIR: home,
    DISPLAY: display.name,
    ...(binding === undefined ? {} : { EDDY_SQLITE_BINDING: addon }),
    EDDY_TEST_HOOKS: '1',
  };
  const program = path.join(scratch.dir, 'runtime', 'electron');
  const executablePath = unprivilegedLauncher(scratch.dir, 'electron', program, env);
  const inherited = { PATH: process.env['PATH'] ?? '', ...env };
  return {
    env: inherited,
    launch: (profile, args = []) =>
      _electron.launch({
        executablePath,
        args: [...standInDevices, app, `--eddy-profile=${profile}`, ...args],
        cwd: scratch.dir,
        env: inherited,
      }),
    command: (profile) => [executablePath, [app, `--eddy-profile=${profile}`]],
    profile: (name) => path.join(ownedFolder(scratch.dir, 'profiles'), name),
    dataDir: ownedFolder(scratch.dir, 'data'),
    close: () => {
      display.close();
      scratch.remove();
    },
  };
}

/** The specification's target: one Electron per `open`, its windows as pages. */
export async function electronTarget(executable: string): Promise<Target> {
  const stage = await stageElectron(executable);
  return {
    deniesWindows: true,
    deniesNavigation: true,
    profile: stage.profile,
    open: async (profile, network) => {
      const args = network === 'demo' ? [`--eddy-data=${stage.dataDir}`] : [];
      const app = await stage.launch(profile, args);
      const page = await app.firstWindow();
      const faults = await watchFaults(app.context());
      const pid = app.process().pid ?? -1;
      const running: Running = {
        page,
        faults,
        hostPid: pid,
        browserPid: pid,
        another: async () => {
          const opened = app.waitForEvent('window');
          await app.evaluate(({ Menu }) => {
            Menu.getApplicationMenu()?.getMenuItemById('new-window')?.click();
          });
          return opened;
        },
        backgroundBehind: async () =>
          (
            await app.evaluate(({ BrowserWindow }) =>
              BrowserWindow.getAllWindows()[0]?.getBackgroundColor(),
            )
          )?.toLowerCase(),
        close: () => app.close(),
      };
      return running;
    },
    close: async () => stage.close(),
  };
}
