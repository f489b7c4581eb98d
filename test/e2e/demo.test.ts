// The demo network as both shells run it, in real processes: it comes up by itself, is shared by
// the profiles of a data folder, taken over, started again, and gone with its last user.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Demo } from '../../shared/api-profile.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';
import { formatNetworkLink, type NetworkFile } from '../../shared/network/network-file.ts';
import { Eddy } from '../support/demo-user.ts';
import { isRunning } from '../support/processes.ts';
import { startShell } from './support/chromium.ts';
import { type ElectronStage, stageElectron } from './support/electron.ts';
import { scratchFolder } from './support/unprivileged.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);
/** The process of the demo network in `dataDir`; 0 where none says that it runs. */
function demoPid(dataDir: string): number {
  const file = path.join(dataDir, 'demo/running.json');
  if (!existsSync(file)) return 0;
  return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

/** Packets that clients have sent into the first layer, as its nodes count, and the user's own. */
async function count(dataDir: string, eddy: Eddy) {
  const file = path.join(dataDir, 'demo/localnet.json');
  const { nodes } = JSON.parse(readFileSync(file, 'utf8')) as {
    nodes: { name: string; role: string; statusPort: number }[];
  };
  const layerOf = new Map(eddy.demo?.nodes.map(({ name, layer }) => [name, layer]));
  const perNode = nodes.map(async ({ name, role, statusPort }) => {
    if (role !== 'provider' && layerOf.get(name) !== 1) return 0;
    const response = await fetch(`http://127.0.0.1:${statusPort}/metrics`);
    const lines = (await response.text()).split('\n').map((line) => line.split(' '));
    const of = (counter: string) => Number(lines.find(([key]) => key === counter)?.[1] ?? NaN);
    // Into the first layer come packets of clients, acknowledgements, and loops of providers.
    if (role !== 'provider') return of('eddy_received');
    return -of('eddy_loops_sent') - of('eddy_mail_acknowledgements_sent');
  });
  const [ledger, ...counts] = await Promise.all([eddy.call('ledger', {}), ...perNode]);
  const own = ['payload', 'loop', 'drop'].map((name) => ledger.streams[name]?.sent ?? NaN);
  return { clientPackets: sum(counts), own: sum(own), atMs: performance.now() };
}

const networkOf = (name: string): NetworkFile => ({
  name,
  authorities: [{ key: new Uint8Array(32).fill(7), addresses: ['127.0.0.1:1'] }],
  epoch0UnixMs: 1_700_000_000_000,
});
const networkFile = (dataDir: string) =>
  readFileSync(path.join(dataDir, 'demo/network.json'), 'utf8');

/** A code of a user of the first demo network. */
let demoCode = '';

describe('the demo network of a data folder', () => {
  const dataDir = path.join(scratch.dir, 'shared');
  let first: Eddy;
  let second: Eddy;
  beforeAll(() => {
    first = new Eddy(dataDir, 'first');
  });
  afterAll(async () => {
    await Promise.all([first.close(), second?.close()]);
  });

  it('comes up by itself, node by node, with two mixes in each layer', async () => {
    const { nodes } = await first.ready();
    expect(nodes.map(({ kind }) => kind).sort()).toEqual([
      'authority',
      ...Array(6).fill('mix'),
      'provider',
      'provider',
    ]);
    const layers = nodes.map(({ layer }) => layer ?? 0).toSorted((a, b) => a - b);
    expect(layers).toEqual([0, 0, 0, 1, 1, 2, 2, 3, 3]);
    const counts = first.events
      .filter(({ event }) => event === 'demo')
      .map(({ value }) => (value as Demo).nodes.filter(({ isReady }) => isReady).length);
    expect(counts[0]).toBe(0);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  });

  it('has somebody in it who says hello and answers', async () => {
    const { hello, answer } = await first.meet('Lena');
    expect(hello.text).toContain('Hello, Lena! I am Echo');
    expect(answer.text).toContain('“Is anybody there?”');
    const [contact] = await first.call('contact.list', {});
    expect(contact).toMatchObject({ name: 'Echo', state: 'accepted' });
    const invite = { kind: 'invite', lifetimeMs: 3_600_000 } as const;
    demoCode = (await first.call('code.create', invite)).text;
    const profile = await first.call('profile.get', {});
    expect(profile.network).toEqual({ name: 'Demo on this computer', isDemo: true });
  });

  it('shows its packets in what the mixes count', async () => {
    const before = await count(dataDir, first);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const after = await count(dataDir, first);
    const passed = after.clientPackets - before.clientPackets;
    const own = after.own - before.own;
    // Both send 4 a second; what is on its way at either end makes some difference.
    expect(own).toBeGreaterThan(4);
    expect(passed - own).toBeGreaterThan(4);
    expect(passed - own).toBeLessThan((10 * (after.atMs - before.atMs)) / 1_000);
  });

  it('is one for all its profiles, and goes on with another when the first one ends', async () => {
    second = new Eddy(dataDir, 'second');
    await second.ready();
    await second.meet('Tom');
    const pid = demoPid(dataDir);
    const before = networkFile(dataDir);
    const [echo] = await second.call('contact.list', {});
    const closing = first.close();
    const answered = second.answer();
    await second.call('chat.send', { contact: echo?.id ?? 0, text: 'And now?' });
    await closing;
    await expect.poll(() => isRunning(pid), { timeout: 8_000 }).toBe(false);
    await expect.poll(() => second.demo?.state).toBe('starting');
    await second.ready();
    expect(demoPid(dataDir)).not.toBe(pid);
    expect(networkFile(dataDir)).toBe(before);
    expect((await answered).isOwn).toBe(false);
  });

  it('is started again when its process is killed, and carries messages at once', async () => {
    const before = networkFile(dataDir);
    const pid = demoPid(dataDir);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => second.demo?.state).toBe('starting');
    await second.ready();
    expect(demoPid(dataDir)).not.toBe(pid);
    expect(networkFile(dataDir)).toBe(before);
    const answered = second.answer();
    const [echo] = await second.call('contact.list', {});
    await second.call('chat.send', { contact: echo?.id ?? 0, text: 'Still there?' });
    expect((await answered).text).not.toBe('');
  });

  it('is gone with its last user', async () => {
    const pid = demoPid(dataDir);
    expect(isRunning(pid)).toBe(true);
    await second.close();
    expect(isRunning(pid)).toBe(false);
    expect(demoPid(dataDir)).toBe(0);
  });
});

const electron = process.env['EDDY_TEST_ELECTRON'];
describe.skipIf(electron === undefined)('the demo network of the desktop app', () => {
  let stage: ElectronStage;
  beforeAll(async () => {
    stage = await stageElectron(electron ?? '');
  });
  afterAll(() => stage?.close());

  it.each(['close', 'SIGKILL'] as const)('runs in a utility process until %s', async (end) => {
    const dataDir = stage.profile(end);
    const app = await stage.launch(path.join(dataDir, 'profile'), [`--eddy-data=${dataDir}`]);
    const page = await app.firstWindow();
    const demo = () =>
      page.evaluate(async () => {
        const answer = await window.eddy?.call('{"id":1,"call":"demo.get","args":{}}');
        return (answer as { value?: Demo } | undefined)?.value?.state;
      });
    const expected = end === 'close' ? ['ready'] : ['starting', 'ready'];
    await expect.poll(demo, { timeout: 60_000 }).toBeOneOf(expected);
    await expect.poll(() => demoPid(dataDir), { timeout: 20_000 }).toBeGreaterThan(0);
    const pid = demoPid(dataDir);
    expect(isRunning(pid)).toBe(true);
    if (end === 'close') await app.close();
    else process.kill(app.process().pid ?? -1, 'SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 8_000 }).toBe(false);
  });
});

describe('the process of the demo network', () => {
  // The other ways out are those of the shell: start.test.ts.
  it('does not outlive a shell that is killed', async () => {
    const dataDir = path.join(scratch.dir, 'killed');
    const shell = await startShell(path.join(dataDir, 'profile'), ['--data', dataDir]);
    await expect.poll(() => demoPid(dataDir), { timeout: 20_000 }).toBeGreaterThan(0);
    const pid = demoPid(dataDir);
    shell.child.kill('SIGKILL');
    await shell.ended;
    await expect.poll(() => isRunning(pid), { timeout: 8_000 }).toBe(false);
  });

  it('does not start where another network is asked for, which the profile keeps to', async () => {
    const dataDir = path.join(scratch.dir, 'other');
    const launch = (name: string) =>
      startShell(
        path.join(dataDir, 'profile'),
        ['--supervised', '--data', dataDir],
        JSON.stringify({ network: formatNetworkLink(nobleEngine, networkOf(name)) }),
      );
    const shell = await launch('one');
    expect((await fetch(shell.address, { redirect: 'manual' })).status).toBe(303);
    shell.child.kill('SIGTERM');
    expect(await shell.ended).toBe(0);
    const refused = await launch('two');
    expect(await refused.ended).toBe(2);
    expect(refused.errors()).toContain('--network: this profile belongs to another network');
    expect(existsSync(path.join(dataDir, 'demo'))).toBe(false);
  });

  it('begins anew after a first start that was cut off, as another network', async () => {
    const dataDir = path.join(scratch.dir, 'cut');
    const eddy = new Eddy(dataDir, 'one');
    // Some nodes have their keys, and the plan is not written yet.
    await expect
      .poll(() => existsSync(path.join(dataDir, 'demo/mix-1')), { timeout: 20_000, interval: 5 })
      .toBe(true);
    process.kill(demoPid(dataDir), 'SIGKILL');
    await eddy.ready();
    await eddy.call('profile.create', { name: 'Kim', avatar: null });
    // Every demo network has this name; that of another computer is another one all the same.
    expect(await eddy.call('code.check', { text: demoCode })).toMatchObject({
      ok: false,
      reason: 'foreign_network',
      networkName: 'Demo on this computer',
    });
    await eddy.close();
  });
});
