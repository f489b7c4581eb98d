// What the desktop app is started with: switches that would open the packaged program to another
// process are refused, what would talk to a network by itself is switched off, and the environment
// changes nothing of a packaged program.

/** Each of these hands the window, or the whole program, to whoever gave the switch. */
export const REFUSED_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-debugging-targets',
  'remote-allow-origins',
  'inspect',
  'inspect-brk',
  'inspect-port',
  'inspect-wait',
  'no-sandbox',
  'disable-setuid-sandbox',
  'disable-seccomp-filter-sandbox',
  'disable-web-security',
  'disable-site-isolation-trials',
  'load-extension',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
  'log-net-log',
] as const;

/**
 * Name and value; the Chromium side needs no network, so no name resolves and nothing phones home.
 */
export const CHROMIUM_SWITCHES: readonly (readonly [name: string, value?: string])[] = [
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ['webrtc-ip-handling-policy', 'disable_non_proxied_udp'],
  ['force-webrtc-ip-handling-policy', 'disable_non_proxied_udp'],
  ['dns-prefetch-disable'],
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['disable-breakpad'],
  ['no-pings'],
];

/** The refused switches that `has` finds; a build that was not packaged takes all of them. */
export function refusedSwitches(isPackaged: boolean, has: (name: string) => boolean): string[] {
  return isPackaged ? REFUSED_SWITCHES.filter((name) => has(name)) : [];
}

export type Hooks = {
  /** A SQLite addon for an Electron that the packaged one is not made for. */
  readonly nativeBinding: string | undefined;
  /** Whether a signal ends the engine, for tests of recovery. */
  readonly isCrashable: boolean;
};

/** What the tests' environment asks for; nothing of it where the program was packaged. */
export function hooksOf(
  isPackaged: boolean,
  env: Readonly<Record<string, string | undefined>>,
): Hooks {
  if (isPackaged) return { nativeBinding: undefined, isCrashable: false };
  return {
    nativeBinding: env['EDDY_SQLITE_BINDING'],
    isCrashable: env['EDDY_TEST_HOOKS'] === '1',
  };
}
