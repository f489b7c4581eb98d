// Contacts under whose address nobody can be agreed with: they are refused, and one that is stored
// all the same holds up nobody else. Over a network of real client roles on virtual time.
import { beforeAll, describe, expect, it } from 'vitest';
import { ATTEMPTS_MAX } from '../../../../main/engine/messenger/arrivals.ts';
import { PUT_OFF_MS } from '../../../../main/engine/messenger/due.ts';
import { RECEIVED_AGAIN_MS } from '../../../../main/mixnet/client/contract.ts';
import { type SqlValue, transaction } from '../../../../main/store/handle.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { encodeSequence, NOTHING_RECEIVED } from '../../../../shared/message/sequence.ts';
import { encodeMailboxAddress, type MailboxAddress } from '../../../../shared/network/address.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { befriend, createUsers, linesOf } from '../../../support/messenger-friends.ts';
import { type MessengerRun, runWorld } from '../../../support/messenger-run.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

const users = <N extends string>(seed: string, names: readonly N[]) =>
  createUsers(engine, memoryFolder(), seed, names, 'sphinx');

const weak = (address: MailboxAddress): MailboxAddress => ({
  ...address,
  mailboxKey: new Uint8Array(32).with(0, 1),
});

/** His program names an address from now on whose key is of low order. */
function weaken(run: MessengerRun): void {
  const address = run.role.address.bind(run.role);
  const weakened = () => {
    const own = address();
    return own === null ? null : weak(own);
  };
  Object.defineProperty(run.role, 'address', { value: weakened });
}

function change(run: MessengerRun, sql: string, ...values: SqlValue[]): void {
  transaction(run.db, ({ prepare }) => prepare(sql).run(...values));
}

/** What `run` has stored of a contact's address. */
function addressOf(run: MessengerRun, contact: number): Uint8Array {
  const row = run.db.prepare('SELECT address FROM contact WHERE id = ?').get(contact);
  return (row as { address: Uint8Array }).address;
}

/** As a store may have it from a program that did not look; gives what was there. */
function plant(run: MessengerRun, contact: number, of: MessengerRun): Uint8Array {
  const before = addressOf(run, contact);
  const address = of.role.address();
  if (address === null) throw new Error('he has a mailbox by now');
  put(run, contact, encodeMailboxAddress(weak(address)));
  return before;
}
const put = (run: MessengerRun, contact: number, address: Uint8Array) =>
  change(run, 'UPDATE contact SET address = ? WHERE id = ?', address, contact);

/** Messages that the messenger has not taken. */
const waiting = (run: MessengerRun) =>
  (run.db.prepare('SELECT count(*) AS n FROM incoming').get() as { n: number }).n;

const deliveryOf = async (run: MessengerRun, contact: number, text: string) => {
  const { messages } = await run.call('chat.page', { contact, limit: 100 });
  return messages.find((line) => line.text === text)?.delivery?.state;
};

describe('an address whose key is of low order', () => {
  it('is refused in an acceptance', async () => {
    const { world, ada, eve } = await users('weak acceptance', ['ada', 'eve']);
    const { text } = await eve.call('code.create', { kind: 'invite', lifetimeMs: 3_600_000 });
    await runWorld(world, 2_000);
    const { id } = await ada.call('code.use', { text });
    await runWorld(world, 60_000, () => eve.heard('requests').length > 0);
    weaken(eve);
    const [request] = await eve.call('request.list', {});
    await eve.call('request.accept', { id: request?.id ?? 0 });
    const came = ada.cameIn.length;
    await runWorld(world, 30_000, () => ada.cameIn.length > came);
    await runWorld(world, 1_000);
    expect(ada.cameIn.length).toBeGreaterThan(came);
    expect(await ada.call('contact.get', { id })).toMatchObject({ state: 'requested' });
    expect(waiting(ada)).toBe(0);
  });

  it('is refused where a contact moves to it or begins anew with it', async () => {
    const { world, ada, bob } = await users('weak move', ['ada', 'bob']);
    const [bobId, adaId] = await befriend(world, ada, bob);
    const before = addressOf(ada, bobId);
    weaken(bob);
    change(bob, 'UPDATE contact SET told_token = NULL');
    await bob.call('profile.set', { name: 'Robert' });
    await runWorld(world, 15_000);
    await bob.call('contact.reset', { id: adaId });
    await runWorld(world, 15_000);
    // The name came after the address.
    expect(await ada.call('contact.get', { id: bobId })).toMatchObject({ name: 'Robert' });
    expect(addressOf(ada, bobId)).toEqual(before);
    expect(waiting(ada)).toBe(0);
    await ada.call('chat.send', { contact: bobId, text: 'still here' });
    await runWorld(world, 15_000);
    expect(await linesOf(bob, adaId)).toContain('still here');
  });
});

describe('a contact who cannot be written to', () => {
  it('holds up nothing that is due to others, and hears later', async () => {
    const { world, ada, bob, eve } = await users('weak stored', ['ada', 'bob', 'eve']);
    const [bobId, adaOfBob] = await befriend(world, ada, bob);
    const [, adaOfEve] = await befriend(world, ada, eve);
    const before = plant(ada, bobId, bob);
    await ada.call('profile.set', { name: 'Countess' });
    await bob.call('chat.send', { contact: adaOfBob, text: 'of bob' });
    await runWorld(world, 3_000);
    await eve.call('chat.send', { contact: adaOfEve, text: 'of eve' });
    await runWorld(world, 25_000);
    expect(await linesOf(eve, adaOfEve)).toContain('(renamed)');
    expect(await deliveryOf(eve, adaOfEve, 'of eve')).toBe('delivered');
    expect(await deliveryOf(bob, adaOfBob, 'of bob')).toBe('at_provider');
    put(ada, bobId, before);
    world.sleep(PUT_OFF_MS);
    await runWorld(world, 75_000, () => bob.heard('contact').at(-1)?.name === 'Countess');
    await runWorld(world, 5_000);
    expect(await linesOf(bob, adaOfBob)).toContain('(renamed)');
    expect(await deliveryOf(bob, adaOfBob, 'of bob')).toBe('delivered');
  });

  it('fills no inbox with what would have to be answered', async () => {
    const { world, ada, bob } = await users('weak answer', ['ada', 'bob']);
    const [bobId, adaId] = await befriend(world, ada, bob);
    plant(ada, bobId, bob);
    // Bob's program asks for what Ada never sent, so that hers has to say so.
    const link = { hash: new Uint8Array(16).fill(1), previousHash: new Uint8Array(16).fill(2) };
    const state = { ...NOTHING_RECEIVED, ahead: [{ sequence: 9, ...link }] };
    const values = [adaId, 77, encodeSequence(state), bob.now.unixMs, 0, bob.now.unixMs, null];
    change(bob, 'INSERT INTO incoming_stream VALUES (?, ?, ?, ?, ?, ?, ?)', ...values);
    await bob.call('chat.send', { contact: adaId, text: 'hello' });
    await runWorld(world, 30_000, () => waiting(ada) > 0);
    expect(waiting(ada)).toBe(1);
    // He would ask again, which ends alike.
    bob.end();
    await runWorld(world, (ATTEMPTS_MAX + 1) * RECEIVED_AGAIN_MS, () => waiting(ada) === 0);
    expect(waiting(ada)).toBe(0);
    expect(await linesOf(ada, bobId)).toContain('hello');
  });
});
