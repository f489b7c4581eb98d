// What the Chromium side is given, with a stand-in for Electron's session: our page, and nothing
// else.
import type { Session } from 'electron';
import { describe, expect, it } from 'vitest';
import { hardenSession, isAllowedUrl } from '../../../main/app/session.ts';
import type { Page } from '../../../main/page.ts';

describe('a request of the Chromium side', () => {
  it.each(['app://eddy/', 'app://eddy/assets/x.js', 'blob:app://eddy/9f'])('may be %s', (url) => {
    expect(isAllowedUrl(url, true)).toBe(true);
  });
  it.each([
    'https://example.invalid/',
    'http://127.0.0.1/',
    'ws://127.0.0.1/',
    'wss://example.invalid/',
    'file:///etc/passwd',
    'ftp://example.invalid/',
    'data:text/html,x',
    'app://other/',
    'app://eddy.evil/',
    'blob:https://example.invalid/1',
    'chrome-extension://x/',
    'about:blank#x',
    'not an address',
  ])('may not be %s', (url) => {
    expect(isAllowedUrl(url, false)).toBe(false);
  });
  it('may be of the developer tools only where the program was not packaged', () => {
    expect(isAllowedUrl('devtools://devtools/x', false)).toBe(true);
    expect(isAllowedUrl('devtools://devtools/x', true)).toBe(false);
  });
});

describe('a hardened session', () => {
  it('serves our host and denies every permission, device, screen and download', async () => {
    const given = new Map<string, (...args: never[]) => unknown>();
    const keep = (name: string) => (handler: (...args: never[]) => unknown) => {
      given.set(name, handler);
    };
    const asked: [string, string][] = [];
    const page: Page = {
      respond: async (method, pathname) => {
        asked.push([method, pathname]);
        return { status: 404, headers: { 'X-Test': '1' }, body: new Uint8Array(1) };
      },
    };
    let proxy: unknown;
    await hardenSession(
      {
        protocol: {
          handle: (scheme: string, handler: (...args: never[]) => unknown) =>
            given.set(scheme, handler),
        },
        webRequest: { onBeforeRequest: keep('before') },
        setPermissionRequestHandler: keep('request'),
        setPermissionCheckHandler: keep('check'),
        setDevicePermissionHandler: keep('device'),
        setDisplayMediaRequestHandler: keep('display'),
        setProxy: async (config: unknown) => {
          proxy = config;
        },
        on: (name: string, handler: (...args: never[]) => unknown) => given.set(name, handler),
      } as unknown as Session,
      page,
      true,
    );
    const run = (name: string, ...args: unknown[]) => given.get(name)?.(...(args as never[]));
    const answered: unknown[] = [];
    const answer = (value: unknown) => answered.push(value);
    run('request', null, 'media', answer);
    run('display', null, answer);
    run('before', { url: 'https://x.invalid/' }, answer);
    run('before', { url: 'app://eddy/' }, answer);
    expect(answered).toEqual([false, {}, { cancel: true }, { cancel: false }]);
    expect([run('check'), run('device')]).toEqual([false, false]);
    let prevented = 0;
    run('will-download', { preventDefault: () => prevented++ });
    expect(prevented).toBe(1);
    expect(proxy).toMatchObject({ proxyRules: '127.0.0.1:9' });

    const served = (await run('app', new Request('app://eddy/assets/..%2fx'))) as Response;
    expect([served.status, served.headers.get('X-Test')]).toEqual([404, '1']);
    await run('app', new Request('app://other/index.html'));
    expect(asked[0]).toEqual(['GET', '/assets/..%2fx']);
    expect(asked[1]?.[1]).toContain('\0');
  });
});
