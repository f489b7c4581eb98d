// Where the pictures are taken: real browser shells on real profiles, each brought into its state
// by what would bring a user there (a newer schema, another key, a worker that dies), and a server
// for the page of parts under the same content security policy.
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { chooseCryptoEngine } from '../main/crypto/choose.ts';
import { type DemoHost, startDemoHost } from '../main/engine/demo-host.ts';
import { type EngineHost, startEngineHost } from '../main/engine/host.ts';
import { defaultSettings } from '../main/engine/settings.ts';
import { createPage } from '../main/page.ts';
import { forkDemo } from '../main/shell/demo-process.ts';
import { type BrowserShell, startBrowserShell } from '../main/shell/server.ts';
import { transaction } from '../main/store/handle.ts';
import { profileMigrations } from '../main/store/migrations.ts';
import { unixMs } from '../main/system.ts';
import {
  type CallArgs,
  type CallName,
  type CallValue,
  type EngineState,
  parseAnswer,
  type Settings,
} from '../shared/api.ts';
import { formatNetworkLink } from '../shared/network/network-file.ts';
import type { Given, Place, Screen } from './shots-screens.ts';
import { seedProfile, withProfile } from './shots-seed.ts';

const settingsOfPictures: Settings = { ...defaultSettings, language: 'en' };
const STATE_WAIT_MS = 30_000;
const PAGE_SIZE = 4_096;
const OWN_NAME = 'Ines Sommer';
/** A demo network that has just started, and a correspondent who says hello. */
const HELLO_WAIT_MS = 120_000;

type Running = { readonly host: EngineHost; readonly shell: BrowserShell };

export type Places = {
  readonly given: Given;
  /** Brings the page to the screen's place and fragment. */
  readonly visit: (page: Page, screen: Screen) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Starts what the pictures need; profiles lie below `scratch`. */
export async function openPlaces(scratch: string): Promise<Places> {
  const running = new Map<Place, Running>();
  const start = async (place: Place, profile: Place = place, network?: string) => {
    const profileDir = path.join(scratch, profile);
    const host = startEngineHost({
      workerUrl: pathToFileURL(path.resolve('dist/main/engine-worker.js')),
      profileDir,
      version: '0.1.0',
      network,
      log: () => {},
    });
    const pageDir = path.resolve('dist/renderer');
    const shellDir = path.join(scratch, `${place}-shell`);
    mkdirSync(shellDir, { recursive: true });
    const shell = await startBrowserShell({ pageDir, profileDir: shellDir, host, log: () => {} });
    running.set(place, { host, shell });
    return host;
  };
  const made = async (place: Place) => {
    const host = await start(place);
    await reached(host, 'running');
    await ask(host, 'profile.create', { name: OWN_NAME, avatar: null });
    return host;
  };
  const spoil = async (place: Place, how: (profileDir: string) => void | Promise<void>) => {
    const host = await made(place);
    await host.close();
    await how(path.join(scratch, place));
    await reached(await start(place), 'failed');
  };
  const stop = async (place: Place) => {
    await running.get(place)?.shell.close();
    await running.get(place)?.host.close();
    running.delete(place);
  };
  const demo = await makePeopled(scratch, start, stop);
  const offline = await start('offline', 'offline', await unreachableNetwork());
  await reached(offline, 'running');
  await ask(offline, 'profile.create', { name: OWN_NAME, avatar: null });
  await stop('offline');
  await seedProfile(path.join(scratch, 'offline'), unixMs());
  await reached(await start('offline'), 'running');
  await made('healthy');
  await made('crashing');
  await crashUntilFailed(await made('stopped'));
  await spoil('newer', addMigration);
  await spoil('wrong_key', (dir) =>
    writeFileSync(path.join(dir, 'store.key'), Buffer.alloc(32, 7)),
  );
  await spoil('damaged', overwriteMiddle);
  await reached(await start('in_use', 'healthy'), 'failed');
  const others = await makeOthers(scratch, start);
  const parts = await serveParts(path.resolve('dist/gallery'));

  return {
    given: { code: others.code },
    visit: async (page, screen) => {
      if (screen.place === 'parts') {
        await page.goto(`${parts.address}/${screen.at}`);
        return;
      }
      const place = running.get(screen.place) ?? running.get('healthy');
      if (place === undefined) throw new Error(`no place: ${screen.place}`);
      const settings = { ...settingsOfPictures, ...screen.settings };
      await place.host.handle({ id: 1, call: 'settings.set', args: settings });
      const cut = await wire(page, screen.place);
      if (screen.health !== undefined) await giveHealth(page, screen.health);
      if (screen.place === 'crashing') await reached(place.host, 'running');
      await page.goto(place.shell.address());
      await page.goto(new URL(screen.at, page.url()).href);
      if (screen.place === 'crashing') {
        await page
          .getByTestId('about')
          .filter({ hasText: 'SQLite' })
          .waitFor({ state: 'attached' });
        place.host.crash();
      }
      if (screen.place === 'gone') {
        await page
          .getByTestId('about')
          .filter({ hasText: 'SQLite' })
          .waitFor({ state: 'attached' });
        cut();
      }
    },
    close: async () => {
      for (const { shell, host } of running.values()) {
        await shell.close();
        await host.close();
      }
      await demo.close();
      await others.close();
      await parts.close();
    },
  };
}

/**
 * A user on the demo network with people and chats of some months, whom the correspondent has just
 * said hello.
 */
async function makePeopled(
  scratch: string,
  start: (place: Place) => Promise<EngineHost>,
  stop: (place: Place) => Promise<void>,
): Promise<DemoHost> {
  const first = await start('peopled');
  await reached(first, 'running');
  const firstDemo = demoOf(scratch, first);
  await ask(first, 'profile.create', { name: OWN_NAME, avatar: null });
  await until(HELLO_WAIT_MS, async () => {
    const list = await ask(first, 'conversation.list', {});
    return list.some(({ last }) => last !== null && last.text !== '');
  });
  await firstDemo.close();
  await stop('peopled');
  await seedProfile(path.join(scratch, 'peopled'), unixMs());
  const host = await start('peopled');
  await reached(host, 'running');
  const demo = demoOf(scratch, host);
  await until(HELLO_WAIT_MS, async () => {
    const { state } = await ask(host, 'network.status', {});
    return state === 'online';
  });
  return demo;
}

/** The link of a network of which nothing listens anywhere. */
async function unreachableNetwork(): Promise<string> {
  const { engine } = await chooseCryptoEngine();
  const key = new Uint8Array(32);
  engine.ed25519KeyPair(key, new Uint8Array(64), new Uint8Array(32).fill(7));
  const authorities = [{ key, addresses: ['127.0.0.1:9'] }];
  return formatNetworkLink(engine, { name: 'Harbour', authorities, epoch0UnixMs: unixMs() });
}

function demoOf(scratch: string, engine: EngineHost): DemoHost {
  return startDemoHost({
    engine,
    folder: path.join(scratch, 'demo'),
    start: forkDemo(pathToFileURL(path.resolve('dist/main/demo.js'))),
    isNew: true,
    log: () => {},
  });
}

/**
 * Two more users of the same demo network: one who has not given his name yet, and one whose
 * profile is locked, with his address.
 */
async function makeOthers(
  scratch: string,
  start: (place: Place) => Promise<EngineHost>,
): Promise<{ readonly code: string; readonly close: () => Promise<void> }> {
  const [unmade, locked] = [await start('unmade'), await start('locked')];
  await reached(unmade, 'running');
  await reached(locked, 'running');
  const demos = [unmade, locked].map((engine) => demoOf(scratch, engine));
  await ask(locked, 'profile.create', { name: 'Mara Lindqvist', avatar: null });
  await until(HELLO_WAIT_MS, async () => {
    const { state } = await ask(locked, 'network.status', {});
    return state === 'online';
  });
  const { text } = await ask(locked, 'code.create', { kind: 'address', lifetimeMs: 86_400_000 });
  await ask(locked, 'lock.setPassphrase', { current: null, next: 'a passphrase of pictures' });
  await ask(locked, 'lock.now', {});
  return {
    code: text,
    close: async () => {
      await Promise.all(demos.map((demo) => demo.close()));
    },
  };
}

async function ask<N extends CallName>(
  host: EngineHost,
  call: N,
  args: CallArgs<N>,
): Promise<CallValue<N>> {
  const reply = parseAnswer(await host.handle({ id: 1, call, args }));
  if (reply === null || !('ok' in reply)) throw new Error(`${call}: no reply`);
  if (!reply.ok) throw new Error(`${call}: ${reply.code} ${reply.message}`);
  return reply.value as CallValue<N>;
}

async function until(waitMs: number, isSo: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < waitMs; waited += 250) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('the demo network: expected to be ready, is not');
}

/**
 * Puts a hand on the page's socket where a state would pass too fast for a picture: `silent` never
 * opens, `peopled` never tells what was seen, `gone` is cut by the function that comes back,
 * `crashing` hears nothing after the engine said that it starts again.
 */
async function wire(page: Page, place: Place): Promise<() => void> {
  let cut = () => {};
  let isCut = false;
  if (place === 'silent') await page.routeWebSocket('**/api', () => new Promise(() => {}));
  if (place === 'peopled') {
    // What one picture has shown is unread in the next one.
    await page.routeWebSocket('**/api', (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        if (!String(message).includes('"conversation.read"')) server.send(message);
      });
    });
  }
  if (place === 'gone') {
    await page.routeWebSocket('**/api', (socket) => {
      if (isCut) return void socket.close();
      socket.connectToServer();
      cut = () => {
        isCut = true;
        void socket.close();
      };
    });
  }
  if (place === 'crashing') {
    await page.routeWebSocket('**/api', (socket) => {
      const server = socket.connectToServer();
      let held = false;
      server.onMessage((message) => {
        if (!held) socket.send(message);
        held ||= String(message).includes('"restarting"');
      });
    });
  }
  return () => cut();
}

/** The engine's answers but for its health, which is one that a real engine gave (shots-health). */
async function giveHealth(page: Page, name: string): Promise<void> {
  const file = path.resolve('scripts/shots-health.json');
  const recorded = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)[name];
  if (recorded === undefined) throw new Error(`no recorded health: ${name}`);
  await page.routeWebSocket('**/api', (socket) => {
    const server = socket.connectToServer();
    const asked = new Set<unknown>();
    socket.onMessage((message) => {
      const frame = JSON.parse(String(message)) as { id: unknown; call: unknown };
      if (frame.call === 'health.get') asked.add(frame.id);
      server.send(message);
    });
    server.onMessage((message) => {
      const { id } = JSON.parse(String(message)) as { id?: unknown };
      const isHealth = asked.delete(id);
      socket.send(isHealth ? JSON.stringify({ id, ok: true, value: recorded }) : message);
    });
  });
}

/** As a failing disk would: one page of the file is other bytes. */
function overwriteMiddle(profileDir: string): void {
  const file = openSync(path.join(profileDir, 'profile.db'), 'r+');
  writeSync(file, Buffer.alloc(PAGE_SIZE, 0xa5), 0, PAGE_SIZE, 2 * PAGE_SIZE);
  closeSync(file);
}

/** One schema more than this version knows. */
async function addMigration(profileDir: string): Promise<void> {
  await withProfile(profileDir, (db) =>
    transaction(db, (write) => {
      write.prepare('CREATE TABLE later (only_one INTEGER PRIMARY KEY) STRICT').run();
      write
        .prepare('INSERT INTO schema_step VALUES (?, ?, ?, ?)')
        .run(profileMigrations.length + 1, 'from a newer version', '', 0);
    }),
  );
}

async function crashUntilFailed(host: EngineHost): Promise<void> {
  while (host.state().state !== 'failed') {
    await reached(host, 'running', 'failed');
    host.crash();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function reached(host: EngineHost, ...wanted: EngineState['state'][]): Promise<void> {
  return new Promise((resolve, reject) => {
    let end = () => {};
    const timer = setTimeout(() => {
      end();
      reject(new Error(`engine: expected ${wanted.join(' or ')}, is ${host.state().state}`));
    }, STATE_WAIT_MS);
    const done = () => {
      clearTimeout(timer);
      setTimeout(() => end());
      resolve();
    };
    end = host.listen(() => {
      if (wanted.includes(host.state().state)) done();
    });
  });
}

async function serveParts(dir: string): Promise<{ address: string; close: () => Promise<void> }> {
  const page = createPage(dir);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    void page.respond(request.method ?? '', pathname).then((answer) => {
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
