// `npm start`: builds, decides between Electron and the browser shell, says which and why, and ends
// everything it started when it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from './build.ts';
import { electronBinary } from './electron-path.ts';
import { superviseShell } from './shell-supervisor.ts';

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);

const { values } = parseArgs({
  options: {
    browser: { type: 'boolean', default: false },
    'no-open': { type: 'boolean', default: false },
    profile: { type: 'string', default: 'default' },
    data: { type: 'string' },
  },
});

const say = (text: string) => process.stderr.write(`eddy: ${text}\n`);

if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(values.profile)) {
  say('--profile: expected 1 to 32 of a-z, 0-9 and "-", the first a letter or digit');
  process.exit(2);
}
const dataDir = path.resolve(process.env['INIT_CWD'] ?? root, values.data ?? defaultDataDir());
const profileDir = path.join(dataDir, 'profiles', values.profile);

say('building');
await buildAll();

const electron = electronBinary();
const reason = whyBrowser();
if (electron !== null && reason === null) {
  say('opening Eddy in Electron');
  supervise(spawn(electron, [root, `--eddy-profile=${profileDir}`], { stdio: 'inherit' }));
} else {
  say(`opening Eddy in the browser shell: ${reason ?? 'Electron is not installed'}`);
  const onAddress = (address: string) => {
    process.stdout.write(`${address}\n`);
    if (!values['no-open'] && hasDisplay()) openInBrowser(address);
  };
  const shell = superviseShell({ profileDir, say, onAddress });
  passSignals((signal) => shell.kill(signal));
  process.exitCode = exitCode(await shell.ended);
}

function whyBrowser(): string | null {
  if (values.browser) return 'asked for with --browser';
  if (process.getuid?.() === 0) return 'Electron does not run as root with its sandbox on';
  if (!hasDisplay()) return 'there is no display';
  return null;
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

function openInBrowser(address: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  const child = spawn(opener, [address], { stdio: 'ignore' });
  child.on('error', () => say('no browser could be opened; open the address above yourself'));
}

function supervise(child: ChildProcess): void {
  passSignals((signal) => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = exitCode({ code, signal });
  });
}

function passSignals(kill: (signal: NodeJS.Signals) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  }
}

function exitCode(end: { code: number | null; signal: NodeJS.Signals | null }): number {
  return end.signal === null ? (end.code ?? 1) : 128 + (os.constants.signals[end.signal] ?? 0);
}

function defaultDataDir(): string {
  const home = os.homedir();
  if (process.platform === 'darwin') return path.join(home, 'Library/Application Support/Eddy');
  if (process.platform === 'win32') {
    return path.join(process.env['APPDATA'] ?? path.join(home, 'AppData/Roaming'), 'Eddy');
  }
  return path.join(process.env['XDG_DATA_HOME'] ?? path.join(home, '.local/share'), 'eddy');
}
