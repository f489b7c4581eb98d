// What stands between messages, and which of them join.
import { describe, expect, it } from 'vitest';
import { type ChatItem, chatItems, JOINED_MS_MAX } from '../../../renderer/chat/chat-items.ts';
import { createFormats } from '../../../renderer/strings/formats.ts';
import { message, noon } from '../support/samples.ts';

const { civilDay, dayOfChat } = createFormats('en-GB');
const DAY_MS = 86_400_000;
const kinds = (items: readonly ChatItem[]) => items.map(({ kind }) => kind);
const joins = (items: readonly ChatItem[]) =>
  items.flatMap((item) => (item.kind === 'message' ? [[item.joinedAbove, item.joinedBelow]] : []));

describe('the items of a chat', () => {
  it('begin each day with its name', () => {
    const items = chatItems(
      [message(1, { sentUnixMs: noon - DAY_MS }), message(2), message(3)],
      null,
      civilDay,
    );
    expect(kinds(items)).toEqual(['day', 'message', 'day', 'message', 'message']);
    expect(dayOfChat(noon, noon)).toBe('Today');
    expect(dayOfChat(noon - DAY_MS, noon)).toBe('Yesterday');
    expect(dayOfChat(noon - 3 * DAY_MS, noon)).toBe('Thursday 19 November');
    expect(dayOfChat(noon - 400 * DAY_MS, noon)).toBe('18 October 2025');
  });

  it('join for one person and moment, and not across a note, a pause or the unread divider', () => {
    const near = message(1, { sentUnixMs: noon });
    const far = message(2, { sentUnixMs: noon + JOINED_MS_MAX });
    expect(joins(chatItems([near, far], null, civilDay))).toEqual([
      [false, true],
      [true, false],
    ]);
    const later = message(2, { sentUnixMs: noon + JOINED_MS_MAX + 1 });
    const apart = [
      [false, false],
      [false, false],
    ];
    expect(joins(chatItems([near, later], null, civilDay))).toEqual(apart);
    expect(joins(chatItems([near, message(2, { isOwn: true })], null, civilDay))).toEqual(apart);
    expect(joins(chatItems([near, far], 2, civilDay))).toEqual(apart);
    const note = message(3, { note: { kind: 'accepted' } });
    expect(joins(chatItems([near, note, far], null, civilDay))).toEqual(apart);
  });

  it('have one last own message, and a divider before the first unread one', () => {
    const own = [message(1, { isOwn: true }), message(2, { isOwn: true }), message(3)];
    const items = chatItems(own, 3, civilDay);
    expect(kinds(items)).toEqual(['day', 'message', 'message', 'unread', 'message']);
    const last = items.filter((item) => item.kind === 'message' && item.isLastOwn);
    expect(last.map(({ id }) => id)).toEqual([2]);
  });
});
