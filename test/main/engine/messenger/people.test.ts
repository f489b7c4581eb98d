// How people become contacts and stay it: codes and what is wrong with them, requests and what may
// be done with them, blocking, names. Over a network of real client roles on virtual time.
import { beforeAll, describe, expect, it } from 'vitest';
import { CallFailure } from '../../../../main/engine/call-failure.ts';
import { transaction } from '../../../../main/store/handle.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { befriend, createUsers, linesOf } from '../../../support/messenger-friends.ts';
import { MessengerRun, runWorld } from '../../../support/messenger-run.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

const HOUR_MS = 3_600_000;
const users = <N extends string>(seed: string, names: readonly N[]) =>
  createUsers(engine, memoryFolder(), seed, names);

/** The state of the own message with this text. */
const stateOf = async (run: MessengerRun, contact: number, words: string) => {
  const { messages } = await run.call('chat.page', { contact, limit: 100 });
  return messages.find(({ text }) => text === words)?.delivery?.state;
};

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (error instanceof CallFailure) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a profile', () => {
  it('is made once, with a name that can be seen and a picture that is one', async () => {
    const { world, folder } = await users('profile', []);
    const ada = new MessengerRun(world, { name: 'ada', folder });
    expect(await ada.call('profile.get', {})).toMatchObject({ name: null, avatar: null });
    const create = (name: string, avatar: string | null) =>
      codeOf(ada.call('profile.create', { name, avatar }));
    expect(await create('\u202eAda', null)).toMatch('bad_name');
    expect(await create('Ada', 'bm90IGEgcGljdHVyZQ')).toMatch('bad_avatar');
    await ada.call('profile.create', { name: 'Ada', avatar: null });
    expect(await create('Eve', null)).toMatch('profile_exists');
    expect(ada.heard('profile')).toHaveLength(1);
  });
});

describe('a code', () => {
  it('says of every wrong one what is wrong with it', async () => {
    const { world, ada, bob } = await users('codes', ['ada', 'bob']);
    const { text, id } = await ada.call('code.create', { kind: 'invite', lifetimeMs: HOUR_MS });
    const reason = async (pasted: string, who = bob) => {
      const checked = await who.call('code.check', { text: pasted });
      return checked.ok ? checked.kind : checked.reason;
    };
    expect(await reason(`<${text}>.`)).toBe('invite');
    expect(await reason('')).toBe('empty');
    expect(await reason('hello')).toBe('not_a_code');
    expect(await reason('eddy:n/abc')).toBe('network_link');
    expect(await reason(text.slice(0, -40))).toBe('truncated');
    const swapped = text.slice(0, 90) + (text[90] === 'A' ? 'B' : 'A') + text.slice(91);
    expect(await reason(swapped)).toBe('altered');
    expect(await reason(text, ada)).toBe('own');
    expect(await codeOf(ada.call('code.use', { text }))).toBe('bad_code text: own');
    const brief = await ada.call('code.create', { kind: 'address', lifetimeMs: 60_000 });
    world.sleep(120_000);
    await runWorld(world, 3_000);
    expect(await reason(brief.text)).toBe('expired');
    const asked = await bob.call('code.use', { text });
    expect(await bob.call('code.check', { text })).toMatchObject({
      reason: 'reused',
      contact: asked.id,
    });
    expect(await ada.call('code.list', {})).toMatchObject([
      { id, state: 'open', isReady: true },
      { id: brief.id, state: 'expired' },
    ]);
    const withdrawn = await ada.call('code.create', { kind: 'address', lifetimeMs: HOUR_MS });
    expect(await ada.call('code.withdraw', { id: withdrawn.id })).toMatchObject({
      state: 'withdrawn',
    });
  });

  it('that was withdrawn brings nobody in', async () => {
    const { world, ada, bob } = await users('withdrawn', ['ada', 'bob']);
    const { text, id } = await ada.call('code.create', { kind: 'invite', lifetimeMs: HOUR_MS });
    await runWorld(world, 2_000);
    await ada.call('code.withdraw', { id });
    await bob.call('code.use', { text });
    await runWorld(world, 15_000);
    expect(await ada.call('request.list', {})).toEqual([]);
    expect(await ada.call('contact.list', {})).toEqual([]);
  });
});

describe('a request', () => {
  it('is answered by nothing until it is accepted, nor when it is declined', async () => {
    const { world, ada, bob } = await users('request', ['ada', 'bob']);
    const { text } = await ada.call('code.create', { kind: 'address', lifetimeMs: HOUR_MS });
    await runWorld(world, 2_000);
    const asked = await bob.call('code.use', { text });
    await runWorld(world, 15_000);
    const [request] = await ada.call('request.list', {});
    expect(request).toMatchObject({ name: 'bob', kind: 'address' });
    expect(ada.db.prepare('SELECT count(*) AS n FROM outgoing').get()).toEqual({ n: 0 });
    const words = { contact: asked.id, text: 'Hello?' };
    expect(await codeOf(bob.call('chat.send', words))).toMatch('not_accepted');
    await ada.call('request.decline', { id: request?.id ?? 0 });
    await runWorld(world, 5_000);
    expect(ada.db.prepare('SELECT count(*) AS n FROM outgoing').get()).toEqual({ n: 0 });
    expect(await bob.call('contact.get', { id: asked.id })).toMatchObject({ state: 'requested' });
  });

  it('needs no word where both have asked', async () => {
    const { world, ada, bob } = await users('both', ['ada', 'bob']);
    const life = { kind: 'invite', lifetimeMs: HOUR_MS } as const;
    const codes = [await ada.call('code.create', life), await bob.call('code.create', life)];
    await runWorld(world, 2_000);
    await ada.call('code.use', { text: codes[1]?.text ?? '' });
    await bob.call('code.use', { text: codes[0]?.text ?? '' });
    await runWorld(world, 30_000);
    for (const run of [ada, bob]) {
      expect(await run.call('contact.list', {})).toMatchObject([{ state: 'accepted' }]);
      expect(await run.call('request.list', {})).toEqual([]);
    }
    await ada.call('chat.send', { contact: 1, text: 'both' });
    await bob.call('chat.send', { contact: 1, text: 'wanted it' });
    await runWorld(world, 15_000);
    expect(await linesOf(ada)).toEqual(['(accepted)', 'both', 'wanted it']);
    expect(await linesOf(bob)).toEqual(expect.arrayContaining(['both', 'wanted it']));
  });
});

describe('a one-time invite', () => {
  it('lets one person in: who else asked by it is dropped, whoever he is', async () => {
    const { world, ada, bob, eve } = await users('one invite', ['ada', 'bob', 'eve']);
    const { text } = await ada.call('code.create', { kind: 'invite', lifetimeMs: HOUR_MS });
    await runWorld(world, 2_000);
    await bob.call('code.use', { text });
    const asked = await eve.call('code.use', { text });
    await runWorld(world, 30_000, () => ada.heard('requests').at(-1)?.length === 2);
    const requests = await ada.call('request.list', {});
    const idOf = (name: string) => requests.find((one) => one.name === name)?.id ?? 0;
    // Both at once, as two windows could.
    const [first, second] = await Promise.allSettled([
      ada.call('request.accept', { id: idOf('bob') }),
      ada.call('request.accept', { id: idOf('eve') }),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'unknown_request' } });
    expect(ada.heard('requests').at(-1)).toEqual([]);
    await runWorld(world, 15_000);
    expect(await ada.call('contact.list', {})).toMatchObject([{ name: 'bob' }]);
    expect(await eve.call('contact.get', { id: asked.id })).toMatchObject({ state: 'requested' });
  });

  it('that let somebody in is refused to a request that waits all the same', async () => {
    const { world, ada, bob } = await users('used invite', ['ada', 'bob']);
    const { text } = await ada.call('code.create', { kind: 'invite', lifetimeMs: HOUR_MS });
    await runWorld(world, 2_000);
    await bob.call('code.use', { text });
    await runWorld(world, 30_000, () => ada.heard('requests').length > 0);
    transaction(ada.db, ({ exec }) => exec("UPDATE code SET state = 'used'"));
    const [request] = await ada.call('request.list', {});
    const accepted = codeOf(ada.call('request.accept', { id: request?.id ?? 0 }));
    expect(await accepted).toMatch('code_used');
    expect(await ada.call('contact.list', {})).toEqual([]);
  });
});

describe('a stranger who is blocked', () => {
  it('is listed, and may ask again once he is unblocked', async () => {
    const { world, ada, eve } = await users('stranger', ['ada', 'eve']);
    const { text } = await ada.call('code.create', { kind: 'address', lifetimeMs: HOUR_MS });
    await runWorld(world, 2_000);
    const ask = async () => {
      const { id } = await eve.call('code.use', { text });
      await runWorld(world, 15_000);
      await eve.call('contact.remove', { id });
      return await ada.call('request.list', {});
    };
    const [request] = await ask();
    await ada.call('request.block', { id: request?.id ?? 0 });
    const blocked = await ada.call('request.blocked', {});
    expect(blocked).toMatchObject([{ name: 'eve', pair: request?.pair }]);
    expect(blocked[0]?.sinceUnixMs).toBeGreaterThan(0);
    expect(await ask()).toEqual([]);
    const id = blocked[0]?.id ?? 0;
    await ada.call('request.unblock', { id });
    expect(await ada.call('request.blocked', {})).toEqual([]);
    expect(await codeOf(ada.call('request.unblock', { id }))).toMatch('unknown_stranger');
    expect(await ask()).toMatchObject([{ name: 'eve' }]);
  });
});

describe('keys of a contact that changed', () => {
  /** A request to `ada` that `bob` signs and that names other keys to agree with. */
  async function askWithOtherKeys(seed: string) {
    const { world, ada, bob, eve } = await users(seed, ['ada', 'bob', 'eve']);
    const [bobId] = await befriend(world, ada, bob);
    const { text } = await ada.call('code.create', { kind: 'address', lifetimeMs: HOUR_MS });
    await runWorld(world, 2_000);
    const identityOf = ({ db }: MessengerRun) =>
      (db.prepare('SELECT identity FROM profile').get() as { identity: Uint8Array }).identity;
    const mixed = identityOf(eve).slice();
    // Version, the seed that signs, the secret that agrees.
    mixed.set(identityOf(bob).subarray(0, 33));
    transaction(eve.db, ({ prepare }) => prepare('UPDATE profile SET identity = ?').run(mixed));
    eve.kill();
    const ask = async () => {
      const { id } = await eve.call('code.use', { text });
      await runWorld(world, 20_000);
      await eve.call('contact.remove', { id });
      return await ada.call('contact.get', { id: bobId });
    };
    return { ada, bobId, ask };
  }

  it('take the verified mark away in the same step, until the number is compared', async () => {
    const { ada, bobId, ask } = await askWithOtherKeys('verified keys');
    await ada.call('contact.verify', { id: bobId, isVerified: true });
    const told = ada.heard('contact').length;
    expect(await ask()).toMatchObject({ verifiedUnixMs: null, keysChange: { wasVerified: true } });
    // Nobody hears of the one without the other.
    expect(ada.heard('contact').slice(told)).toMatchObject([
      { verifiedUnixMs: null, keysChange: { wasVerified: true } },
    ]);
    expect(await linesOf(ada, bobId)).toEqual(['(accepted)', '(verified)', '(keys_changed)']);
    expect(ada.heard('conversation').at(-1)).toMatchObject({ contact: bobId, isVerified: false });
    // Once more says nothing new.
    expect(await ask()).toMatchObject({ keysChange: { wasVerified: true } });
    expect(await linesOf(ada, bobId)).toHaveLength(3);
    const verified = await ada.call('contact.verify', { id: bobId, isVerified: true });
    expect(verified).toMatchObject({ keysChange: null });
    expect(verified.verifiedUnixMs).not.toBeNull();
  });

  it('are said of somebody who was not verified, without a word of that', async () => {
    const { ada, bobId, ask } = await askWithOtherKeys('other keys');
    expect(await ask()).toMatchObject({ keysChange: { wasVerified: false } });
    expect(await linesOf(ada, bobId)).toEqual(['(accepted)', '(keys_changed)']);
  });
});

describe('a contact who has lost this one', () => {
  it('asks by another code, which the chat says of him', async () => {
    const { world, ada, bob } = await users('asked again', ['ada', 'bob']);
    const [bobId, adaOfBob] = await befriend(world, ada, bob);
    await bob.call('contact.remove', { id: adaOfBob });
    const { text } = await ada.call('code.create', { kind: 'invite', lifetimeMs: HOUR_MS });
    await runWorld(world, 2_000);
    const { id } = await bob.call('code.use', { text });
    await runWorld(world, 30_000);
    expect(await linesOf(ada, bobId)).toEqual(['(accepted)', '(asked_again)']);
    expect(await bob.call('contact.get', { id })).toMatchObject({ state: 'accepted' });
  });
});

describe('a contact', () => {
  it('who is blocked is not heard, and the others are told a new token', async () => {
    const { world, ada, bob, eve } = await users('block', ['ada', 'bob', 'eve']);
    const [eveId, adaOfEve] = await befriend(world, ada, eve);
    const [bobId, adaOfBob] = await befriend(world, ada, bob);
    const before = ada.role.address()?.token;
    await ada.call('chat.send', { contact: eveId, text: 'on its way' });
    await ada.call('contact.block', { id: eveId });
    expect(await stateOf(ada, eveId, 'on its way')).toBe('not_confirmed');
    await runWorld(world, 30_000);
    expect(await linesOf(eve, adaOfEve)).not.toContain('on its way');
    expect(ada.role.address()?.token).not.toEqual(before);
    expect(ada.db.prepare('SELECT * FROM contacts_token').all()).toEqual([]);
    await eve.call('chat.send', { contact: adaOfEve, text: 'Listen!' });
    await bob.call('chat.send', { contact: adaOfBob, text: 'still here' });
    await runWorld(world, 15_000);
    const texts = (contact: number) => linesOf(ada, contact);
    expect(await texts(eveId)).not.toContain('Listen!');
    expect(await texts(bobId)).toContain('still here');
    await ada.call('contact.unblock', { id: eveId });
    expect(await stateOf(ada, eveId, 'on its way')).toBe('not_confirmed');
    await runWorld(world, 15_000);
    const { messages } = await ada.call('chat.page', { contact: eveId, limit: 10 });
    const { id } = messages.find(({ text }) => text === 'on its way') ?? { id: 0 };
    await ada.call('chat.again', { id });
    await runWorld(world, 20_000);
    expect(await stateOf(ada, eveId, 'on its way')).toBe('delivered');
    await eve.call('chat.send', { contact: adaOfEve, text: 'Thank you.' });
    await runWorld(world, 20_000);
    expect(await texts(eveId)).toContain('Thank you.');
  });

  it('hears of another name, and has the same safety number', async () => {
    const { world, ada, bob } = await users('names', ['ada', 'bob']);
    const [bobId, adaOfBob] = await befriend(world, ada, bob);
    await ada.call('profile.set', { name: 'Countess' });
    await runWorld(world, 15_000);
    expect(await bob.call('contact.get', { id: adaOfBob })).toMatchObject({
      name: 'Countess',
      provider: expect.stringMatching(/./),
    });
    expect(await linesOf(bob)).toContain('(renamed)');
    await bob.call('contact.set', { id: adaOfBob, alias: 'Ada L.' });
    expect(await bob.call('contact.get', { id: adaOfBob })).toMatchObject({
      name: 'Ada L.',
      theirName: 'Countess',
    });
    const own = await ada.call('contact.safety', { id: bobId });
    const his = await bob.call('contact.safety', { id: adaOfBob });
    expect(own.digits).toMatch(/^\d{60}$/);
    expect(his.digits).toBe(own.digits);
    const scan = (text: string) => ada.call('contact.scan', { id: bobId, text });
    expect(await scan(own.scan)).toEqual({ outcome: 'own' });
    expect(await scan('eddy:s/AAAA')).toEqual({ outcome: 'not_a_number' });
    expect(await scan(his.scan)).toEqual({ outcome: 'match' });
    expect((await ada.call('contact.get', { id: bobId }))?.verifiedUnixMs).not.toBeNull();
    await ada.call('contact.remove', { id: bobId });
    expect(await ada.call('contact.list', {})).toEqual([]);
  });
});
