// The conversations in the order of the list: pinned first, then the newest. One array that is
// replaced on every change; a conversation that did not change stays the same object, so that its
// row is not drawn again.
import type { Conversation } from '../../shared/api-chat.ts';

export type Conversations = readonly Conversation[];

/** Negative where `a` stands above `b`. */
function compare(a: Conversation, b: Conversation): number {
  if (a.isPinned !== b.isPinned) return a.isPinned ? -1 : 1;
  return b.atUnixMs - a.atUnixMs || a.contact - b.contact;
}

export function inOrder(list: Conversations): Conversations {
  return [...list].sort(compare);
}

/** With `changed` in its place, new or instead of what was known of it. */
export function withConversation(list: Conversations, changed: Conversation): Conversations {
  const others = withoutConversation(list, changed.contact);
  let low = 0;
  let high = others.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = others[middle];
    if (there !== undefined && compare(there, changed) < 0) low = middle + 1;
    else high = middle;
  }
  return [...others.slice(0, low), changed, ...others.slice(low)];
}

export function withoutConversation(list: Conversations, contact: number): Conversations {
  return list.filter((other) => other.contact !== contact);
}

export function findConversation(
  list: Conversations | null,
  contact: number | null,
): Conversation | undefined {
  return list?.find((one) => one.contact === contact);
}
