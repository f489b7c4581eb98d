// The browser shell as `npm start -- --browser` runs it, in a real Chromium: as an ordinary user
// where the tests run as root, with Chromium's sandbox on.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium } from 'playwright-core';
import { watchFaults } from './faults.ts';
import type { Running, Target } from './target.ts';
import { ownedFolder, scratchFolder, unprivilegedLauncher } from './unprivileged.ts';

const root = path.resolve(import.meta.dirname, '../../..');

export type Shell = {
  readonly child: ChildProcess;
  /** The first line on stdout; empty where it ended without one. */
  readonly address: string;
  /** How it ended. */
  readonly ended: Promise<number | null>;
  readonly errors: () => string;
};

/**
 * Starts the built shell by itself, without its supervisor; resolves with the address it prints.
 */
export async function startShell(
  profile: string,
  args: readonly string[] = [],
  launch?: string,
): Promise<Shell> {
  // The addon that this variable names is Electron's; the shell runs on Node with its own.
  const { EDDY_SQLITE_BINDING: _, ...inherited } = process.env;
  const env = { ...inherited, EDDY_TEST_HOOKS: '1' };
  const child = spawn(
    process.execPath,
    ['dist/main/browser-shell.js', '--profile', profile, ...args],
    {
      cwd: root,
      stdio: ['pipe', 'pipe', 'pipe'],
      env,
    },
  );
  if (launch !== undefined) child.stdin.write(`${launch}\n`);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise<string>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
  });
  return { child, address, ended, errors: () => errors };
}

/** A camera and a microphone that are not real, so that their refusal is the policy's. */
export const standInDevices = ['--use-fake-device-for-media-stream'] as const;

export type ChromiumStage = {
  readonly launch: () => Promise<{ readonly browser: Browser; readonly pid: () => number }>;
  readonly profile: (name: string) => string;
  readonly dataDir: string;
  readonly close: () => void;
};

/** Where Chromium runs from; `EDDY_TEST_CHROMIUM` names it. */
export function stageChromium(program: string): ChromiumStage {
  const scratch = scratchFolder();
  const home = ownedFolder(scratch.dir, 'home');
  const executablePath = unprivilegedLauncher(scratch.dir, 'chromium', program, {
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
  });
  return {
    launch: async () => {
      const options = { executablePath, chromiumSandbox: true, args: [...standInDevices] };
      const server = await chromium.launchServer(options);
      const browser = await chromium.connect(server.wsEndpoint());
      browser.on('disconnected', () => void server.close());
      return { browser, pid: () => server.process().pid ?? -1 };
    },
    profile: (name) => path.join(scratch.dir, 'profiles', name),
    dataDir: scratch.dir,
    close: scratch.remove,
  };
}

/** The specification's target: one shell and one Chromium per `open`, its tabs as pages. */
export async function chromiumTarget(program: string): Promise<Target> {
  const stage = stageChromium(program);
  return {
    deniesWindows: false,
    deniesNavigation: false,
    profile: stage.profile,
    open: async (profile, network) => {
      const shell = await startShell(profile, network === 'demo' ? ['--data', stage.dataDir] : []);
      const { browser, pid } = await stage.launch();
      const context = await browser.newContext();
      const faults = await watchFaults(context);
      const page = await context.newPage();
      await page.goto(shell.address);
      const running: Running = {
        page,
        faults,
        hostPid: shell.child.pid ?? -1,
        browserPid: pid(),
        another: async () => {
          const tab = await context.newPage();
          await tab.goto(page.url());
          return tab;
        },
        close: async () => {
          await browser.close();
          shell.child.kill('SIGTERM');
          await shell.ended;
        },
      };
      return running;
    },
    close: async () => stage.close(),
  };
}
