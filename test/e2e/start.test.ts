// `npm start` as a person and a machine use it: one address on stdout, and nothing left running,
// whatever way it ends.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { descendants, isRunning } from '../support/processes.ts';
import { root } from '../support/source.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'eddy-start-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const ADDRESS = /^http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/\?token=[\w-]{43}\n$/;
const browser = ['--browser', '--no-open', '--data', scratch];

type Started = {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Exit code or signal. */
  readonly ended: Promise<number | string | null>;
};

/** Starts in a process group of its own, so that a signal to the group does not reach the tests. */
function start(file: string, args: string[]): Started {
  const child = spawn(file, args, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ?? code));
  });
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

async function until(condition: () => boolean, what: string, limitMs = 30_000): Promise<void> {
  const startedAt = performance.now();
  while (!condition()) {
    if (performance.now() - startedAt > limitMs) throw new Error(`not within time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The started tree once it has printed its address: the root's pid and all below it. */
async function opened(started: Started): Promise<number[]> {
  await until(() => started.stdout().includes('\n'), `an address; ${started.stderr()}`);
  const pid = started.child.pid ?? 0;
  const tree = [pid, ...descendants(pid)];
  expect(tree.length).toBeGreaterThanOrEqual(3);
  return tree;
}

const left = (tree: number[]) => tree.filter(isRunning);
const bootstrap = ['scripts/bootstrap.mjs', 'start'];

describe.skipIf(process.platform !== 'linux')('npm start', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'prints one address, and %s ends all of it',
    async (signal) => {
      const started = start(process.execPath, [...bootstrap, ...browser]);
      const tree = await opened(started);
      started.child.kill(signal);
      await started.ended;
      await until(() => left(tree).length === 0, 'everything ended', 5_000);
      expect(started.stdout()).toMatch(ADDRESS);
      expect(started.stderr()).toContain('browser shell: asked for with --browser');
    },
  );
  // npm does nothing about a SIGINT of its own: it takes it for a Ctrl-C, which all of them get.
  it.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'ends all of it when npm itself gets %s',
    async (signal) => {
      const started = start('npm', ['start', '--silent', '--', ...browser]);
      const tree = await opened(started);
      started.child.kill(signal);
      await started.ended;
      await until(() => left(tree).length === 0, 'everything ended', 8_000);
      expect(started.stdout()).toMatch(ADDRESS);
    },
  );
  it('ends all of it when Ctrl-C reaches the whole group', async () => {
    const started = start('npm', ['start', '--silent', '--', ...browser]);
    const tree = await opened(started);
    process.kill(-(started.child.pid ?? 0), 'SIGINT');
    await started.ended;
    await until(() => left(tree).length === 0, 'everything ended', 8_000);
  });
  it('ends the shell when what started it is killed', async () => {
    const started = start(process.execPath, [...bootstrap, ...browser]);
    const tree = await opened(started);
    started.child.kill('SIGKILL');
    await started.ended;
    await until(() => left(tree).length === 0, 'everything ended', 8_000);
  });
  it('kills a shell that ignores the signal, after the wait', async () => {
    const started = start(process.execPath, [...bootstrap, ...browser]);
    const tree = await opened(started);
    const args = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const shell = tree.find((pid) => args(pid).includes('browser-shell.js'));
    process.kill(shell ?? -1, 'SIGSTOP');
    started.child.kill('SIGTERM');
    await started.ended;
    await until(() => left(tree).length === 0, 'everything ended', 5_000);
    expect(started.stderr()).toContain('told to end; killed');
  });
});

describe('npm start with an option that it does not know', () => {
  it.each([
    [['--colour'], '--colour'],
    [['--profile', 'Not Good'], '--profile'],
    [['--data', ''], '--data'],
    [['somewhere'], 'somewhere'],
  ])('%j says so and exits with 2', (args, word) => {
    const options = { cwd: root, encoding: 'utf8' } as const;
    const done = spawnSync(process.execPath, [...bootstrap, ...args], options);
    expect(done.status).toBe(2);
    expect(done.stderr).toContain(word);
    expect(done.stderr).toContain('Options:');
    expect(done.stdout).toBe('');
  });
});

describe('npm start with a network that cannot be read', () => {
  it.each([
    ['eddy:n/abcd', 'link: expected a whole link, got a part of one'],
    ['eddy:c/abcd', 'link: expected eddy:n/, got eddy:c/'],
    ['package.json', 'file: expected name, authorities, epoch0UnixMs, got a field'],
    ['no-such-file', 'file: expected a network file or link, got what cannot be read'],
  ])('%s names field, expected and got, and exits with 2', (given, words) => {
    const options = { cwd: root, encoding: 'utf8' } as const;
    const args = [...bootstrap, ...browser, '--network', given];
    const done = spawnSync(process.execPath, args, options);
    expect(done.status).toBe(2);
    expect(done.stderr).toContain(`--network: ${words}`);
    expect(done.stdout).toBe('');
  });
});
