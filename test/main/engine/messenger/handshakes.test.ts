// Handshakes whose messages are lost, or that nobody answers: both sides come to agree all the
// same, or are told that nothing came. Over real client roles on virtual time.
import { cpSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ACCEPTANCE_AGAIN_MS,
  HANDSHAKE_RESEND_MS_MAX,
} from '../../../../main/engine/messenger/delivery.ts';
import { FORGET_MS } from '../../../../main/engine/messenger/due.ts';
import { transaction } from '../../../../main/store/handle.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import type { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { createFriends, createUsers, linesOf, say } from '../../../support/messenger-friends.ts';
import { type MessengerRun, runWorld } from '../../../support/messenger-run.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

/** As the providers of this world keep mail. */
const RETENTION_MS = 1e9;
/** The timer of what is due looks at the clock this often. */
const TIMER_MS = 61_000;

const users = (seed: string) => createUsers(engine, memoryFolder(), seed, ['ada', 'bob']);

type Row = { sent: number | null; again: number | null; tries: number };
const handshakesOf = ({ db }: MessengerRun) =>
  db
    .prepare(
      `SELECT sent, again_unix_ms AS again, resend_count AS tries FROM outgoing_content
        WHERE kind = 'handshake'`,
    )
    .all() as Row[];

/** As if the wait for the next try were over. (A night would end the network's document.) */
function makeDue({ db, now }: MessengerRun): void {
  const set = "UPDATE outgoing_content SET again_unix_ms = ? WHERE kind = 'handshake'";
  transaction(db, ({ prepare }) => prepare(set).run(now.unixMs));
}

/** Of every packet that comes to a mix; pulls go on. */
function lose(world: ClientWorld, probability: number): void {
  for (const { peer } of world.topology.layers.flat()) world.loss.set(peer, probability);
}

/** Whether all that was sent is at its provider. */
const isStored = ({ db }: MessengerRun) => {
  const rows = db.prepare('SELECT sent FROM outgoing_content').all() as { sent: number | null }[];
  return rows.length > 0 && rows.every(({ sent }) => sent === null);
};

/**
 * Takes in what lies at its provider, with nothing of its own getting out, and is put back from a
 * copy of before.
 */
async function forget(world: ClientWorld, run: MessengerRun, isDone: () => boolean): Promise<void> {
  const { file } = run;
  const copy = copyOf(run);
  lose(world, 1);
  run.restart(file);
  await runWorld(world, 60_000, isDone);
  expect(isDone()).toBe(true);
  // Its pulls acknowledge what came.
  await runWorld(world, 3_000);
  run.end();
  run.told.length = 0;
  run.restart(copy);
  lose(world, 0);
}

function copyOf({ file }: MessengerRun): string {
  const copy = `${file}.copy`;
  for (const ending of ['', '.check']) cpSync(file + ending, copy + ending);
  return copy;
}

/** Bob has asked Ada, and waits. */
async function ask(world: ClientWorld, ada: MessengerRun, bob: MessengerRun): Promise<number> {
  const { text } = await ada.call('code.create', { kind: 'invite', lifetimeMs: 3_600_000 });
  await runWorld(world, 2_000);
  const { id } = await bob.call('code.use', { text });
  await runWorld(world, 60_000, () => ada.heard('requests').length > 0);
  await runWorld(world, 5_000);
  return id;
}

async function accept(ada: MessengerRun): Promise<number> {
  const [request] = await ada.call('request.list', {});
  return (await ada.call('request.accept', { id: request?.id ?? 0 })).id;
}

const isIn = (run: MessengerRun) => () => run.heard('contact').at(-1)?.state === 'accepted';

describe('an acceptance', () => {
  it('that its starter lost goes again by itself, until he writes', async () => {
    const { world, ada, bob } = await users('lost acceptance');
    const id = await ask(world, ada, bob);
    bob.end();
    await accept(ada);
    await runWorld(world, 60_000, () => isStored(ada));
    await forget(world, bob, isIn(bob));
    await say(ada, 'before he has it');
    await runWorld(world, 30_000);
    expect(await bob.call('contact.get', { id })).toMatchObject({ state: 'requested' });
    const [{ again } = { again: null }] = handshakesOf(ada);
    const waitMs = (again ?? 0) - ada.now.unixMs;
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(ACCEPTANCE_AGAIN_MS);
    makeDue(ada);
    await runWorld(world, TIMER_MS + 30_000, isIn(bob));
    await runWorld(world, 30_000);
    expect(await linesOf(bob, id)).toEqual(['(accepted)', 'before he has it']);
    expect(handshakesOf(ada)).toEqual([]);
    expect(ada.db.prepare('SELECT * FROM acceptance').all()).toEqual([]);
  });

  it('that comes again has its starter say again what was lost of his', async () => {
    const { world, ada, bob } = await users('unheard starter');
    await ask(world, ada, bob);
    await accept(ada);
    await runWorld(world, 60_000, () => isStored(ada));
    ada.end();
    await runWorld(world, 60_000, () => isIn(bob)() && isStored(bob));
    await forget(world, ada, () => handshakesOf(ada).length === 0);
    await runWorld(world, 30_000);
    expect(handshakesOf(ada)).toHaveLength(1);
    makeDue(ada);
    await runWorld(world, TIMER_MS + 60_000, () => handshakesOf(ada).length === 0);
    expect(handshakesOf(ada)).toEqual([]);
  });

  it('after which nothing comes is given up with the retention, which the chat says', async () => {
    const { world, ada, bob } = await users('unheard acceptance');
    await ask(world, ada, bob);
    world.remove(bob.peer);
    const id = await accept(ada);
    await runWorld(world, 60_000, () => handshakesOf(ada)[0]?.sent === null);
    world.sleep(RETENTION_MS);
    await runWorld(world, TIMER_MS);
    expect(handshakesOf(ada)).toEqual([]);
    const { messages } = await ada.call('chat.page', { contact: id, limit: 10 });
    const note = { kind: 'no_answer', to: 'acceptance' };
    expect(messages.map((line) => line.note)).toEqual([{ kind: 'accepted' }, note]);
  });
});

describe('a request or reset', () => {
  it('that is not confirmed is tried further, a day apart at most', async () => {
    const { world, ada, bob } = await users('not confirmed');
    const { text } = await ada.call('code.create', { kind: 'invite', lifetimeMs: 3_600_000 });
    await runWorld(world, 2_000);
    lose(world, 1);
    await bob.call('code.use', { text });
    // As if it had been tried for a month; after six tries it was given up.
    const set = 'UPDATE outgoing_content SET resend_count = 40';
    transaction(bob.db, ({ exec }) => exec(set));
    await runWorld(world, 180_000, () => (handshakesOf(bob)[0]?.again ?? null) !== null);
    const waitMs = (handshakesOf(bob)[0]?.again ?? 0) - bob.now.unixMs;
    expect(Math.abs(waitMs - HANDSHAKE_RESEND_MS_MAX)).toBeLessThan(1_000);
    makeDue(bob);
    await runWorld(world, TIMER_MS, () => handshakesOf(bob)[0]?.tries === 41);
    expect(handshakesOf(bob)).toMatchObject([{ tries: 41, again: null }]);
  });

  it('that nobody answers is given up with the retention, which chat and contact say', async () => {
    const { world, ada, bob } = await users('no answer');
    const id = await ask(world, ada, bob);
    expect(await bob.call('contact.get', { id })).toMatchObject({ isUnanswered: false });
    world.sleep(RETENTION_MS + 2 * FORGET_MS);
    await runWorld(world, TIMER_MS);
    const { messages } = await bob.call('chat.page', { contact: id, limit: 10 });
    expect(messages.map(({ note }) => note)).toEqual([{ kind: 'no_answer', to: 'request' }]);
    expect(bob.heard('contact').at(-1)).toMatchObject({ state: 'requested', isUnanswered: true });
    expect(handshakesOf(bob)).toEqual([]);
  });

  it('to a contact who is away is given up too, and the session before goes on', async () => {
    const { world, ada, bob } = await createFriends(engine, 'no answer to a reset');
    world.remove(bob.peer);
    await ada.call('contact.reset', { id: 1 });
    await runWorld(world, 20_000);
    world.sleep(RETENTION_MS + 2 * FORGET_MS);
    await runWorld(world, TIMER_MS);
    const { messages } = await ada.call('chat.page', { contact: 1, limit: 10 });
    expect(messages.at(-1)?.note).toEqual({ kind: 'no_answer', to: 'reset' });
    expect(await ada.call('contact.get', { id: 1 })).toMatchObject({ state: 'accepted' });
    await expect(say(ada, 'still here')).resolves.toMatchObject({ text: 'still here' });
  });
});
