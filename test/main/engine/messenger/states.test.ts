// What a user sees of an own message on its way: each state when it is known, none that goes back,
// and what can be done about those that ask for it. Over real client roles on virtual time.
import { beforeAll, describe, expect, it } from 'vitest';
import { transaction } from '../../../../main/store/handle.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { createFriends, linesOf, providerOf, say } from '../../../support/messenger-friends.ts';
import { type MessengerRun, runWorld } from '../../../support/messenger-run.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

const friends = (seed: string) => createFriends(engine, seed);
const statesOf = (run: MessengerRun, id: number) =>
  run
    .heard('chat.message')
    .filter((one) => one.id === id && one.delivery !== null)
    .map(({ delivery }) => `${delivery?.state} ${delivery?.tryCount}`);

describe('a message', () => {
  it('is read only where its reader tells that', async () => {
    const { world, ada, bob } = await friends('read');
    const first = await say(ada, 'one');
    await runWorld(world, 15_000);
    const readAll = async () => {
      const { messages } = await bob.call('chat.page', { contact: 1, limit: 10 });
      await bob.call('conversation.read', { contact: 1, upTo: messages.at(-1)?.id ?? 0 });
    };
    await readAll();
    await runWorld(world, 10_000);
    expect(statesOf(ada, first.id).at(-1)).toBe('delivered 1');
    await bob.call('contact.set', { id: 1, tellsRead: true });
    const second = await say(ada, 'two');
    await runWorld(world, 15_000);
    await readAll();
    await runWorld(world, 10_000);
    expect(statesOf(ada, first.id).at(-1)).toBe('delivered 1');
    expect(statesOf(ada, second.id)).toEqual([
      'queued 1',
      'in_the_mix 1',
      'at_provider 1',
      'delivered 1',
      'read 1',
    ]);
  });

  it('that waits to leave is told anew when the link goes, and when it is back', async () => {
    const { world, ada } = await friends('outlook');
    const own = providerOf(ada);
    const ids: number[] = [];
    for (let index = 0; index < 12; index++) ids.push((await say(ada, `${index}`)).id);
    const last = ids.at(-1) ?? 0;
    world.setUp(own, false);
    await runWorld(world, 3_000);
    expect(statesOf(ada, last)).toEqual(['queued 1', 'waiting 1']);
    world.setUp(own, true);
    await runWorld(world, 4_000, () => statesOf(ada, last).length > 2);
    expect(statesOf(ada, last)[2]).toBe('queued 1');
    const [row] = ada.heard('conversation').slice(-1);
    expect(row?.last?.delivery?.state).not.toBe('waiting');
  });

  it('waits without a network, is tried again, ends as not confirmed, and goes again', async () => {
    const { world, ada, bob } = await friends('tries');
    world.setUp(providerOf(ada), false);
    await runWorld(world, 2_000);
    const { id, delivery } = await say(ada, 'hello');
    expect(delivery).toMatchObject({ state: 'waiting', leavesInMs: null });
    world.setUp(providerOf(ada), true);
    for (const layer of world.topology.layers) {
      for (const { peer } of layer) world.loss.set(peer, 1);
    }
    await runWorld(world, 240_000, () => statesOf(ada, id).at(-1)?.startsWith('not_') ?? false);
    const states = statesOf(ada, id);
    expect(states.slice(-6)).toEqual([
      'in_the_mix 1',
      'retrying 2',
      'retrying 3',
      'retrying 4',
      'retrying 5',
      'not_confirmed 1',
    ]);
    world.loss.clear();
    await expect(ada.call('chat.cancel', { id })).rejects.toThrow('left');
    expect((await ada.call('chat.again', { id })).delivery?.state).toBe('queued');
    await runWorld(world, 30_000);
    expect(statesOf(ada, id).at(-1)).toBe('delivered 1');
    expect((await linesOf(bob)).filter((line) => line === 'hello')).toHaveLength(1);
    await expect(ada.call('chat.again', { id })).rejects.toThrow('under way');
  });

  it('that is sent once more and cancelled stays, and keeps its place in the count', async () => {
    const { world, ada, bob } = await friends('once more');
    await say(ada, 'before');
    await runWorld(world, 20_000);
    for (const layer of world.topology.layers) {
      for (const { peer } of layer) world.loss.set(peer, 1);
    }
    const { id } = await say(ada, 'perhaps there');
    await runWorld(world, 240_000, () => statesOf(ada, id).at(-1)?.startsWith('not_') ?? false);
    world.setUp(providerOf(ada), false);
    await ada.call('chat.again', { id });
    await ada.call('chat.cancel', { id });
    expect(statesOf(ada, id).slice(-2)).toEqual(['waiting 1', 'not_confirmed 1']);
    expect(await linesOf(ada)).toContain('perhaps there');
    await expect(ada.call('chat.cancel', { id })).rejects.toThrow('left');
    const { id: next } = await say(ada, 'after');
    const places = ada.db.prepare('SELECT sequence FROM outgoing_content WHERE message = ?');
    const [first, second] = [places.get(id), places.get(next)] as { sequence: number }[];
    expect(second?.sequence).toBe((first?.sequence ?? 0) + 1);
    // Taking back what has never left leaves the count of what was sent once more alone.
    await ada.call('chat.again', { id });
    await ada.call('chat.cancel', { id: next });
    expect(places.get(id)).toEqual(first);
    world.loss.clear();
    world.setUp(providerOf(ada), true);
    await runWorld(world, 60_000);
    expect(statesOf(ada, id).at(-1)).toBe('delivered 1');
    const lines = (await linesOf(bob)).filter((line) => !line.startsWith('('));
    expect(lines).toEqual(['before', 'perhaps there']);
    expect(await linesOf(bob)).not.toContain('(profile_copied)');
  });

  it('expires where its provider keeps it no longer, and arrives when it is sent again', async () => {
    const { world, ada, bob } = await friends('expiry');
    world.remove(bob.peer);
    const { id } = await say(ada, 'hello');
    await runWorld(world, 15_000);
    expect(statesOf(ada, id).at(-1)).toBe('at_provider 1');
    const [row] = ada.db
      .prepare('SELECT expires_unix_ms AS at FROM outgoing_content WHERE message IS NOT NULL')
      .all() as { at: number }[];
    // The world's providers say a million seconds.
    expect(row?.at).toBeGreaterThan(ada.now.unixMs + 0.9e9);
    // The time has passed, as far as this row is concerned.
    transaction(ada.db, (write) =>
      write.exec('UPDATE outgoing_content SET expires_unix_ms = 1 WHERE message IS NOT NULL'),
    );
    await ada.call('conversation.list', {});
    await runWorld(world, 5_000);
    expect(statesOf(ada, id).at(-1)).toBe('expired 1');
    bob.kill();
    await runWorld(world, 5_000);
    await ada.call('chat.again', { id });
    await runWorld(world, 30_000);
    expect((await linesOf(bob)).filter((line) => line === 'hello')).toHaveLength(1);
    expect(statesOf(ada, id).at(-1)).toBe('delivered 1');
  });
});
