// One profile, started twice, killed, and started in two places at once: the second finds the first
// or is told what to do, and a tab comes back with a shell that was killed.
import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { superviseShell } from '../../scripts/shell-supervisor.ts';
import { begin } from './support/begin.ts';
import { stageChromium, startShell } from './support/chromium.ts';
import { stageElectron } from './support/electron.ts';
import { processTree } from './support/processes.ts';
import { scratchFolder } from './support/unprivileged.ts';

const chromium = process.env['EDDY_TEST_CHROMIUM'];
const electron = process.env['EDDY_TEST_ELECTRON'];
const isLinux = process.platform === 'linux';
const portOf = (address: string) => new URL(address).port;

describe.skipIf(!isLinux)('the browser shell (its processes are looked for in /proc)', () => {
  it('leads a second start to the first, and starts anew after a kill', async () => {
    const scratch = scratchFolder();
    onTestFinished(scratch.remove);
    const profile = `${scratch.dir}/profile`;
    const first = await startShell(profile);
    const second = await startShell(profile);
    expect(await second.ended).toBe(0);
    expect(portOf(second.address)).toBe(portOf(first.address));
    expect(second.address).not.toBe(first.address);
    expect((await fetch(second.address, { redirect: 'manual' })).status).toBe(303);
    first.child.kill('SIGKILL');
    await first.ended;
    const third = await startShell(profile);
    expect((await fetch(third.address, { redirect: 'manual' })).status).toBe(303);
    third.child.kill('SIGTERM');
    expect(await third.ended).toBe(0);
  });

  it('ends with what started it', async () => {
    const scratch = scratchFolder();
    onTestFinished(scratch.remove);
    const shell = await startShell(`${scratch.dir}/profile`, ['--supervised'], '{}');
    shell.child.stdin?.end();
    expect(await shell.ended).toBe(0);
  });

  it.skipIf(chromium === undefined)('brings its tabs back when it is killed', async () => {
    const stage = stageChromium(chromium ?? '');
    onTestFinished(stage.close);
    const profileDir = stage.profile('killed');
    let open: (address: string) => void = () => {};
    const address = new Promise<string>((resolve) => {
      open = resolve;
    });
    const shell = superviseShell({ profileDir, say: () => {}, onAddress: open });
    const { browser } = await stage.launch();
    const page = await browser.newPage();
    await page.goto(await address);
    await begin(page);
    const ours = processTree(process.pid).filter(({ args }) => args.includes(profileDir));
    expect(ours).toHaveLength(1);
    const notice = page.getByTestId('engine-notice');
    const told = notice.filter({ hasText: 'lost' }).waitFor();
    for (const { pid } of ours) process.kill(pid, 'SIGKILL');
    await told;
    await notice.waitFor({ state: 'hidden' });
    await page.reload();
    await begin(page);
    await browser.close();
    shell.kill('SIGTERM');
    expect(await shell.ended).toMatchObject({ code: 0 });
  });
});

describe.skipIf(electron === undefined || !isLinux)('the desktop app', () => {
  it('is one for a profile, and answers no window but its own', async () => {
    const stage = await stageElectron(electron ?? '');
    onTestFinished(stage.close);
    const profile = stage.profile('twice');
    const app = await stage.launch(profile);
    const page = await app.firstWindow();
    await begin(page);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    const [program, args] = stage.command(profile);
    const second = spawn(program, args, { env: stage.env, stdio: 'ignore' });
    expect(await new Promise((resolve) => second.on('exit', resolve))).toBe(0);
    expect(
      await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.isMinimized()),
      ),
    ).toEqual([false]);

    const shell = await startShell(profile);
    expect(await shell.ended).toBe(1);
    expect(shell.errors()).toContain('another Eddy has this profile open');

    const foreign = await app.evaluate(async ({ app: own, BrowserWindow }) => {
      const preload = `${own.getAppPath()}/dist/preload/preload.cjs`;
      const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await window.loadURL('app://eddy/');
      const call = `window.eddy.call('{"id":1,"call":"about","args":{}}')`;
      const answer: unknown = await window.webContents.executeJavaScript(call);
      window.destroy();
      return answer;
    });
    expect(foreign).toMatchObject({ ok: false, code: 'foreign_sender' });
    await app.close();
  });
});
