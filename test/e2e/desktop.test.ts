// What only the desktop app does: it ends with what started it and in the middle of a recovery,
// stands where it stood, tells of a profile that is open elsewhere, and hears no frame but its own.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendants, isRunning } from '../support/processes.ts';
import { aboutLine, begin } from './support/begin.ts';
import { startShell } from './support/chromium.ts';
import { type ElectronStage, stageElectron } from './support/electron.ts';
import { isRoot, UNPRIVILEGED_UID } from './support/unprivileged.ts';

const electron = process.env['EDDY_TEST_ELECTRON'];
const isHere = electron !== undefined && process.platform === 'linux';
/** After a signal or a quit; the store's own limit is 3 s. */
const END_MS_MAX = 8_000;

async function until(condition: () => boolean, what: string): Promise<void> {
  const startedAt = performance.now();
  while (!condition()) {
    if (performance.now() - startedAt > END_MS_MAX) throw new Error(`not within time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const shown = async (app: ElectronApplication) => {
  const page = await app.firstWindow();
  await begin(page);
  return page;
};
const bounds = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());

describe.skipIf(!isHere)('the desktop app', () => {
  let stage: ElectronStage;
  beforeAll(async () => {
    stage = await stageElectron(electron ?? '');
  });
  afterAll(() => stage?.close());

  it('stands where it stood, after a restart', async () => {
    const profile = stage.profile('bounds');
    const first = await stage.launch(profile);
    await shown(first);
    const place = { x: 120, y: 90, width: 901, height: 703 };
    await first.evaluate(({ BrowserWindow }, to) => {
      BrowserWindow.getAllWindows()[0]?.setBounds(to);
    }, place);
    expect(await bounds(first)).toEqual(place);
    await first.close();
    const second = await stage.launch(profile);
    await shown(second);
    expect(await bounds(second)).toEqual(place);
    await second.close();
  });

  it('ends in the moment in which its engine is started again', async () => {
    const app = await stage.launch(stage.profile('amid'));
    const page = await shown(app);
    const { pid, exitCode } = app.process();
    expect(exitCode).toBeNull();
    const ended = new Promise((resolve) => app.process().once('exit', resolve));
    const told = page.getByTestId('engine-notice').filter({ hasText: 'stopped' }).waitFor();
    process.kill(pid ?? -1, 'SIGUSR2');
    await told;
    process.kill(pid ?? -1, 'SIGTERM');
    expect(await ended).toBe(0);
  });

  it('ends when what started it is killed', async () => {
    const [program, args] = stage.command(stage.profile('orphan'));
    // What scripts/start.ts does, in a process that may be killed.
    const source = `
      const { spawn } = require('node:child_process');
      const [program, ...args] = process.argv.slice(1);
      const stdio = ['ignore', 'ignore', 'pipe', 'ipc'];
      const app = spawn(program, args, { stdio });
      app.stderr.on('data', (chunk) => process.stdout.write(chunk));`;
    const starter = spawn(process.execPath, ['-e', source, program, ...args], { env: stage.env });
    let said = '';
    starter.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await until(() => said.includes('crypto_engine'), 'an engine');
    const below = descendants(starter.pid ?? -1);
    expect(below.length).toBeGreaterThan(2);
    starter.kill('SIGKILL');
    await until(() => below.filter(isRunning).length === 0, 'everything ended');
  });

  it.each([50, 250, 450])(
    'ends at once when it is told to %i ms into its start',
    async (waitMs) => {
      const profile = stage.profile(`start-${waitMs}`);
      const [program, args] = stage.command(profile);
      const app = spawn(program, args, { env: stage.env, stdio: 'ignore' });
      const ended = new Promise((resolve) => app.once('exit', resolve));
      await until(() => existsSync(path.join(profile, 'window')), 'a folder for the window');
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      app.kill('SIGTERM');
      const late = new Promise((resolve) => setTimeout(() => resolve('late'), END_MS_MAX));
      const end = await Promise.race([ended, late]);
      app.kill('SIGKILL');
      expect(end).toBe(0);
    },
  );

  it('says that a browser shell has its profile open, and opens it when that has ended', async () => {
    const profile = stage.profile('held');
    const shell = await startShell(profile);
    // The shell runs as whoever runs the tests; the window's user must be able to read its files.
    if (isRoot) spawnSync('chown', ['-R', `${UNPRIVILEGED_UID}:${UNPRIVILEGED_UID}`, profile]);
    const refused = await stage.launch(profile);
    const page = await refused.firstWindow();
    await page
      .getByTestId('engine-notice')
      .filter({ hasText: 'This profile is open in another Eddy.' })
      .waitFor();
    expect(await aboutLine(page).count()).toBe(0);
    await refused.close();
    shell.child.kill('SIGTERM');
    expect(await shell.ended).toBe(0);
    const app = await stage.launch(profile);
    await shown(app);
    await app.close();
  });

  it('gives a frame inside its page nothing, and hears none of another origin', async () => {
    const app = await stage.launch(stage.profile('frames'));
    const page = await shown(app);
    // The page's own policy lets no frame stand; it is switched off to have one at all.
    const driver = await page.context().newCDPSession(page);
    await driver.send('Page.setBypassCSP', { enabled: true });
    await page.reload();
    await aboutLine(page).waitFor();
    await page.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', 'allow-scripts');
      document.body.append(frame);
    });
    await expect.poll(() => page.frames().length).toBe(2);
    expect(await page.frames()[1]?.evaluate(() => typeof window.eddy)).toBe('undefined');
    const answers = await app.evaluate(async ({ BrowserWindow, ipcMain }) => {
      type Handler = (event: unknown, text: string) => Promise<unknown>;
      const door = Reflect.get(ipcMain, '_invokeHandlers') as Map<string, Handler>;
      const sender = BrowserWindow.getAllWindows()[0]?.webContents;
      const frames = sender?.mainFrame.framesInSubtree ?? [];
      const ask = (senderFrame: unknown) =>
        door.get('eddy:call')?.({ sender, senderFrame }, '{"id":1,"call":"about","args":{}}');
      return Promise.all(frames.map(async (frame) => [frame.origin, await ask(frame)]));
    });
    expect(answers).toEqual([
      ['app://eddy', expect.objectContaining({ ok: true })],
      ['null', expect.objectContaining({ ok: false, code: 'foreign_sender' })],
    ]);
    await app.close();
  });
});
