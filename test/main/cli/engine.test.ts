// The engine as a process: what a script that drives it meets.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { defaultSettings } from '../../../main/engine/settings.ts';
import { canonicalNetworkFile } from '../../../shared/network/network-file.ts';
import { addressIn, makeNetwork } from '../../support/network.ts';
import { damageOpenStore, hashesOf, scratchFolder } from '../../support/store-files.ts';

const entry = path.resolve(import.meta.dirname, '../../../main/cli/engine.ts');
const PATIENT = { timeout: 30_000, interval: 20 };
/** A user without rights, for the runs of root. */
const NOBODY = 65_534;
type Line = { id?: number; ok?: boolean; code?: string; event?: string; value?: unknown };

function parse(line: string): Line | null {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return null;
  }
}

function run(args: string[], asNobody = false) {
  const child: ChildProcessWithoutNullStreams = spawn(
    process.execPath,
    [entry, ...args],
    asNobody && process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {},
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: Line[] = [];
  const waiting: (() => void)[] = [];
  let isCutOff = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const parsed = parse(line);
    // The last one alone, of a process that was killed or that nobody read.
    if (isCutOff) throw new Error('a line of stdout that is no JSON');
    isCutOff = parsed === null;
    if (parsed !== null) lines.push(parsed);
    for (const wake of waiting.splice(0)) wake();
  });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  void closed.then(() => {
    for (const wake of waiting.splice(0)) wake();
  });
  return {
    child,
    lines,
    told: () => told,
    say: (id: number, call: string, args: unknown = {}) =>
      child.stdin.write(`${JSON.stringify({ id, call, args })}\n`),
    /** Resolves when so many lines came, or the process ended. */
    until: async (count: number) => {
      while (lines.length < count && child.exitCode === null && child.signalCode === null) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    closed,
  };
}

/** An engine in a network, with a message that is on its way, and a store to be damaged. */
async function sending() {
  const folder = scratchFolder();
  const { network } = makeNetwork();
  const file = path.join(folder, 'network.json');
  writeFileSync(file, canonicalNetworkFile(network));
  const engine = run(['--data', folder, '--network', file]);
  const message = { address: addressIn(network), bytes: 'AAAA' };
  engine.say(1, 'send', message);
  await vi.waitFor(() => expect(engine.lines.some(({ id }) => id === 1)).toBe(true), PATIENT);
  return { engine, message, damage: () => damageOpenStore(folder) };
}

const running = { event: 'engine', value: { state: 'running', reason: null } };

describe('an engine on stdio', () => {
  it('says that it runs, answers all before the end of its input, and ends with 0', async () => {
    const engine = run(['--data', scratchFolder()]);
    engine.say(1, 'settings.set', { theme: 'dark' });
    engine.child.stdin.write(Buffer.from('{"id":2,"call":"about","args":{"\xff":1}}\n', 'latin1'));
    engine.child.stdin.write(`${'a'.repeat(10_000_000)}\n`);
    engine.child.stdin.end('{"id":3,"call":"settings.get","args":{}}');
    expect(await engine.closed).toEqual([0, null]);
    const value = { ...defaultSettings, theme: 'dark', language: 'system' };
    expect(engine.lines[0]).toEqual(running);
    expect(engine.lines).toContainEqual({ event: 'settings', value });
    expect(engine.lines).toContainEqual({ id: 1, ok: true, value });
    expect(engine.lines).toContainEqual({ id: 3, ok: true, value });
    expect(engine.lines.filter((line) => line.ok === false).map((line) => line.code)).toEqual([
      'bad_frame',
      'too_large',
    ]);
    expect(engine.lines).toHaveLength(6);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends cleanly on %s', async (signal) => {
    const folder = scratchFolder();
    const engine = run(['--data', folder]);
    engine.say(1, 'settings.set', { theme: 'dark' });
    await engine.until(3);
    engine.child.kill(signal);
    expect(await engine.closed).toEqual([0, null]);
    expect(Object.keys(hashesOf(folder)).sort()).toEqual([
      'profile.db',
      'profile.db.check',
      'profile.lock',
      'store.key',
    ]);
  });

  it('refuses a folder that is open elsewhere, and has what was confirmed after a kill', async () => {
    const folder = scratchFolder();
    const first = run(['--data', folder]);
    first.say(1, 'settings.set', { language: 'de' });
    await first.until(3);
    const second = run(['--data', folder]);
    expect(await second.closed).toEqual([3, null]);
    expect(second.lines).toEqual([
      { event: 'engine', value: { state: 'failed', reason: 'profile_in_use' } },
    ]);
    expect(second.told()).toContain('another engine has this folder open');
    first.child.kill('SIGKILL');
    await first.closed;
    const third = run(['--data', folder]);
    third.say(1, 'settings.get');
    third.child.stdin.end();
    expect(await third.closed).toEqual([0, null]);
    expect(third.lines[1]).toEqual({
      id: 1,
      ok: true,
      value: { ...defaultSettings, theme: 'system', language: 'de' },
    });
  });

  it('ends with 4 and keeps every byte where the store is refused', async () => {
    const folder = scratchFolder();
    writeFileSync(path.join(folder, 'profile.db'), 'data of somebody');
    const before = hashesOf(folder);
    const engine = run(['--data', folder]);
    expect(await engine.closed).toEqual([4, null]);
    expect(engine.lines).toEqual([
      { event: 'engine', value: { state: 'failed', reason: 'store_key' } },
    ]);
    expect(hashesOf(folder)).toMatchObject(before);
  });

  it('ends with 4 where this user may not write', async () => {
    const outer = scratchFolder();
    chmodSync(outer, 0o755);
    const folder = path.join(outer, 'closed');
    mkdirSync(folder, { mode: 0o500 });
    if (process.getuid?.() === 0) chownSync(folder, NOBODY, NOBODY);
    const engine = run(['--data', folder], true);
    expect(await engine.closed).toEqual([4, null]);
    expect(engine.lines).toEqual([
      { event: 'engine', value: { state: 'failed', reason: 'store_access' } },
    ]);
    expect(engine.told()).not.toContain(folder);
    const inside = run(['--data', path.join(folder, 'deeper')], true);
    expect(await inside.closed).toEqual([4, null]);
  });

  it('says so and ends with 4 where the store is damaged while its client runs', async () => {
    const { engine, damage } = await sending();
    damage();
    engine.say(2, 'message.forget', { id: 1 });
    expect(await engine.closed).toEqual([4, null]);
    expect(engine.lines).toContainEqual({ id: 2, ok: true, value: {} });
    expect(engine.lines).toContainEqual({
      event: 'engine',
      value: { state: 'failed', reason: 'store_damaged' },
    });
    expect(engine.told()).toContain('the store in this folder is damaged');
  });

  it.each(['send', 'message.cancel'] as const)(
    'answers what waits, then, where it is %s that fails',
    async (call) => {
      const { engine, damage, message } = await sending();
      damage();
      const asked = [
        { id: 2, call, args: call === 'send' ? message : { id: 1 } },
        { id: 3, call: 'send', args: message },
        { id: 4, call: 'health.get', args: {} },
        { id: 5, call: 'profile.set', args: { name: 'A' } },
      ];
      // At once: what comes after the failure is read no more.
      engine.child.stdin.write(asked.map((one) => `${JSON.stringify(one)}\n`).join(''));
      expect(await engine.closed).toEqual([4, null]);
      for (const { id } of asked) {
        const replies = engine.lines.filter((line) => line.id === id);
        expect(replies).toMatchObject([{ ok: false, code: 'store_failed' }]);
      }
    },
  );

  it('ends with 4 then, too, where nobody reads what it says', async () => {
    const { engine, damage } = await sending();
    engine.child.stdout.pause();
    engine.child.stdin.write('x\n'.repeat(20_000));
    damage();
    engine.say(2, 'message.forget', { id: 1 });
    expect(await once(engine.child, 'exit')).toEqual([4, null]);
  });

  it.each([
    [[]],
    [['--data']],
    [['--data', '']],
    [['--data', 'x', '--no-such']],
    [['word']],
    [['--data', 'x', '--proxy', 'no port']],
  ])('ends with 2 and an empty stdout when it is called with %j', async (args) => {
    const engine = run(args);
    expect(await engine.closed).toEqual([2, null]);
    expect(engine.lines).toEqual([]);
    expect(engine.told()).toMatch(/^engine: /);
  });
});
