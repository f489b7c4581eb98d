// Resets that come in another order than they were begun in: no copy of a profile where there is
// none, and one where there is. Over real client roles on virtual time.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { STALE_MS } from '../../../../main/engine/messenger/receiving.ts';
import { transaction } from '../../../../main/store/handle.ts';
import { createSessionStore } from '../../../../main/store/session-store.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import type { ClientWorld } from '../../../support/client-world.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { createFriends, linesOf, say } from '../../../support/messenger-friends.ts';
import { type MessengerRun, runWorld } from '../../../support/messenger-run.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

function lose(world: ClientWorld, probability: number): void {
  for (const { peer } of world.topology.layers.flat()) world.loss.set(peer, probability);
}
const handshakesOf = (run: MessengerRun) =>
  run.db.prepare("SELECT sent FROM outgoing_content WHERE kind = 'handshake'").all();

const change = (run: MessengerRun, sql: string) =>
  transaction(run.db, ({ prepare }) => prepare(sql).run());

/** As if the sessions with the first contact had been there for so much longer. */
function establishEarlier(run: MessengerRun, ms: number): void {
  const store = createSessionStore(run.db, engine);
  transaction(run.db, () => {
    const before = store.load(1);
    const sessions = before.sessions.map((one) => ({
      ...one,
      establishedUnixMs: one.establishedUnixMs - ms,
    }));
    store.save(1, before, { ...before, sessions });
  });
}

describe('a reset that is older than what was agreed on since', () => {
  it('is of no copy where both began one at once', async () => {
    const { world, ada, bob } = await createFriends(engine, 'both reset');
    lose(world, 1);
    await ada.call('contact.reset', { id: 1 });
    await runWorld(world, 12_000);
    lose(world, 0);
    await bob.call('contact.reset', { id: 1 });
    await runWorld(world, 90_000);
    await say(ada, 'of ada');
    await say(bob, 'of bob');
    await runWorld(world, 15_000);
    for (const run of [ada, bob]) {
      const lines = await linesOf(run);
      expect(lines).toEqual(expect.arrayContaining(['of ada', 'of bob', '(session_reset)']));
      expect(lines).not.toContain('(profile_copied)');
      expect(handshakesOf(run)).toEqual([]);
    }
  });

  it('is of a copy where its sender has begun a newer one long ago', async () => {
    const { world, folder, ada, bob } = await createFriends(engine, 'copied reset');
    lose(world, 1);
    await ada.call('contact.reset', { id: 1 });
    await runWorld(world, 3_000);
    ada.db.checkpoint();
    const copy = path.join(folder, 'copy.db');
    cpSync(ada.file, copy);
    cpSync(`${ada.file}.check`, `${copy}.check`);
    // An hour later, without one: the network has no documents for it.
    change(ada, 'UPDATE contact SET reset_unix_ms = 0');
    await ada.call('contact.reset', { id: 1 });
    expect(handshakesOf(ada)).toHaveLength(1);
    lose(world, 0);
    await runWorld(world, 60_000, () => handshakesOf(ada).length === 0);
    await runWorld(world, 20_000);
    expect(await linesOf(ada)).toContain('(session_reset)');
    expect(await linesOf(bob)).not.toContain('(profile_copied)');
    establishEarlier(bob, STALE_MS);
    ada.end();
    ada.restart(copy);
    await runWorld(world, 60_000, () =>
      bob.heard('chat.message').some(({ note }) => note?.kind === 'profile_copied'),
    );
    expect(await linesOf(bob)).toContain('(profile_copied)');
  });
});
