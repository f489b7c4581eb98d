// A contact who makes counts up: his messages are shown, and what he never sent is asked for no
// more than one honest gap would be. Over real client roles on virtual time.
import { beforeAll, describe, expect, it } from 'vitest';
import { transaction } from '../../../../main/store/handle.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { STREAMS_MAX } from '../../../../shared/message/sequence.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { createFriends, linesOf, say } from '../../../support/messenger-friends.ts';
import { type MessengerRun, runWorld } from '../../../support/messenger-run.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

/** Says one thing in the second place of a count of its own, without a first. */
async function sayInStream(run: MessengerRun, stream: number, text: string): Promise<void> {
  transaction(run.db, ({ prepare }) => {
    const sql = 'UPDATE contact SET stream = ?, sequence = 1, last_hash = ?';
    prepare(sql).run(stream, new Uint8Array(16).fill(7));
  });
  await say(run, text);
}

const streamsOf = (run: MessengerRun) =>
  run.db.prepare('SELECT stream, ask_unix_ms AS at FROM incoming_stream ORDER BY stream').all() as {
    stream: number;
    at: number | null;
  }[];
const requestsOf = (run: MessengerRun) =>
  (
    run.db.prepare("SELECT count(*) AS n FROM outgoing_content WHERE kind = 'resend'").get() as {
      n: number;
    }
  ).n;
const gapsOf = async (run: MessengerRun) => {
  const { messages } = await run.call('chat.page', { contact: 1, limit: 100 });
  return messages.flatMap(({ note }) => (note?.kind === 'gap' ? [note] : []));
};

describe('streams that a contact makes up', () => {
  it('are asked about in the newest alone, one request at a time', async () => {
    const { world, ada, bob } = await createFriends(engine, 'streams');
    const first = streamsOf(bob)[0]?.stream ?? 0;
    const texts = Array.from({ length: 2 * STREAMS_MAX }, (_, place) => `text ${place}`);
    for (const [place, text] of texts.entries()) await sayInStream(ada, first + 1 + place, text);
    const isIn = () => texts.every((one) => bob.heard('chat.message').some((m) => m.text === one));
    await runWorld(world, 60_000, isIn);
    expect(streamsOf(bob).map(({ stream }) => stream)).toEqual(
      texts.map((_, place) => first + 1 + place).slice(-STREAMS_MAX),
    );
    // What Bob sends is lost on its way: requests pile up where nothing holds them back.
    const mixes = world.topology.layers.flat();
    for (const { peer } of mixes) world.loss.set(peer, 1);
    let most = 0;
    await runWorld(world, 60_000, () => {
      most = Math.max(most, requestsOf(bob));
      return false;
    });
    expect(most).toBe(1);
    for (const { peer } of mixes) world.loss.set(peer, 0);
    await runWorld(world, 240_000, () => streamsOf(bob).every(({ at }) => at === null));
    expect(streamsOf(bob).map(({ at }) => at)).toEqual(Array(STREAMS_MAX).fill(null));
    expect(await gapsOf(bob)).toEqual(texts.map(() => ({ kind: 'gap', count: 1, isLost: true })));
    expect(await linesOf(bob)).toEqual(expect.arrayContaining(texts));
  });

  it('take nothing from what is said in an older one', async () => {
    const { world, ada, bob } = await createFriends(engine, 'old stream');
    const first = streamsOf(bob)[0]?.stream ?? 0;
    for (let place = 0; place < STREAMS_MAX; place++) {
      await sayInStream(ada, first + 10 + place, `newer ${place}`);
    }
    await runWorld(world, 30_000, () => (streamsOf(bob)[0]?.stream ?? 0) === first + 10);
    await sayInStream(ada, first + 1, 'of an older count');
    await runWorld(world, 30_000, () =>
      bob.heard('chat.message').some(({ text }) => text === 'of an older count'),
    );
    expect(await linesOf(bob)).toContain('of an older count');
    expect(streamsOf(bob)).toHaveLength(STREAMS_MAX);
    expect(streamsOf(bob).some(({ stream }) => stream <= first + 1)).toBe(false);
  });
});
