// `npm run -s shots -- DIR`: pictures of every screen and state, light and dark, wide and narrow,
// from the real engine through the browser shell in Chromium. Fails where a picture is missing, a
// console error or CSP violation was seen, or axe finds a fault.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { buildAll } from './build.ts';
import { openPlaces, type Places } from './shots-places.ts';
import { screens as allScreens, type Screen } from './shots-screens.ts';
import { prepareBrowsers } from './test-browsers.ts';

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
const say = (text: string) => process.stderr.write(`eddy: ${text}\n`);

const themes = ['light', 'dark'] as const;
const widths = [
  { name: 'wide', width: 1280, height: 832 },
  { name: '420', width: 420, height: 832 },
] as const;

const AXE_HEIGHT_PX = 2_400;

/** A machine that builds beside it is slow. */
const SHOWN_MS_MAX = 20_000;

const { values, positionals } = parseArgs({
  // For whoever works on one screen: names, with commas between them.
  options: { only: { type: 'string' } },
  allowPositionals: true,
});
const [given] = positionals;
if (given === undefined) {
  say('which folder? npm run -s shots -- DIR');
  process.exit(2);
}
const chosen = values.only?.split(',');
const screens = allScreens.filter(({ name }) => chosen === undefined || chosen.includes(name));
const outDir = path.resolve(process.env['INIT_CWD'] ?? root, given);
mkdirSync(outDir, { recursive: true });

say('building');
await buildAll();
await build({
  configFile: 'vite.config.ts',
  root: 'renderer/gallery',
  logLevel: 'warn',
  build: { outDir: path.join(root, 'dist/gallery') },
});

const executablePath = prepareBrowsers(say).env['EDDY_TEST_CHROMIUM'];
if (executablePath === undefined) {
  say('the pictures need a Chromium or Chrome in PATH');
  process.exit(1);
}
const scratch = mkdtempSync(path.join(os.tmpdir(), 'eddy-shots-'));
const faults: string[] = [];
const browser = await chromium.launch({ executablePath });
const places = await openPlaces(scratch);
for (const screen of screens) {
  for (const theme of themes) {
    for (const width of widths) {
      const file = `${screen.name}-${width.name}-${theme}.png`;
      rmSync(path.join(outDir, file), { force: true });
      try {
        await take(browser, places, screen, { theme, width, file });
      } catch (error) {
        faults.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  say(screen.name);
}
await browser.close();
await places.close();
rmSync(scratch, { recursive: true, force: true });
const taken = new Set(readdirSync(outDir));
for (const screen of screens) {
  for (const theme of themes) {
    for (const width of widths) {
      const file = `${screen.name}-${width.name}-${theme}.png`;
      if (!taken.has(file)) faults.push(`${file}: missing`);
    }
  }
}
for (const fault of faults) say(fault);
const count = screens.length * themes.length * widths.length;
process.stdout.write(`${JSON.stringify({ pictures: count, faults: faults.length })}\n`);
process.exit(faults.length === 0 ? 0 : 1);

type Variant = {
  readonly theme: (typeof themes)[number];
  readonly width: (typeof widths)[number];
  readonly file: string;
};

/** One picture, and what the console and axe have to say about its page. */
async function take(browser: Browser, places: Places, screen: Screen, variant: Variant) {
  const context = await browser.newContext({
    viewport: { width: variant.width.width, height: variant.width.height },
    deviceScaleFactor: 2,
    colorScheme: variant.theme,
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    const errors = watch(page);
    await places.visit(page, screen);
    const shown = page.getByText(screen.waitFor).locator('visible=true').first();
    await shown.waitFor({ timeout: SHOWN_MS_MAX });
    await screen.prepare?.(page, places.given);
    await page.evaluate('document.fonts.ready');
    await page.screenshot({ path: path.join(outDir, variant.file) });
    // Each theme and each width once: what axe looks at does not come from their combination.
    if ((variant.theme === 'light') === (variant.width.name === 'wide')) {
      // So high that nothing is scrolled out of sight: what cannot be seen has no label for axe.
      await page.setViewportSize({ width: variant.width.width, height: AXE_HEIGHT_PX });
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const violation of violations) {
        const where = violation.nodes.map((node) => node.target.join(' ')).join('; ');
        faults.push(`${variant.file}: axe ${violation.id}: ${where}`);
      }
    }
    for (const error of errors) faults.push(`${variant.file}: console: ${error}`);
  } finally {
    await context.close();
  }
}

function watch(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}
