// The specification of a window, run in every place that shows one: it is fed by the engine, every
// window hears the others, what was set stays, it says when the engine stops, and nothing in it
// reaches out.

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { backgroundColor } from '../../../main/app/window.ts';
import type {} from '../../../renderer/api.ts';
import { qrModules } from '../../../renderer/contact/qr.ts';
import { attacks } from './attacks.ts';
import { aboutLine, begin } from './begin.ts';
import { cornerPixel } from './pixels.ts';
import { processTree } from './processes.ts';
import type { Running, Target } from './target.ts';
import { windowUid } from './unprivileged.ts';

/** The issue's own bound: this long after the engine ended, every window says so. */
const NOTICE_MS_MAX = 2_000;
/** How long a browser may take to hand over the reports it owes. */
const REPORT_MS_MAX = 500;
const RECOVERY_MS_MAX = 10_000;

const notice = (page: Page) => page.getByTestId('engine-notice');

/** One frame by way of the page's own connection, as a script of the page would send it. */
async function callFrom(page: Page, frame: string): Promise<{ ok: boolean; code?: string }> {
  return page.evaluate(async (text) => {
    if (window.eddy !== undefined) {
      return (await window.eddy.call(text)) as { ok: boolean; code?: string };
    }
    const address = new URL('api', window.location.href);
    address.protocol = 'ws:';
    const socket = new WebSocket(address);
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    const answer = new Promise<string>((resolve) => {
      socket.onmessage = (message) => {
        if (!String(message.data).startsWith('{"event"')) resolve(String(message.data));
      };
    });
    socket.send(text);
    const reply = JSON.parse(await answer) as { ok: boolean; code?: string };
    socket.close();
    return reply;
  }, frame);
}

/** A PNG of a QR code with `text`, 4 px a module, as a file that a user picks. */
async function qrPicture(page: Page, text: string) {
  const address = await page.evaluate((modules) => {
    const canvas = document.createElement('canvas');
    canvas.width = (modules.length + 8) * 4;
    canvas.height = canvas.width;
    const context = canvas.getContext('2d');
    for (const [y, row] of modules.entries()) {
      for (const [x, isDark] of row.entries()) {
        if (isDark) context?.fillRect((x + 4) * 4, (y + 4) * 4, 4, 4);
      }
    }
    return canvas.toDataURL('image/png');
  }, qrModules(text) ?? []);
  const buffer = Buffer.from(address.split(',')[1] ?? '', 'base64');
  return { name: 'code.png', mimeType: 'image/png', buffer };
}

const setTheme = (page: Page, theme: string) =>
  callFrom(page, JSON.stringify({ id: 1, call: 'settings.set', args: { theme } }));
const settings = async (page: Page) =>
  (await callFrom(page, '{"id":2,"call":"settings.get","args":{}}')) as {
    value?: { theme: string };
  };

export function describeWindow(name: string, prepare: () => Promise<Target>): void {
  describe(`a window in ${name}`, () => {
    let target: Target;
    let running: Running;

    beforeAll(async () => {
      target = await prepare();
      running = await target.open(target.profile('spec'));
    });
    afterAll(async () => {
      await running?.close();
      await target?.close();
    });
    afterEach((context: TestContext) => {
      expect(running.faults.take(), context.task.name).toEqual([]);
    });

    it('shows what the engine says of itself, and no token in its address', async () => {
      await begin(running.page);
      expect(running.page.url()).not.toContain('token');
      expect(await running.page.evaluate(() => document.referrer)).toBe('');
    });

    it('runs as an ordinary user, in a sandbox', async () => {
      const processes = processTree(running.browserPid);
      const renderers = processes.filter(({ args }) => args.includes('--type=renderer'));
      expect(renderers.length).toBeGreaterThan(0);
      for (const { seccomp } of renderers) expect(seccomp).toBe(2);
      for (const { uid, args } of processes) {
        expect(uid).toBe(windowUid);
        expect(args.filter((arg) => arg.includes('no-sandbox'))).toEqual([]);
      }
    });

    it('finds a planted console error, page error and violation', async () => {
      const page = await running.another();
      await aboutLine(page).waitFor();
      await page.evaluate(() => {
        setTimeout(() => console.error('planted line'));
        setTimeout(() => {
          throw new Error('planted throw');
        });
        const style = document.createElement('style');
        style.textContent = 'body { color: red }';
        document.head.append(style);
      });
      const kinds = [/error: planted line/, /page error: planted throw/, /violation: style-src/];
      const found: string[] = [];
      for (const kind of [...kinds, /report: csp-violation/]) {
        if (!found.some((text) => kind.test(text))) {
          found.push(...(await running.faults.waitFor(kind)));
        }
      }
      // One violation may be told more than once, and late.
      await page.waitForTimeout(REPORT_MS_MAX);
      await page.close();
      running.faults.take();
    });

    it('hears what was set in another', async () => {
      const other = await running.another();
      await aboutLine(other).waitFor();
      const heard = running.page.evaluate(
        () =>
          new Promise<string>((resolve) => {
            const seen = (frame: unknown) => {
              const event = frame as { event?: string; value?: { theme?: string } };
              if (event.event === 'settings') resolve(event.value?.theme ?? '');
            };
            if (window.eddy !== undefined) {
              window.eddy.listen(seen);
              return;
            }
            const address = new URL('api', window.location.href);
            address.protocol = 'ws:';
            const socket = new WebSocket(address);
            socket.onmessage = (message) => seen(JSON.parse(String(message.data)));
          }),
      );
      // The listener above is in place once a call of the same page has come back.
      await settings(running.page);
      expect(await setTheme(other, 'dark')).toMatchObject({ ok: true });
      expect(await heard).toBe('dark');
      await other.close();
    });

    it('is fed again after it was loaded anew', async () => {
      await running.page.reload();
      await aboutLine(running.page).waitFor();
    });

    it('takes a picture of its user that the engine lets through, and reads a QR code', async () => {
      const page = await running.another();
      await aboutLine(page).waitFor();
      await page.evaluate(() => {
        window.location.hash = '#/settings/profile';
      });
      const text = 'no code, but a text in a picture';
      const file = await qrPicture(page, text);
      await page.getByTestId('file').setInputFiles(file);
      await page.getByRole('button', { name: 'Take it' }).click();
      // Shown is what the engine has saved.
      await page.locator('.settings-page img').waitFor();
      await page.getByRole('button', { name: 'Remove' }).click();
      await page.locator('.settings-page img').waitFor({ state: 'detached' });
      await page.evaluate(() => {
        window.location.hash = '#/new';
      });
      await page.getByTestId('file').setInputFiles(file);
      const field = page.getByRole('textbox', { name: 'Invite' });
      await expect.poll(() => field.inputValue(), { timeout: RECOVERY_MS_MAX }).toBe(text);
      await page.close();
    });

    it('refuses what is wrong with a frame, each by name', async () => {
      const code = async (frame: string) => (await callFrom(running.page, frame)).code;
      expect(await code('{"id":3,"call":"about","args":{"zzz":1}}')).toBe('bad_arguments');
      expect(await code('{"id":3,"call":"about","args":{},"zzz":1}')).toBe('bad_frame');
      const polluted = '{"id":4,"call":"settings.set","args":{"__proto__":{"theme":"light"}}}';
      expect(await code(polluted)).toBe('bad_arguments');
      expect(await code('{"id":5,"call":"constructor","args":{}}')).toBe('unknown_call');
      const long = JSON.stringify({ id: 6, call: 'about', args: 'x'.repeat(10_000_000) });
      expect(await code(long)).toBe('too_large');
      expect((await settings(running.page)).value?.theme).toBe('dark');
    });

    it('lets nothing in it reach out', async () => {
      const page = await running.another();
      await aboutLine(page).waitFor();
      for (const attack of attacks) {
        running.faults.take();
        expect(await page.evaluate(attack.run), attack.name).toMatch(attack.ends);
        if (attack.fault !== undefined) await running.faults.waitFor(attack.fault);
      }
      const before = page.url();
      const opened = await page.evaluate(() => window.open('https://example.invalid/') === null);
      if (target.deniesWindows) expect(opened).toBe(true);
      if (target.deniesNavigation) {
        await page.evaluate(() => {
          window.location.href = 'https://example.invalid/';
        });
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
        expect(page.url()).toBe(before);
      }
      // Reports of a violation come later than its event.
      await page.waitForTimeout(REPORT_MS_MAX);
      await page.close();
      running.faults.take();
    });

    it('says when the engine stopped, and that it is back, in every window', async () => {
      const other = await running.another();
      await aboutLine(other).waitFor();
      const all = [running.page, other];
      const told = Promise.all(
        all.map((page) =>
          notice(page).filter({ hasText: 'stopped' }).waitFor({ timeout: NOTICE_MS_MAX }),
        ),
      );
      process.kill(running.hostPid, 'SIGUSR2');
      await told;
      for (const page of all) {
        await notice(page).waitFor({ state: 'hidden', timeout: RECOVERY_MS_MAX });
        await aboutLine(page).waitFor();
        expect((await settings(page)).value?.theme).toBe('dark');
      }
      await other.close();
    });

    it.each(['dark', 'light'] as const)('is %s after a restart, as it was set', async (theme) => {
      expect(await setTheme(running.page, theme)).toMatchObject({ ok: true });
      expect(running.faults.take()).toEqual([]);
      await running.close();
      running = await target.open(target.profile('spec'));
      await aboutLine(running.page).waitFor();
      expect((await settings(running.page)).value?.theme).toBe(theme);
      const canvas = () =>
        running.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      await expect.poll(canvas).toBe(theme === 'dark' ? 'rgb(17, 24, 23)' : 'rgb(251, 251, 248)');
      const drawn = cornerPixel(await running.page.screenshot());
      for (const channel of drawn) {
        if (theme === 'dark') expect(channel).toBeLessThan(64);
        else expect(channel).toBeGreaterThan(192);
      }
      const behind = await running.backgroundBehind?.();
      if (behind !== undefined) expect(behind).toBe(backgroundColor(theme === 'dark'));
    });
  });
}
