// Two users over a real network, each an engine of its own: invite, request, acceptance, a chat
// both ways with receipts, and everything there after a restart.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { monotonicMs } from '../../main/system.ts';
import { startLocalnet } from '../support/localnet.ts';
import { runKills } from '../support/messenger-kills.ts';
import { MessengerUser } from '../support/messenger-user.ts';
import { seededRandom } from '../support/random.ts';
import { secretsIn, secretsOf } from '../support/secrets.ts';

/** Far more than it takes: a busy machine takes three times as long as an idle one. */
const UNTIL_MS_MAX = 240_000;

/** No key in anything that was said, and no word or identity in logs and refusals. */
function checkOutput(ada: MessengerUser, bob: MessengerUser): void {
  const words = ['Is it you', 'It is.', 'Still there', 'Ada', 'Bob', 'eddy:c/'];
  const secrets = [secretsOf(ada.dataDir), secretsOf(bob.dataDir)] as const;
  for (const [user, { keys, identities }] of [
    [ada, secrets[0]],
    [bob, secrets[1]],
  ] as const) {
    expect(keys.length).toBeGreaterThan(10);
    expect(identities).toHaveLength(2);
    const said = user.said.join('\n');
    expect(secretsIn(JSON.stringify(user.heard) + said, keys)).toEqual([]);
    const others = user.heard.filter(({ event }) => event !== 'code');
    expect(secretsIn(JSON.stringify(others) + said, identities)).toEqual([]);
    expect(words.filter((word) => said.includes(word))).toEqual([]);
    expect(said).toContain('crypto_engine');
    // The look finds what it looks for.
    const [key] = keys;
    const bytes = Buffer.from(key?.bytes ?? []);
    const forms = [bytes.toString('hex'), `x${bytes.toString('base64')}`, bytes.join(', ')];
    for (const form of forms) expect(secretsIn(`{"v":"${form}"}`, keys)).toEqual([key?.name]);
  }
  const names = secrets[0].keys.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['master key', 'prekey of a code']));
  // An identity where it may stand, in the code of its owner.
  const heard = JSON.stringify(ada.heard);
  expect(secretsIn(heard, secrets[1].identities)).toContain('signing key');
}

it('two people find each other, chat both ways, and find it all again after a restart', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-messenger-'));
  const net = await startLocalnet(path.join(folder, 'net'), 'demo');
  const ada = new MessengerUser('ada', path.join(folder, 'ada'), net.networkFile);
  const bob = new MessengerUser('bob', path.join(folder, 'bob'), net.networkFile);
  try {
    await ada.call('profile.create', { name: 'Ada', avatar: null });
    await bob.call('profile.create', { name: 'Bob', avatar: null });
    const invite = await ada.call('code.create', { kind: 'invite', lifetimeMs: 3_600_000 });
    await ada.hear('code', ({ id, isReady }) => id === invite.id && isReady);
    const asked = await bob.call('code.use', { text: invite.text });
    expect(asked).toMatchObject({ state: 'requested', via: 'their_invite' });

    const [request] = await ada.hear('requests', (list) => list.length === 1);
    expect(request).toMatchObject({ name: 'Bob', kind: 'invite' });
    const accepted = await ada.call('request.accept', { id: request?.id ?? 0 });
    expect(accepted).toMatchObject({ name: 'Bob', state: 'accepted', via: 'own_invite' });
    await bob.hear('contact', ({ name, state }) => name === 'Ada' && state === 'accepted');

    await bob.call('settings.set', { tellsRead: true });
    const sent = await ada.call('chat.send', { contact: accepted.id, text: 'Is it you?' });
    expect(sent.delivery?.state).toBe('queued');
    const came = await bob.hear('chat.message', ({ text }) => text === 'Is it you?');
    await bob.call('chat.send', { contact: asked.id, text: 'It is.' });
    await ada.hear('chat.message', ({ text, isOwn }) => text === 'It is.' && !isOwn);
    const isIn = (state: string) => (one: typeof sent) =>
      one.id === sent.id && one.delivery?.state === state;
    await ada.hear('chat.message', isIn('delivered'));
    await bob.call('conversation.read', { contact: asked.id, upTo: came.id });
    await ada.hear('chat.message', isIn('read'));

    const own = await ada.call('contact.safety', { id: accepted.id });
    const his = await bob.call('contact.safety', { id: asked.id });
    expect(own.digits).toBe(his.digits);
    const args = { id: accepted.id, text: his.scan };
    expect(await ada.call('contact.scan', args)).toEqual({ outcome: 'match' });

    await Promise.all([ada.restart('end'), bob.restart('kill')]);
    const page = await bob.call('chat.page', { contact: asked.id, limit: 50 });
    expect(page.messages.map(({ text }) => text).filter((text) => text !== '')).toEqual([
      'Is it you?',
      'It is.',
    ]);
    await bob.call('chat.send', { contact: asked.id, text: 'Still there?' });
    await ada.hear('chat.message', ({ text, isOwn }) => text === 'Still there?' && !isOwn);
    expect((await ada.call('code.list', {}))[0]).toMatchObject({
      state: 'used',
      contact: accepted.id,
    });
    await ada.call('code.create', { kind: 'address', lifetimeMs: 3_600_000 });
    await expect(bob.call('code.use', { text: invite.text })).rejects.toThrow('bad_code');
    await expect(bob.call('code.use', { text: 'Is it you?' })).rejects.toThrow('bad_code');
    await Promise.all([ada.end(), bob.end()]);
    checkOutput(ada, bob);
  } finally {
    await Promise.all([ada.end(), bob.end()]);
    await net.end();
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);

it('everything arrives once between engines that are killed, half the time amid a transaction', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-kills-'));
  const told: string[] = [];
  try {
    const result = await runKills({
      folder,
      random: seededRandom('kills'),
      traffic: 'demo',
      messages: 20,
      kills: 2,
      loss: 0.1,
      pauseMs: 300,
      untilMs: monotonicMs() + UNTIL_MS_MAX,
      nowMs: monotonicMs,
      say: (text) => told.push(text),
    });
    expect(result, told.join('; ')).toMatchObject({
      arrivedOnce: 20,
      missing: 0,
      twice: 0,
      delivered: 20,
      statesThatWentBack: 0,
      untrue: 0,
    });
    expect(result.kills).toBeGreaterThanOrEqual(4);
    expect(2 * result.killsInside).toBeGreaterThanOrEqual(result.kills);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);
