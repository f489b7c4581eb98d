// Conversations, messages and contacts as the contract has them, for tests of what shows them.

import type { CallArgs, CallValue } from '../../../shared/api.ts';
import type { ChatMessage, Conversation, MessageDelivery } from '../../../shared/api-chat.ts';
import type { FakeApi } from './fake-api.ts';

/** Noon of the day that the samples are of, by the machine's own time zone. */
export const noon = new Date(2026, 10, 22, 12, 0).getTime();
const MINUTE_MS = 60_000;

export function delivery(
  state: MessageDelivery['state'],
  change: Partial<MessageDelivery> = {},
): MessageDelivery {
  return {
    state,
    atUnixMs: noon,
    tryCount: 1,
    leavesInMs: null,
    packets: { confirmed: 0, all: 1 },
    reason: null,
    ...change,
  };
}

/** Message `id` of contact 1, `id` minutes past noon. */
export function message(id: number, change: Partial<ChatMessage> = {}): ChatMessage {
  const isOwn = change.isOwn ?? false;
  return {
    id,
    contact: 1,
    isOwn,
    text: `Words ${id}`,
    note: null,
    sentUnixMs: noon + id * MINUTE_MS,
    arrivedUnixMs: isOwn ? null : noon + id * MINUTE_MS,
    order: id,
    delivery: isOwn ? delivery('delivered') : null,
    isRead: true,
    ...change,
  };
}

export function messages(first: number, last: number): ChatMessage[] {
  return Array.from({ length: last - first + 1 }, (_, index) => message(first + index));
}

export function conversation(
  contact: number,
  name: string,
  change: Partial<Conversation> = {},
): Conversation {
  return {
    contact,
    name,
    begunUnixMs: noon,
    avatar: null,
    pair: contact % 6,
    state: 'accepted',
    isVerified: false,
    isPinned: false,
    isMuted: false,
    isArchived: false,
    unread: 0,
    draft: '',
    trouble: null,
    last: null,
    atUnixMs: noon - contact * MINUTE_MS,
    ...change,
  };
}

/** What `chat.page` gives of `all`, ascending. */
export function pageOf(
  all: readonly ChatMessage[],
  args: CallArgs<'chat.page'>,
): CallValue<'chat.page'> {
  const indexOf = (id: number) => all.findIndex((one) => one.id === id);
  let to = all.length;
  let from = Math.max(0, to - args.limit);
  if (args.before !== undefined) {
    to = indexOf(args.before.id);
    from = Math.max(0, to - args.limit);
  } else if (args.after !== undefined) {
    from = indexOf(args.after.id) + 1;
    to = Math.min(all.length, from + args.limit);
  } else if (args.around !== undefined) {
    const middle = indexOf(args.around);
    from = Math.max(0, middle - (args.limit >> 1));
    to = Math.min(all.length, middle + (args.limit >> 1));
  }
  return {
    messages: all.slice(from, to),
    hasBefore: from > 0,
    hasAfter: to < all.length,
    firstUnread: all.find((one) => !one.isOwn && !one.isRead)?.id ?? null,
  };
}

/** A named, open profile with these conversations, and `all` in each chat. */
export function answerWith(
  fake: FakeApi,
  conversations: readonly Conversation[],
  all: readonly ChatMessage[] = [],
): void {
  fake.answer('profile.get', () => ({
    name: 'Ines',
    avatar: null,
    createdUnixMs: noon,
    network: { name: 'demo', isDemo: true },
  }));
  fake.answer('lock.get', () => ({
    state: 'open',
    hasPassphrase: false,
    hasKeychain: null,
    wasGivenToKeychain: false,
    hasLockFailed: false,
    spooled: 0,
  }));
  fake.answer('conversation.list', () => [...conversations]);
  fake.answer('request.list', () => []);
  fake.answer('chat.page', (args) => pageOf(all, args));
  fake.answer('conversation.draft', () => ({}));
  fake.answer('conversation.read', () => ({}));
}
