// Electron or the browser shell, and why (design section 5). It looks at files alone, except where
// only the executable is missing: then it asks once, for two seconds, whether it could be had.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { electronBinary, electronPackage } from './electron-path.ts';

export type Choice =
  | { readonly shell: 'electron'; readonly binary: string }
  | { readonly shell: 'browser'; readonly why: string };

export type Machine = {
  /** `--browser` was given. */
  readonly isBrowserAsked: boolean;
  readonly isRoot: boolean;
  readonly hasDisplay: boolean;
  /** Electron's executable, by looking at files. */
  readonly binary: () => string | null;
  /** Gets the executable; null where it is in now, else why not. */
  readonly fetchBinary: () => Promise<string | null>;
};

/** How long the server that has the executable may take to answer at all. */
export const PROBE_MS = 2_000;
/** How long its download may take: 110 MB at 7 Mbit/s. */
export const DOWNLOAD_MS = 120_000;
const PROGRESS_MS = 5_000;

export async function chooseShell(machine: Machine): Promise<Choice> {
  const browser = (why: string): Choice => ({ shell: 'browser', why });
  if (machine.isBrowserAsked) return browser('asked for with --browser');
  if (machine.isRoot) return browser('Electron does not run as root with its sandbox on');
  if (!machine.hasDisplay) return browser('there is no display');
  const there = machine.binary();
  if (there !== null) return { shell: 'electron', binary: there };
  const failure = await machine.fetchBinary();
  if (failure !== null) return browser(failure);
  const fetched = machine.binary();
  return fetched === null
    ? browser('Electron was downloaded but is not there')
    : { shell: 'electron', binary: fetched };
}

/** This machine, for `chooseShell`. */
export function thisMachine(isBrowserAsked: boolean, say: (text: string) => void): Machine {
  return {
    isBrowserAsked,
    isRoot: process.getuid?.() === 0,
    hasDisplay: hasDisplay(),
    binary: electronBinary,
    fetchBinary: () => fetchElectron(say),
  };
}

export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** Runs the package's own installer, within a time limit; null, or why there is no executable. */
export async function fetchElectron(
  say: (text: string) => void,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | null> {
  if (env['ELECTRON_OVERRIDE_DIST_PATH']) {
    return 'ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron in it';
  }
  const dir = electronPackage();
  if (dir === null) return 'the electron package is not installed';
  const server = env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'];
  const address = server ?? 'https://github.com/electron/electron/releases';
  if (!(await answers(address))) {
    return `Electron is not here and ${hostOf(address)} does not answer`;
  }
  say(`downloading Electron from ${hostOf(address)}, once; about 110 MB`);
  return runInstaller(path.join(dir, 'install.js'), say);
}

/** True where the server says anything at all within `PROBE_MS`. */
export async function answers(address: string): Promise<boolean> {
  try {
    await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  }
}

function hostOf(address: string): string {
  return URL.parse(address)?.host ?? address;
}

function runInstaller(file: string, say: (text: string) => void): Promise<string | null> {
  const follow = new URL('./follow-parent.mjs', import.meta.url).href;
  const installer = spawn(process.execPath, ['--import', follow, file], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const progress = setInterval(() => say(`still downloading, ${seconds()} s`), PROGRESS_MS);
  let errors = '';
  installer.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4_000);
  });
  let isTooLate = false;
  const limit = setTimeout(() => {
    isTooLate = true;
    installer.kill('SIGKILL');
  }, DOWNLOAD_MS);
  return new Promise((resolve) => {
    const settle = (why: string | null) => {
      clearInterval(progress);
      clearTimeout(limit);
      resolve(why);
    };
    installer.on('error', () => settle('Electron could not be downloaded'));
    installer.on('exit', (code) => {
      if (code === 0) return settle(null);
      if (isTooLate) return settle(`Electron was not in after ${DOWNLOAD_MS / 1000} s`);
      const reason = /(?:Error: )(.*)/.exec(errors)?.[1] ?? 'its installer failed';
      settle(`Electron could not be downloaded: ${reason}`);
    });
  });
}
