// What the window knows of the engine: connection, settings, the profile and its lock, the
// conversations, the requests, the network. A projection of calls and events; the truth stays with
// the engine. Everything is asked for at the start and again whenever the engine, the way to it, or
// the profile comes back, and after events were missed.

import {
  type About,
  type CallName,
  type CallValue,
  type EngineState,
  type EventFrame,
  type EventName,
  type EventValue,
  events,
  type Settings,
} from '../../shared/api.ts';
import type { Conversation } from '../../shared/api-chat.ts';
import type { NetworkStatus } from '../../shared/api-network.ts';
import type { ContactRequest } from '../../shared/api-people.ts';
import type { Demo, Lock, Profile } from '../../shared/api-profile.ts';
import type { Api, Connection } from '../api.ts';
import { coalesce } from './coalesce.ts';
import {
  type Conversations,
  inOrder,
  withConversation,
  withoutConversation,
} from './conversations.ts';
import { type HealthKnown, watchHealth } from './health.ts';
import { createStore, type Store } from './store.ts';
import { keepUnsent, type UnsentWords } from './unsent.ts';

/** Null is what was not told yet. Of a locked profile only the first seven are known. */
export type Projection = {
  readonly connection: Connection;
  readonly engine: EngineState | null;
  readonly settings: Settings | null;
  readonly about: About | null;
  readonly profile: Profile | null;
  readonly lock: Lock | null;
  readonly network: NetworkStatus | null;
  readonly demo: Demo | null;
  readonly conversations: Conversations | null;
  /** Whether the engine was asked for them and did not give them. */
  readonly isListRefused: boolean;
  readonly requests: readonly ContactRequest[] | null;
};

export type Session = {
  readonly api: Api;
  readonly store: Store<Projection>;
  /** How well delivery works; asked for while it is watched. */
  readonly health: Store<HealthKnown>;
  /** What the engine did not take as messages. */
  readonly unsent: UnsentWords;
  /** Saves settings; rejects with `CallError` where the engine did not take them. */
  readonly saveSettings: (change: Partial<Settings>) => Promise<void>;
  /** Asks for the conversations once more. */
  readonly readConversations: () => void;
  /** Asks once for a picture that a long list has left out. */
  readonly readPicture: (contact: number) => void;
  readonly close: () => void;
};

/**
 * A list of conversations carries about 2 MiB of pictures; from here on, some may be left out.
 */
export const PICTURES_LENGTH_FULL = 2_000_000;
/** Changes of conversations within this are shown together. */
export const LIST_MS_MIN = 50;

type ConversationChange = Conversation | { readonly gone: number };

/** Asks the engine, listens to it, and asks again whenever it or the way to it has come back. */
export function openSession(api: Api): Session {
  const store = createStore<Projection>({
    connection: api.connection(),
    engine: null,
    settings: null,
    about: null,
    profile: null,
    lock: null,
    network: null,
    demo: null,
    conversations: null,
    isListRefused: false,
    requests: null,
  });
  const ask = <N extends CallName>(
    name: N,
    take: (value: CallValue<N>) => void,
    refused: () => void = () => {},
  ): Promise<void> =>
    // A refusal leaves what is known: the engine's own event says what is wrong.
    api.call(name, {} as never).then(take, refused);
  const unsent = keepUnsent(api);
  /** Whose pictures were asked for; none where the list came whole. */
  const pictured = new Set<number>();
  const askForContent = () => {
    store.merge({ isListRefused: false });
    void ask(
      'conversation.list',
      (list) => {
        changes.end();
        pictured.clear();
        const isWhole = picturesLength(list) < PICTURES_LENGTH_FULL;
        for (const { contact, avatar } of list) {
          if (isWhole || avatar !== null) pictured.add(contact);
        }
        store.merge({ conversations: inOrder(list) });
      },
      () => store.merge({ isListRefused: true }),
    );
    void ask('request.list', (requests) => store.merge({ requests }));
  };
  const takeLock = (lock: Lock) => {
    const wasLocked = store.get().lock?.state === 'locked';
    store.merge({ lock });
    if (lock.state === 'locked') {
      changes.end();
      unsent.locked();
      store.merge({ profile: null, conversations: null, requests: null });
    } else if (wasLocked) askAll();
  };
  const takeProfile = (profile: Profile) => {
    const wasNamed = store.get().profile?.name !== null;
    store.merge({ profile });
    if (profile.name !== null && !wasNamed) askForContent();
  };
  const askAll = () => {
    void ask('settings.get', (settings) => store.merge({ settings }));
    const whose = [
      ask('lock.get', takeLock),
      ask('profile.get', (profile) => store.merge({ profile })),
    ];
    // It opens the list; whether there is a lock or a welcome in its place is known by then.
    void Promise.all(whose).then(() =>
      ask('about', (about) => store.merge({ about, engine: { state: 'running', reason: null } })),
    );
    void ask('network.status', (network) => store.merge({ network }));
    void ask('demo.get', (demo) => store.merge({ demo }));
    askForContent();
  };
  const changes = coalesce<ConversationChange>(LIST_MS_MIN, (changed) => {
    const known = store.get().conversations;
    if (known !== null) store.merge({ conversations: changed.reduce(applyChange, known) });
  });
  const takers: { readonly [N in EventName]?: (value: EventValue<N>) => void } = {
    settings: (settings) => store.merge({ settings }),
    engine: (engine) => {
      store.merge({ engine });
      if (engine.state === 'running') askAll();
    },
    missed: askAll,
    profile: takeProfile,
    lock: takeLock,
    demo: (demo) => store.merge({ demo }),
    network: (network) => store.merge({ network }),
    requests: (requests) => store.merge({ requests }),
    conversation: (conversation) => changes.give(conversation),
    'conversation.gone': ({ contact }) => changes.give({ gone: contact }),
  };
  const endEvents = api.listen((frame) => takeEvent(frame, takers));
  const endConnection = api.onConnection((connection) => {
    store.merge({ connection });
    if (connection === 'open') askAll();
  });
  askAll();
  return {
    api,
    store,
    health: watchHealth(api),
    unsent,
    saveSettings: async (change) => {
      store.merge({ settings: await api.call('settings.set', change) });
    },
    readConversations: askForContent,
    readPicture: (contact) => {
      if (pictured.has(contact)) return;
      pictured.add(contact);
      api.call('conversation.get', { contact }).then(
        (one) => changes.give(one),
        () => pictured.delete(contact),
      );
    },
    close: () => {
      changes.end();
      unsent.close();
      endEvents();
      endConnection();
    },
  };
}

function picturesLength(list: Conversations): number {
  return list.reduce((length, { avatar }) => length + (avatar?.length ?? 0), 0);
}

type Takers = { readonly [N in EventName]?: (value: EventValue<N>) => void };

/** Hands an event to whoever takes its kind, once its value is as the contract says. */
export function takeEvent(frame: EventFrame, takers: Takers): void {
  const take = takers[frame.event] as ((value: unknown) => void) | undefined;
  if (take === undefined) return;
  const value = events[frame.event].safeParse(frame.value);
  if (value.success) take(value.data);
}

function applyChange(list: Conversations, change: ConversationChange): Conversations {
  return 'gone' in change ? withoutConversation(list, change.gone) : withConversation(list, change);
}
