// What stands in a chat, from top to bottom: messages, the lines among them, a day where it
// begins, and where the unread ones begin.
import type { ChatMessage, ChatNote } from '../../shared/api-chat.ts';

/** Messages of one person join where no more than this lies between them. */
export const JOINED_MS_MAX = 5 * 60_000;

export type ChatItem =
  | { readonly kind: 'day'; readonly id: string; readonly unixMs: number }
  | { readonly kind: 'unread'; readonly id: string }
  | {
      readonly kind: 'note';
      readonly id: number;
      readonly message: ChatMessage;
      readonly note: ChatNote;
    }
  | {
      readonly kind: 'message';
      readonly id: number;
      readonly message: ChatMessage;
      readonly joinedAbove: boolean;
      readonly joinedBelow: boolean;
      /** Whether it is the newest message of this user's. */
      readonly isLastOwn: boolean;
    };

/** `dayOf` names the day of an instant, the same for two instants of one day. */
export function chatItems(
  messages: readonly ChatMessage[],
  firstUnread: number | null,
  dayOf: (unixMs: number) => string,
): readonly ChatItem[] {
  const lastOwn = messages.findLast((message) => message.isOwn && message.note === null)?.id;
  const items: ChatItem[] = [];
  messages.forEach((message, index) => {
    const above = messages[index - 1];
    const below = messages[index + 1];
    const day = dayOf(message.sentUnixMs);
    if (above === undefined || dayOf(above.sentUnixMs) !== day) {
      items.push({ kind: 'day', id: `day-${day}-${message.id}`, unixMs: message.sentUnixMs });
    }
    if (message.id === firstUnread) items.push({ kind: 'unread', id: 'unread' });
    if (message.note !== null) {
      items.push({ kind: 'note', id: message.id, message, note: message.note });
      return;
    }
    items.push({
      kind: 'message',
      id: message.id,
      message,
      joinedAbove:
        above !== undefined && message.id !== firstUnread && joins(above, message, dayOf),
      joinedBelow: below !== undefined && below.id !== firstUnread && joins(message, below, dayOf),
      isLastOwn: message.id === lastOwn,
    });
  });
  return items;
}

function joins(a: ChatMessage, b: ChatMessage, dayOf: (unixMs: number) => string): boolean {
  if (a.note !== null || b.note !== null || a.isOwn !== b.isOwn) return false;
  if (dayOf(a.sentUnixMs) !== dayOf(b.sentUnixMs)) return false;
  return Math.abs(b.sentUnixMs - a.sentUnixMs) <= JOINED_MS_MAX;
}
