// The status page: what it answers, and to whom.
import http from 'node:http';
import { afterEach, expect, it } from 'vitest';
import {
  type Status,
  type StatusServer,
  startStatusServer,
} from '../../../main/net/status-server.ts';

let server: StatusServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

type Got = { readonly code: number | undefined; readonly body: string };

function get(path: string, options: http.RequestOptions = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = { host: '127.0.0.1', port: server?.port, path, agent: false, ...options };
    const request = http.request(asked, (response) => {
      let body = '';
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ code: response.statusCode, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

const start = async (status: Partial<Status> = {}) => {
  server = await startStatusServer(0, {
    health: () => ({ isHealthy: true, facts: { epoch: 7, role: 'mix' } }),
    metrics: () => ({ packets_forwarded: 12, 'refused-mac': 0 }),
    ...status,
  });
};

it('tells health and metrics', async () => {
  await start();
  expect(await get('/health')).toEqual({
    code: 200,
    body: '{"healthy":true,"epoch":7,"role":"mix"}\n',
  });
  expect(await get('/metrics')).toEqual({
    code: 200,
    body: 'eddy_packets_forwarded 12\neddy_refused_mac 0\n',
  });
});

it('says 503 where the node is not healthy', async () => {
  await start({ health: () => ({ isHealthy: false, facts: { links: 0 } }) });
  expect(await get('/health')).toEqual({ code: 503, body: '{"healthy":false,"links":0}\n' });
});

it('serves the document where there is one', async () => {
  await start({ document: () => Uint8Array.of(1, 2, 255) });
  expect(await get('/document')).toEqual({ code: 200, body: '\x01\x02\xff' });
  await server?.close();
  await start({ document: () => null });
  expect((await get('/document')).code).toBe(404);
});

it('answers nothing else, nobody else, and no other method', async () => {
  await start();
  expect((await get('/document')).code).toBe(404);
  expect((await get('/keys')).code).toBe(404);
  expect((await get('/health', { headers: { Host: 'evil.example' } })).code).toBe(403);
  expect((await get('/health', { method: 'POST' })).code).toBe(405);
  expect((await get('/health', { headers: { Host: 'localhost:1' } })).code).toBe(200);
});
