// What is stored of chats in the contract's words. A list of conversations is one reply, so it is
// cut where it would not fit a frame: first the pictures, then the words of the oldest ones.
import { FRAME_LENGTH_MAX } from '../../../shared/api.ts';
import {
  type ChatMessage,
  type Conversation,
  type MessageDelivery,
  PREVIEW_LENGTH_MAX,
} from '../../../shared/api-chat.ts';
import type { StoredConversation } from '../../store/conversation-store.ts';
import type { StoredDelivery, StoredMessage } from '../../store/message-store.ts';

/** UTF-16 units of JSON of a reply, so that a frame has room for what is around it. */
export const REPLY_LENGTH_MAX = FRAME_LENGTH_MAX - 65_536;
/** Of it, what the pictures of a list may take; the others come with `conversation.get`. */
export const LIST_AVATARS_LENGTH_MAX = 2_097_152;
/** A conversation without its texts and its picture, at its longest. */
export const ENTRY_LENGTH_MAX = 800;

/** What is known of an own message beyond what is stored: by the client, now. */
export type LiveDelivery = (
  message: StoredMessage,
) => Partial<Pick<MessageDelivery, 'state' | 'leavesInMs'>>;

/** A line of a chat. */
export function chatMessageOf(message: StoredMessage, live: LiveDelivery): ChatMessage {
  const { id, contact, isOwn, text, note, sentUnixMs, arrivedUnixMs, place, isRead } = message;
  const { delivery } = message;
  return {
    id,
    contact,
    isOwn,
    text,
    note,
    sentUnixMs,
    arrivedUnixMs,
    order: place,
    delivery: delivery === null ? null : deliveryOf(message, delivery, live),
    isRead,
  };
}

function deliveryOf(
  message: StoredMessage,
  { confirmed, all, ...known }: StoredDelivery,
  live: LiveDelivery,
): MessageDelivery {
  return { leavesInMs: null, ...known, packets: { confirmed, all }, ...live(message) };
}

/** A conversation; `avatar` is the picture's bytes. */
export function conversationOf(
  stored: StoredConversation,
  avatar: Uint8Array | null,
  live: LiveDelivery,
): Conversation {
  const { avatarSize: _, last, ...rest } = stored;
  return {
    ...rest,
    avatar: avatar === null ? null : Buffer.from(avatar).toString('base64url'),
    trouble: rest.trouble && { ...rest.trouble, text: preview(rest.trouble.text) },
    last: last === null ? null : { ...chatMessageOf(last, live), text: preview(last.text) },
  };
}

/**
 * The list, in its order, as a reply that fits a frame: pictures up to `LIST_AVATARS_LENGTH_MAX`
 * from the first on, then none; where even words are too many, the last conversations have none.
 */
export function listOf(
  stored: readonly StoredConversation[],
  avatarOf: (contact: number) => Uint8Array | null,
  live: LiveDelivery,
): Conversation[] {
  const list = stored.map((one) => {
    const whole = conversationOf(one, null, live);
    return { ...whole, draft: preview(whole.draft) };
  });
  let length = 2;
  for (const { name, last } of list) {
    length += ENTRY_LENGTH_MAX + jsonLength(name) + (last === null ? 0 : jsonLength(last.note));
  }
  for (const [index, one] of list.entries()) {
    const words = [one.draft, one.last?.text ?? '', one.trouble?.text ?? '']
      .map(jsonLength)
      .reduce((sum, part) => sum + part);
    if (length + words <= REPLY_LENGTH_MAX) length += words;
    else list[index] = wordless(one);
  }
  let room = Math.min(LIST_AVATARS_LENGTH_MAX, REPLY_LENGTH_MAX - length);
  for (const [index, { contact, avatarSize }] of stored.entries()) {
    room -= Math.ceil((avatarSize * 4) / 3);
    if (room < 0) break;
    const one = list[index];
    if (avatarSize === 0 || one === undefined) continue;
    const avatar = avatarOf(contact);
    if (avatar !== null) one.avatar = Buffer.from(avatar).toString('base64url');
  }
  return list;
}

function wordless({ last, trouble, ...one }: Conversation): Conversation {
  const without = {
    last: last && { ...last, text: '' },
    trouble: trouble && { ...trouble, text: '' },
  };
  return { ...one, draft: '', ...without };
}

/** The first lines that fit a reply together, at least one of them. */
export function fitting(messages: readonly ChatMessage[], lengthMax: number): ChatMessage[] {
  let length = 0;
  const end = messages.findIndex(({ text, note }) => {
    length += ENTRY_LENGTH_MAX + jsonLength(text) + jsonLength(note);
    return length > lengthMax;
  });
  return messages.slice(0, end < 0 ? messages.length : Math.max(1, end));
}

/** The first words of a text, at most `PREVIEW_LENGTH_MAX` units, no character cut in two. */
function preview(text: string): string {
  return text.length <= PREVIEW_LENGTH_MAX
    ? text
    : text.slice(0, PREVIEW_LENGTH_MAX).replace(/[\ud800-\udbff]$/, '');
}

function jsonLength(value: unknown): number {
  return JSON.stringify(value).length;
}
