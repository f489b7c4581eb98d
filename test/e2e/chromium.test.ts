// The window in Debian's Chromium (or any in PATH), fed by the browser shell. Where there is none,
// the runner says whether that is a failure.
import { describe, expect, it, onTestFinished } from 'vitest';
import { attacks } from './support/attacks.ts';
import { chromiumTarget, stageChromium, startShell } from './support/chromium.ts';
import { describeWindow } from './support/window-spec.ts';

const program = process.env['EDDY_TEST_CHROMIUM'];

if (program !== undefined && process.platform === 'linux') {
  describeWindow('Chromium', () => chromiumTarget(program));

  it('the attacks succeed where no policy holds: it is the policy that stops them', async () => {
    const stage = stageChromium(program);
    onTestFinished(stage.close);
    const shell = await startShell(stage.profile('open'));
    const { browser } = await stage.launch();
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    await page.goto(shell.address);
    const ends: Record<string, string> = {};
    for (const { name, run, unprotected } of attacks) {
      if (unprotected !== undefined) ends[name] = await page.evaluate(run);
    }
    const known = attacks.map(({ name, unprotected }) => [name, unprotected]);
    expect(ends).toEqual(Object.fromEntries(known.filter(([, word]) => word !== undefined)));
    expect(Object.keys(ends).length).toBeGreaterThan(4);
    await browser.close();
    shell.child.kill('SIGTERM');
    await shell.ended;
  });
} else {
  describe('a window in Chromium', () => {
    it.skip('is shown (there is no Chromium or Chrome in PATH)', () => {});
  });
}
