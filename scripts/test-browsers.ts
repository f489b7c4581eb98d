// What the tests in real windows need: a Chromium (installed on Debian as root, else found in PATH)
// and the Electron that two environment variables name.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The environment that the e2e tests read; says on the way what it does. */
export async function prepareBrowsers(
  say: (text: string) => void,
): Promise<Record<string, string>> {
  let chromium = findChromium();
  if (chromium === null && existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    say('installing Chromium from the system packages, once; this takes half a minute');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update'], { stdio: 'ignore', env });
    const args = ['install', '-y', '--no-install-recommends', 'chromium'];
    const done = spawnSync('apt-get', args, { encoding: 'utf8', env });
    if (done.status !== 0) say(`Chromium could not be installed: ${done.stderr.slice(-400)}`);
    chromium = findChromium();
  }
  say(chromium === null ? 'no Chromium in PATH' : `Chromium: ${chromium}`);
  return chromium === null ? {} : { EDDY_TEST_CHROMIUM: chromium };
}

function findChromium(): string | null {
  for (const dir of (process.env['PATH'] ?? '').split(path.delimiter)) {
    for (const name of names) {
      const file = path.join(dir, name);
      if (existsSync(file)) return file;
    }
  }
  return null;
}
