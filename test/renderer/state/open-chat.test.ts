// The chat that is open: where it opens, how it grows, what it hears, and what it does when the
// engine does not answer.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ChatHold, openChat, PAGE_LENGTH } from '../../../renderer/state/open-chat.ts';
import type { ChatMessage } from '../../../shared/api-chat.ts';
import { type FakeApi, fakeApi } from '../support/fake-api.ts';
import { message, messages, pageOf } from '../support/samples.ts';

let fake: FakeApi;
let all: ChatMessage[];
let hold: ChatHold | null = null;

const ids = () => hold?.store.get().messages.map(({ id }) => id) ?? [];
async function open(at: number | null = null): Promise<ChatHold> {
  hold = openChat(fake.api, 1, at);
  const { store } = hold;
  await vi.waitFor(() => expect(store.get().state).not.toBe('loading'));
  return hold;
}

beforeEach(() => {
  all = messages(1, 300);
  fake = fakeApi();
  fake.answer('chat.page', (args) => pageOf(all, args));
});
afterEach(() => hold?.close());

describe('an open chat', () => {
  it('opens at the end', async () => {
    const { store } = await open();
    expect(ids()).toEqual(all.slice(-PAGE_LENGTH).map(({ id }) => id));
    expect(store.get()).toMatchObject({ goal: null, hasBefore: true, hasAfter: false, moves: 1 });
  });

  it('opens at the first unread message, however far up it is', async () => {
    all = all.map((one) => (one.id >= 60 ? { ...one, isRead: false } : one));
    const { store } = await open();
    expect(store.get()).toMatchObject({ goal: 60, firstUnread: 60, hasAfter: true });
    expect(ids()).toContain(60);
  });

  it('opens at a message that was searched for', async () => {
    const { store } = await open(100);
    expect(store.get().goal).toBe(100);
    expect(ids()).toContain(100);
  });

  it('asks for a page once, however often an edge is neared', async () => {
    const { before: older, store } = await open();
    older();
    older();
    await vi.waitFor(() => expect(ids()).toHaveLength(2 * PAGE_LENGTH));
    expect(fake.calls.filter(({ name }) => name === 'chat.page')).toHaveLength(2);
    expect(store.get().fetching).toBeNull();
  });

  it('shows what arrives, and tells it apart from what was there', async () => {
    const { store } = await open();
    fake.emit({ event: 'chat.message', value: message(301) });
    expect(ids().at(-1)).toBe(301);
    expect(store.get().arrived.map(({ id }) => id)).toEqual([301]);
    fake.emit({ event: 'chat.message', value: message(302, { contact: 2 }) });
    expect(ids()).not.toContain(302);
    fake.emit({ event: 'chat.gone', value: { contact: 1, id: 301 } });
    expect(ids()).not.toContain(301);
  });

  it('reads again what it holds after events were missed, and moves nowhere', async () => {
    const { store } = await open();
    all = [...all, message(301, { text: 'Missed' })];
    fake.emit({ event: 'missed', value: { count: 3 } });
    await vi.waitFor(() => expect(ids().at(-1)).toBe(301));
    expect(store.get().moves).toBe(1);
  });

  it('goes to the end by a page of its own only where the end is not held', async () => {
    const { moveTo, store } = await open(100);
    moveTo(null);
    await vi.waitFor(() => expect(ids().at(-1)).toBe(300));
    const asked = fake.calls.length;
    moveTo(null);
    expect(store.get().moves).toBe(3);
    expect(fake.calls).toHaveLength(asked);
  });

  it('says that it could not be read, and stays as it is where only a page could not', async () => {
    const { before: older, store } = await open();
    fake.refuse();
    older();
    await vi.waitFor(() => expect(store.get().fetching).toBeNull());
    expect(store.get().state).toBe('open');
    hold?.close();
    expect((await open()).store.get().state).toBe('failed');
  });
});
