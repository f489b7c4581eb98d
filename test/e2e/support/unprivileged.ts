// Programs with a sandbox of their own refuse to run as root. Where the tests run as root, this
// starts a program as an ordinary user of the machine, from a folder that such a user may read.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The user `nobody` of every Linux. */
export const UNPRIVILEGED_UID = 65_534;

export const isRoot = process.getuid?.() === 0;
/** The user that a launched window's processes must belong to. */
export const windowUid = isRoot ? UNPRIVILEGED_UID : (process.getuid?.() ?? -1);

/** A new folder that every user may look into; gone after `remove`. */
export function scratchFolder(): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'eddy-window-'));
  chmodSync(dir, 0o755);
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A folder below `dir` that belongs to the user of the windows. */
export function ownedFolder(dir: string, name: string): string {
  const folder = path.join(dir, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (isRoot) chownSync(folder, UNPRIVILEGED_UID, UNPRIVILEGED_UID);
  return folder;
}

/**
 * A script that starts `program` as an ordinary user with its sandbox on, whatever its caller adds
 * for root, and with `env` set. A folder given as `--user-data-dir` is handed to that user first.
 */
export function unprivilegedLauncher(
  dir: string,
  name: string,
  program: string,
  env: Readonly<Record<string, string>>,
): string {
  const file = path.join(dir, name);
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const variables = Object.entries(env).map(([key, value]) => quote(`${key}=${value}`));
  const user = `setpriv --reuid ${UNPRIVILEGED_UID} --regid ${UNPRIVILEGED_UID} --clear-groups`;
  const handOver = isRoot ? `chown -R ${UNPRIVILEGED_UID} "\${one#*=}"; ` : '';
  const lines = [
    '#!/bin/bash',
    'given=()',
    'for one in "$@"; do',
    '  case $one in',
    '    --no-sandbox | --disable-setuid-sandbox) ;;',
    `    --user-data-dir=*) ${handOver}given+=("$one") ;;`,
    '    *) given+=("$one") ;;',
    '  esac',
    'done',
    `exec ${isRoot ? `${user} ` : ''}env ${variables.join(' ')} ${quote(program)} "\${given[@]}"`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o755 });
  return file;
}
