// Where the pictures are taken: real browser shells on real profiles, each brought into its state
// by what would bring a user there (a newer schema, another key, a worker that dies), and a server
// for the page of parts under the same content security policy.
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { type EngineHost, startEngineHost } from '../main/engine/host.ts';
import { defaultSettings } from '../main/engine/settings.ts';
import { createPage } from '../main/page.ts';
import { type BrowserShell, startBrowserShell } from '../main/shell/server.ts';
import { openDatabase } from '../main/store/database.ts';
import { profileMigrations } from '../main/store/migrations.ts';
import { loadStoreKey } from '../main/store/store-key.ts';
import type { EngineState, Settings } from '../shared/api.ts';
import type { Place, Screen } from './shots-screens.ts';

const settingsOfPictures: Settings = { ...defaultSettings, language: 'en' };
const STATE_WAIT_MS = 30_000;
const PAGE_SIZE = 4_096;

type Running = { readonly host: EngineHost; readonly shell: BrowserShell };

export type Places = {
  /** Brings the page to the screen's place and fragment. */
  readonly visit: (page: Page, screen: Screen) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Starts what the pictures need; profiles lie below `scratch`. */
export async function openPlaces(scratch: string): Promise<Places> {
  const running = new Map<Place, Running>();
  const start = async (place: Place, profile: Place = place) => {
    const profileDir = path.join(scratch, profile);
    const host = startEngineHost({
      workerUrl: pathToFileURL(path.resolve('dist/main/engine-worker.js')),
      profileDir,
      version: '0.1.0',
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
    return host;
  };
  const spoil = async (place: Place, how: (profileDir: string) => void) => {
    const host = await made(place);
    await host.close();
    how(path.join(scratch, place));
    await reached(await start(place), 'failed');
  };
  await made('healthy');
  await made('crashing');
  await crashUntilFailed(await made('stopped'));
  await spoil('newer', addMigration);
  await spoil('wrong_key', (dir) =>
    writeFileSync(path.join(dir, 'store.key'), Buffer.alloc(32, 7)),
  );
  await spoil('damaged', overwriteMiddle);
  await reached(await start('in_use', 'healthy'), 'failed');
  const parts = await serveParts(path.resolve('dist/gallery'));

  return {
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
      await parts.close();
    },
  };
}

/**
 * Puts a hand on the page's socket where a state would pass too fast for a picture: `silent` never
 * opens, `gone` is cut by the function that comes back, `crashing` hears nothing after the engine
 * said that it starts again.
 */
async function wire(page: Page, place: Place): Promise<() => void> {
  let cut = () => {};
  let isCut = false;
  if (place === 'silent') await page.routeWebSocket('**/api', () => new Promise(() => {}));
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

/** As a failing disk would: one page of the file is other bytes. */
function overwriteMiddle(profileDir: string): void {
  const file = openSync(path.join(profileDir, 'profile.db'), 'r+');
  writeSync(file, Buffer.alloc(PAGE_SIZE, 0xa5), 0, PAGE_SIZE, 2 * PAGE_SIZE);
  closeSync(file);
}

/** One schema more than this version knows. */
function addMigration(profileDir: string): void {
  const db = openDatabase({
    file: path.join(profileDir, 'profile.db'),
    key: loadStoreKey(path.join(profileDir, 'store.key'), path.join(profileDir, 'profile.db')),
    migrations: [
      ...profileMigrations,
      {
        name: 'from a newer version',
        sql: 'CREATE TABLE later (only INTEGER PRIMARY KEY) STRICT;',
      },
    ],
  });
  db.close();
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
