// The built window as responses: which file a path names, under which headers. The desktop's scheme
// and the browser shell's server both answer with this, so both have one content security policy.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from './system.ts';

/** In the built index.html; replaced by the nonce of this start. */
export const NONCE_PLACEHOLDER = '__EDDY_NONCE__';

export type PageResponse = {
  readonly status: 200 | 404 | 405;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

export type Page = {
  /**
   * Answers a request for `pathname` (still percent-encoded). Reads below the page's folder only.
   */
  readonly respond: (method: string, pathname: string) => Promise<PageResponse>;
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

/**
 * Reads the page from `dir`; `connect` is what the window may connect to besides its own origin.
 */
export function createPage(dir: string, connect = ''): Page {
  const root = path.resolve(dir);
  const nonce = Buffer.from(randomBytes(16)).toString('base64');
  const shared = {
    'Content-Security-Policy': contentSecurityPolicy(nonce, connect),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
  };
  const plain = (status: 404 | 405, text: string): PageResponse => ({
    status,
    headers: { ...shared, 'Content-Type': 'text/plain; charset=utf-8' },
    body: Buffer.from(text),
  });

  return {
    respond: async (method, pathname) => {
      if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Only GET is answered.');
      const file = resolveInside(root, pathname);
      if (file === null) return plain(404, 'Not found.');
      const type = types[path.extname(file)];
      if (type === undefined) return plain(404, 'Not found.');
      let body: Buffer;
      try {
        body = await readFile(file);
      } catch {
        return plain(404, 'Not found.');
      }
      const isIndex = path.extname(file) === '.html';
      if (isIndex) {
        body = Buffer.from(body.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce));
      }
      const cache = isIndex ? 'no-store' : 'no-cache';
      return {
        status: 200,
        headers: { ...shared, 'Content-Type': type, 'Cache-Control': cache },
        body,
      };
    },
  };
}

/** The one policy of every window. */
export function contentSecurityPolicy(nonce: string, connect: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${connect === '' ? '' : ` ${connect}`}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function resolveInside(root: string, pathname: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  const file = path.resolve(root, `.${decoded === '/' ? '/index.html' : decoded}`);
  return file.startsWith(root + path.sep) ? file : null;
}
