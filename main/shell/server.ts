// The browser shell's door: loopback HTTP for the built window and one WebSocket path for the
// contract. Checked on every request: Host (against DNS rebinding), Origin (against other pages),
// and a session cookie that a one-time token was traded for (against other users of this machine).
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { FRAME_LENGTH_MAX, isRefusal, parseRequestText, refusal } from '../../shared/api.ts';
import type { EngineHost } from '../engine/host.ts';
import type { Log } from '../log.ts';
import { createPage } from '../page.ts';
import { monotonicMs, randomBytes } from '../system.ts';

/** Windows (tabs) that may be connected at once; the next is refused. */
export const TABS_MAX = 16;
/** Tokens that were handed out and not used yet; the oldest goes first. */
export const TOKENS_MAX = 8;
export const TOKEN_LIFE_MS = 10 * 60_000;
/** Bytes waiting for a slow tab before it is cut off; it reconnects and asks anew. */
export const TAB_BUFFER_SIZE_MAX = 8 * 1024 * 1024;

export type ShellRefusal =
  | 'foreign_host'
  | 'foreign_origin'
  | 'no_token'
  | 'old_token'
  | 'too_many_tabs'
  | 'unknown_path';

export type ShellOptions = {
  readonly pageDir: string;
  readonly host: EngineHost;
  readonly log: Log;
  /** 0 for any free one. */
  readonly port?: number;
};

export type BrowserShell = {
  readonly port: number;
  /** An address with a fresh one-time token. */
  readonly address: () => string;
  readonly close: () => Promise<void>;
};

const words: Record<ShellRefusal, string> = {
  foreign_host: 'This address is not the one that Eddy listens on.',
  foreign_origin: 'Another page asked; only the page that Eddy serves may.',
  no_token: 'Open the address that Eddy printed; it carries a token that is needed once.',
  old_token: 'This token was used or is too old. Start Eddy again for a new address.',
  too_many_tabs: 'Too many tabs are open.',
  unknown_path: 'Not found.',
};

/** Listens on loopback and answers until closed. */
export async function startBrowserShell(options: ShellOptions): Promise<BrowserShell> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const port = (server.address() as AddressInfo).port;
  const origin = `http://127.0.0.1:${port}`;
  const page = createPage(options.pageDir, `ws://127.0.0.1:${port}`);
  const session = token();
  const cookieName = `eddy-${port}`;
  const tokens = new Map<string, number>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4 * FRAME_LENGTH_MAX });
  const tabs = new Set<WebSocket>();

  const isForeignHost = (request: IncomingMessage) => request.headers.host !== `127.0.0.1:${port}`;
  const hasSession = (request: IncomingMessage) =>
    (request.headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim().split('='))
      .some(([name, value]) => name === cookieName && equal(value ?? '', session));
  const takeToken = (given: string): boolean => {
    const madeAtMs = tokens.get(given);
    tokens.delete(given);
    return madeAtMs !== undefined && monotonicMs() - madeAtMs < TOKEN_LIFE_MS;
  };

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refuse = (status: number, reason: ShellRefusal) => {
      options.log('warn', 'request_refused', { reason });
      response.writeHead(status, {
        'Content-Type': 'text/plain; charset=utf-8',
        'X-Content-Type-Options': 'nosniff',
        'X-Eddy-Refused': reason,
      });
      response.end(`${words[reason]}\n`);
    };
    if (isForeignHost(request)) return refuse(421, 'foreign_host');
    const from = request.headers.origin;
    if (from !== undefined && from !== origin) return refuse(403, 'foreign_origin');
    const url = new URL(request.url ?? '/', origin);
    const given = url.searchParams.get('token');
    if (given !== null) {
      if (!hasSession(request) && !takeToken(given)) return refuse(403, 'old_token');
      response.writeHead(303, {
        Location: '/',
        'Set-Cookie': `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
        'Cache-Control': 'no-store',
        'Referrer-Policy': 'no-referrer',
      });
      response.end();
      return;
    }
    if (!hasSession(request)) return refuse(403, 'no_token');
    void page.respond(request.method ?? '', url.pathname).then((answer) => {
      response.writeHead(answer.status, answer.headers);
      response.end(request.method === 'HEAD' ? undefined : answer.body);
    });
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refuse = (status: string, reason: ShellRefusal) => {
      options.log('warn', 'socket_refused', { reason });
      socket.end(
        `HTTP/1.1 ${status}\r\nX-Eddy-Refused: ${reason}\r\n` +
          'Content-Length: 0\r\nConnection: close\r\n\r\n',
      );
    };
    if (isForeignHost(request)) return refuse('421 Misdirected Request', 'foreign_host');
    if (request.headers.origin !== origin) return refuse('403 Forbidden', 'foreign_origin');
    if (request.url !== '/api') return refuse('404 Not Found', 'unknown_path');
    if (!hasSession(request)) return refuse('403 Forbidden', 'no_token');
    if (tabs.size >= TABS_MAX) return refuse('503 Service Unavailable', 'too_many_tabs');
    sockets.handleUpgrade(request, socket, head, (tab) => serveTab(tab));
  });

  const serveTab = (tab: WebSocket) => {
    tabs.add(tab);
    const send = (frame: unknown) => {
      if (tab.bufferedAmount > TAB_BUFFER_SIZE_MAX) {
        tab.terminate();
        return;
      }
      tab.send(JSON.stringify(frame));
    };
    const unlisten = options.host.listen(send);
    tab.on('message', (data, isBinary) => {
      if (isBinary) return send(refusal(-1, 'bad_frame', 'frame: expected text'));
      const request = parseRequestText((data as Buffer).toString('utf8'));
      if (isRefusal(request)) return send(request);
      void options.host.handle(request).then(send);
    });
    tab.on('error', () => tab.terminate());
    tab.on('close', () => {
      unlisten();
      tabs.delete(tab);
    });
  };

  return {
    port,
    address: () => {
      const fresh = token();
      tokens.set(fresh, monotonicMs());
      for (const oldest of tokens.keys()) {
        if (tokens.size <= TOKENS_MAX) break;
        tokens.delete(oldest);
      }
      return `${origin}/?token=${fresh}`;
    },
    close: async () => {
      for (const tab of tabs) tab.terminate();
      await closed(server);
    },
  };
}

function token(): string {
  return Buffer.from(randomBytes(32)).toString('base64url');
}

function equal(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
