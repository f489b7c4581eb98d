// The browser shell as a user starts it, in a real Chromium.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const executablePath = process.env['EDDY_TEST_CHROMIUM'];
let shell: ChildProcess;
let address = '';

beforeAll(async () => {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'eddy-e2e-'));
  shell = spawn(process.execPath, ['dist/main/browser-shell.js', '--profile', profile], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  address = await new Promise((resolve) => {
    shell.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
});
afterAll(() => {
  shell.kill('SIGTERM');
});

it.skipIf(executablePath === undefined)(
  'shows what the engine says of itself, without a console error',
  async () => {
    if (executablePath === undefined) throw new Error('no Chromium');
    const browser = await chromium.launch({ executablePath });
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(address);
    await page.getByText('SQLite3 Multiple Ciphers').waitFor();
    expect(page.url()).not.toContain('token');
    expect(errors).toEqual([]);
    await browser.close();
  },
);
