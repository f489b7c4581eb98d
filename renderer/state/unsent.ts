// Words that the engine did not take as a message, for whoever writes in that chat next: its
// composer where one is there, else the draft of the chat, in front of what stands there. A chat
// that was left before the answer came loses nothing.
import { TEXT_LENGTH_MAX } from '../../shared/api-chat.ts';
import { type Api, CallError } from '../api.ts';
import { createStore, type Store } from './store.ts';

/** After this, words that could not be saved are saved again. */
export const UNSENT_AGAIN_MS = 5_000;

export type Unsent = {
  readonly text: string;
  /** What the call was rejected with. */
  readonly error: unknown;
};

export type UnsentWords = {
  /** By contact; at most one for each chat. */
  readonly store: Store<Readonly<Record<number, Unsent | undefined>>>;
  readonly keep: (contact: number, unsent: Unsent) => void;
  /** A composer is there, and takes what comes; returns what ends that. */
  readonly attend: (contact: number) => () => void;
  /** The composer has them. */
  readonly take: (contact: number) => void;
  /** Nothing stays in a locked window but what is saved nowhere else. */
  readonly locked: () => void;
  readonly close: () => void;
};

/** `unsent` in front of `words`, unless it stands there already. */
export function inFront(unsent: string, words: string): string {
  if (words === '') return unsent;
  const isThere = words === unsent || words.startsWith(`${unsent}\n`);
  return isThere ? words : `${unsent}\n${words}`;
}

export function keepUnsent(api: Api): UnsentWords {
  const store = createStore<Record<number, Unsent | undefined>>({});
  const attended = new Set<number>();
  /** Those that stand in the draft too. */
  const saved = new Set<number>();
  const waiting = new Set<number>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const drop = (contact: number): void => {
    saved.delete(contact);
    waiting.delete(contact);
    store.merge({ [contact]: undefined });
  };
  const isLeft = (contact: number, unsent: Unsent): boolean =>
    store.get()[contact] === unsent && !attended.has(contact);
  const saveAgain = (contact: number): void => {
    waiting.add(contact);
    timer ??= setTimeout(() => {
      timer = undefined;
      const due = [...waiting];
      waiting.clear();
      for (const one of due) void save(one);
    }, UNSENT_AGAIN_MS);
  };
  const save = async (contact: number): Promise<void> => {
    const unsent = store.get()[contact];
    if (unsent === undefined || saved.has(contact) || !isLeft(contact, unsent)) return;
    try {
      const { draft } = await api.call('conversation.get', { contact });
      const text = inFront(unsent.text, draft);
      // What is too long for a draft stays in the window alone.
      if (!isLeft(contact, unsent) || text.length > TEXT_LENGTH_MAX) return;
      // Also where it stands there: the composer that was left may have emptied it meanwhile.
      await api.call('conversation.draft', { contact, text });
      if (isLeft(contact, unsent)) saved.add(contact);
    } catch (error) {
      if (error instanceof CallError && error.code === 'unknown_contact') drop(contact);
      else saveAgain(contact);
    }
  };

  return {
    store,
    keep: (contact, { text, error }) => {
      const before = saved.delete(contact) ? undefined : store.get()[contact];
      const all = before === undefined ? text : `${before.text}\n${text}`;
      store.merge({ [contact]: { text: all, error } });
      void save(contact);
    },
    attend: (contact) => {
      attended.add(contact);
      return () => {
        attended.delete(contact);
        void save(contact);
      };
    },
    take: drop,
    locked: () => {
      for (const contact of saved) drop(contact);
    },
    close: () => clearTimeout(timer),
  };
}
