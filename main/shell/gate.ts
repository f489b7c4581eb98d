// Who is let in to the browser shell. Checked on every request: Host (against DNS rebinding),
// Origin and Sec-Fetch-Site (against other pages, those of other ports of this machine as well),
// and a session cookie that a one-time token was traded for (against other users of this machine).
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { monotonicMs, randomBytes } from '../system.ts';
import type { ShellRefusal } from './refusal.ts';

/** Tokens that were handed out and not used yet; the oldest goes first. */
export const TOKENS_MAX = 8;
export const TOKEN_LIFE_MS = 10 * 60_000;

export type Gate = {
  /** Folder of the page, `/w-…/`. Cookies know no ports: only below this path is ours ever sent. */
  readonly windowPath: string;
  /** An address with a fresh one-time token. */
  readonly address: () => string;
  /** Whether the request came from elsewhere than this machine's user or our own page. */
  readonly checkSource: (request: IncomingMessage) => ShellRefusal | null;
  readonly hasSession: (request: IncomingMessage) => boolean;
  /**
   * Whether the request may have this session: it has it, or its token is one that was given out.
   */
  readonly takeToken: (request: IncomingMessage, token: string) => boolean;
  /** The header that gives the session to a browser. */
  readonly cookie: () => string;
};

/**
 * `secret` is the session's; whoever holds it is in. It outlives the server where both are given.
 */
export function createGate(port: number, secret: string): Gate {
  const host = `127.0.0.1:${port}`;
  const origin = `http://${host}`;
  const name = createHash('sha256').update(`eddy window path ${secret}`).digest('base64url');
  const windowPath = `/w-${name.slice(0, 16)}/`;
  const cookieName = `eddy-${port}`;
  const tokens = new Map<string, number>();

  // A page of another port may set cookies of this name too, so any one of them may be ours.
  const hasSession = (request: IncomingMessage) =>
    (request.headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim().split('='))
      .some(([given, value]) => given === cookieName && equal(value ?? '', secret));

  return {
    windowPath,
    hasSession,
    address: () => {
      const fresh = randomToken();
      tokens.set(fresh, monotonicMs());
      for (const oldest of tokens.keys()) {
        if (tokens.size <= TOKENS_MAX) break;
        tokens.delete(oldest);
      }
      return `${origin}${windowPath}?token=${fresh}`;
    },
    checkSource: (request) => {
      if (request.headers.host !== host) return 'foreign_host';
      const from = request.headers.origin;
      if (from !== undefined && from !== origin) return 'foreign_origin';
      // Absent in older browsers and in programs; `none` is a user who typed or clicked outside.
      const site = request.headers['sec-fetch-site'] ?? 'none';
      return site === 'none' || site === 'same-origin' ? null : 'foreign_site';
    },
    takeToken: (request, token) => {
      const madeAtMs = tokens.get(token);
      tokens.delete(token);
      const isFresh = madeAtMs !== undefined && monotonicMs() - madeAtMs < TOKEN_LIFE_MS;
      return isFresh || hasSession(request);
    },
    cookie: () => `${cookieName}=${secret}; HttpOnly; SameSite=Strict; Path=${windowPath}`,
  };
}

/** 256 bits as text. */
export function randomToken(): string {
  return Buffer.from(randomBytes(32)).toString('base64url');
}

function equal(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
