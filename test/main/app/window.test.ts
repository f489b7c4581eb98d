// What a window is made of, compared with the whole list; where it stands; what it was started
// with.
import { globSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { WebContents } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import {
  CHROMIUM_SWITCHES,
  hooksOf,
  REFUSED_SWITCHES,
  refusedSwitches,
} from '../../../main/app/launch.ts';
import { menuTemplate, NEW_WINDOW_ID } from '../../../main/app/menu.ts';
import { denyNavigation, windowOptions } from '../../../main/app/window.ts';
import {
  fitBounds,
  readWindowState,
  STATE_LENGTH_MAX,
  VISIBLE_PIXELS_MIN,
  writeWindowState,
} from '../../../main/app/window-state.ts';
import { textsOf, textsOfSetting } from '../../../main/texts.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const options = { preload: '/p.cjs', bounds: { width: 900, height: 700 }, isDark: false };

describe('a window', () => {
  it('has exactly these options', () => {
    expect(windowOptions({ ...options, isPackaged: true })).toEqual({
      width: 900,
      height: 700,
      minWidth: 360,
      minHeight: 480,
      show: false,
      title: 'Eddy',
      autoHideMenuBar: true,
      backgroundColor: '#fbfbf8',
      webPreferences: {
        preload: '/p.cjs',
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        plugins: false,
        webgl: false,
        enableWebSQL: false,
        spellcheck: false,
        devTools: false,
      },
    });
  });

  it('has developer tools only unpackaged, and a dark background in the dark', () => {
    const dark = windowOptions({ ...options, isPackaged: false, isDark: true });
    expect(dark.webPreferences?.devTools).toBe(true);
    const tokens = readFileSync(path.join(root, 'renderer/styles/tokens.css'), 'utf8');
    expect(tokens).toContain(`--canvas: light-dark(#fbfbf8, ${dark.backgroundColor})`);
  });

  it('is made in one place, and no crash report is started anywhere', () => {
    const files = globSync('main/**/*.ts', { cwd: root });
    const holding = (text: string) =>
      files.filter((file) => readFileSync(path.join(root, file), 'utf8').includes(`${text}(`));
    expect(holding('new BrowserWindow').map((file) => path.basename(file))).toEqual(['windows.ts']);
    expect(holding('crashReporter.start')).toEqual([]);
  });

  it('goes nowhere: every navigation event is prevented and every new window denied', () => {
    const listeners = new Map<string, (event: { preventDefault: () => void }) => void>();
    let opener: ((details: unknown) => unknown) | null = null;
    let policy = '';
    denyNavigation({
      on: (name: string, listener: never) => listeners.set(name, listener),
      setWindowOpenHandler: (handler: (details: unknown) => unknown) => {
        opener = handler;
      },
      setWebRTCIPHandlingPolicy: (given: string) => {
        policy = given;
      },
    } as unknown as WebContents);
    const names = ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'];
    expect([...listeners.keys()]).toEqual(names);
    for (const name of names) {
      let prevented = 0;
      listeners.get(name)?.({ preventDefault: () => prevented++ });
      expect(prevented, name).toBe(1);
    }
    expect(
      (opener as unknown as (details: unknown) => unknown)({ url: 'https://x.invalid' }),
    ).toEqual({ action: 'deny' });
    expect(policy).toBe('disable_non_proxied_udp');
  });
});

describe('the switches', () => {
  it('are refused in a packaged build, and only there', () => {
    for (const name of REFUSED_SWITCHES) {
      expect(refusedSwitches(true, (asked) => asked === name)).toEqual([name]);
      expect(refusedSwitches(false, () => true)).toEqual([]);
    }
    expect(REFUSED_SWITCHES).toEqual(
      expect.arrayContaining(['remote-debugging-port', 'remote-debugging-pipe', 'inspect']),
    );
    expect(refusedSwitches(true, () => false)).toEqual([]);
  });

  it('and the environment change nothing of a packaged build', () => {
    const env = { EDDY_SQLITE_BINDING: 'planted.node', EDDY_TEST_HOOKS: '1' };
    expect(hooksOf(true, env)).toEqual({ nativeBinding: undefined, isCrashable: false });
    expect(hooksOf(false, env)).toEqual({ nativeBinding: 'planted.node', isCrashable: true });
    expect(hooksOf(false, {})).toEqual({ nativeBinding: undefined, isCrashable: false });
    // The other readers run on plain Node and are in no installer.
    const files = globSync('main/!(cli)/**/*.ts', { cwd: root });
    const readers = files.filter((file) =>
      /EDDY_(SQLITE|TEST)/.test(readFileSync(path.join(root, file), 'utf8')),
    );
    expect(readers.map((file) => path.basename(file)).sort()).toEqual([
      'browser-shell.ts',
      'launch.ts',
    ]);
  });

  it('let no name resolve and no address leak', () => {
    expect(CHROMIUM_SWITCHES).toContainEqual(['host-resolver-rules', 'MAP * ~NOTFOUND']);
    const policy = 'disable_non_proxied_udp';
    expect(CHROMIUM_SWITCHES).toContainEqual(['webrtc-ip-handling-policy', policy]);
  });
});

describe('the menu', () => {
  const flat = (platform: NodeJS.Platform, isPackaged: boolean) => {
    const texts = textsOf('en');
    const template = menuTemplate({
      platform,
      isPackaged,
      newWindow: () => {},
      lock: () => {},
      texts,
    });
    return JSON.stringify(template);
  };
  it('has the edit roles and a new window everywhere, and reloads nowhere', () => {
    for (const platform of ['darwin', 'linux', 'win32'] as const) {
      const text = flat(platform, true);
      for (const role of ['cut', 'copy', 'paste', 'selectAll']) {
        expect(text).toContain(`"role":"${role}"`);
      }
      expect(text).toContain(NEW_WINDOW_ID);
      expect(text).not.toMatch(/eload|toggleDevTools/);
    }
    expect(flat('linux', false)).toContain('toggleDevTools');
  });
  it('locks on request, and leaves the key for it to the window', () => {
    const lock = vi.fn();
    const texts = textsOf('en');
    const given = {
      platform: 'linux',
      isPackaged: true,
      newWindow: () => {},
      lock,
      texts,
    } as const;
    const items = menuTemplate(given).flatMap(({ submenu }) =>
      Array.isArray(submenu) ? submenu : [],
    ) as {
      readonly label?: string;
      readonly registerAccelerator?: boolean;
      readonly click?: () => void;
    }[];
    const item = items.find(({ label }) => label === 'Lock Eddy');
    expect(item?.registerAccelerator).toBe(false);
    item?.click?.();
    expect(lock).toHaveBeenCalledOnce();
  });
  it('speaks the language of the setting, and of the system where that is left to it', () => {
    const label = (setting: 'system' | 'en' | 'de' | 'pseudo', system: string) =>
      textsOfSetting(setting, system)['menu.newWindow'];
    expect([label('system', 'de-AT'), label('de', 'en')]).toEqual([
      'Neues Fenster',
      'Neues Fenster',
    ]);
    expect([label('system', 'fr'), label('en', 'de'), label('pseudo', 'de')]).toEqual(
      Array(3).fill('New window'),
    );
    const template = menuTemplate({
      platform: 'linux',
      isPackaged: true,
      newWindow: () => {},
      lock: () => {},
      texts: textsOf('de'),
    });
    expect(template.map(({ label: shown }) => shown)).toEqual(['Datei', 'Bearbeiten', 'Ansicht']);
  });
});

describe('the place of a window', () => {
  const screen = { x: 0, y: 25, width: 1000, height: 800 };
  const least = { width: 360, height: 480 };
  it('is kept on a display that is still there', () => {
    const bounds = { x: 100, y: 100, width: 600, height: 500 };
    expect(fitBounds(bounds, [screen], least)).toEqual(bounds);
  });
  it('is given up when too little of it would be seen', () => {
    const at = (x: number) => ({ x, y: 100, width: 600, height: 500 });
    const edge = screen.width - VISIBLE_PIXELS_MIN;
    expect(fitBounds(at(edge), [screen], least)).toEqual(at(edge));
    expect(fitBounds(at(edge + 1), [screen], least)).toEqual({ width: 600, height: 500 });
  });
  it('is never larger than the display, smaller than the least, or with its top above it', () => {
    expect(fitBounds({ width: 5000, height: 10 }, [screen], least)).toEqual({
      width: 1000,
      height: 480,
    });
    expect(fitBounds({ x: 0, y: -100, width: 600, height: 600 }, [screen], least)).toEqual({
      x: 0,
      y: 25,
      width: 600,
      height: 600,
    });
  });
  it('is remembered in a file that its user alone reads, and any other file is passed over', () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'eddy-state-')), 'window-state.json');
    const first = readWindowState(file);
    const bounds = { x: 1, y: 2, width: 700, height: 600 };
    const state = { bounds, isMaximized: true, theme: 'dark' as const };
    writeWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const padded = (length: number) => {
      const text = JSON.stringify(state);
      return text + ' '.repeat(length - text.length);
    };
    writeFileSync(file, padded(STATE_LENGTH_MAX));
    expect(readWindowState(file)).toEqual(state);
    for (const wrong of [
      padded(STATE_LENGTH_MAX + 1),
      '{',
      '{"bounds":{"width":1e9,"height":1},"isMaximized":false,"theme":"dark"}',
      '{"bounds":{"width":700,"height":600},"isMaximized":false,"theme":"dark","more":1}',
    ]) {
      writeFileSync(file, wrong);
      expect(readWindowState(file)).toEqual(first);
    }
  });
});
