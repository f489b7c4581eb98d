// The page's door to the file system: what is inside the folder is served, everything else is not
// found, and every answer carries the policy.
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  contentSecurityPolicy,
  createPage,
  NONCE_PLACEHOLDER,
  type Page,
} from '../../main/page.ts';

let dir: string;
let page: Page;
const text = (body: Uint8Array) => Buffer.from(body).toString('utf8');

beforeAll(() => {
  const outer = mkdtempSync(path.join(os.tmpdir(), 'eddy-page-'));
  dir = path.join(outer, 'renderer');
  mkdirSync(path.join(dir, 'assets'), { recursive: true });
  mkdirSync(path.join(outer, 'renderer-beside'));
  writeFileSync(path.join(outer, 'secret.js'), 'outside');
  writeFileSync(path.join(outer, 'renderer-beside', 'secret.js'), 'outside');
  writeFileSync(path.join(dir, 'index.html'), `<style nonce="${NONCE_PLACEHOLDER}"></style>`);
  writeFileSync(path.join(dir, 'assets', 'index-1.js'), 'inside');
  writeFileSync(path.join(dir, 'assets', 'notes.txt'), 'no type of the page');
  symlinkSync(path.join(outer, 'secret.js'), path.join(dir, 'assets', 'link.js'));
  symlinkSync(path.join(dir, 'assets', 'index-1.js'), path.join(dir, 'assets', 'inner.js'));
  page = createPage(dir, 'ws://127.0.0.1:1');
});

/** A policy as a map from directive to the rest. */
const directives = (policy: string) =>
  new Map(
    policy.split(';').map((one) => {
      const [name = '', ...rest] = one.trim().split(/\s+/);
      return [name, rest.join(' ')];
    }),
  );

describe('a page', () => {
  it('has its policy in the document too, as far as a document may', () => {
    const html = readFileSync(
      path.resolve(import.meta.dirname, '../../renderer/index.html'),
      'utf8',
    );
    const meta = directives(
      /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1] ?? '',
    );
    const header = directives(contentSecurityPolicy(NONCE_PLACEHOLDER, 'ws://127.0.0.1:*'));
    expect(header.delete('frame-ancestors')).toBe(true);
    expect(meta).toEqual(header);
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<script'));
  });

  it('serves its files, and its index under the nonce of this start', async () => {
    const script = await page.respond('GET', '/assets/index-1.js');
    expect([script.status, text(script.body)]).toEqual([200, 'inside']);
    expect(text((await page.respond('GET', '/assets/inner.js')).body)).toBe('inside');
    const index = await page.respond('GET', '/');
    const policy = index.headers['Content-Security-Policy'] ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
    expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
    expect(text(index.body)).toBe(`<style nonce="${nonce}"></style>`);
    expect(index.headers['Cache-Control']).toBe('no-store');
  });

  it.each([
    '/../secret.js',
    '/..%2fsecret.js',
    '/..%2Fsecret.js',
    '/%2e%2e/secret.js',
    '/%2e%2e%2fsecret.js',
    '/assets/../../secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/..%252fsecret.js',
    '/%252e%252e%252fsecret.js',
    '/../renderer-beside/secret.js',
    '/..%5csecret.js',
    '/..\\secret.js',
    '/assets/link.js',
    '//host/share/secret.js',
    '/%2f%2fhost/share/secret.js',
    '/\\\\host\\share\\secret.js',
    '/%5c%5chost%5cshare%5csecret.js',
    '/C:/Windows/win.js',
    '/C:%5cWindows%5cwin.js',
    '/etc/passwd',
    '/assets/index-1.js%00',
    '/assets/index-1.js%00.html',
    '/assets/index-1.js\0',
    '/assets/index-1.js::$DATA',
    '/assets/%E0%A4%A',
    '/assets/notes.txt',
    '/assets',
    '/assets/',
    '/missing.js',
    '',
  ])('finds nothing at %j', async (pathname) => {
    const answer = await page.respond('GET', pathname);
    expect(answer.status).toBe(404);
    expect(text(answer.body)).toBe('Not found.');
  });

  it.each(['POST', 'PUT', 'TRACE', 'DELETE', 'OPTIONS', 'get', ''])(
    'refuses %s',
    async (method) => {
      expect((await page.respond(method, '/')).status).toBe(405);
    },
  );

  it('puts the whole policy on every answer, the refusals as well', async () => {
    const answers = [
      await page.respond('GET', '/'),
      await page.respond('GET', '/missing.js'),
      await page.respond('PUT', '/'),
    ];
    for (const { headers } of answers) {
      const policy = (headers['Content-Security-Policy'] ?? '').replace(/nonce-[^']+/, 'nonce-N');
      expect(policy.split('; ')).toEqual([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'nonce-N'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self' ws://127.0.0.1:1",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ]);
      expect(headers).toMatchObject({
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'X-Frame-Options': 'DENY',
        'X-DNS-Prefetch-Control': 'off',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Resource-Policy': 'same-origin',
      });
    }
  });

  it('answers 404 where it was never built', async () => {
    const unbuilt = createPage(path.join(dir, 'nowhere'));
    expect((await unbuilt.respond('GET', '/')).status).toBe(404);
  });
});
