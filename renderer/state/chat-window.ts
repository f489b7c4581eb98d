// The part of a chat that the window holds: so many messages in a row, older and newer ones beyond
// either end with the engine. Pages are added at an end, and what is too much falls off at the
// other, so that a chat of a hundred thousand messages costs no more than one of two hundred.
import type { ChatMessage } from '../../shared/api-chat.ts';

/** Messages that are held, and drawn; a page may come on top until the other end is cut. */
export const WINDOW_MAX = 200;

export type ChatWindow = {
  /** Ascending by `order`, ties by `id`. */
  readonly messages: readonly ChatMessage[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
};

export type ChatPage = {
  readonly messages: readonly ChatMessage[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
};

/** Negative where `a` stands above `b`. */
export function compareMessages(a: ChatMessage, b: ChatMessage): number {
  return a.order - b.order || a.id - b.id;
}

export function withOlder(known: ChatWindow, page: ChatPage): ChatWindow {
  const messages = joined(page.messages, known.messages);
  const isCut = messages.length > WINDOW_MAX;
  return {
    messages: isCut ? messages.slice(0, WINDOW_MAX) : messages,
    hasBefore: page.hasBefore,
    hasAfter: known.hasAfter || isCut,
  };
}

export function withNewer(known: ChatWindow, page: ChatPage): ChatWindow {
  const messages = joined(known.messages, page.messages);
  const isCut = messages.length > WINDOW_MAX;
  return {
    messages: isCut ? messages.slice(-WINDOW_MAX) : messages,
    hasBefore: known.hasBefore || isCut,
    hasAfter: page.hasAfter,
  };
}

/**
 * With messages that are new or have changed. One that belongs beyond an end where there is more is
 * left to the page that will bring it. `isAtEnd`: the newest are looked at, so what is too much
 * falls off before them.
 */
export function withChanged(
  known: ChatWindow,
  changed: readonly ChatMessage[],
  isAtEnd: boolean,
): ChatWindow {
  const byId = new Map(changed.map((message) => [message.id, message]));
  const isHeld = new Set(known.messages.map(({ id }) => id));
  const first = known.messages[0];
  const last = known.messages.at(-1);
  const fits = (message: ChatMessage) => {
    if (isHeld.has(message.id)) return true;
    if (known.hasBefore && first !== undefined && compareMessages(message, first) < 0) return false;
    return !(known.hasAfter && (last === undefined || compareMessages(message, last) > 0));
  };
  const kept = known.messages.filter(({ id }) => !byId.has(id));
  const added = [...byId.values()].filter(fits);
  if (added.length === 0) return known;
  const messages = [...kept, ...added].sort(compareMessages);
  if (messages.length <= WINDOW_MAX) return { ...known, messages };
  return isAtEnd
    ? { ...known, messages: messages.slice(-WINDOW_MAX), hasBefore: true }
    : { ...known, messages: messages.slice(0, WINDOW_MAX), hasAfter: true };
}

export function withoutMessage(known: ChatWindow, id: number): ChatWindow {
  return { ...known, messages: known.messages.filter((message) => message.id !== id) };
}

function joined(
  older: readonly ChatMessage[],
  newer: readonly ChatMessage[],
): readonly ChatMessage[] {
  const byId = new Map([...older, ...newer].map((message) => [message.id, message]));
  return [...byId.values()].sort(compareMessages);
}
