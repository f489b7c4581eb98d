// Where Electron's executable is, from files alone: asking the package itself starts a download.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const names: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** The executable's path, or null where there is none. */
export function electronBinary(): string | null {
  let dir: string;
  try {
    dir = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
  let relative = names[process.platform] ?? 'electron';
  try {
    relative = fs.readFileSync(path.join(dir, 'path.txt'), 'utf8').trim();
  } catch {
    // Not written before the binary was installed; the platform's own name serves.
  }
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(dir, 'dist');
  const file = path.join(dist, relative);
  return fs.existsSync(file) ? file : null;
}
