// The engine without a worker: its calls, its events, and that nothing leaves it but the contract.
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { answer, createEngine, type Handlers } from '../../../main/engine/engine.ts';
import { withoutHealth } from '../../../main/engine/health.ts';
import { withoutNetwork } from '../../../main/engine/mixnet.ts';
import { defaultSettings } from '../../../main/engine/settings.ts';
import { StoreError } from '../../../main/store/store-error.ts';
import { aboutSchema, type EventFrame, type Settings } from '../../../shared/api.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { codeThrownBy, hashesOf, scratchFolder } from '../../support/store-files.ts';

const settings: Settings = defaultSettings;

function start(profileDir = path.join(scratchFolder(), 'profiles', 'one')) {
  const seen: EventFrame[] = [];
  const emit = (event: EventFrame) => seen.push(event);
  const log = () => undefined;
  const engine = createEngine({ profileDir, version: '1.2.3', crypto: nobleEngine, log, emit });
  return { engine, seen, profileDir };
}

describe('an engine', () => {
  it('makes its profile for its user alone and says what it runs on', async () => {
    const { engine, profileDir } = start();
    expect(statSync(profileDir).mode & 0o777).toBe(0o700);
    const reply = await engine.handle({ id: 1, call: 'about', args: {} });
    const about = aboutSchema.parse((reply as { value: unknown }).value);
    expect(about).toMatchObject({ version: '1.2.3', cryptoEngine: 'noble' });
    expect(about.sqlite).toMatch(/^3\.\d+\.\d+$/);
    expect(about.cipher).toMatch(/Multiple Ciphers \d/);
    expect(about.runtime).toBe(`Node ${process.versions.node}`);
    engine.close();
    engine.close();
  });

  it('keeps settings over a restart, changes those that are given, and tells all', async () => {
    const first = start();
    await first.engine.handle({ id: 1, call: 'settings.set', args: { theme: 'dark' } });
    await first.engine.handle({ id: 2, call: 'settings.set', args: { language: 'de' } });
    const both = { ...defaultSettings, theme: 'dark', language: 'de' };
    expect(first.seen.map((event) => event.value)).toEqual([{ ...both, language: 'system' }, both]);
    expect(first.seen.every((event) => event.event === 'settings')).toBe(true);
    first.engine.close();
    const { engine } = start(first.profileDir);
    const reply = await engine.handle({ id: 3, call: 'settings.get', args: {} });
    expect(reply).toEqual({ id: 3, ok: true, value: both });
    engine.close();
  });

  it('refuses a profile in use, and one whose key is gone, and gives the lock back', () => {
    const { engine, profileDir } = start();
    expect(codeThrownBy(() => start(profileDir))).toBe('profile_in_use');
    engine.close();
    rmSync(path.join(profileDir, 'store.key'));
    const before = hashesOf(profileDir);
    expect(codeThrownBy(() => start(profileDir))).toBe('store_key');
    expect(codeThrownBy(() => start(profileDir))).toBe('store_key');
    expect(hashesOf(profileDir)).toEqual(before);
  });
});

describe('what leaves the engine', () => {
  const handlers: Partial<Handlers> = {
    about: () => {
      throw new Error('a path and a secret');
    },
    'settings.get': () => settings,
    'settings.set': () => settings,
    ...withoutNetwork(),
    ...withoutHealth(() => 0),
  };
  const ask = (changed: Partial<Handlers>, logged: string[] = []) =>
    answer({ ...handlers, ...changed }, { id: 7, call: 'settings.get', args: {} }, (_l, event, f) =>
      logged.push(`${event} ${JSON.stringify(f)}`),
    );
  const throwing = (error: unknown) => () => {
    throw error;
  };

  it('is what the contract says of the call', async () => {
    expect(await ask({})).toEqual({ id: 7, ok: true, value: settings });
    const later = { 'settings.get': () => Promise.resolve(settings) };
    expect(await ask(later)).toEqual({ id: 7, ok: true, value: settings });
  });

  it.each([
    ['an extra key', { ...settings, key: 'secret' }],
    ['a value of another kind', { ...settings, theme: 'pink' }],
    ['nothing', undefined],
  ])('is not %s', async (_name, value) => {
    const reply = await ask({ 'settings.get': () => value as Settings });
    expect(reply).toMatchObject({ id: 7, ok: false, code: 'internal' });
    expect(JSON.stringify(reply)).not.toContain('secret');
  });

  it.each([
    ['internal', new Error('secret')],
    ['internal', 'secret'],
    ['store_full', new StoreError('store_full', 'secret')],
    ['store_failed', new StoreError('store_damaged', 'secret')],
  ])('is the code %s where a handler throws', async (code, error) => {
    const logged: string[] = [];
    const reply = await ask({ 'settings.get': throwing(error) }, logged);
    expect(reply).toMatchObject({ id: 7, ok: false, code });
    expect(`${JSON.stringify(reply)} ${logged.join()}`).not.toContain('secret');
    expect(logged).toHaveLength(1);
  });
});
