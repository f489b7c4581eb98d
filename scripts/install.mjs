// The packages: whether they are in and whole, getting them with npm, and what to tell a person
// when that fails. One installation at a time; one that was cut off is started over.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { withLock } from './lock.mjs';

const DISK_BYTES_MIN = 1_500_000_000;
const PROGRESS_MS = 3_000;
/** Without a single package after so long a person is told what it may be. */
const SILENCE_MS = 60_000;
/** How long the registry may take to accept a connection before it counts as not there. */
const PROBE_MS = 8_000;
/** npm finishes what it has begun before it ends; it need not, since the next start begins anew. */
const NPM_END_WAIT_MS = 3_000;
const NPM_OUTPUT_LENGTH_MAX = 20_000;
const NPM_OUTPUT_SHOWN_MAX = 2_000;

/** Installs the packages unless they are in; null, or what went wrong and what to do about it. */
export async function installPackages(root, say) {
  if (isInstalled(root)) return null;
  const lacking = diskProblem(root);
  if (lacking !== null) return lacking;
  return withLock(
    path.join(root, '.cache', 'install.lock'),
    async () => (isInstalled(root) ? null : await runNpm(root, say)),
    (pid) => say(`waiting for another start (process ${pid}) that is installing the packages`),
  );
}

/** True where the packages are those of the lock file and none of them is missing. */
export function isInstalled(root) {
  try {
    if (readFileSync(stampFile(root), 'utf8') !== lockHash(root)) return false;
    const hidden = path.join(root, 'node_modules', '.package-lock.json');
    const { packages } = JSON.parse(readFileSync(hidden, 'utf8'));
    return Object.keys(packages).every((at) => existsSync(path.join(root, at, 'package.json')));
  } catch {
    return false;
  }
}

/** Paths of the packages that belong on this system, from the content of package-lock.json. */
export function expectedPackages(lock, { platform, arch, isMusl }) {
  const fits = (wanted, value) => {
    const list = [wanted ?? []].flat();
    if (list.includes(`!${value}`)) return false;
    return list.includes(value) || list.every((one) => one[0] === '!');
  };
  return Object.entries(lock.packages)
    .filter(([at, { os, cpu, libc }]) => {
      if (at === '' || !fits(os, platform) || !fits(cpu, arch)) return false;
      return fits(libc, isMusl ? 'musl' : 'glibc');
    })
    .map(([at]) => at);
}

function diskProblem(root) {
  try {
    accessSync(root, constants.W_OK);
  } catch {
    return {
      problem: 'this folder cannot be written.',
      remedy: 'Make it your own (or copy it to a folder of yours) and run the command again.',
    };
  }
  const disk = statfsSync(root);
  const free = disk.bavail * disk.bsize;
  if (free >= DISK_BYTES_MIN) return null;
  return {
    problem: `not enough disk: ${Math.round(free / 1e6)} MB free here.`,
    remedy: `The packages need ${DISK_BYTES_MIN / 1e6} MB. Free some and run the command again.`,
  };
}

async function runNpm(root, say) {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const header = process.report?.getReport().header ?? {};
  const expected = expectedPackages(lock, {
    platform: process.platform,
    arch: process.arch,
    isMusl: process.platform === 'linux' && header.glibcVersionRuntime === undefined,
  });
  if (existsSync(path.join(root, 'node_modules'))) {
    say('the packages here are incomplete, or of another version; installing them anew');
  }
  rmSync(stampFile(root), { force: true });
  say(`installing ${expected.length} packages, once; this takes a minute or two`);
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const stopProgress = showProgress(root, expected, seconds, say);
  const { code, signal, output } = await npmCi(root);
  stopProgress();
  if (signal !== null) {
    return {
      problem: `interrupted after ${seconds()} s.`,
      remedy: 'Nothing is broken: the next start begins the installation anew.',
      code: signal === 'SIGINT' ? 130 : 143,
    };
  }
  if (code !== 0 || !isUnpacked(output)) {
    // npm runs its scripts, this one as well, on the Node among the packages, whole or not.
    rmSync(path.join(root, 'node_modules', '.bin', 'node'), { force: true });
    process.stderr.write(output.slice(-NPM_OUTPUT_SHOWN_MAX));
    return explainInstall(output, path.basename(root));
  }
  writeFileSync(stampFile(root), lockHash(root));
  say(`packages are in, after ${seconds()} s`);
  return null;
}

/** Counts every few seconds what is unpacked; gives back what stops it. */
function showProgress(root, expected, seconds, say) {
  let before = -1;
  let isSilenceTold = false;
  const timer = setInterval(() => {
    const done = expected.filter((at) => existsSync(path.join(root, at, 'package.json'))).length;
    if (done !== before) say(`${done} of ${expected.length} packages unpacked, ${seconds()} s`);
    else if (done === 0 && seconds() * 1000 > SILENCE_MS && !isSilenceTold) {
      isSilenceTold = true;
      say('nothing has come from the npm registry yet; is this machine connected?');
    }
    before = done;
  }, PROGRESS_MS);
  return () => clearInterval(timer);
}

/**
 * `npm ci`. Where no connection to the registry comes about, npm is told so: it then installs from
 * its cache or fails at once, where it would ask for each package in vain, for minutes.
 */
async function npmCi(root) {
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  // No package of ours needs a script of its own; npm would compile where a binding.gyp lies about.
  args.push('--ignore-scripts');
  // Warnings too: only there npm says that a file could not be unpacked.
  args.push('--loglevel=warn', '--no-progress', '--no-dry-run');
  args.push('--fetch-timeout=30000', '--fetch-retries=2');
  args.push('--fetch-retry-mintimeout=1000', '--fetch-retry-factor=2');
  const asked = await npm(root, ['config', 'get', 'registry', 'proxy', 'https-proxy']);
  if (asked.code !== 0 || asked.signal !== null) return asked;
  if (!(await isRegistryThere(asked.output))) args.push('--offline');
  return npm(root, args);
}

/**
 * From what npm is set to; true behind a proxy, where a connection of our own would say nothing.
 */
async function isRegistryThere(config) {
  const value = (name) => new RegExp(`^${name} *= *"?(\\S+?)"?$`, 'm').exec(config)?.[1] ?? 'null';
  if (value('proxy') !== 'null' || value('https-proxy') !== 'null') return true;
  if (!URL.canParse(value('registry'))) return true;
  const { hostname, port, protocol } = new URL(value('registry'));
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = net.connect({ host, port: Number(port) || (protocol === 'http:' ? 80 : 443) });
  return new Promise((resolve) => {
    const settle = (isThere) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(isThere);
    };
    const limit = setTimeout(() => settle(false), PROBE_MS);
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

/** Runs npm; `signal` is the one that we were told to end with, or null. */
function npm(root, args) {
  const command = npmCommand();
  return new Promise((resolve) => {
    const child = spawn(command.file, [...command.args, ...args], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'development' },
      // The channel is what follow-parent.mjs looks at; an npm that outlives us would write into
      // the packages of the next installation.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      shell: command.shell,
    });
    child.channel?.unref();
    let told = null;
    let killTimer = null;
    const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
      const handler = () => {
        told = signal;
        child.kill('SIGTERM');
        killTimer ??= setTimeout(() => child.kill('SIGKILL'), NPM_END_WAIT_MS);
      };
      process.on(signal, handler);
      return [signal, handler];
    });
    const settle = (code, output) => {
      clearTimeout(killTimer);
      for (const [signal, handler] of handlers) process.removeListener(signal, handler);
      resolve({ code, signal: told, output });
    };
    let output = '';
    const take = (chunk) => {
      output = (output + chunk).slice(-NPM_OUTPUT_LENGTH_MAX);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => settle(1, `${error.message}\n`));
    child.on('close', (code) => settle(code ?? 1, output));
  });
}

/** npm by the path it gives its scripts, else the one in PATH. */
function npmCommand() {
  const given = process.env.npm_execpath;
  if (given !== undefined && /npm-cli\.c?js$/.test(given) && existsSync(given)) {
    const follow = new URL('./follow-parent.mjs', import.meta.url).href;
    return { file: process.execPath, args: ['--import', follow, given], shell: false };
  }
  return { file: 'npm', args: [], shell: process.platform === 'win32' };
}

/** What npm says where it cannot talk to its registry. */
const unreachable = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET'];
unreachable.push('ENETUNREACH', 'EHOSTUNREACH', 'EIDLETIMEOUT', 'ERR_SOCKET', 'ENOTCACHED');

/** npm ends well although it could not write a file, on a full disk say. */
export function isUnpacked(output) {
  return !/TAR_ENTRY_ERROR|ENOSPC/.test(output);
}

/** Names what stopped npm, and what to do about it. */
export function explainInstall(output, folder) {
  const again = 'and run the command again.';
  if (/ENOSPC/.test(output)) {
    return { problem: 'the disk is full.', remedy: `Free some space ${again}` };
  }
  if (/spawn npm ENOENT|npm: not found|'npm' is not recognized/.test(output)) {
    return { problem: 'npm is missing.', remedy: `Install npm 10 or newer ${again}` };
  }
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output)) {
    return {
      problem: 'a file could not be written.',
      remedy: `Make ${folder}/ and npm's cache (npm config get cache) your own ${again}`,
    };
  }
  if (unreachable.some((code) => output.includes(code))) {
    return {
      problem: 'the npm registry cannot be reached.',
      remedy: `Connect this machine (behind a proxy: npm config set proxy URL) ${again}`,
    };
  }
  if (/EINTEGRITY/.test(output)) {
    return {
      problem: 'a package is not the one that the lock file names.',
      remedy: `Do not go on if this repeats: try npm cache clean --force ${again}`,
    };
  }
  if (/\bE(401|403|404|5\d\d)\b/.test(output)) {
    return {
      problem: 'the npm registry does not give out a package.',
      remedy: `See above which; check the registry that npm is set to ${again}`,
    };
  }
  return { problem: 'npm failed; what it says stands above.', remedy: 'Run the command again.' };
}

function stampFile(root) {
  return path.join(root, 'node_modules', '.eddy-installed');
}

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}
