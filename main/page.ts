// The built window as responses: which file a path names, under which headers. The desktop's scheme
// and the browser shell's server both answer with this, so both have one content security policy.
import { realpathSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
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

/** What the page could ask its user for; asking is refused before anybody is bothered. */
const deniedFeatures = [
  'camera',
  'microphone',
  'geolocation',
  'display-capture',
  'clipboard-read',
  'midi',
  'usb',
  'serial',
  'hid',
];

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
  const root = realPathOf(dir);
  const nonce = Buffer.from(randomBytes(16)).toString('base64');
  const shared = {
    'Content-Security-Policy': contentSecurityPolicy(nonce, connect),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-DNS-Prefetch-Control': 'off',
    'X-Frame-Options': 'DENY',
    'Permissions-Policy': deniedFeatures.map((name) => `${name}=()`).join(', '),
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
        // A link inside the folder may lead out of it; what is read is where it leads.
        const real = await realpath(file);
        if (!real.startsWith(root + path.sep)) return plain(404, 'Not found.');
        body = await readFile(real);
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

/**
 * The one policy of every window. renderer/index.html repeats it as far as a document may, for
 * whatever would ever show that file without this header.
 */
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

function realPathOf(dir: string): string {
  try {
    return realpathSync(dir);
  } catch {
    // Not built; every request is then answered with 404.
    return path.resolve(dir);
  }
}

/**
 * The file that a still encoded path names, or null. Names of built files hold nothing but these
 * characters, so that no second decoding, drive, share or device can be meant.
 */
function resolveInside(root: string, pathname: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (!/^(?:\/[A-Za-z0-9_.-]+)*\/?$/.test(decoded)) return null;
  const file = path.resolve(root, `.${decoded === '/' ? '/index.html' : decoded}`);
  return file.startsWith(root + path.sep) ? file : null;
}
