// What an operator sees of a node: /health, /metrics in Prometheus' text form, and, of an
// authority, /document. On loopback alone, read-only, without identities, addresses or keys.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Counts and gauges by name: `a-z`, digits and `_`. */
export type Metrics = Readonly<Record<string, number>>;

export type Status = {
  /** Whether the node does its work; null parts are not known yet. */
  readonly health: () => {
    readonly isHealthy: boolean;
    readonly facts: Readonly<Record<string, number | string | boolean | null>>;
  };
  readonly metrics: () => Metrics;
  /** The newest document's bytes; absent where this node serves none over HTTP. */
  readonly document?: () => Uint8Array | null;
};

export type StatusServer = { readonly port: number; readonly close: () => Promise<void> };

/** Requests under way; one more is closed unanswered. */
export const STATUS_CONNECTIONS_MAX = 16;
const REQUEST_MS_MAX = 5_000;
const HOST = '127.0.0.1';

/** Serves `status` on 127.0.0.1 at `port`, or at one the system chooses where it is 0. */
export async function startStatusServer(port: number, status: Status): Promise<StatusServer> {
  const server = createServer((request, response) => {
    const { code, type, body } = answer(request.method, request.url, request.headers.host, status);
    response.writeHead(code, {
      'Content-Type': type,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  server.maxConnections = STATUS_CONNECTIONS_MAX;
  server.requestTimeout = REQUEST_MS_MAX;
  server.headersTimeout = REQUEST_MS_MAX;
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Answer = {
  readonly code: number;
  readonly type: string;
  readonly body: string | Uint8Array;
};
const TEXT = 'text/plain; charset=utf-8';

function answer(
  method: string | undefined,
  url: string | undefined,
  host: string | undefined,
  status: Status,
): Answer {
  // A page of another origin that had its name point here would send that name.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? '')) {
    return { code: 403, type: TEXT, body: 'Only this computer is answered.\n' };
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return { code: 405, type: TEXT, body: 'Only GET is answered.\n' };
  }
  if (url === '/health') {
    const { isHealthy, facts } = status.health();
    const body = `${JSON.stringify({ healthy: isHealthy, ...facts })}\n`;
    return { code: isHealthy ? 200 : 503, type: 'application/json', body };
  }
  if (url === '/metrics') {
    return { code: 200, type: 'text/plain; version=0.0.4', body: exposition(status.metrics()) };
  }
  const document = url === '/document' ? (status.document?.() ?? null) : null;
  return document === null
    ? { code: 404, type: TEXT, body: 'Not found.\n' }
    : { code: 200, type: 'application/octet-stream', body: document };
}

/** Prometheus' text form, version 0.0.4; names get the prefix `eddy_`. */
export function exposition(metrics: Metrics): string {
  return Object.entries(metrics)
    .map(([name, value]) => `eddy_${name.replaceAll(/[^a-z0-9_]/g, '_')} ${value}\n`)
    .join('');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
