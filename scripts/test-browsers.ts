// What the tests in real windows need: a Chromium (installed on Debian as root, else found in PATH)
// and an Electron. With CI=true what is missing is a failure; else the tests that need it are
// skipped.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { electronBinary } from './electron-path.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const INSTALL_MS_MAX = 180_000;

export type Browsers = {
  /** EDDY_TEST_CHROMIUM and EDDY_TEST_ELECTRON, where there is one: executables. */
  readonly env: Readonly<Record<string, string>>;
  /** What has to be there and is not. */
  readonly failures: readonly string[];
};

/** Finds or installs the browsers; says on the way what it does. */
export function prepareBrowsers(say: (text: string) => void): Browsers {
  const chromium = findChromium() ?? installChromium(say);
  const electron = electronBinary();
  say(`Chromium: ${chromium ?? 'none in PATH'}`);
  say(`Electron: ${electron ?? 'none'}`);
  const env: Record<string, string> = {};
  if (chromium !== null) env['EDDY_TEST_CHROMIUM'] = chromium;
  if (electron !== null) env['EDDY_TEST_ELECTRON'] = electron;
  const here = { chromium: chromium !== null, electron: electron !== null };
  return { env, failures: missing(here, process.env) };
}

/**
 * Which absences are failures on this machine: all with CI=true, but an Electron nobody can have.
 */
export function missing(
  here: { readonly chromium: boolean; readonly electron: boolean },
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  if (env['CI'] !== 'true') return [];
  const failures: string[] = [];
  if (!here.chromium) failures.push('Chromium is missing');
  if (!here.electron && env['EDDY_ELECTRON_UNAVAILABLE'] !== '1') {
    failures.push('Electron is missing');
  }
  return failures;
}

function findChromium(): string | null {
  for (const dir of (process.env['PATH'] ?? '').split(path.delimiter)) {
    for (const name of names) {
      const file = path.join(dir, name);
      if (dir !== '' && existsSync(file)) return file;
    }
  }
  return null;
}

function installChromium(say: (text: string) => void): string | null {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return null;
  say('installing Chromium from the system packages, once; this takes half a minute');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { encoding: 'utf8', env, timeout: INSTALL_MS_MAX } as const;
  spawnSync('apt-get', ['update'], options);
  const args = ['install', '-y', '--no-install-recommends', 'chromium'];
  const done = spawnSync('apt-get', args, options);
  if (done.status !== 0) {
    say(`Chromium could not be installed: ${done.error?.message ?? done.stderr.slice(-400)}`);
  }
  return findChromium();
}
