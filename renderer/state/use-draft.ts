// What is written and not sent: kept with the profile when typing rests, at once when the chat is
// left. What the engine did not take stays in the window.
import {
  type Dispatch,
  type SetStateAction,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';
import { TEXT_LENGTH_MAX } from '../../shared/api-chat.ts';
import type { Api } from '../api.ts';

/** Typing rests when no key came for so long. */
export const DRAFT_REST_MS = 400;

/** The text of the composer of a chat, begun with what was kept of it; null: not known yet. */
export function useDraft(
  api: Api,
  contact: number,
  kept: string | null,
): readonly [text: string, setText: Dispatch<SetStateAction<string>>] {
  const [text, setText] = useState(kept ?? '');
  const saved = useRef(kept);
  useEffect(() => {
    if (saved.current !== null || kept === null) return;
    saved.current = kept;
    setText(kept);
  }, [kept]);
  const save = useEffectEvent(() => {
    if (saved.current === null || text === saved.current || text.length > TEXT_LENGTH_MAX) return;
    const before = saved.current;
    saved.current = text;
    api.call('conversation.draft', { contact, text }).catch(() => {
      if (saved.current === text) saved.current = before;
    });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: typing begins the wait anew
  useEffect(() => {
    const timer = setTimeout(() => save(), DRAFT_REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    const leave = () => save();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, []);
  return [text, setText];
}
