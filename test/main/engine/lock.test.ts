// A profile that is locked, by hand, by itself and over a restart: nothing of it is answered, its
// passphrase alone opens it, and a new key for the file leaves everything as it was.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { chooseCryptoEngine } from '../../../main/crypto/choose.ts';
import { createEngine, type Engine } from '../../../main/engine/engine.ts';
import { LOCK_AGAIN_MS } from '../../../main/engine/lock-control.ts';
import type { Keychain } from '../../../main/store/key-file.ts';
import { type CallName, callNames, type EventFrame } from '../../../shared/api.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import type { NetworkFile } from '../../../shared/network/network-file.ts';
import { keepingKeychain as keeping } from '../../support/keychain.ts';
import { openFiles, scratchFolder } from '../../support/store-files.ts';

let crypto: CryptoEngine;
beforeAll(async () => {
  ({ engine: crypto } = await chooseCryptoEngine());
});

type Started = { engine: Engine; seen: EventFrame[]; logged: string[]; profileDir: string };

const networkOf = (name: string): NetworkFile => ({
  name,
  authorities: [{ key: new Uint8Array(32).fill(7), addresses: ['127.0.0.1:1'] }],
  epoch0UnixMs: 1_700_000_000_000,
});

function start(
  profileDir = scratchFolder(),
  keychain: Keychain | null = null,
  network: NetworkFile | null = null,
): Started {
  const seen: EventFrame[] = [];
  const logged: string[] = [];
  const engine = createEngine({
    profileDir,
    version: '1.2.3',
    crypto,
    keychain: () => keychain,
    network,
    log: (_level, event, fields) => logged.push(`${event} ${JSON.stringify(fields ?? {})}`),
    emit: (event) => seen.push(event),
  });
  onTestFinished(() => engine.close());
  return { engine, seen, logged, profileDir };
}

async function call(engine: Engine, name: string, args: unknown = {}): Promise<unknown> {
  const reply = await engine.handle({ id: 1, call: name, args });
  return reply.ok ? reply.value : reply.code;
}
const passphrase = 'seven slow herons';
const protect = (engine: Engine, current: string | null, next: string | null) =>
  call(engine, 'lock.setPassphrase', { current, next });

describe('a profile with a passphrase', () => {
  it('is locked and opened by it alone, and answers nothing meanwhile', async () => {
    const { engine, seen, logged } = start();
    expect(await call(engine, 'lock.now')).toBe('no_passphrase');
    await call(engine, 'settings.set', { theme: 'dark' });
    expect(await protect(engine, null, passphrase)).toMatchObject({ hasPassphrase: true });
    expect(await call(engine, 'lock.now')).toMatchObject({ state: 'locked' });
    const open = callNames.filter((name) => !/^(about|lock\.|settings\.get|demo\.get)/.test(name));
    for (const name of open.filter((one) => one !== 'network.status')) {
      expect(await call(engine, name, argumentsOf[name] ?? {})).toBe('locked');
    }
    // How the window looks is no secret.
    expect(await call(engine, 'settings.get')).toMatchObject({ theme: 'dark' });
    expect(await call(engine, 'lock.unlock', { passphrase: 'seven fast herons' })).toBe(
      'wrong_passphrase',
    );
    expect(await call(engine, 'lock.unlock', { passphrase })).toMatchObject({ state: 'open' });
    expect(await call(engine, 'settings.set', { theme: 'light' })).toMatchObject({
      theme: 'light',
    });
    expect(statesIn(seen)).toEqual(['open', 'locked', 'open']);
    expect(JSON.stringify([seen, logged])).not.toContain('herons');
  });

  it('says when it is opened that it belongs to another network, and stays locked', async () => {
    const first = start(scratchFolder(), null, networkOf('one'));
    await protect(first.engine, null, passphrase);
    first.engine.close();
    const second = start(first.profileDir, null, networkOf('two'));
    expect(await call(second.engine, 'lock.unlock', { passphrase })).toBe('joined_already');
    expect(await call(second.engine, 'lock.get')).toMatchObject({ state: 'locked' });
    second.engine.close();
    const third = start(first.profileDir, null, networkOf('one'));
    expect(await call(third.engine, 'lock.unlock', { passphrase })).toMatchObject({
      state: 'open',
    });
  });

  it('starts locked, and opens with what was there', async () => {
    const first = start();
    await call(first.engine, 'settings.set', { theme: 'dark' });
    await protect(first.engine, null, passphrase);
    first.engine.close();
    const { engine } = start(first.profileDir);
    expect(await call(engine, 'lock.get')).toEqual({
      state: 'locked',
      hasPassphrase: true,
      hasKeychain: null,
      wasGivenToKeychain: false,
      hasLockFailed: false,
      spooled: 0,
    });
    expect(await call(engine, 'settings.set', { theme: 'light' })).toBe('locked');
    expect(await call(engine, 'about')).toMatchObject({ version: '1.2.3' });
    expect(await call(engine, 'lock.unlock', { passphrase: 'x' })).toBe('wrong_passphrase');
    await call(engine, 'lock.unlock', { passphrase });
    expect(await call(engine, 'settings.get')).toMatchObject({ theme: 'dark' });
  });

  it('changes it for another, and for none, and asks for the one before', async () => {
    const { engine, profileDir } = start();
    await protect(engine, null, passphrase);
    expect(await protect(engine, null, 'other')).toBe('wrong_passphrase');
    expect(await protect(engine, 'not this', 'other')).toBe('wrong_passphrase');
    await protect(engine, passphrase, 'other');
    await call(engine, 'lock.now');
    expect(await call(engine, 'lock.unlock', { passphrase })).toBe('wrong_passphrase');
    await call(engine, 'lock.unlock', { passphrase: 'other' });
    expect(await protect(engine, 'other', null)).toMatchObject({ hasPassphrase: false });
    engine.close();
    expect(await call(start(profileDir).engine, 'lock.get')).toMatchObject({ state: 'open' });
  });

  it('moves its lock one at a time', async () => {
    const { engine } = start();
    await protect(engine, null, passphrase);
    await call(engine, 'lock.now');
    const both = await Promise.all([
      call(engine, 'lock.unlock', { passphrase }),
      call(engine, 'lock.unlock', { passphrase }),
    ]);
    expect(both).toEqual([expect.objectContaining({ state: 'open' }), 'busy']);
  });
});

describe('a lock that fails halfway', () => {
  /** What no spool can be written over. */
  const obstacleIn = (profileDir: string) => path.join(profileDir, 'spool');
  const obstruct = (profileDir: string): void => {
    rmSync(obstacleIn(profileDir), { force: true });
    mkdirSync(obstacleIn(profileDir));
  };
  const clear = (profileDir: string): void => rmSync(obstacleIn(profileDir), { recursive: true });
  const startProtected = async (): Promise<Started> => {
    const started = start(undefined, null, networkOf('one'));
    await call(started.engine, 'profile.create', { name: 'Ada', avatar: null });
    await protect(started.engine, null, passphrase);
    return started;
  };
  const open = expect.objectContaining({ state: 'open', hasLockFailed: true });
  const locked = expect.objectContaining({ state: 'locked', hasLockFailed: false });

  it('says that it is open, answers as before, and can be locked again', async () => {
    const { engine, seen, profileDir } = await startProtected();
    obstruct(profileDir);
    expect(await call(engine, 'lock.now')).toBe('internal');
    expect(statesIn(seen)).toEqual(['open', 'locked', 'open']);
    expect(await call(engine, 'lock.get')).toEqual(open);
    expect(await call(engine, 'profile.get')).toMatchObject({ name: 'Ada' });
    expect(await call(engine, 'storage.get')).toMatchObject({ messages: 0 });
    expect(await call(engine, 'settings.set', { theme: 'dark' })).toMatchObject({ theme: 'dark' });
    clear(profileDir);
    expect(await call(engine, 'lock.now')).toEqual(locked);
    expect(isDatabaseOpen(profileDir)).toBe(false);
    expect(openFiles(path.join(profileDir, 'spool'))).toBe(process.platform === 'linux' ? 1 : 0);
    await call(engine, 'lock.unlock', { passphrase });
    expect(openFiles(path.join(profileDir, 'spool'))).toBe(0);
    expect(await call(engine, 'profile.get')).toMatchObject({ name: 'Ada' });
  });

  it('by itself is tried again by itself', async () => {
    const { engine, profileDir, logged } = await startProtected();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    await call(engine, 'settings.set', { autoLockMinutes: 1 });
    obstruct(profileDir);
    await vi.advanceTimersByTimeAsync(65_000);
    expect(await call(engine, 'lock.get')).toEqual(open);
    expect(logged.filter((line) => line.startsWith('auto_lock_failed'))).toHaveLength(1);
    clear(profileDir);
    await vi.advanceTimersByTimeAsync(LOCK_AGAIN_MS);
    expect(await call(engine, 'lock.get')).toEqual(locked);
    expect(isDatabaseOpen(profileDir)).toBe(false);
  });

  it('before a new key for the file: nothing is changed, and it is open', async () => {
    const { engine, profileDir } = await startProtected();
    obstruct(profileDir);
    expect(await call(engine, 'storage.rekey')).toBe('internal');
    expect(await call(engine, 'profile.get')).toMatchObject({ name: 'Ada' });
    clear(profileDir);
    expect(await call(engine, 'storage.rekey')).toEqual({});
    expect(await call(engine, 'profile.get')).toMatchObject({ name: 'Ada' });
  });

  it('as an unlock that fails halfway leaves it locked, and closed', async () => {
    const { engine, profileDir } = await startProtected();
    await call(engine, 'lock.now');
    obstruct(profileDir);
    expect(await call(engine, 'lock.unlock', { passphrase })).toBe('internal');
    expect(await call(engine, 'lock.get')).toEqual(locked);
    expect(isDatabaseOpen(profileDir)).toBe(false);
    expect(await call(engine, 'profile.get')).toBe('locked');
    clear(profileDir);
    expect(await call(engine, 'lock.unlock', { passphrase })).toMatchObject({ state: 'open' });
    expect(await call(engine, 'profile.get')).toMatchObject({ name: 'Ada' });
  });
});

describe('a new key for the file', () => {
  it('changes every page, keeps what is in it, and the passphrase with it', async () => {
    const { engine, profileDir } = start();
    const file = path.join(profileDir, 'profile.db');
    await call(engine, 'settings.set', { theme: 'dark' });
    await protect(engine, null, passphrase);
    await call(engine, 'lock.now');
    const before = readFileSync(file);
    await call(engine, 'lock.unlock', { passphrase });
    expect(await call(engine, 'storage.rekey')).toEqual({});
    expect(await call(engine, 'settings.get')).toMatchObject({ theme: 'dark' });
    expect(await call(engine, 'storage.get')).toMatchObject({ messages: 0, lastCheck: null });
    await call(engine, 'lock.now');
    const after = readFileSync(file);
    const pages = Array.from({ length: Math.min(before.length, after.length) / 4_096 }, (_, at) => [
      before.subarray(at * 4_096, (at + 1) * 4_096),
      after.subarray(at * 4_096, (at + 1) * 4_096),
    ]);
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.filter(([a, b]) => a?.equals(b as Buffer))).toEqual([]);
    engine.close();
    const again = start(profileDir);
    await call(again.engine, 'lock.unlock', { passphrase });
    expect(await call(again.engine, 'settings.get')).toMatchObject({ theme: 'dark' });
  });
});

/** A second start of one with passphrase and keychain, which asks its user before it gives. */
async function startAsking() {
  const { keychain } = keeping();
  const first = start(undefined, keychain);
  await protect(first.engine, null, passphrase);
  await call(first.engine, 'lock.setKeychain', { isOn: true });
  first.engine.close();
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const asking: Keychain = {
    ...keychain,
    unwrap: async (handle) => {
      await answered;
      return await keychain.unwrap(handle);
    },
  };
  const again = start(first.profileDir, asking);
  return { ...again, answer: () => answer() };
}

/** SQLite takes the log away with the last connection. */
const isDatabaseOpen = (profileDir: string) => existsSync(path.join(profileDir, 'profile.db-wal'));
const statesIn = (seen: EventFrame[]) =>
  seen.flatMap((one) => (one.event === 'lock' ? [(one.value as { state: string }).state] : []));

describe('a keychain', () => {
  it('opens the profile at the start, and not what was locked', async () => {
    const { keychain, kept } = keeping();
    const { engine, profileDir } = start(undefined, keychain);
    await protect(engine, null, passphrase);
    expect(await call(engine, 'lock.setKeychain', { isOn: true })).toMatchObject({
      hasPassphrase: true,
      hasKeychain: true,
    });
    await call(engine, 'lock.now');
    expect(await call(engine, 'lock.get')).toMatchObject({ state: 'locked' });
    engine.close();
    const again = start(profileDir, keychain);
    expect(await call(again.engine, 'lock.get')).toMatchObject({ state: 'locked' });
    await again.engine.openWithKeychain();
    expect(await call(again.engine, 'lock.get')).toMatchObject({ state: 'open' });
    await call(again.engine, 'lock.setKeychain', { isOn: false });
    again.engine.close();
    kept.clear();
    const last = start(profileDir, keychain);
    await last.engine.openWithKeychain();
    expect(await call(last.engine, 'lock.get')).toMatchObject({ state: 'locked' });
  });

  it('that answers after the passphrase was given opens nothing more', async () => {
    const { engine, seen, profileDir, answer } = await startAsking();
    const asked = engine.openWithKeychain();
    expect(await call(engine, 'lock.unlock', { passphrase })).toMatchObject({ state: 'open' });
    answer();
    await asked;
    expect(isDatabaseOpen(profileDir)).toBe(true);
    expect(await call(engine, 'lock.now')).toMatchObject({ state: 'locked' });
    expect(isDatabaseOpen(profileDir)).toBe(false);
    expect(statesIn(seen)).toEqual(['open', 'open', 'locked']);
  });

  it('that answers while the passphrase is looked at waits for what comes of it', async () => {
    for (const [given, told] of [
      [passphrase, expect.objectContaining({ state: 'open' })],
      ['seven fast herons', 'wrong_passphrase'],
    ] as const) {
      const { engine, profileDir, answer } = await startAsking();
      const asked = engine.openWithKeychain();
      const unlocked = call(engine, 'lock.unlock', { passphrase: given });
      answer();
      const [reply] = await Promise.all([unlocked, asked]);
      expect(reply).toEqual(told);
      expect(await call(engine, 'lock.get')).toMatchObject({ state: 'open' });
      await call(engine, 'lock.now');
      expect(isDatabaseOpen(profileDir)).toBe(false);
    }
  });

  it('that answers after it was locked again, or closed, leaves it so', async () => {
    const locked = await startAsking();
    const asked = locked.engine.openWithKeychain();
    await call(locked.engine, 'lock.unlock', { passphrase });
    await call(locked.engine, 'lock.now');
    locked.answer();
    await asked;
    expect(await call(locked.engine, 'lock.get')).toMatchObject({ state: 'locked' });
    expect(isDatabaseOpen(locked.profileDir)).toBe(false);

    const closed = await startAsking();
    const late = closed.engine.openWithKeychain();
    closed.engine.close();
    closed.answer();
    await late;
    expect(isDatabaseOpen(closed.profileDir)).toBe(false);
    expect(statesIn(closed.seen)).toEqual([]);
  });

  it('is refused where there is none', async () => {
    expect(await call(start().engine, 'lock.setKeychain', { isOn: true })).toBe('no_keychain');
  });
});

/** Arguments that each call's schema takes, where it takes any. */
const id = '0'.repeat(32);
const argumentsOf: Partial<Record<CallName, unknown>> = {
  send: { address: '', bytes: '' },
  'message.get': { id: 1 },
  'message.cancel': { id: 1 },
  'message.resend': { id: 1 },
  'message.forget': { id: 1 },
  'received.take': { id: 1 },
  'profile.create': { name: 'x', avatar: null },
  'network.join': { text: '' },
  'contact.get': { id: 1 },
  'contact.set': { id: 1 },
  'contact.block': { id: 1 },
  'contact.unblock': { id: 1 },
  'contact.remove': { id: 1 },
  'contact.safety': { id: 1 },
  'contact.verify': { id: 1, isVerified: true },
  'contact.scan': { id: 1, text: '' },
  'contact.reset': { id: 1 },
  'code.create': { kind: 'invite', lifetimeMs: 60_000 },
  'code.withdraw': { id },
  'code.check': { text: '' },
  'code.use': { text: '' },
  'request.accept': { id: 1 },
  'request.decline': { id: 1 },
  'request.block': { id: 1 },
  'request.unblock': { id: 1 },
  'conversation.get': { contact: 1 },
  'conversation.set': { contact: 1 },
  'conversation.draft': { contact: 1, text: '' },
  'conversation.read': { contact: 1, upTo: 1 },
  'chat.page': { contact: 1, limit: 1 },
  'chat.send': { contact: 1, text: 'x' },
  'chat.cancel': { id: 1 },
  'chat.again': { id: 1 },
  'chat.delete': { id: 1 },
  search: { text: 'x', limit: 1 },
};
