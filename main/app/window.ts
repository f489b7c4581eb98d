// What every window is made of: sandboxed, isolated, going nowhere but to Eddy's own page. The one
// `new BrowserWindow` is in windows.ts and takes its options from here.
import type { BrowserWindowConstructorOptions, WebContents, WebPreferences } from 'electron';
import type { Bounds } from './window-state.ts';

export const WINDOW_WIDTH_MIN = 360;
export const WINDOW_HEIGHT_MIN = 480;

/** What every window runs under; a test compares it with the expected list. */
export function webPreferences(preload: string, isPackaged: boolean): WebPreferences {
  return {
    preload,
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
    // Chromium fetches dictionaries from the network.
    spellcheck: false,
    devTools: !isPackaged,
  };
}

/** Options of a window that is shown once it has something to show. */
export function windowOptions(options: {
  readonly preload: string;
  readonly isPackaged: boolean;
  readonly bounds: Bounds;
  readonly isDark: boolean;
}): BrowserWindowConstructorOptions {
  return {
    ...options.bounds,
    minWidth: WINDOW_WIDTH_MIN,
    minHeight: WINDOW_HEIGHT_MIN,
    show: false,
    title: 'Eddy',
    autoHideMenuBar: true,
    backgroundColor: backgroundColor(options.isDark),
    webPreferences: webPreferences(options.preload, options.isPackaged),
  };
}

/** The page's `--canvas` (renderer/styles/tokens.css), so that nothing flashes before it. */
export function backgroundColor(isDark: boolean): string {
  return isDark ? '#111817' : '#fbfbf8';
}

/** Applied to every web contents there ever is: no navigation, no new window, no webview. */
export function denyNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
