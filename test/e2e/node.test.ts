// The node command as an operator uses it: init, run, a wrong configuration, a folder in use,
// health and metrics, garbage on its port, an orderly end.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { monotonicMs, systemRandom } from '../../main/system.ts';
import { drawBytes } from '../../shared/random.ts';

const script = path.resolve(import.meta.dirname, '../../main/cli/node.ts');
const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-node-'));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string) => path.join(folder, name, 'node.jsonc');

/** Runs to its end; `status` is null where that does not come. */
function node(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  return { status, stdout, stderr };
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function init(role: string, name: string) {
  const port = await freePort();
  const place = ['--config', fileOf(name), '--listen', `127.0.0.1:${port}`];
  const network = ['--network', '../network.json', '--traffic', 'test'];
  return node(role, 'init', ...place, ...network, '--operator', name);
}

type Running = { child: ChildProcess; port: number; statusPort: number };

async function run(role: string, name: string): Promise<Running> {
  const child = spawn(process.execPath, [script, role, 'run', '--config', fileOf(name)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      resolve({ child, ...(JSON.parse(line) as { port: number; statusPort: number }) });
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}

const get = async ({ statusPort }: Running, what: string) =>
  await fetch(`http://127.0.0.1:${statusPort}/${what}`);

async function metrics(running: Running): Promise<Record<string, number>> {
  const text = await (await get(running, 'metrics')).text();
  const lines = text.trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', value] = line.split(' ');
      return [name, Number(value)];
    }),
  );
}

/** Ends in order; its exit code. */
async function end({ child }: Running): Promise<number | null> {
  child.kill('SIGTERM');
  return new Promise((resolve) => child.once('exit', resolve));
}

describe('init', () => {
  it('makes keys that only their owner can read, a commented file, and a network', async () => {
    const made = await init('authority', 'authority');
    expect([made.status, made.stderr]).toEqual([0, '']);
    expect(JSON.parse(made.stdout)).toEqual({
      role: 'authority',
      key: expect.stringMatching(/^[\w-]{43}$/),
      config: fileOf('authority'),
    });
    const data = path.join(folder, 'authority', 'data');
    expect(readdirSync(data).sort()).toEqual(['identity.key', 'link.key']);
    for (const name of readdirSync(data)) {
      expect(statSync(path.join(data, name)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(readFileSync(fileOf('authority'), 'utf8')).toContain('// The nodes that may be in');
    const network = JSON.parse(readFileSync(path.join(folder, 'network.json'), 'utf8')) as object;
    expect(Object.keys(network).sort()).toEqual(['authorities', 'epoch0UnixMs', 'name']);
    expect((await init('mix', 'mix')).status).toBe(0);
    expect((await init('provider', 'provider')).status).toBe(0);
  });

  it('touches nothing that is there', async () => {
    const before = readFileSync(fileOf('mix'), 'utf8');
    const again = await init('mix', 'mix');
    expect([again.status, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toContain('expected a file that is not there yet');
    expect(readFileSync(fileOf('mix'), 'utf8')).toBe(before);
  });

  it('refuses what it is not told rightly', () => {
    expect(node().status).toBe(2);
    expect(node('mix', 'start', '--config', 'x').status).toBe(2);
    expect(node('mix', 'init', '--config', fileOf('x'), '--what').status).toBe(2);
    const far = ['--listen', '192.0.2.1:1', '--traffic', 'test'];
    expect(node('mix', 'init', '--config', fileOf('x'), ...far).stderr).toContain(
      'expected loopback, which test traffic keeps to',
    );
  });
});

describe('run', () => {
  it('refuses a wrong configuration by field, expected and got', () => {
    const text = readFileSync(fileOf('mix'), 'utf8');
    const wrong = path.join(folder, 'mix', 'wrong.jsonc');
    writeFileSync(wrong, text.replace('"test"', '"fast"'));
    const refused = node('mix', 'run', '--config', wrong);
    expect([refused.status, refused.stdout, refused.stderr]).toEqual([
      2,
      '',
      'node: traffic: expected demo or standard or low-bandwidth or test, got another word\n',
    ]);
    const missing = node('mix', 'run', '--config', path.join(folder, 'nowhere'));
    expect([missing.status, missing.stderr]).toEqual([
      2,
      'node: configuration: expected a file that can be read, got ENOENT\n',
    ]);
    expect(node('provider', 'run', '--config', fileOf('mix')).stderr).toContain('role: expected');
  });

  it('refuses keys that others can read', () => {
    const key = path.join(folder, 'mix', 'data', 'identity.key');
    chmodSync(key, 0o640);
    const refused = node('mix', 'run', '--config', fileOf('mix'));
    expect([refused.status, refused.stderr.includes('0600')]).toEqual([1, true]);
    chmodSync(key, 0o600);
  });

  it.each(['listen', 'statusPort'] as const)('ends where its %s is taken', async (field) => {
    const taken = net.createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as net.AddressInfo;
    const text = readFileSync(fileOf('provider'), 'utf8').replace('"threads": 0', '"threads": 1');
    const config = path.join(folder, 'provider', `${field}.jsonc`);
    const place = field === 'listen' ? /("port": )\d+/ : /("statusPort": )\d+/;
    writeFileSync(config, text.replace(place, `$1${port}`));
    const refused = node('provider', 'run', '--config', config);
    taken.close();
    expect([refused.status, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain(
      `node: ${field}: expected an address and port that this process may have, got EADDRINUSE\n`,
    );
    expect(refused.stderr).not.toContain('    at ');
    const lastRun = path.join(folder, 'provider/data/epoch-keys/last-run');
    expect(readFileSync(lastRun, 'utf8')).toBe('orderly');
  });

  it('holds its folder, tells health and metrics, and ends in order', async () => {
    const mix = await run('mix', 'mix');
    const second = node('mix', 'run', '--config', fileOf('mix'));
    expect([second.status, second.stderr]).toEqual([
      3,
      'node: another process runs with this data folder; end it first.\n',
    ]);
    const health = await get(mix, 'health');
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ healthy: false, role: 'mix', neighbours: 0 });
    const counted = await metrics(mix);
    expect(counted['eddy_received']).toBe(0);
    expect(counted['eddy_refusals_mac']).toBe(0);
    expect(await end(mix)).toBe(0);
    expect(readFileSync(path.join(folder, 'mix/data/epoch-keys/last-run'), 'utf8')).toBe('orderly');
  });

  it('counts garbage on its port, and nothing else changes', async () => {
    const provider = await run('provider', 'provider');
    const until = monotonicMs() + 3_000;
    const pour = async () => {
      while (monotonicMs() < until) {
        const socket = net.connect(provider.port, '127.0.0.1');
        socket.on('error', () => {});
        socket.resume();
        socket.write(drawBytes(systemRandom, 2_000));
        await new Promise((resolve) => socket.once('close', resolve));
      }
    };
    await Promise.all(Array.from({ length: 8 }, pour));
    const after = await metrics(provider);
    expect(after['eddy_link_closed_protocol']).toBeGreaterThan(20);
    const quiet = ['eddy_received', 'eddy_clients', 'eddy_link_opened', 'eddy_buffered_bytes'];
    expect(quiet.map((name) => after[name])).toEqual([0, 0, 0, 0]);
    expect(after['eddy_resident_bytes']).toBeLessThan(400_000_000);
    expect(await end(provider)).toBe(0);
  });
});
