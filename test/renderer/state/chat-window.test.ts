// The window on a chat: pages at either end, the cut at the other, changes in their place.
import { describe, expect, it } from 'vitest';
import {
  type ChatWindow,
  WINDOW_MAX,
  withChanged,
  withNewer,
  withOlder,
  withoutMessage,
} from '../../../renderer/state/chat-window.ts';
import { delivery, message, messages } from '../support/samples.ts';

const ids = (known: ChatWindow) => known.messages.map(({ id }) => id);
const middle: ChatWindow = { messages: messages(101, 160), hasBefore: true, hasAfter: true };

describe('a window on a chat', () => {
  it('grows by the pages before and after it', () => {
    const page = { messages: messages(41, 100), hasBefore: false, hasAfter: true };
    const older = withOlder(middle, page);
    expect([older.messages[0]?.id, older.messages.length]).toEqual([41, 120]);
    expect([older.hasBefore, older.hasAfter]).toEqual([false, true]);
    const next = { messages: messages(161, 170), hasBefore: true, hasAfter: false };
    const newer = withNewer(older, next);
    expect([newer.messages.at(-1)?.id, newer.messages.length]).toEqual([170, 130]);
    expect([newer.hasBefore, newer.hasAfter]).toEqual([false, false]);
  });

  it('never holds more than its limit: what is too much falls off at the other end', () => {
    const full: ChatWindow = { messages: messages(201, 400), hasBefore: true, hasAfter: false };
    expect(full.messages).toHaveLength(WINDOW_MAX);
    const older = withOlder(full, {
      messages: messages(141, 200),
      hasBefore: true,
      hasAfter: true,
    });
    expect(older.messages).toHaveLength(WINDOW_MAX);
    expect([ids(older)[0], ids(older).at(-1), older.hasAfter]).toEqual([141, 340, true]);
    const page = { messages: messages(341, 400), hasBefore: true, hasAfter: false };
    const newer = withNewer(older, page);
    expect([ids(newer)[0], ids(newer).at(-1), newer.hasAfter]).toEqual([201, 400, false]);
  });

  it('takes a change in place, and a late message where it belongs', () => {
    const changed = message(120, { isOwn: true, delivery: delivery('read') });
    const late = message(500, { order: 130.5 });
    const known = withChanged(middle, [changed, late], false);
    expect(known.messages.find(({ id }) => id === 120)?.delivery?.state).toBe('read');
    expect(ids(known).slice(29, 32)).toEqual([130, 500, 131]);
  });

  it('leaves what belongs beyond an end to the page that brings it', () => {
    expect(withChanged(middle, [message(99), message(161)], false)).toBe(middle);
    const whole = { ...middle, hasBefore: false, hasAfter: false };
    expect(ids(withChanged(whole, [message(99), message(161)], true))).toContain(161);
    const nothing: ChatWindow = { messages: [], hasBefore: false, hasAfter: true };
    expect(withChanged(nothing, [message(1)], true)).toBe(nothing);
  });

  it('is cut above where the end is looked at, else below', () => {
    const full: ChatWindow = {
      messages: messages(1, WINDOW_MAX),
      hasBefore: false,
      hasAfter: false,
    };
    const newest = [message(WINDOW_MAX + 1)];
    expect(withChanged(full, newest, true)).toMatchObject({ hasBefore: true, hasAfter: false });
    const kept = withChanged(full, newest, false);
    expect(kept).toMatchObject({ hasBefore: false, hasAfter: true });
    expect(ids(kept)[0]).toBe(1);
  });

  it('forgets a message that is gone', () => {
    expect(ids(withoutMessage(middle, 120))).not.toContain(120);
  });
});
