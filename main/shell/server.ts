// The browser shell's door: loopback HTTP for the built window and one WebSocket path for the
// contract. gate.ts says who is let in, refusal.ts what the others are told, tab.ts what a tab may
// do.
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { EngineHost } from '../engine/host.ts';
import type { Log } from '../log.ts';
import { createPage } from '../page.ts';
import { createGate, type Gate, randomToken } from './gate.ts';
import { announceInstance, INSTANCE_PATH } from './instance.ts';
import { refusalAnswer, refusals, type ShellRefusal } from './refusal.ts';
import { MESSAGE_SIZE_MAX, serveTab } from './tab.ts';

/** Windows (tabs) that may be connected at once; the next is refused. */
export const TABS_MAX = 16;
/**
 * Sockets at once: a page's own six, times a few tabs that load at once. The next is hung up on.
 */
export const CONNECTIONS_MAX = 64;
/** How long a caller may take to say what it wants; then it is hung up on. */
export const HEADERS_MS_MAX = 5_000;
/** Bytes of a request's headers; cookies of other ports of this machine come along. */
export const HEADERS_SIZE_MAX = 16_384;

export type ShellOptions = {
  readonly pageDir: string;
  readonly profileDir: string;
  readonly host: EngineHost;
  readonly log: Log;
  /** 0 for any free one. */
  readonly port?: number;
  /** The session of a shell that was killed, so that its tabs find themselves at home. */
  readonly session?: string | undefined;
  /** For tests: less patience than `HEADERS_MS_MAX`. */
  readonly headersMsMax?: number;
};

export type BrowserShell = {
  readonly port: number;
  /** An address with a fresh one-time token. */
  readonly address: () => string;
  readonly close: () => Promise<void>;
};

/** Listens on loopback and answers until closed. Rejects where the port is taken. */
export async function startBrowserShell(options: ShellOptions): Promise<BrowserShell> {
  const server = createServer(serverOptions(options.headersMsMax ?? HEADERS_MS_MAX));
  server.maxConnections = CONNECTIONS_MAX;
  server.maxHeadersCount = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const port = (server.address() as AddressInfo).port;
  const gate = createGate(port, options.session ?? randomToken());
  const instance = announceInstance(options.profileDir, port, gate.address);
  const page = createPage(options.pageDir, `ws://127.0.0.1:${port}`);

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refuse = (reason: ShellRefusal) => {
      options.log('warn', 'request_refused', { reason });
      const answer = refusalAnswer(reason, request.headers);
      // Nothing of a body is read, so the connection has no next request.
      response.writeHead(answer.status, { ...answer.headers, Connection: 'close' });
      response.end(answer.body);
    };
    const foreign = gate.checkSource(request);
    if (foreign !== null) return refuse(foreign);
    const url = urlOf(request);
    if (url === null) return refuse('unknown_path');
    if (url.pathname === INSTANCE_PATH && instance.answer(request, response)) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse('method_refused');
    const route = routeOf(request, url, gate);
    if (route.kind === 'refuse') return refuse(route.reason);
    if (route.kind === 'enter') {
      response.writeHead(303, {
        Location: gate.windowPath,
        'Set-Cookie': gate.cookie(),
        'Cache-Control': 'no-store',
        'Referrer-Policy': 'no-referrer',
      });
      response.end();
      return;
    }
    void page.respond(request.method, route.pathname).then((answer) => {
      response.writeHead(answer.status, answer.headers);
      response.end(request.method === 'HEAD' ? undefined : answer.body);
    });
  });

  const tabs = takeTabs(server, gate, options);
  return {
    port,
    address: gate.address,
    close: async () => {
      instance.remove();
      for (const tab of tabs) tab.terminate();
      await closed(server);
    },
  };
}

type Route =
  | { readonly kind: 'refuse'; readonly reason: ShellRefusal }
  | { readonly kind: 'enter' }
  | { readonly kind: 'page'; readonly pathname: string };

/** Where a request of this machine's user leads. */
function routeOf(request: IncomingMessage, url: URL, gate: Gate): Route {
  const { pathname } = url;
  const isWindow = pathname.startsWith(gate.windowPath);
  const token = url.searchParams.get('token');
  if (token !== null && (pathname === '/' || pathname === gate.windowPath)) {
    if (gate.takeToken(request, token)) return { kind: 'enter' };
    return { kind: 'refuse', reason: 'old_token' };
  }
  if (!isWindow && pathname.startsWith('/w-')) return { kind: 'refuse', reason: 'old_session' };
  if (!gate.hasSession(request)) return { kind: 'refuse', reason: 'no_token' };
  if (isWindow) return { kind: 'page', pathname: pathname.slice(gate.windowPath.length - 1) };
  if (pathname === '/') return { kind: 'enter' };
  return { kind: 'refuse', reason: 'unknown_path' };
}

/** Upgrades what may be a tab, up to `TABS_MAX`, and serves it. */
function takeTabs(server: Server, gate: Gate, options: ShellOptions): ReadonlySet<WebSocket> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_SIZE_MAX });
  const tabs = new Set<WebSocket>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const reason = refusalOfTab(request, gate, tabs.size);
    if (reason !== null) {
      options.log('warn', 'socket_refused', { reason });
      const line = `HTTP/1.1 ${refusals[reason].status} Refused`;
      socket.end(
        `${line}\r\nX-Eddy-Refused: ${reason}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (tab) => {
      tabs.add(tab);
      serveTab(tab, options.host, () => tabs.delete(tab));
    });
  });
  return tabs;
}

function refusalOfTab(request: IncomingMessage, gate: Gate, open: number): ShellRefusal | null {
  const foreign = gate.checkSource(request);
  if (foreign !== null) return foreign;
  // Every browser says where a WebSocket comes from; what does not is not our page.
  if (request.headers.origin === undefined) return 'foreign_origin';
  if (request.url !== '/api' && request.url !== `${gate.windowPath}api`) {
    return request.url?.startsWith('/w-') ? 'old_session' : 'unknown_path';
  }
  if (!gate.hasSession(request)) return 'no_token';
  return open >= TABS_MAX ? 'too_many_tabs' : null;
}

function serverOptions(headersMsMax: number): ServerOptions {
  return {
    headersTimeout: headersMsMax,
    requestTimeout: 2 * headersMsMax,
    keepAliveTimeout: headersMsMax,
    connectionsCheckingInterval: headersMsMax / 5,
    maxHeaderSize: HEADERS_SIZE_MAX,
  };
}

function urlOf(request: IncomingMessage): URL | null {
  try {
    return new URL(request.url ?? '/', 'http://127.0.0.1');
  } catch {
    return null;
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
