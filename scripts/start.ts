// `npm start`: builds, decides between Electron and the browser shell, says which and why, and ends
// everything it started when it ends. On stdout stands the browser shell's address, and nothing
// else.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.ts';
import { chooseShell, hasDisplay, thisMachine } from './choose-shell.ts';
import { superviseShell } from './shell-supervisor.ts';
import { running, supervise } from './supervise.ts';

const root = path.resolve(import.meta.dirname, '..');
/** npm says where it was called; paths on the command line are meant from there. */
const calledFrom = process.env['INIT_CWD'] ?? process.cwd();

const usage =
  'Options: --browser, --no-open, --profile NAME, --data DIR, --network FILE-OR-LINK ' +
  '(after "npm start --")';
const options = {
  browser: { type: 'boolean', default: false },
  'no-open': { type: 'boolean', default: false },
  profile: { type: 'string', default: 'default' },
  data: { type: 'string' },
  network: { type: 'string' },
} as const;

const say = (text: string) => {
  process.stderr.write(`eddy: ${text}\n`);
};

const given = readOptions();
const dataDir = path.resolve(calledFrom, given.data ?? defaultDataDir());
const profileDir = path.join(dataDir, 'profiles', given.profile);
const network = await readNetwork(given.network);
process.chdir(root);
try {
  await ensureBuilt(say);
} catch (error) {
  say(`the build failed: ${error instanceof Error ? error.message : String(error)}`);
  say('nothing was opened. Undo the last change, or run "npm run check" to see what is wrong.');
  process.exit(1);
}
const choice = await chooseShell(thisMachine(given.browser, say));
if (choice.shell === 'electron') {
  say('opening Eddy in Electron');
  process.exitCode = await openElectron(choice.binary);
} else {
  say(`opening Eddy in the browser shell: ${choice.why}`);
  process.exitCode = await openBrowserShell();
}

function readOptions() {
  try {
    const { values } = parseArgs({ options });
    if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(values.profile)) {
      throw new Error('--profile: expected 1 to 32 of a-z, 0-9 and "-", not "-" first');
    }
    if (values.data === '') throw new Error('--data: expected a folder');
    return values;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    say(usage);
    process.exit(2);
  }
}

async function readNetwork(text: string | undefined): Promise<string | undefined> {
  if (text === undefined) return undefined;
  const { networkLink } = await import('./network-link.ts');
  const read = networkLink(text, calledFrom);
  if (read.ok) return read.link;
  say(`--network: ${read.why}`);
  process.exit(2);
}

/** The channel is how the app learns that we are gone without a word (main/app/electron.ts). */
function openElectron(binary: string): Promise<number> {
  const args = [root, `--eddy-profile=${profileDir}`, `--eddy-data=${dataDir}`];
  if (network !== undefined) args.push(`--eddy-network=${network}`);
  const app = spawn(binary, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  app.channel?.unref();
  return supervise(running(app), say);
}

function openBrowserShell(): Promise<number> {
  const onAddress = (address: string) => {
    process.stdout.write(`${address}\n`);
    if (!given['no-open']) openInBrowser(address);
  };
  return supervise(superviseShell({ profileDir, dataDir, network, say, onAddress }), say);
}

/** The user's own browser is the user's: it is not ended with Eddy. */
function openInBrowser(address: string): void {
  const yourself = (why: string) => say(`open the address above in a browser: ${why}`);
  const openers: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer' };
  const opener = openers[process.platform] ?? 'xdg-open';
  const obstacle = whyNotOpened(opener);
  if (obstacle !== null) {
    yourself(obstacle);
    return;
  }
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => yourself(`${opener} could not be run`));
  child.on('exit', (code) => {
    if (code !== 0 && opener === 'xdg-open') yourself('none could be opened');
  });
  child.unref();
}

function whyNotOpened(opener: string): string | null {
  if (!hasDisplay()) return 'there is no display to open one on';
  if (process.getuid?.() === 0) return 'browsers do not start as root';
  return opener === 'xdg-open' && !isInPath(opener) ? 'xdg-open is not installed' : null;
}

function isInPath(name: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.some((folder) => folder !== '' && existsSync(path.join(folder, name)));
}

function defaultDataDir(): string {
  const home = os.homedir();
  if (process.platform === 'darwin') return path.join(home, 'Library/Application Support/Eddy');
  if (process.platform === 'win32') {
    return path.join(process.env['APPDATA'] ?? path.join(home, 'AppData/Roaming'), 'Eddy');
  }
  return path.join(process.env['XDG_DATA_HOME'] || path.join(home, '.local/share'), 'eddy');
}
