// The open chat as React sees it: opened with its component, closed with it.
import { useEffect, useState } from 'react';
import type { Api } from '../api.ts';
import { type ChatHold, openChat } from './open-chat.ts';

/** The hold on a chat; null until the component stands. `turn` opens it anew. */
export function useOpenChat(
  api: Api,
  contact: number,
  message: number | null,
  turn: number,
): ChatHold | null {
  const [hold, setHold] = useState<ChatHold | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn opens it anew
  useEffect(() => {
    const opened = openChat(api, contact, message);
    setHold(opened);
    return opened.close;
  }, [api, contact, message, turn]);
  return hold;
}
