// Conversations and their chats: what the window asks of them, and what the rest of the messenger
// has them keep. Everything that takes time is a step in a quiet moment (main/engine/steps.ts);
// what is long is several.
import type { CallArgs } from '../../../shared/api.ts';
import { createConversationStore } from '../../store/conversation-store.ts';
import { createMessageSearch } from '../../store/message-search.ts';
import {
  createMessageStore,
  type MessageStore,
  type StoredMessage,
} from '../../store/message-store.ts';
import { CallFailure } from '../call-failure.ts';
import type { Handlers } from '../engine.ts';
import { pageOf } from './chat-page.ts';
import { chatMessageOf, conversationOf, listOf } from './chat-view.ts';
import { createEraser, type Eraser } from './eraser.ts';
import type { ChatHooks, ChatPort, Parts, Work } from './parts.ts';
import { findMessages } from './search.ts';

/** Messages marked as read in one step, each with its receipt. */
export const READ_PER_STEP = 100;
/** With what follows a reply at once: its check against the contract, and its JSON. */
const LIST_QUIET_MS = 120;
const PAGE_QUIET_MS = 15;
const READ_QUIET_MS = 20;
/** The index needs some ten milliseconds to take a message out. */
const DELETE_QUIET_MS = 50;

type ChatCall =
  | 'conversation.list'
  | 'conversation.get'
  | 'conversation.set'
  | 'conversation.draft'
  | 'conversation.read'
  | 'chat.page'
  | 'chat.delete'
  | 'search';

type ChatParts = Pick<Parts, 'db' | 'step' | 'log'>;

export type Chats = ChatPort & {
  readonly handlers: Pick<Handlers, ChatCall>;
  /** Contacts were removed: their chats are taken out from now on. Also once after the start. */
  readonly erase: () => void;
  readonly close: () => void;
};

export function createChats(parts: ChatParts, hooks: ChatHooks): Chats {
  const { db, step, log } = parts;
  const messages = createMessageStore(db);
  const conversations = createConversationStore(db);
  const eraser = createEraser({ db, messages, step, log });

  const live = ({ id, delivery }: StoredMessage) => {
    if (delivery?.state !== 'queued') return {};
    const { isOnline, leavesInMs } = hooks.outlook(id);
    return isOnline ? { leavesInMs } : { state: 'waiting' as const };
  };
  const show = (message: StoredMessage) => chatMessageOf(message, live);
  const port = createPort(messages, eraser, {
    message: (id) => {
      const message = messages.get(id);
      return message && show(message);
    },
    conversation: (contact) => {
      const stored = conversations.get(contact);
      return stored && conversationOf(stored, conversations.avatar(contact), live);
    },
  });
  const search = createMessageSearch(db);
  const page = { conversations, message: messages.get, show };
  const listed = () => listOf(conversations.list(), conversations.avatar, live);

  const known = (contact: number) => {
    const one = port.conversation(contact);
    if (one === null) throw unknownConversation();
    return one;
  };
  const handlers: Chats['handlers'] = {
    'conversation.list': () => step(listed, LIST_QUIET_MS),
    'conversation.get': ({ contact }) => step(() => known(contact), PAGE_QUIET_MS),
    'conversation.set': ({ contact, ...flags }) =>
      step((work) => {
        if (!conversations.set(contact, flags)) throw unknownConversation();
        work.changed.conversations.add(contact);
        return known(contact);
      }),
    'conversation.draft': ({ contact, text }) =>
      step((work) => {
        if (!conversations.setDraft(contact, text)) throw unknownConversation();
        work.changed.conversations.add(contact);
        eraser.deleted();
        return {};
      }),
    'conversation.read': (args) => readUpTo(parts, messages, hooks, args),
    'chat.page': (args) =>
      step(() => {
        if (conversations.get(args.contact) === null) throw unknownConversation();
        return pageOf(page, args);
      }, PAGE_QUIET_MS),
    'chat.delete': ({ id }) =>
      step((work) => deleteLine(work, id, { messages, hooks, port }), DELETE_QUIET_MS),
    search: (args) => findMessages({ search, step, message: messages.get, show }, args),
  };
  return { ...port, handlers, erase: eraser.wake, close: eraser.close };
}

/** What the rest of the messenger has done in its steps; `shown` is how lines are told. */
function createPort(
  messages: MessageStore,
  eraser: Eraser,
  shown: Pick<Chats, 'message' | 'conversation'>,
): Omit<Chats, 'handlers' | 'erase' | 'close'> {
  const changed = (work: Work, id: number, contact: number) => {
    work.changed.messages.add(id);
    work.changed.conversations.add(contact);
  };
  const change = (work: Work, id: number) => {
    const message = messages.get(id);
    if (message !== null) changed(work, id, message.contact);
  };
  return {
    ...shown,
    begin: (work, contact) => {
      messages.begin(contact, work.now.unixMs);
      work.changed.conversations.add(contact);
    },
    addOwn: (work, contact, { uid, text, sentUnixMs, packetCount }) => {
      const numbers = { tryCount: 1, confirmed: 0, all: packetCount, reason: null };
      const delivery = { state: 'queued', atUnixMs: work.now.unixMs, ...numbers } as const;
      const id = messages.addOwn({ contact, uid, text, sentUnixMs, delivery });
      changed(work, id, contact);
      return id;
    },
    addTheirs: (work, contact, text) => {
      const id = messages.addReceived({ contact, ...text, receivedUnixMs: work.now.unixMs });
      if (id !== null) changed(work, id, contact);
      return id;
    },
    addNote: (work, contact, note) => {
      const id = messages.addNote(contact, note, work.now.unixMs);
      changed(work, id, contact);
      return id;
    },
    setNote: (work, id, note) => {
      messages.setNote(id, note);
      change(work, id);
    },
    remove: (work, id) => {
      const message = messages.get(id);
      if (message === null) return;
      messages.remove(id);
      work.changed.messages.delete(id);
      work.changed.goneMessages.set(id, message.contact);
      work.changed.conversations.add(message.contact);
      eraser.deleted();
    },
    hasTheirs: (contact, uid) => messages.ofUid(contact, false, uid) !== null,
    newestSentUnixMs: (contact) => messages.newestSentUnixMs(contact),
    ownOfUid: (contact, uid) => messages.ofUid(contact, true, uid)?.id ?? null,
    delivery: (id) => messages.get(id)?.delivery ?? null,
    setDelivery: (work, id, delivery) => {
      messages.setDelivery(id, delivery);
      change(work, id);
    },
  };
}

/** In as many steps as it takes. */
async function readUpTo(
  { step }: ChatParts,
  messages: MessageStore,
  hooks: ChatHooks,
  { contact, upTo }: CallArgs<'conversation.read'>,
): Promise<Record<string, never>> {
  let count = READ_PER_STEP;
  while (count === READ_PER_STEP) {
    count = await step((work) => {
      if (!messages.hasBegun(contact)) throw unknownConversation();
      const uids = messages.markRead(contact, upTo, READ_PER_STEP);
      if (uids.length === 0) return 0;
      hooks.read(work, contact, uids);
      work.changed.conversations.add(contact);
      return uids.length;
    }, READ_QUIET_MS);
  }
  return {};
}

type Deletion = {
  readonly messages: MessageStore;
  readonly hooks: ChatHooks;
  readonly port: Pick<ChatPort, 'remove'>;
};

function deleteLine(work: Work, id: number, { messages, hooks, port }: Deletion) {
  const message = messages.get(id);
  if (message === null) throw new CallFailure('unknown_message', 'id: no such message');
  if (message.isOwn && message.note === null) hooks.deleted(work, id);
  port.remove(work, id);
  return {};
}

function unknownConversation(): CallFailure {
  return new CallFailure('unknown_conversation', 'contact: no such conversation');
}
