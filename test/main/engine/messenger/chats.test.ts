// Conversations and chats as a window sees them, over the contract, on a real encrypted profile.
import { describe, expect, it } from 'vitest';
import {
  ENTRY_LENGTH_MAX,
  LIST_AVATARS_LENGTH_MAX,
  listOf,
  REPLY_LENGTH_MAX,
} from '../../../../main/engine/messenger/chat-view.ts';
import { READ_PER_STEP } from '../../../../main/engine/messenger/chats.ts';
import { TROUBLE_LINES_MAX } from '../../../../main/store/conversation-store.ts';
import { transaction } from '../../../../main/store/handle.ts';
import type { ChatMessage, ChatNote } from '../../../../shared/api-chat.ts';
import { PAGE_MAX, PREVIEW_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../../../shared/api-chat.ts';
import { CONTACTS_MAX } from '../../../../shared/api-people.ts';
import { AVATAR_SIZE_MAX } from '../../../../shared/api-profile.ts';
import { openMessengerChats } from '../../../support/chats.ts';
import { uidOf } from '../../../support/stored-chats.ts';

type Profile = ReturnType<typeof openMessengerChats>;

let next = 1;
function say(profile: Profile, contact: number, text: string, changes = {}): Promise<number> {
  const { chats, step, clock } = profile;
  clock.unixMs += 1_000;
  const at = { sentUnixMs: clock.unixMs - 900, arrivedUnixMs: clock.unixMs - 500 };
  return step((work) => {
    const id = chats.addTheirs(work, contact, { uid: uidOf(next++), text, ...at, ...changes });
    return id ?? 0;
  });
}
function answer(profile: Profile, contact: number, text: string): Promise<number> {
  const { chats, step, clock } = profile;
  clock.unixMs += 1_000;
  const one = { uid: uidOf(next++), text, sentUnixMs: clock.unixMs, packetCount: 1 };
  return step((work) => chats.addOwn(work, contact, one));
}
const textsOf = (messages: readonly ChatMessage[]) => messages.map(({ text }) => text);
const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => 'nothing',
    (error: { code?: string }) => error.code,
  );

describe('the list', () => {
  it('has the pinned conversations first, then the newest, each with its last line', async () => {
    const profile = openMessengerChats(3);
    await say(profile, 1, 'first');
    await answer(profile, 2, 'second');
    await say(profile, 3, 'third');
    await profile.call('conversation.set', { contact: 1, isPinned: true, isMuted: true });
    const list = await profile.call('conversation.list', {});
    expect(list.map(({ contact, last }) => [contact, last?.text])).toEqual([
      [1, 'first'],
      [3, 'third'],
      [2, 'second'],
    ]);
    expect(list[0]).toMatchObject({
      name: 'Person 1',
      isPinned: true,
      isMuted: true,
      isArchived: false,
      unread: 1,
      trouble: null,
    });
    profile.db.close();
  });

  it('tells a queued message by what the client knows of it now', async () => {
    const profile = openMessengerChats(1);
    const id = await answer(profile, 1, 'hello');
    const known = () => profile.chats.message(id)?.delivery;
    expect(known()).toMatchObject({ state: 'queued', leavesInMs: 700, reason: null });
    profile.outlook.isOnline = false;
    expect(known()).toMatchObject({ state: 'waiting', leavesInMs: null });
    await profile.step((work) => {
      const before = profile.chats.delivery(id);
      if (before !== null) profile.chats.setDelivery(work, id, { ...before, state: 'expired' });
    });
    expect(known()).toMatchObject({ state: 'expired', packets: { confirmed: 0, all: 1 } });
    const [one] = await profile.call('conversation.list', {});
    expect(one?.trouble).toEqual({ state: 'expired', text: 'hello' });
    await say(profile, 1, 'an answer');
    const trouble = async () => (await profile.call('conversation.get', { contact: 1 })).trouble;
    expect(await trouble()).toEqual({ state: 'expired', text: 'hello' });
    for (let line = 0; line < TROUBLE_LINES_MAX - 2; line++) await say(profile, 1, `${line}`);
    expect(await trouble()).toEqual({ state: 'expired', text: 'hello' });
    await say(profile, 1, 'one too many');
    expect(await trouble()).toBeNull();
    profile.db.close();
  });

  it('tells of no failure before the newest own message', async () => {
    const profile = openMessengerChats(1);
    const id = await answer(profile, 1, 'first');
    await profile.step((work) => {
      const before = profile.chats.delivery(id);
      if (before !== null) profile.chats.setDelivery(work, id, { ...before, state: 'failed' });
    });
    await answer(profile, 1, 'second');
    const [one] = await profile.call('conversation.list', {});
    expect(one?.trouble).toBeNull();
    profile.db.close();
  });

  it('keeps drafts, whole where one is asked for, and cut in the list', async () => {
    const profile = openMessengerChats(1);
    const text = `${'x'.repeat(PREVIEW_LENGTH_MAX - 1)}🙂 and more`;
    await profile.call('conversation.draft', { contact: 1, text });
    const [one] = await profile.call('conversation.list', {});
    expect(one?.draft).toBe('x'.repeat(PREVIEW_LENGTH_MAX - 1));
    expect((await profile.call('conversation.get', { contact: 1 })).draft).toBe(text);
    await profile.call('conversation.draft', { contact: 1, text: '' });
    expect((await profile.call('conversation.get', { contact: 1 })).draft).toBe('');
    profile.db.close();
  });

  it('is one reply that fits a frame, with as much as fits', () => {
    // The longest that JSON makes of a name, a draft and a text.
    const worst = (length: number) => '\u0001'.repeat(length);
    const line = { id: 1, isOwn: false, uid: null, note: null, sentUnixMs: 1, arrivedUnixMs: 1 };
    const last = { ...line, text: worst(TEXT_LENGTH_MAX), place: 1, isRead: true, delivery: null };
    const flags = { isVerified: false, isPinned: false, isMuted: false, isArchived: false };
    const fixed = { pair: 1, state: 'accepted', ...flags, unread: 0, begunUnixMs: 1 } as const;
    const avatar = new Uint8Array(AVATAR_SIZE_MAX);
    const list = (name: string, draft: string, isLong: boolean) => {
      const stored = Array.from({ length: CONTACTS_MAX }, (_, contact) => {
        const own = { contact, name, draft, avatarSize: AVATAR_SIZE_MAX, atUnixMs: 1 };
        const trouble = isLong
          ? ({ state: 'failed', text: worst(TEXT_LENGTH_MAX) } as const)
          : null;
        return { ...fixed, ...own, trouble, last: isLong ? { ...last, contact } : null };
      });
      return listOf(
        stored,
        () => avatar,
        () => ({}),
      );
    };
    const heavy = list(worst(64), worst(TEXT_LENGTH_MAX), true);
    expect(heavy).toHaveLength(CONTACTS_MAX);
    expect(JSON.stringify(heavy).length).toBeLessThanOrEqual(REPLY_LENGTH_MAX);
    expect(heavy[0]?.last?.text).toHaveLength(PREVIEW_LENGTH_MAX);
    expect(heavy.at(-1)?.last?.text).toBe('');
    expect(heavy.at(-1)?.trouble?.text).toBe('');
    const pictures = list('Ada', '', false).filter((one) => one.avatar !== null).length;
    expect(pictures).toBe(Math.floor(LIST_AVATARS_LENGTH_MAX / ((AVATAR_SIZE_MAX * 4) / 3)));
  });

  it('measures an entry by what is the longest one', () => {
    const unixMs = -1_234_567_890_123.456;
    const id = Number.MAX_SAFE_INTEGER;
    const delivery = { state: 'not_confirmed', atUnixMs: unixMs, tryCount: 5, leavesInMs: unixMs };
    const packets = { confirmed: id, all: id };
    const last = { id, contact: id, isOwn: false, text: '', note: null, sentUnixMs: unixMs };
    const line = { ...last, arrivedUnixMs: unixMs, order: unixMs, isRead: false };
    const own = { ...line, delivery: { ...delivery, packets, reason: 'outbox_full' } };
    const flags = { isVerified: false, isPinned: false, isMuted: false, isArchived: false };
    const longest = { contact: id, name: '', avatar: null, pair: 5, state: 'requested', ...flags };
    const trouble = { state: 'not_confirmed', text: '' };
    const times = { begunUnixMs: unixMs, atUnixMs: unixMs };
    const texts = { unread: id, draft: '', trouble, last: own, ...times };
    expect(JSON.stringify({ ...longest, ...texts }).length).toBeLessThan(ENTRY_LENGTH_MAX);
  });
});

describe('reading', () => {
  it('tells who wrote what was read, once, and one event for all of it', async () => {
    const profile = openMessengerChats(1);
    const count = READ_PER_STEP + 5;
    const ids: number[] = [];
    for (let at = 0; at < count; at++) ids.push(await say(profile, 1, `line ${at}`));
    const first = next - count;
    profile.told.length = 0;
    await profile.call('conversation.read', { contact: 1, upTo: ids[count - 2] ?? 0 });
    const uids = profile.read.flatMap((one) => one.uids);
    expect(uids).toEqual(Array.from({ length: count - 1 }, (_, at) => first + at));
    expect(profile.told.every(({ event }) => event === 'conversation')).toBe(true);
    expect(profile.told.at(-1)?.value).toMatchObject({ unread: 1 });
    const page = await profile.call('chat.page', { contact: 1, limit: 2 });
    expect([page.firstUnread, page.messages.map(({ isRead }) => isRead)]).toEqual([
      ids.at(-1),
      [true, false],
    ]);
    await profile.call('conversation.read', { contact: 1, upTo: ids[0] ?? 0 });
    expect(profile.read).toHaveLength(2);
    profile.db.close();
  });
});

describe('a page', () => {
  const filled = async (count: number) => {
    const profile = openMessengerChats(2);
    for (let at = 0; at < count; at++) await say(profile, 1, `${at}`);
    await say(profile, 2, 'elsewhere');
    return profile;
  };

  it('is the newest, before a place, after one, or around a message', async () => {
    const profile = await filled(10);
    const page = (args: object) => profile.call('chat.page', { contact: 1, limit: 4, ...args });
    const newest = await page({});
    expect([textsOf(newest.messages), newest.hasBefore, newest.hasAfter]).toEqual([
      ['6', '7', '8', '9'],
      true,
      false,
    ]);
    const [oldest] = newest.messages;
    const place = { order: oldest?.order ?? 0, id: oldest?.id ?? 0 };
    const before = await page({ before: place });
    expect([textsOf(before.messages), before.hasBefore, before.hasAfter]).toEqual([
      ['2', '3', '4', '5'],
      true,
      true,
    ]);
    const after = await page({ after: place });
    expect([textsOf(after.messages), after.hasBefore, after.hasAfter]).toEqual([
      ['7', '8', '9'],
      true,
      false,
    ]);
    const around = await page({ around: before.messages[1]?.id });
    expect([textsOf(around.messages), around.hasBefore, around.hasAfter]).toEqual([
      ['1', '2', '3', '4'],
      true,
      true,
    ]);
    const first = around.messages[0];
    const rest = await page({ before: { order: first?.order ?? 0, id: first?.id ?? 0 } });
    expect([textsOf(rest.messages), rest.hasBefore, rest.hasAfter]).toEqual([['0'], false, true]);
    profile.db.close();
  });

  it('reaches every line once in both directions, though many are of one instant', async () => {
    const profile = openMessengerChats(1);
    transaction(profile.db, (write) => {
      const add = write.prepare(`INSERT INTO message (contact, is_own, uid, text, sent_unix_ms,
        place, is_read) VALUES (1, 0, ?, ?, 1, ?, 1)`);
      for (let at = 0; at < 23; at++) add.run(uidOf(at), `${at}`, Math.floor(at / 7) + 0.1);
    });
    const all = Array.from({ length: 23 }, (_, at) => `${at}`);
    const walk = async (side: 'before' | 'after', start: { order: number; id: number }) => {
      const seen: string[] = [];
      let place = start;
      for (let more = true; more; ) {
        const page = await profile.call('chat.page', { contact: 1, limit: 3, [side]: place });
        const texts = textsOf(page.messages);
        if (side === 'before') seen.unshift(...texts);
        else seen.push(...texts);
        const edge = side === 'before' ? page.messages[0] : page.messages.at(-1);
        more = side === 'before' ? page.hasBefore : page.hasAfter;
        if (edge !== undefined) place = { order: edge.order, id: edge.id };
      }
      return seen;
    };
    expect(await walk('before', { order: 1e9, id: 1 })).toEqual(all);
    expect(await walk('after', { order: -1e9, id: 1 })).toEqual(all);
    profile.db.close();
  });

  it('is shorter where its lines are long, so that it fits a frame', async () => {
    const profile = openMessengerChats(1);
    transaction(profile.db, (write) => {
      const add = write.prepare(`INSERT INTO message (contact, is_own, uid, text, sent_unix_ms,
        place, is_read) VALUES (1, 0, ?, ?, 1, ?, 1)`);
      for (let at = 0; at < PAGE_MAX; at++)
        add.run(uidOf(at), '\u0001'.repeat(TEXT_LENGTH_MAX), at);
    });
    const newest = await profile.call('chat.page', { contact: 1, limit: PAGE_MAX });
    expect(JSON.stringify(newest).length).toBeLessThanOrEqual(REPLY_LENGTH_MAX);
    expect([newest.messages.at(-1)?.id, newest.hasBefore]).toEqual([PAGE_MAX, true]);
    const middle = await profile.call('chat.page', { contact: 1, limit: PAGE_MAX, around: 50 });
    expect(JSON.stringify(middle).length).toBeLessThanOrEqual(REPLY_LENGTH_MAX);
    expect(middle).toMatchObject({ hasBefore: true, hasAfter: true });
    expect(middle.messages.some(({ id }) => id === 50)).toBe(true);
    profile.db.close();
  });

  it('and whatever else is asked of what is not there fails with its own code', async () => {
    const profile = await filled(1);
    const { call } = profile;
    const place = { order: 1, id: 1 };
    expect(await codeOf(call('chat.page', { contact: 9, limit: 1 }))).toBe('unknown_conversation');
    expect(await codeOf(call('chat.page', { contact: 2, limit: 1, around: 1 }))).toBe(
      'unknown_message',
    );
    const both = call('chat.page', { contact: 1, limit: 1, before: place, after: place });
    expect(await codeOf(both)).toBe('bad_arguments');
    const unknown = { contact: 9 };
    expect(await codeOf(call('conversation.get', unknown))).toBe('unknown_conversation');
    expect(await codeOf(call('conversation.set', unknown))).toBe('unknown_conversation');
    expect(await codeOf(call('conversation.read', { ...unknown, upTo: 1 }))).toBe(
      'unknown_conversation',
    );
    expect(await codeOf(call('conversation.draft', { ...unknown, text: 'a' }))).toBe(
      'unknown_conversation',
    );
    expect(await codeOf(call('chat.delete', { id: 99 }))).toBe('unknown_message');
    profile.db.close();
  });
});

describe('a deleted message', () => {
  it('is gone from chat, list and search, and its own sending is called off', async () => {
    const profile = openMessengerChats(1);
    await say(profile, 1, 'hers');
    const own = await answer(profile, 1, 'regrettable');
    const note: ChatNote = { kind: 'keys_changed' };
    const line = await profile.step((work) => profile.chats.addNote(work, 1, note));
    profile.told.length = 0;
    await profile.call('chat.delete', { id: line });
    await profile.call('chat.delete', { id: own });
    expect(profile.deleted).toEqual([own]);
    expect(profile.told.map(({ event }) => event)).toEqual([
      'chat.gone',
      'conversation',
      'chat.gone',
      'conversation',
    ]);
    const list = await profile.call('conversation.list', {});
    expect(list[0]?.last?.text).toBe('hers');
    const found = await profile.call('search', { text: 'regret', limit: 9 });
    expect(found.hits).toEqual([]);
    profile.chats.close();
    profile.db.close();
  });
});
