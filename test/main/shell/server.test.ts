// The browser shell's door over real sockets, with a host that answers everything: every way in
// that must be closed, each refused by its name, and each limit at and past it.
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { EngineHost } from '../../../main/engine/host.ts';
import { FLOOD_PER_SECOND_MAX, FRAMES_PER_SECOND_MAX } from '../../../main/rate.ts';
import { TOKENS_MAX } from '../../../main/shell/gate.ts';
import { askInstance, instanceFile } from '../../../main/shell/instance.ts';
import {
  type BrowserShell,
  CONNECTIONS_MAX,
  startBrowserShell,
  TABS_MAX,
} from '../../../main/shell/server.ts';
import { MESSAGE_SIZE_MAX } from '../../../main/shell/tab.ts';

const host: EngineHost = {
  handle: async (frame) => ({ id: (frame as { id: number }).id, ok: true, value: 'answered' }),
  listen: () => () => {},
  state: () => ({ state: 'running', reason: null }),
  noteDemo: () => {},
  crash: () => {},
  close: async () => {},
};

let shell: BrowserShell;
let profileDir: string;
let pageDir: string;
let open: { terminate: () => void }[];

const start = (more: { port?: number; session?: string } = {}) =>
  startBrowserShell({ pageDir, profileDir, host, log: () => {}, headersMsMax: 400, ...more });

beforeEach(async () => {
  open = [];
  profileDir = mkdtempSync(path.join(os.tmpdir(), 'eddy-shell-'));
  pageDir = path.join(profileDir, 'page');
  mkdirSync(pageDir);
  writeFileSync(path.join(pageDir, 'index.html'), 'the page');
  shell = await start();
});
afterEach(async () => {
  for (const socket of open) socket.terminate();
  await shell.close();
});

type Answer = {
  readonly status: number | undefined;
  readonly refused: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

function ask(
  pathname: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: shell.port, path: pathname, method, agent: false };
    const asking = request({ ...options, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => {
        const refused = response.headers['x-eddy-refused'] as string | undefined;
        resolve({ status: response.statusCode, refused, headers: response.headers, body });
      });
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** Trades a token for the session; gives its cookie and the page's folder. */
async function enter(address = shell.address()) {
  const url = new URL(address);
  const answer = await ask(url.pathname + url.search);
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  return { answer, cookie, home: answer.headers.location ?? '', used: url.pathname + url.search };
}

type Tab = { readonly socket: WebSocket; readonly next: () => Promise<Record<string, unknown>> };

function dial(pathname: string, headers: Record<string, string>): Promise<Tab | string> {
  const socket = new WebSocket(`ws://127.0.0.1:${shell.port}${pathname}`, { headers });
  open.push(socket);
  const frames: Record<string, unknown>[] = [];
  const waiting: ((frame: Record<string, unknown>) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as Record<string, unknown>;
    const waiter = waiting.shift();
    if (waiter === undefined) frames.push(frame);
    else waiter(frame);
  });
  const next = () => {
    const frame = frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    return new Promise<Record<string, unknown>>((resolve) => waiting.push(resolve));
  };
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ socket, next }));
    socket.on('unexpected-response', (_request, response) => {
      resolve(String(response.headers['x-eddy-refused']));
    });
    socket.on('error', reject);
  });
}

async function tab(): Promise<Tab> {
  const { cookie, home } = await enter();
  const dialled = await dial(`${home}api`, { Cookie: cookie, Origin: origin() });
  if (typeof dialled === 'string') throw new Error(dialled);
  return dialled;
}

const origin = () => `http://127.0.0.1:${shell.port}`;
const call = (id: number) => JSON.stringify({ id, call: 'about', args: {} });

describe('the way in', () => {
  it('is a token, once: then a cookie that is sent below the page alone', async () => {
    const { answer, cookie, home, used } = await enter();
    expect(answer.status).toBe(303);
    expect(home).toMatch(/^\/w-[\w-]{16}\/$/);
    const set = answer.headers['set-cookie']?.[0];
    expect(set).toContain(`; HttpOnly; SameSite=Strict; Path=${home}`);
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    const page = await ask(home, { Cookie: cookie });
    expect([page.status, page.body]).toEqual([200, 'the page']);
    expect((await ask(used)).refused).toBe('old_token');
    // The same address again, in a browser that is in already.
    expect((await ask(used, { Cookie: cookie })).status).toBe(303);
    expect((await ask('/', { Cookie: cookie })).headers.location).toBe(home);
  });

  it('is refused by name', async () => {
    const { cookie, home } = await enter();
    const Cookie = cookie;
    const name = cookie.split('=')[0];
    const refused = async (...args: Parameters<typeof ask>) => (await ask(...args)).refused;
    expect(await refused('/')).toBe('no_token');
    expect(await refused(home)).toBe('no_token');
    expect(await refused(home, { Cookie: `${name}=wrong` })).toBe('no_token');
    expect(await refused(home, { Cookie: `${name}=; ${name}` })).toBe('no_token');
    expect(await refused(`${home}?token=${'x'.repeat(43)}`)).toBe('old_token');
    expect(await refused('/?token=')).toBe('old_token');
    expect(await refused('/w-AAAAAAAAAAAAAAAA/', { Cookie })).toBe('old_session');
    expect(await refused('/other', { Cookie })).toBe('unknown_path');
    for (const Host of ['evil.invalid', `localhost:${shell.port}`, '127.0.0.1', '127.0.0.1:1']) {
      expect(await refused(home, { Cookie, Host }), Host).toBe('foreign_host');
    }
    for (const Origin of ['http://evil.invalid', 'null', 'http://127.0.0.1:1', 'app://eddy']) {
      expect(await refused(home, { Cookie, Origin }), Origin).toBe('foreign_origin');
    }
    for (const site of ['cross-site', 'same-site', 'anything']) {
      expect(await refused(home, { Cookie, 'Sec-Fetch-Site': site }), site).toBe('foreign_site');
    }
    for (const method of ['TRACE', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect(await refused(home, { Cookie }, method), method).toBe('method_refused');
    }
    expect((await ask(home, { Cookie, Origin: origin() })).status).toBe(200);
  });

  it('says on a page what to do, and carries nothing that could run', async () => {
    const { home } = await enter();
    const answer = await ask(home, { Accept: 'text/html' });
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.body).toContain('Open the address that Eddy printed');
    expect(answer.body).not.toContain('<script');
  });

  it('is refused in the language of its browser, German or English', async () => {
    const Accept = 'text/html';
    const german = await ask('/', { Accept, 'Accept-Language': 'de-AT,de;q=0.9,en;q=0.8' });
    expect(german.body).toContain('<html lang="de">');
    expect(german.body).toContain('Eddy wird hier nicht gezeigt');
    for (const language of ['en-GB', 'fr,en;q=0.5', '', '*', 'x'.repeat(4_000)]) {
      const answer = await ask('/', { Accept, 'Accept-Language': language });
      expect(answer.body, language).toContain('Eddy is not shown here');
    }
  });

  it('keeps its newest tokens and forgets the oldest', async () => {
    const addresses = Array.from({ length: TOKENS_MAX + 1 }, () => shell.address());
    const [oldest = '', second = ''] = addresses;
    expect((await enter(oldest)).answer.refused).toBe('old_token');
    expect((await enter(second)).answer.status).toBe(303);
  });

  it('is closed to the cookie of an earlier start, by name', async () => {
    const { cookie, home } = await enter();
    const port = shell.port;
    await shell.close();
    shell = await start({ port });
    expect((await ask(home, { Cookie: cookie })).refused).toBe('old_session');
    const headers = { Cookie: cookie, Origin: origin() };
    expect(await dial(`${home}api`, headers)).toBe('old_session');
    expect(await dial('/api', headers)).toBe('no_token');
  });

  it('stays open to a tab when a killed shell starts again with its session', async () => {
    const session = 's'.repeat(43);
    await shell.close();
    shell = await start({ session });
    const { cookie, home } = await enter();
    const port = shell.port;
    await shell.close();
    shell = await start({ port, session });
    expect((await ask(home, { Cookie: cookie })).status).toBe(200);
  });
});

describe('a slow or crowding caller', () => {
  const socket = () => {
    const raw = net.connect(shell.port, '127.0.0.1');
    open.push({ terminate: () => raw.destroy() });
    raw.on('error', () => {});
    return raw;
  };
  it('is hung up on when its headers do not come, or no byte at all', async () => {
    const silent = socket();
    const slow = socket();
    slow.write('GET / HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => slow.write('X-A: b\r\n'), 50);
    const ended = (raw: net.Socket) => new Promise((resolve) => raw.resume().on('close', resolve));
    await Promise.all([ended(silent), ended(slow)]);
    clearInterval(drip);
  });
  it('gets its number of connections and not one more', async () => {
    const all = Array.from({ length: CONNECTIONS_MAX }, socket);
    const up = (raw: net.Socket) => new Promise((resolve) => raw.once('connect', resolve));
    await Promise.all(all.map(up));
    const answered = (raw: net.Socket | undefined) =>
      new Promise((resolve) => {
        raw?.once('data', () => resolve(true)).once('close', () => resolve(false));
        raw?.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      });
    expect(await answered(socket())).toBe(false);
    expect(await answered(all.at(-1))).toBe(true);
  });
});

describe('a tab', () => {
  it('is refused without origin, with a foreign one, a foreign host, and without a session', async () => {
    const { cookie, home } = await enter();
    const api = `${home}api`;
    const Origin = origin();
    expect(await dial(api, { Cookie: cookie })).toBe('foreign_origin');
    const evil = 'http://evil.invalid';
    expect(await dial(api, { Cookie: cookie, Origin: evil })).toBe('foreign_origin');
    expect(await dial(api, { Cookie: cookie, Origin, Host: 'evil.invalid' })).toBe('foreign_host');
    expect(await dial(api, { Origin })).toBe('no_token');
    expect(await dial(`${home}other`, { Cookie: cookie, Origin })).toBe('old_session');
    expect(await dial('/other', { Cookie: cookie, Origin })).toBe('unknown_path');
  });

  it('is answered, and told the name of everything that is wrong with a frame', async () => {
    const { socket, next } = await tab();
    const code = async (frame: string | Buffer) => {
      socket.send(frame);
      return (await next())['code'];
    };
    socket.send(call(1));
    expect(await next()).toEqual({ id: 1, ok: true, value: 'answered' });
    expect(await code(Buffer.from(call(2)))).toBe('bad_frame');
    expect(await code('{')).toBe('bad_frame');
    expect(await code('{"id":3,"call":"about","args":{"zzz":1}}')).toBe('bad_arguments');
    expect(await code('{"id":3,"call":"about","args":{},"zzz":1}')).toBe('bad_frame');
    const polluted = '{"id":4,"call":"settings.set","args":{"__proto__":{"theme":"dark"}}}';
    expect(await code(polluted)).toBe('bad_arguments');
    expect(await code('{"id":5,"call":"__proto__","args":{}}')).toBe('unknown_call');
    expect(await code('x'.repeat(10_000_000))).toBe('too_large');
    expect(await code('x'.repeat(MESSAGE_SIZE_MAX))).toBe('too_large');
    expect(({} as Record<string, unknown>)['theme']).toBeUndefined();
    socket.send(call(6));
    expect(await next()).toMatchObject({ id: 6, ok: true });
  });

  it('is cut off with 1009 one byte past the largest message', async () => {
    const { socket } = await tab();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.send('x'.repeat(MESSAGE_SIZE_MAX + 1));
    expect(await closed).toBe(1009);
  });

  it('is told busy past its rate, and hung up on when it floods', async () => {
    const { socket, next } = await tab();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    let id = 0;
    const burst = setInterval(() => {
      for (let n = 0; n <= FLOOD_PER_SECOND_MAX; n++) socket.send(call(id++));
    }, 0);
    socket.on('close', () => clearInterval(burst));
    let answer = await next();
    while (answer['code'] === undefined) answer = await next();
    expect(answer['code']).toBe('busy');
    expect(answer['id']).toBeGreaterThanOrEqual(FRAMES_PER_SECOND_MAX);
    expect(await closed).toBe(1008);
  });

  it('is one of as many as there may be, and the next is refused', async () => {
    const { cookie, home } = await enter();
    const headers = { Cookie: cookie, Origin: origin() };
    for (let n = 0; n < TABS_MAX; n++) {
      expect(typeof (await dial(`${home}api`, headers))).toBe('object');
    }
    expect(await dial(`${home}api`, headers)).toBe('too_many_tabs');
  });
});

describe('a second start', () => {
  it('gets a fresh address of the first', async () => {
    const address = (await askInstance(profileDir)) ?? '';
    expect((await enter(address)).answer.status).toBe(303);
    expect(statSync(instanceFile(profileDir)).mode & 0o777).toBe(0o600);
  });

  it('finds nothing where the first was killed, or another holds its port', async () => {
    const left = readFileSync(instanceFile(profileDir), 'utf8');
    await shell.close();
    expect(await askInstance(profileDir)).toBeNull();
    writeFileSync(instanceFile(profileDir), left);
    expect(await askInstance(profileDir)).toBeNull();
    const port = shell.port;
    profileDir = mkdtempSync(path.join(os.tmpdir(), 'eddy-shell-'));
    shell = await start({ port });
    writeFileSync(instanceFile(profileDir), left);
    expect(await askInstance(profileDir)).toBeNull();
  });

  it.each(['', '{', '{"port":0}', '{"port":1,"secret":"short"}', '[]'])(
    'finds nothing in a file of %j',
    async (text) => {
      writeFileSync(instanceFile(profileDir), text);
      expect(await askInstance(profileDir)).toBeNull();
    },
  );

  it('is answered only with a proof, and never to a page', async () => {
    const refused = async (headers: Record<string, string>) =>
      (await ask('/instance', headers, 'POST')).refused;
    expect(await refused({})).toBe('method_refused');
    expect(await refused({ 'x-eddy-ask': 'nonce.proof' })).toBe('method_refused');
    expect(await refused({ Host: 'evil.invalid' })).toBe('foreign_host');
  });
});
