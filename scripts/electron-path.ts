// Where Electron's executable is, from files alone: asking the package itself starts a download.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const names: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/**
 * The folder of the npm package, which comes without the executable; null where it is not there.
 */
export function electronPackage(): string | null {
  try {
    return path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
}

/** The executable's path, or null where there is none. ELECTRON_OVERRIDE_DIST_PATH goes first. */
export function electronBinary(): string | null {
  const given = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const name = names[process.platform] ?? 'electron';
  if (given !== undefined && given !== '') return existing(path.join(given, name));
  const dir = electronPackage();
  if (dir === null) return null;
  try {
    // The installer writes it last: without it, what lies there may be half of an archive.
    const relative = fs.readFileSync(path.join(dir, 'path.txt'), 'utf8').trim();
    return existing(path.join(dir, 'dist', relative));
  } catch {
    return null;
  }
}

function existing(file: string): string | null {
  return fs.existsSync(file) ? file : null;
}
