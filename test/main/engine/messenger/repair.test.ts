// What is done where messages are lost, sessions do not fit, or a profile was copied: both sides
// come to agree again, and nothing is lost without a word. Over real client roles on virtual time.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BROKEN_MAX } from '../../../../main/engine/messenger/repair.ts';
import { noteWords } from '../../../../renderer/chat/note.ts';
import { speak } from '../../../../renderer/strings/language.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { SEQUENCE_RECENT_MAX } from '../../../../shared/message/sequence.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { createFriends, linesOf, providerOf, say } from '../../../support/messenger-friends.ts';
import { reused } from '../../../support/messenger-life.ts';
import { type MessengerRun, runWorld } from '../../../support/messenger-run.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

const friends = (seed: string) => createFriends(engine, seed);
const stateOf = async (run: MessengerRun, text: string) => {
  const { messages } = await run.call('chat.page', { contact: 1, limit: 100 });
  return messages.find((line) => line.text === text)?.delivery?.state;
};

/** What the window says of the newest reset in the chat with `name`. */
const resetWordsOf = async (run: MessengerRun, name: string) => {
  const { messages } = await run.call('chat.page', { contact: 1, limit: 100 });
  const note = messages.findLast((line) => line.note?.kind === 'session_reset')?.note;
  return note === null || note === undefined ? '' : noteWords(speak('en'), note, name);
};

describe('messages that a provider lost', () => {
  it('are asked for, sent again and told of', async () => {
    const { world, ada, bob } = await friends('lost');
    // Bob is away; what lies for him at his provider goes with its disk.
    world.remove(bob.peer);
    await say(ada, 'first');
    await say(ada, 'second');
    await runWorld(world, 15_000);
    expect(await stateOf(ada, 'first')).toBe('at_provider');
    world.forgetMailboxes(providerOf(bob));
    bob.kill();
    await runWorld(world, 10_000);
    await say(ada, 'third');
    await runWorld(world, 20_000, () => bob.heard('chat.message').some((m) => m.text === 'third'));
    expect(await linesOf(bob)).not.toContain('first');
    await runWorld(world, 90_000, () => bob.heard('chat.message').some((m) => m.text === 'second'));
    await runWorld(world, 15_000);
    const lines = await linesOf(bob);
    expect(lines).toEqual(expect.arrayContaining(['first', 'second', 'third']));
    // The note about them was there, and is gone with what it told of.
    expect(bob.heard('chat.message').some(({ note }) => note?.kind === 'gap')).toBe(true);
    expect(lines).not.toContain('(gap)');
    expect(await stateOf(ada, 'first')).toBe('delivered');
  });

  it('and that their sender has no longer are said to be lost', async () => {
    const { world, ada, bob } = await friends('gone');
    world.remove(bob.peer);
    const { id } = await say(ada, 'first');
    await runWorld(world, 15_000);
    await ada.call('chat.delete', { id });
    world.forgetMailboxes(providerOf(bob));
    bob.kill();
    await runWorld(world, 10_000);
    await say(ada, 'second');
    const isLost = () =>
      bob.heard('chat.message').some(({ note }) => note?.kind === 'gap' && note.isLost);
    await runWorld(world, 120_000, isLost);
    const { messages } = await bob.call('chat.page', { contact: 1, limit: 100 });
    expect(messages.at(-1)?.note ?? messages.at(-2)?.note).toEqual({
      kind: 'gap',
      count: 1,
      isLost: true,
    });
  });
});

describe('taking a message back', () => {
  it('leaves no gap where what stands behind it has not left either', async () => {
    const { world, ada, bob } = await friends('cancel');
    const sent = [await say(ada, 'one'), await say(ada, 'two'), await say(ada, 'three')];
    await ada.call('chat.cancel', { id: sent[1]?.id ?? 0 });
    expect(await linesOf(ada)).toEqual(['(accepted)', 'one', 'three']);
    await runWorld(world, 20_000);
    await say(ada, 'four');
    await runWorld(world, 40_000);
    expect(await linesOf(bob)).toEqual(['(accepted)', 'one', 'three', 'four']);
    expect(bob.db.prepare('SELECT ask_unix_ms AS at FROM incoming_stream').all()).toEqual([
      { at: null },
    ]);
    expect(reused(bob)).toEqual([]);
  });
});

describe('a session that its users renew', () => {
  it('is another one, said in both chats, and messages go on', async () => {
    const { world, ada, bob } = await friends('reset');
    const generations = (run: MessengerRun) =>
      run.db.prepare('SELECT newest_generation AS n FROM contact').all();
    const before = generations(ada);
    await ada.call('contact.reset', { id: 1 });
    await say(ada, 'before it is there');
    await runWorld(world, 30_000);
    await say(bob, 'after it');
    await runWorld(world, 15_000);
    expect(generations(ada)).not.toEqual(before);
    expect(generations(bob)).toEqual(generations(ada));
    for (const run of [ada, bob]) {
      const lines = await linesOf(run);
      expect(lines.toSorted()).toEqual(
        ['(accepted)', '(session_reset)', 'before it is there', 'after it'].toSorted(),
      );
    }
    await expect(ada.call('contact.reset', { id: 1 })).rejects.toThrow('less than an hour');
  });
});

describe('a profile that was put back from a copy', () => {
  // The last of them is further back than its contact remembers what stood where.
  it.each([
    ['two', 2],
    ['forty', 40],
  ])(
    '%s messages old is noticed by its contact, and both come to write again',
    async (name, lostCount) => {
      const { world, folder, ada, bob } = await friends(`copy ${name}`);
      await say(ada, 'one');
      await runWorld(world, 15_000);
      ada.db.checkpoint();
      const copy = path.join(folder, 'copy.db');
      cpSync(ada.file, copy);
      cpSync(`${ada.file}.check`, `${copy}.check`);
      for (let at = 1; at <= lostCount; at++) {
        await say(ada, `lost ${at}`);
        if (at % 8 === 0) await runWorld(world, 10_000);
      }
      await runWorld(world, 20_000);
      expect(await linesOf(bob)).toContain(`lost ${lostCount}`);
      ada.end();
      ada.restart(copy);
      await runWorld(world, 5_000);
      await say(ada, 'of the copy');
      const isTurned = lostCount > SEQUENCE_RECENT_MAX;
      // Where the conversation has turned since, nothing of the copy opens at first.
      for (let at = 2; isTurned && at <= BROKEN_MAX; at++) await say(ada, `of the copy ${at}`);
      await runWorld(world, 20_000);
      // Its key was used before: the planted fault that the look for such keys finds.
      expect(reused(bob).length).toBeGreaterThan(0);
      if (!isTurned) expect(await linesOf(bob)).toContain('(profile_copied)');
      await runWorld(world, 60_000, () =>
        ada.heard('chat.message').some(({ note }) => note?.kind === 'session_reset'),
      );
      await runWorld(world, 30_000);
      expect(await linesOf(bob)).toContain('of the copy');
      await say(bob, 'welcome back');
      await say(ada, 'thank you');
      await runWorld(world, 20_000);
      expect(await linesOf(ada)).toContain('welcome back');
      expect(await linesOf(bob)).toContain('thank you');
      expect(await stateOf(ada, 'of the copy')).toBe('delivered');
      expect(await linesOf(bob)).toContain('(profile_copied)');
      if (isTurned) return;
      // Both chats name the one whose profile it is.
      expect(await resetWordsOf(ada, 'Bob')).toMatch(/since your profile is a copy/);
      expect(await resetWordsOf(bob, 'Ada')).toMatch(/with Ada, whose profile is a copy/);
    },
  );
});
