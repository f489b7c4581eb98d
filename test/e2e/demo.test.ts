// The demo network as both shells run it, in real processes: it comes up by itself, is shared by
// the profiles of a data folder, taken over, started again, and gone with its last user.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoHost, startDemoHost } from '../../main/engine/demo-host.ts';
import { type EngineHost, startEngineHost } from '../../main/engine/host.ts';
import { forkDemo } from '../../main/shell/demo-process.ts';
import type { CallArgs, CallName, CallValue, EventFrame } from '../../shared/api.ts';
import type { Demo } from '../../shared/api-profile.ts';
import { isRunning } from '../support/processes.ts';
import { root } from '../support/source.ts';
import { startShell } from './support/chromium.ts';
import { type ElectronStage, stageElectron } from './support/electron.ts';
import { scratchFolder } from './support/unprivileged.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);
const built = (name: string) => new URL(`file://${path.join(root, 'dist/main', name)}`);

/** What a shell is without its windows: engine and demo network of one profile. */
class Eddy {
  readonly engine: EngineHost;
  readonly #demoHost: DemoHost;
  readonly events: EventFrame[] = [];
  demo: Demo | null = null;

  constructor(dataDir: string, profile: string) {
    const log = () => {};
    this.engine = startEngineHost({
      workerUrl: built('engine-worker.js'),
      profileDir: path.join(dataDir, 'profiles', profile),
      version: '1.2.3',
      log,
    });
    this.#demoHost = startDemoHost({
      engine: this.engine,
      folder: path.join(dataDir, 'demo'),
      start: forkDemo(built('demo.js')),
      log,
    });
    this.engine.listen((frame) => {
      this.events.push(frame);
      if (frame.event === 'demo') this.demo = frame.value as Demo;
    });
  }

  async call<N extends CallName>(call: N, args: CallArgs<N>): Promise<CallValue<N>> {
    const reply = await this.engine.handle({ id: 1, call, args });
    if (!reply.ok) throw new Error(`${call}: ${reply.code} ${reply.message}`);
    return reply.value as CallValue<N>;
  }

  async ready(): Promise<Demo> {
    await expect.poll(() => this.demo?.state, { timeout: 60_000 }).toBe('ready');
    return this.demo as Demo;
  }

  async close(): Promise<void> {
    await Promise.all([this.engine.close(), this.#demoHost.close()]);
  }
}

/** The process of the demo network in `dataDir`; 0 where none says that it runs. */
function demoPid(dataDir: string): number {
  const file = path.join(dataDir, 'demo/running.json');
  if (!existsSync(file)) return 0;
  return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
}

const networkFile = (dataDir: string) =>
  readFileSync(path.join(dataDir, 'demo/network.json'), 'utf8');

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

  it('is one for all its profiles, and goes on with another when the first one ends', async () => {
    second = new Eddy(dataDir, 'second');
    await second.ready();
    const pid = demoPid(dataDir);
    const before = networkFile(dataDir);
    await first.close();
    await expect.poll(() => isRunning(pid), { timeout: 8_000 }).toBe(false);
    await expect.poll(() => second.demo?.state).toBe('starting');
    await second.ready();
    expect(demoPid(dataDir)).not.toBe(pid);
    expect(networkFile(dataDir)).toBe(before);
  });

  it('is started again when its process is killed, as the same network', async () => {
    const before = networkFile(dataDir);
    const pid = demoPid(dataDir);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => second.demo?.state).toBe('starting');
    await second.ready();
    expect(demoPid(dataDir)).not.toBe(pid);
    expect(networkFile(dataDir)).toBe(before);
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

  it.each(['close', 'SIGKILL'] as const)('is up in a utility process until %s', async (end) => {
    const dataDir = stage.profile(end);
    const app = await stage.launch(path.join(dataDir, 'profile'), [`--eddy-data=${dataDir}`]);
    const page = await app.firstWindow();
    const demo = () =>
      page.evaluate(async () => {
        const answer = await window.eddy?.call('{"id":1,"call":"demo.get","args":{}}');
        return (answer as { value?: Demo } | undefined)?.value?.state;
      });
    await expect.poll(demo, { timeout: 60_000 }).toBe('ready');
    const pid = demoPid(dataDir);
    expect(isRunning(pid)).toBe(true);
    if (end === 'close') await app.close();
    else process.kill(app.process().pid ?? -1, 'SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 8_000 }).toBe(false);
  });
});

describe('the process of the demo network', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('does not outlive a shell that gets %s', async (end) => {
    const dataDir = path.join(scratch.dir, end);
    const shell = await startShell(path.join(dataDir, 'profile'), ['--data', dataDir]);
    await expect.poll(() => demoPid(dataDir), { timeout: 20_000 }).toBeGreaterThan(0);
    const pid = demoPid(dataDir);
    shell.child.kill(end);
    await shell.ended;
    await expect.poll(() => isRunning(pid), { timeout: 8_000 }).toBe(false);
  });

  it('begins anew after a first start that was cut off', async () => {
    const dataDir = path.join(scratch.dir, 'cut');
    const eddy = new Eddy(dataDir, 'one');
    // Some nodes have their keys, and the plan is not written yet.
    await expect
      .poll(() => existsSync(path.join(dataDir, 'demo/mix-1')), { timeout: 20_000, interval: 5 })
      .toBe(true);
    process.kill(demoPid(dataDir), 'SIGKILL');
    await eddy.ready();
    await eddy.close();
  });
});
