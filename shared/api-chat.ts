// The part of the contract that is about conversations: the list, the messages of a chat with what
// is known of each, drafts, and the search (design section 3, "States shown").
import * as z from 'zod/mini';

/** UTF-16 units of a message; its UTF-8 has at most 16,384 bytes. */
export const TEXT_LENGTH_MAX = 16_384;
/** Messages of one page. */
export const PAGE_MAX = 100;
/** Hits of one page of a search. */
export const HITS_MAX = 50;
export const QUERY_LENGTH_MAX = 256;
/** UTF-16 units of the words in the list. */
export const PREVIEW_LENGTH_MAX = 160;

const nothing = z.strictObject({});
const id = z.int().check(z.positive());
const count = z.int().check(z.nonnegative());
const unixMs = z.number();
const text = z.string().check(z.minLength(1), z.maxLength(TEXT_LENGTH_MAX));

/** What is known of an own message; it never goes back (a user's "send again" begins anew). */
export const deliverySchema = z.strictObject({
  state: z.enum([
    'queued',
    'in_the_mix',
    'at_provider',
    'delivered',
    'read',
    /** Queued, and no network to go out by. */
    'waiting',
    /** A try is lost; the next one is on its way. */
    'retrying',
    'not_confirmed',
    'expired',
    'failed',
  ]),
  /** When the state began. */
  atUnixMs: unixMs,
  /** 2 to 5 while retrying, else 1. */
  tryCount: z.int(),
  /** Until it leaves, expected; null where it has left or nothing is known. */
  leavesInMs: z.nullable(z.number()),
  /** Packets of it that are confirmed, of how many. */
  packets: z.strictObject({ confirmed: count, all: count }),
  /** Why it failed; null unless it did. */
  reason: z.nullable(z.enum(['too_large', 'blocked', 'no_session', 'outbox_full'])),
});
export type MessageDelivery = z.infer<typeof deliverySchema>;

/** A line in the chat that is no message of anybody's. */
export const noteSchema = z.union([
  z.strictObject({ kind: z.literal('accepted') }),
  /**
   * Encryption was renewed: whose program began it, and why. `restored`: the one that began it saw
   * that the other's profile is a copy.
   */
  z.strictObject({
    kind: z.literal('session_reset'),
    isOwn: z.boolean(),
    reason: z.enum(['asked', 'broken', 'restored']),
  }),
  /** A contact used a code of this user's again: his profile has this contact no longer. */
  z.strictObject({ kind: z.literal('asked_again') }),
  /** Nothing came back as long as it could have: to the own request, acceptance or reset. */
  z.strictObject({
    kind: z.literal('no_answer'),
    to: z.enum(['request', 'acceptance', 'reset']),
  }),
  z.strictObject({ kind: z.literal('verified'), isVerified: z.boolean() }),
  /** His keys are other ones than those that were verified, or than before. */
  z.strictObject({ kind: z.literal('keys_changed') }),
  z.strictObject({ kind: z.literal('renamed'), from: z.string(), to: z.string() }),
  /** So many messages of his are still on their way, or (`isLost`) will not come. */
  z.strictObject({ kind: z.literal('gap'), count, isLost: z.boolean() }),
  /** Two copies of his profile send, or it was put back from a copy. */
  z.strictObject({ kind: z.literal('profile_copied') }),
  /** A kind of message that this version does not know. */
  z.strictObject({ kind: z.literal('unknown_kind') }),
]);
export type ChatNote = z.infer<typeof noteSchema>;

export const chatMessageSchema = z.strictObject({
  id,
  contact: id,
  isOwn: z.boolean(),
  /** Empty in a note. */
  text: z.string(),
  note: z.nullable(noteSchema),
  /** By the sender's clock. */
  sentUnixMs: unixMs,
  /** At the own provider; null for own messages. */
  arrivedUnixMs: z.nullable(unixMs),
  /** Place in the chat: ascending, ties by id. */
  order: z.number(),
  /** Null for messages of others and notes. */
  delivery: z.nullable(deliverySchema),
  isRead: z.boolean(),
});
export type ChatMessage = z.infer<typeof chatMessageSchema>;

export const conversationSchema = z.strictObject({
  contact: id,
  /** Empty before he has said what he calls himself, where the user has no name for him either. */
  name: z.string(),
  /** When he became known. */
  begunUnixMs: unixMs,
  /** In a list that of the first ones alone, as far as 2 MB reach; null for the others. */
  avatar: z.nullable(z.string()),
  pair: z.int(),
  state: z.enum(['requested', 'accepted', 'blocked']),
  isVerified: z.boolean(),
  isPinned: z.boolean(),
  isMuted: z.boolean(),
  isArchived: z.boolean(),
  unread: count,
  /** In a list at most `PREVIEW_LENGTH_MAX` of it. */
  draft: z.string(),
  /**
   * The newest own message, where its user has to do something if it is to arrive; null where that
   * went well, or lies further back than the newest 64 lines. Its text is at most
   * `PREVIEW_LENGTH_MAX`.
   */
  trouble: z.nullable(
    z.strictObject({ state: z.enum(['not_confirmed', 'expired', 'failed']), text: z.string() }),
  ),
  /** The newest message or note; its text is at most `PREVIEW_LENGTH_MAX`. */
  last: z.nullable(chatMessageSchema),
  /** What the list is sorted by, newest first, after the pinned ones. */
  atUnixMs: unixMs,
});
export type Conversation = z.infer<typeof conversationSchema>;

export const hitSchema = z.strictObject({
  message: chatMessageSchema,
  /** The words around the first match. */
  snippet: z.string(),
  /** Where the matches stand in `snippet`, in UTF-16 units: first, length. */
  matches: z.array(z.tuple([count, count])),
});
export type SearchHit = z.infer<typeof hitSchema>;

/** Where a page ends: `order` and `id` of its oldest message, or of its newest. */
const placeSchema = z.strictObject({ order: z.number(), id });

export const chatCalls = {
  'conversation.list': { args: nothing, value: z.array(conversationSchema) },
  'conversation.get': { args: z.strictObject({ contact: id }), value: conversationSchema },
  'conversation.set': {
    args: z.strictObject({
      contact: id,
      isPinned: z.optional(z.boolean()),
      isMuted: z.optional(z.boolean()),
      isArchived: z.optional(z.boolean()),
    }),
    value: conversationSchema,
  },
  /** Kept with the profile; empty for none. */
  'conversation.draft': {
    args: z.strictObject({ contact: id, text: z.string().check(z.maxLength(TEXT_LENGTH_MAX)) }),
    value: nothing,
  },
  /**
   * Everything up to this message was seen; tells its sender where that is wanted. One
   * `conversation` event says so, no `chat.message` for each.
   */
  'conversation.read': { args: z.strictObject({ contact: id, upTo: id }), value: nothing },

  /** Messages before or after a place, or the newest; ascending. Fewer where they are long. */
  'chat.page': {
    args: z.strictObject({
      contact: id,
      before: z.optional(placeSchema),
      after: z.optional(placeSchema),
      /** Around this message: half before it, half after. */
      around: z.optional(id),
      limit: z.int().check(z.minimum(1), z.maximum(PAGE_MAX)),
    }),
    value: z.strictObject({
      messages: z.array(chatMessageSchema),
      hasBefore: z.boolean(),
      hasAfter: z.boolean(),
      /** The oldest message that was not read; null for none. */
      firstUnread: z.nullable(id),
    }),
  },
  'chat.send': { args: z.strictObject({ contact: id, text }), value: chatMessageSchema },
  /** Takes a message back of which nothing has left; fails with `left_already`. */
  'chat.cancel': { args: z.strictObject({ id }), value: nothing },
  /** Sends what is not confirmed, expired or failed once more: the same message. */
  'chat.again': { args: z.strictObject({ id }), value: chatMessageSchema },
  /** Here alone. */
  'chat.delete': { args: z.strictObject({ id }), value: nothing },

  /** Newest first. Parts of words and any script; every word of the query must be in it. */
  search: {
    args: z.strictObject({
      text: z.string().check(z.minLength(1), z.maxLength(QUERY_LENGTH_MAX)),
      contact: z.optional(id),
      /** `next` of the page before. */
      before: z.optional(id),
      limit: z.int().check(z.minimum(1), z.maximum(HITS_MAX)),
    }),
    value: z.strictObject({
      hits: z.array(hitSchema),
      /** Where the search goes on; null where everything was looked at. */
      next: z.nullable(id),
      /** Contacts whose name matches, in the first page; at most 50. */
      contacts: z.array(id),
      /**
       * There where the page ends since it looked at enough: 20,000 messages, which for words of
       * one or two characters, or a common word in one long chat, may have had no hit.
       */
      isPartial: z.optional(z.boolean()),
    }),
  },
} as const;

export const chatEvents = {
  /** New or changed. */
  conversation: conversationSchema,
  'conversation.gone': z.strictObject({ contact: id }),
  /** New or changed. */
  'chat.message': chatMessageSchema,
  'chat.gone': z.strictObject({ contact: id, id }),
} as const;

export const chatFailureCodes = ['bad_text', 'blocked', 'unknown_conversation'] as const;
