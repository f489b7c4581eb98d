// The windows of this profile: opening, bringing to the front, remembering where they stood and in
// which theme, loading one anew whose process died. The only `new BrowserWindow` is here.
import path from 'node:path';
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import type { Settings } from '../../shared/api.ts';
import type { Log } from '../log.ts';
import { textsOf } from '../texts.ts';
import type { Door } from './ipc.ts';
import { WINDOW_HEIGHT_MIN, WINDOW_WIDTH_MIN, windowOptions } from './window.ts';
import { fitBounds, readWindowState, type WindowState, writeWindowState } from './window-state.ts';

/** Windows of one profile at once; the next request shows one that is there. */
export const WINDOWS_MAX = 8;
/** Times a window whose process died is loaded anew before it is left as it is. */
export const RELOADS_MAX = 3;

export type Windows = {
  /** Opens one more window. */
  readonly open: () => void;
  /** Brings a window to the front; opens one where there is none. */
  readonly raise: () => void;
  /** Takes the theme over from settings, so that the next start's first picture has it too. */
  readonly follow: (settings: Settings) => void;
};

export type WindowsOptions = {
  readonly stateFile: string;
  readonly preload: string;
  readonly door: Door;
  readonly log: Log;
  /** Whether the program ends; then a page that is not loaded any more is no fault. */
  readonly isEnding: () => boolean;
};

export function createWindows(options: WindowsOptions): Windows {
  let state = readWindowState(options.stateFile);
  nativeTheme.themeSource = state.theme;

  const remember = (next: WindowState) => {
    state = next;
    writeWindowState(options.stateFile, state);
  };

  const raise = () => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window === undefined) {
      open();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };

  const open = () => {
    if (BrowserWindow.getAllWindows().length >= WINDOWS_MAX) {
      raise();
      return;
    }
    const least = { width: WINDOW_WIDTH_MIN, height: WINDOW_HEIGHT_MIN };
    // A display that is only just coming up may say that it has no room at all.
    const areas = screen
      .getAllDisplays()
      .map((display) => display.workArea)
      .filter((area) => area.width >= least.width && area.height >= least.height);
    const window = new BrowserWindow(
      windowOptions({
        preload: options.preload,
        isPackaged: app.isPackaged,
        bounds: fitBounds(state.bounds, areas, least),
        isDark: nativeTheme.shouldUseDarkColors,
      }),
    );
    if (state.isMaximized) window.maximize();
    // Where the graphics process fails at its start the first of these may never come.
    const show = () => {
      if (!window.isDestroyed() && !window.isVisible()) window.show();
    };
    window.once('ready-to-show', show);
    window.webContents.once('did-finish-load', show);
    window.on('close', () => {
      const bounds = window.getNormalBounds();
      remember({ ...state, bounds, isMaximized: window.isMaximized() });
    });
    // Windows says here that its session ends; elsewhere powerMonitor does.
    window.on('session-end', () => app.quit());
    reloadWhenGone(window, options.log);
    options.door.admit(window.webContents);
    load(window, options);
  };

  return {
    open,
    raise,
    follow: (settings) => {
      if (settings.theme === state.theme) return;
      remember({ ...state, theme: settings.theme });
      nativeTheme.themeSource = state.theme;
    },
  };
}

/** The folder that window state, and all that Chromium keeps, lies in. */
export function windowFolder(profileDir: string): string {
  return path.join(profileDir, 'window');
}

function load(window: BrowserWindow, { log, isEnding }: WindowsOptions): void {
  window.loadURL('app://eddy/').catch((error: unknown) => {
    // A quit in the middle of loading; an error box would hold the program until it is answered.
    if (window.isDestroyed() || isEnding()) return;
    log('error', 'page_failed', { error: error instanceof Error ? error.name : 'unknown' });
    dialog.showErrorBox('Eddy', textsOf(app.getLocale())['window.notLoaded']);
    app.exit(1);
  });
}

function reloadWhenGone(window: BrowserWindow, log: Log): void {
  let reloads = 0;
  window.webContents.on('render-process-gone', (_event, details) => {
    log('warn', 'window_process_gone', { reason: details.reason });
    if (details.reason === 'clean-exit' || reloads >= RELOADS_MAX) return;
    reloads += 1;
    window.reload();
  });
}
