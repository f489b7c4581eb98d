// The host of the engine's worker: every end of the worker is told, nothing hangs, the next one
// opens what the last one had open. Real workers; those that go wrong on purpose are a few lines
// each.
import { describe, expect, it, onTestFinished } from 'vitest';
import { type EngineHost, type HostOptions, startEngineHost } from '../../../main/engine/host.ts';
import type { Keychain } from '../../../main/engine/keychain.ts';
import { defaultSettings } from '../../../main/engine/settings.ts';
import { lockProfile } from '../../../main/store/profile-lock.ts';
import { CALLS_OPEN_MAX, type EventFrame, type Reply } from '../../../shared/api.ts';
import { canonicalNetworkFile } from '../../../shared/network/network-file.ts';
import { keepingKeychain as keeping } from '../../support/keychain.ts';
import { addressIn, makeNetwork } from '../../support/network.ts';
import { codeThrownBy, damageOpenStore, scratchFolder } from '../../support/store-files.ts';

const workerUrl = new URL('../../../main/engine/worker.ts', import.meta.url);

/** A worker that says it runs and does `onCall` at a call. */
const planted = (onCall: string, start = 'port.postMessage({ start: null });') =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort as port } from 'node:worker_threads';
      port.on('message', (message) => {
        if (message.kind === 'close') process.exit(0);
        if (message.kind === 'call') { const { frame } = message; ${onCall} }
      });
      ${start}`)}`,
  );

type Started = { host: EngineHost; seen: EventFrame[]; logged: string[]; profileDir: string };

function start(given: Partial<HostOptions> = {}): Started {
  const logged: string[] = [];
  const profileDir = given.profileDir ?? scratchFolder();
  const host = startEngineHost({
    workerUrl,
    profileDir,
    version: '1.2.3',
    log: (_level, event, fields) => logged.push(`${event} ${JSON.stringify(fields ?? {})}`),
    ...given,
  });
  const seen: EventFrame[] = [];
  host.listen((event) => seen.push(event));
  onTestFinished(() => host.close());
  return { host, seen, logged, profileDir };
}

/** Resolves when the engine is in `state`; at once if it is. */
function become(host: EngineHost, state: string): Promise<void> {
  return new Promise((resolve) => {
    const unlisten = host.listen((event) => {
      if (event.event !== 'engine' || host.state().state !== state) return;
      queueMicrotask(() => unlisten());
      resolve();
    });
  });
}

const states = (seen: EventFrame[]) =>
  seen
    .filter((event) => event.event === 'engine')
    .map(({ value }) => value as { state: string; reason: string | null })
    .map(({ state, reason }) => (reason === null ? state : `${state}: ${reason}`));
const codeOf = (reply: Reply) => (reply.ok ? 'ok' : reply.code);
const call = (name: string, args: unknown = {}, id = 1) => ({ id, call: name, args });

describe('a worker that runs', () => {
  it('answers, tells its events, and gives its store back when it ends', async () => {
    const { host, seen, profileDir } = start();
    expect(codeOf(await host.handle(call('about')))).toBe('engine_unavailable');
    await become(host, 'running');
    expect(await host.handle(call('settings.set', { theme: 'dark' }, 41))).toEqual({
      id: 41,
      ok: true,
      value: { ...defaultSettings, theme: 'dark', language: 'system' },
    });
    expect(seen.at(-1)).toEqual({
      event: 'settings',
      value: { ...defaultSettings, theme: 'dark', language: 'system' },
    });
    expect(codeOf(await host.handle(call('about', { more: 1 })))).toBe('bad_arguments');
    expect(codeThrownBy(() => lockProfile(profileDir))).toBe('profile_in_use');
    await host.close();
    lockProfile(profileDir).release();
    expect(codeOf(await host.handle(call('about')))).toBe('engine_unavailable');
    expect(states(seen)).toEqual(['starting', 'running']);
    await host.close();
  });

  it('is refused a profile that another engine has open, and is not tried again', async () => {
    const first = start();
    await become(first.host, 'running');
    const second = start({ profileDir: first.profileDir });
    await become(second.host, 'failed');
    expect(states(second.seen)).toEqual(['starting', 'failed: profile_in_use']);
    expect(codeOf(await second.host.handle(call('about')))).toBe('engine_unavailable');
    await second.host.close();
    expect(states(second.seen)).toHaveLength(2);
    expect(codeOf(await first.host.handle(call('about')))).toBe('ok');
  });
});

it('a worker whose store is damaged while it runs says so and is not started again', async () => {
  const { network } = makeNetwork();
  const { host, seen, profileDir } = start({
    network: Buffer.from(canonicalNetworkFile(network)).toString(),
  });
  await become(host, 'running');
  const args = { address: addressIn(network), bytes: 'AAAA' };
  expect(codeOf(await host.handle(call('send', args)))).toBe('ok');
  damageOpenStore(profileDir);
  const failed = become(host, 'failed');
  // Its answer may come before the store is written, or not any more; it comes.
  const code = codeOf(await host.handle(call('message.forget', { id: 1 })));
  expect(['ok', 'engine_unavailable']).toContain(code);
  await failed;
  expect(states(seen)).toEqual(['starting', 'running', 'failed: store_damaged']);
  expect(codeOf(await host.handle(call('about')))).toBe('engine_unavailable');
});

describe('a worker that ends unasked', () => {
  it('twenty times in a row amid writes: calls are refused, what was confirmed is there', async () => {
    const { host, seen } = start({ limits: { restartsMax: 20, restartDelayMs: 0 } });
    const themes = ['light', 'dark', 'system'] as const;
    const outcomes = { ok: 0, engine_unavailable: 0 };
    for (let round = 0; round < 20; round++) {
      await become(host, 'running');
      const sent = Array.from({ length: 60 }, (_, index) => {
        const theme = themes[index % 3] ?? 'system';
        return host
          .handle(call('settings.set', { theme }, index))
          .then((reply) => ({ theme, reply }));
      });
      const confirmed = sent[(round % 6) * 7];
      await confirmed;
      host.crash();
      const replies = await Promise.all(sent);
      for (const { reply } of replies) outcomes[codeOf(reply) as 'ok'] += 1;
      // In order, and none after one that was refused.
      const codes = replies.map(({ reply }) => codeOf(reply));
      expect(codes).toEqual([...codes].sort().reverse());
    }
    await become(host, 'running');
    expect(outcomes.ok + outcomes.engine_unavailable).toBe(20 * 60);
    expect(outcomes.ok).toBeGreaterThan(0);
    expect(outcomes.engine_unavailable).toBeGreaterThan(0);
    expect(codeOf(await host.handle(call('settings.get')))).toBe('ok');
    expect(states(seen).filter((state) => state === 'restarting: stopped')).toHaveLength(20);
  });

  it('too often is given up, and said', async () => {
    const { host, seen } = start({
      workerUrl: planted('process.exit(3);'),
      limits: { restartsMax: 2, restartDelayMs: 0 },
    });
    for (let end = 0; end < 3; end++) {
      await become(host, 'running');
      expect(codeOf(await host.handle(call('about')))).toBe('engine_unavailable');
    }
    await become(host, 'failed');
    expect(states(seen).filter((state) => state.startsWith('restarting'))).toHaveLength(2);
    expect(states(seen).at(-1)).toBe('failed: stopped');
  });

  it.each([
    ['an exception nobody caught', "setTimeout(() => { throw new Error('secret word'); }, 0);"],
    ['a rejection nobody caught', "Promise.reject(new Error('secret word'));"],
    ['no memory left', "const all = []; for (;;) all.push('x'.repeat(99) + all.length);"],
  ])('by %s is started again, and nothing of its text is logged', async (_name, onCall) => {
    const { host, seen, logged } = start({
      workerUrl: planted(onCall),
      limits: { restartDelayMs: 0, heapMbMax: 24 },
    });
    await become(host, 'running');
    expect(codeOf(await host.handle(call('about')))).toBe('engine_unavailable');
    await become(host, 'running');
    expect(states(seen).slice(1, 4)).toEqual(['running', 'restarting: stopped', 'running']);
    expect(logged.some((line) => line.startsWith('engine_fault'))).toBe(true);
    expect(logged.join()).not.toContain('secret word');
  });

  it('and one that cannot even load is told as failed in the end', async () => {
    const { host, seen } = start({
      workerUrl: new URL('data:text/javascript,throw new Error()'),
      limits: { restartsMax: 1, restartDelayMs: 0 },
    });
    await become(host, 'failed');
    expect(states(seen)).toEqual(['starting', 'restarting: stopped', 'failed: stopped']);
  });
});

describe('the bounds of a host', () => {
  it(`take ${CALLS_OPEN_MAX} calls at once and refuse one more`, async () => {
    const { host } = start({ workerUrl: planted('') });
    await become(host, 'running');
    const open = Array.from({ length: CALLS_OPEN_MAX }, (_, id) =>
      host.handle(call('about', {}, id)),
    );
    expect(codeOf(await host.handle(call('about')))).toBe('busy');
    host.crash();
    const codes = new Set((await Promise.all(open)).map(codeOf));
    expect([...codes]).toEqual(['engine_unavailable']);
  });

  it('refuse what a worker says that is not of the contract', async () => {
    const { host, logged } = start({
      workerUrl: planted(`
        port.postMessage({ event: 'constructor', value: 1 });
        port.postMessage({ id: frame.id, ok: true, value: 1, more: 2 });
        port.postMessage('text');
        port.postMessage({ id: 99999, ok: true, value: 1 });
        port.postMessage({ id: frame.id, ok: false, code: 'internal', message: 'm' });`),
    });
    await become(host, 'running');
    expect(codeOf(await host.handle(call('about')))).toBe('internal');
    expect(logged.filter((line) => line.startsWith('engine_frame_refused'))).toHaveLength(3);
  });

  it('end a worker that does not end by itself', async () => {
    const { host } = start({ workerUrl: planted('for (;;);') });
    await become(host, 'running');
    const stuck = host.handle(call('about'));
    await host.close();
    expect(codeOf(await stuck)).toBe('engine_unavailable');
  });
});

describe('a keychain of the system', () => {
  it('opens the profile of the next worker, though it comes late', async () => {
    const { keychain, kept } = keeping();
    let arrive = (_keychain: Keychain): void => {};
    const late = new Promise<Keychain>((resolve) => {
      arrive = resolve;
    });
    const { host, seen } = start({ keychain: () => late });
    await become(host, 'running');
    const locks = () => seen.filter(({ event }) => event === 'lock').map(({ value }) => value);
    const until = async (count: number) => {
      while (locks().length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    arrive(keychain);
    await until(1);
    await host.handle(call('lock.setPassphrase', { current: null, next: 'herons' }));
    expect(codeOf(await host.handle(call('lock.setKeychain', { isOn: true })))).toBe('ok');
    await until(3);
    host.crash();
    await become(host, 'restarting');
    await become(host, 'running');
    await until(4);
    expect(locks().at(-1)).toMatchObject({ state: 'open', hasPassphrase: true, hasKeychain: true });
    expect([...kept.keys()]).toEqual(['one']);
  });

  it('opens no profile of another network: the reason is told, and it is not tried again', async () => {
    const { keychain } = keeping();
    const { network } = makeNetwork();
    const textOf = (name: string) =>
      Buffer.from(canonicalNetworkFile({ ...network, name })).toString();
    const first = start({ keychain: async () => keychain, network: textOf('one') });
    await become(first.host, 'running');
    const keep = () => first.host.handle(call('lock.setKeychain', { isOn: true }));
    while (codeOf(await keep()) !== 'ok') await new Promise((done) => setTimeout(done, 10));
    await first.host.close();
    const second = start({
      profileDir: first.profileDir,
      keychain: async () => keychain,
      network: textOf('two'),
      limits: { restartDelayMs: 0 },
    });
    await become(second.host, 'failed');
    expect(states(second.seen)).toEqual(['starting', 'running', 'failed: other_network']);
    await second.host.close();
    lockProfile(first.profileDir).release();
    expect(states(second.seen)).toHaveLength(3);
  });

  it('is looked for once more at another try, and opens what only it opens', async () => {
    const { keychain } = keeping();
    const first = start({ keychain: async () => keychain });
    await become(first.host, 'running');
    const keep = () => first.host.handle(call('lock.setKeychain', { isOn: true }));
    while (codeOf(await keep()) !== 'ok') await new Promise((done) => setTimeout(done, 10));
    await first.host.close();
    const system = { keychain: null as Keychain | null };
    const profileDir = first.profileDir;
    const { host } = start({ profileDir, keychain: async () => system.keychain });
    await become(host, 'running');
    expect(codeOf(await host.handle(call('lock.again')))).toBe('no_keychain');
    system.keychain = keychain;
    expect(codeOf(await host.handle(call('lock.again')))).toBe('ok');
    expect(codeOf(await host.handle(call('profile.get')))).toBe('ok');
  });
});
