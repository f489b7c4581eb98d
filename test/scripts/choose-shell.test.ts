// Which shell opens Eddy, and why; and which browsers a run of the tests must have.
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  answers,
  chooseShell,
  fetchElectron,
  type Machine,
  PROBE_MS,
} from '../../scripts/choose-shell.ts';
import { missing } from '../../scripts/test-browsers.ts';

const machine = (changes: Partial<Machine>): Machine => ({
  isBrowserAsked: false,
  isRoot: false,
  hasDisplay: true,
  binary: () => 'electron',
  fetchBinary: async () => 'never asked',
  ...changes,
});

describe('chooseShell', () => {
  it('takes Electron where its executable is there', async () => {
    expect(await chooseShell(machine({}))).toEqual({ shell: 'electron', binary: 'electron' });
  });
  it.each([
    [{ isBrowserAsked: true }, 'asked for with --browser'],
    [{ isRoot: true }, 'Electron does not run as root with its sandbox on'],
    [{ hasDisplay: false }, 'there is no display'],
  ])('takes the browser shell with %o, without asking a network', async (changes, why) => {
    const never = () => Promise.reject(new Error('must hold: the network is not asked'));
    const given = machine({ ...changes, binary: () => null, fetchBinary: never });
    expect(await chooseShell(given)).toEqual({ shell: 'browser', why });
  });
  it('takes Electron when it could be had', async () => {
    let isIn = false;
    const given = machine({
      binary: () => (isIn ? 'electron' : null),
      fetchBinary: async () => {
        isIn = true;
        return null;
      },
    });
    expect((await chooseShell(given)).shell).toBe('electron');
  });
  it('says why it could not be had', async () => {
    const given = machine({ binary: () => null, fetchBinary: async () => 'no answer' });
    expect(await chooseShell(given)).toEqual({ shell: 'browser', why: 'no answer' });
  });
});

describe('without a network', () => {
  it('a silent server is given up after the limit, a refused connection at once', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const startedAt = performance.now();
    expect(await answers(`http://127.0.0.1:${port}/`)).toBe(false);
    expect(performance.now() - startedAt).toBeGreaterThan(PROBE_MS - 100);
    silent.close();
    expect(await answers('http://127.0.0.1:9/')).toBe(false);
  });
  it('the reason names the server', async () => {
    const env = { ELECTRON_MIRROR: 'http://127.0.0.1:9/' };
    expect(await fetchElectron(() => {}, env)).toBe(
      'Electron is not here and 127.0.0.1:9 does not answer',
    );
  });
  it('a folder that was named is taken at its word', async () => {
    const env = { ELECTRON_OVERRIDE_DIST_PATH: 'nowhere' };
    expect(await fetchElectron(() => {}, env)).toBe(
      'ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron in it',
    );
  });
});

describe('with CI=true', () => {
  const none = { chromium: false, electron: false };
  it('a missing Chromium and a missing Electron are failures', () => {
    expect(missing(none, { CI: 'true' })).toEqual(['Chromium is missing', 'Electron is missing']);
  });
  it('an Electron that cannot be had is not', () => {
    const env = { CI: 'true', EDDY_ELECTRON_UNAVAILABLE: '1' };
    expect(missing(none, env)).toEqual(['Chromium is missing']);
  });
  it('and without CI nothing is', () => {
    expect(missing(none, {})).toEqual([]);
  });
});
