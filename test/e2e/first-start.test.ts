// The first landing of the messenger: from `npm start` with an empty data folder a new user reads
// the correspondent's hello and gets an answer to a first message, through the demo network.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from '../support/source.ts';
import { stageChromium } from './support/chromium.ts';
import { watchFaults } from './support/faults.ts';
import { scratchFolder } from './support/unprivileged.ts';

const program = process.env['EDDY_TEST_CHROMIUM'];
/** How long it takes is measured by `long -- first-start`; here a busy machine may be slow. */
const ANSWER_MS_MAX = 60_000;

describe.skipIf(program === undefined)('the first start, in Chromium', () => {
  it('leads to a hello and an answer', async () => {
    const scratch = scratchFolder();
    onTestFinished(scratch.remove);
    const stage = stageChromium(program ?? '');
    onTestFinished(stage.close);
    const args = ['scripts/bootstrap.mjs', 'start', '--browser', '--no-open'];
    const started = spawn(process.execPath, [...args, '--data', path.join(scratch.dir, 'data')], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => started.once('exit', resolve));
    onTestFinished(async () => {
      started.kill('SIGTERM');
      await ended;
    });
    const lines = createInterface({ input: started.stdout });
    const address = await new Promise<string>((resolve) => lines.once('line', resolve));
    const { browser } = await stage.launch();
    onTestFinished(() => browser.close());
    const context = await browser.newContext({ locale: 'en-GB' });
    const faults = await watchFaults(context);
    const page = await context.newPage();
    await page.goto(address);
    await page.getByLabel('What should people call you?').fill('Lena');
    await page.getByRole('button', { name: 'Continue' }).click();

    await page.getByText('Hello, Lena! I am Echo').first().waitFor({ timeout: ANSWER_MS_MAX });
    await page.getByRole('link', { name: /Echo/ }).first().click();
    const composer = page.getByRole('textbox', { name: /message/i });
    await composer.fill('Is anybody there?');
    await composer.press('Enter');
    await page.getByText('“Is anybody there?”').first().waitFor({ timeout: ANSWER_MS_MAX });
    expect(faults.take()).toEqual([]);
  });
});
