// The chat that is open: a window on its messages that follows the engine's events and is moved by
// asking for pages. It opens at a named message, at the first unread one, or at the end.

import type { CallArgs } from '../../shared/api.ts';
import type { ChatMessage } from '../../shared/api-chat.ts';
import type { Api } from '../api.ts';
import {
  type ChatPage,
  type ChatWindow,
  withChanged,
  withNewer,
  withOlder,
  withoutMessage,
} from './chat-window.ts';
import { coalesce } from './coalesce.ts';
import { takeEvent } from './projection.ts';
import { createStore, type Store } from './store.ts';

/** Messages that are asked for at once. */
export const PAGE_LENGTH = 60;
/** Changes of messages within this are shown together. */
export const CHAT_MS_MIN = 50;

export type OpenChat = ChatWindow & {
  readonly state: 'loading' | 'open' | 'failed';
  /** The message before which the unread ones begin, as it was on opening. */
  readonly firstUnread: number | null;
  /** Grows whenever the window was put elsewhere; the view then goes to `goal`. */
  readonly moves: number;
  /** The message to go to; null for the end. */
  readonly goal: number | null;
  readonly fetching: 'before' | 'after' | null;
  /** Messages of the other that came while the chat was open, the newest last; for announcing. */
  readonly arrived: readonly ChatMessage[];
};

export type ChatHold = {
  readonly store: Store<OpenChat>;
  /** Older messages, where there are some. */
  readonly before: () => void;
  readonly after: () => void;
  /** Goes to a message, or to the end; nothing moves where its page cannot be had. */
  readonly moveTo: (goal: number | null) => void;
  /** An own message that the engine has just taken. */
  readonly put: (message: ChatMessage) => void;
  /** Tells whether the newest messages are in sight. */
  readonly lookAtEnd: (isAtEnd: boolean) => void;
  readonly close: () => void;
};

const closed: OpenChat = {
  state: 'loading',
  messages: [],
  hasBefore: false,
  hasAfter: false,
  firstUnread: null,
  moves: 0,
  goal: null,
  fetching: null,
  arrived: [],
};

/** Opens the chat at `message`; without one at the first unread message, or at the end. */
export function openChat(api: Api, contact: number, message: number | null): ChatHold {
  const store = createStore<OpenChat>(closed);
  let isAtEnd = true;
  let isClosed = false;
  const ask = (where: Partial<CallArgs<'chat.page'>>) =>
    api.call('chat.page', { contact, limit: PAGE_LENGTH, ...where });
  const place = (page: ChatPage, goal: number | null) => {
    if (isClosed) return;
    const { messages, hasBefore, hasAfter } = page;
    const moves = store.get().moves + 1;
    store.merge({ state: 'open', messages, hasBefore, hasAfter, goal, moves, fetching: null });
  };
  const first = async () => {
    const newest = await ask(message === null ? {} : { around: message });
    store.merge({ firstUnread: newest.firstUnread });
    const goal = message ?? newest.firstUnread;
    const isThere = goal === null || newest.messages.some(({ id }) => id === goal);
    place(isThere || goal === null ? newest : await ask({ around: goal }), goal);
  };
  const extend = (side: 'before' | 'after') => {
    const known = store.get();
    const edge = side === 'before' ? known.messages[0] : known.messages.at(-1);
    const hasMore = side === 'before' ? known.hasBefore : known.hasAfter;
    if (known.fetching !== null || !hasMore || edge === undefined) return;
    const { moves } = known;
    store.merge({ fetching: side });
    ask({ [side]: { order: edge.order, id: edge.id } }).then(
      (page) => {
        const now = store.get();
        if (isClosed || now.moves !== moves) return;
        const grown = side === 'before' ? withOlder(now, page) : withNewer(now, page);
        store.merge({ ...grown, fetching: null });
      },
      () => store.merge({ fetching: null }),
    );
  };
  const fail = () => {
    if (store.get().state === 'loading' && !isClosed) store.merge({ state: 'failed' });
  };
  /** After events were missed: what is held is asked for anew, and nothing moves. */
  const refresh = () => {
    const known = store.get();
    if (known.state !== 'open') return void first().catch(fail);
    const middle = known.messages[known.messages.length >> 1];
    const where = known.hasAfter && middle !== undefined ? { around: middle.id } : {};
    ask(where).then((page) => {
      const { messages, hasBefore, hasAfter } = page;
      if (!isClosed) store.merge({ messages, hasBefore, hasAfter });
    }, fail);
  };
  const changes = coalesce<ChatMessage>(CHAT_MS_MIN, (changed) => {
    const known = store.get();
    if (known.state !== 'open') return;
    const held = new Set(known.messages.map(({ id }) => id));
    const newest = known.messages.at(-1)?.order ?? Number.NEGATIVE_INFINITY;
    const arrived = changed.filter(
      (one) => !one.isOwn && one.note === null && !held.has(one.id) && one.order >= newest,
    );
    const grown = withChanged(known, changed, isAtEnd);
    store.merge(arrived.length === 0 ? grown : { ...grown, arrived });
  });
  const endEvents = api.listen((frame) =>
    takeEvent(frame, {
      'chat.message': (changed) => {
        if (changed.contact === contact) changes.give(changed);
      },
      'chat.gone': (gone) => {
        if (gone.contact === contact) store.merge(withoutMessage(store.get(), gone.id));
      },
      missed: refresh,
      engine: (engine) => {
        if (engine.state === 'running') refresh();
      },
    }),
  );
  const endConnection = api.onConnection((connection) => {
    if (connection === 'open') refresh();
  });
  first().catch(fail);
  return {
    store,
    before: () => extend('before'),
    after: () => extend('after'),
    moveTo: (goal) => {
      const known = store.get();
      const isHeld = known.messages.some(({ id }) => id === goal);
      if (known.state === 'open' && (goal === null ? !known.hasAfter : isHeld)) {
        store.merge({ goal, moves: known.moves + 1 });
        return;
      }
      ask(goal === null ? {} : { around: goal }).then(
        (page) => place(page, goal),
        () => {},
      );
    },
    put: (taken) => {
      if (!store.get().messages.some(({ id }) => id === taken.id)) changes.give(taken);
    },
    lookAtEnd: (isIt) => {
      isAtEnd = isIt;
    },
    close: () => {
      isClosed = true;
      changes.end();
      endEvents();
      endConnection();
    },
  };
}
