// What the engine finds for the words in the search field: asked for when typing rests, page by
// page. An answer to words that stand there no longer is dropped.
import { useEffect, useRef, useState } from 'react';
import { HITS_MAX, QUERY_LENGTH_MAX, type SearchHit } from '../../shared/api-chat.ts';
import type { Api } from '../api.ts';

/** Typing rests when no key came for so long. */
export const SEARCH_REST_MS = 150;
/** Hits that are listed; whoever wants others writes more words. */
export const HITS_SHOWN_MAX = 500;

export type Search = {
  /** What is typed. */
  readonly text: string;
  /** The chat that is searched; null for all. */
  readonly contact: number | null;
};

export type Found = {
  readonly state: 'idle' | 'searching' | 'done' | 'failed';
  readonly hits: readonly SearchHit[];
  readonly contacts: readonly number[];
  /** Where it goes on; null where it does not. */
  readonly next: number | null;
  /** It goes on with messages that were not looked at yet, and may have no hit. */
  readonly isPartial: boolean;
};

const none = { hits: [], contacts: [], next: null, isPartial: false };
const nothing: Found = { state: 'idle', ...none };

/** What is found for `search`, and the way to further hits. Older results stay until new ones. */
export function useSearch(api: Api, search: Search): readonly [found: Found, more: () => void] {
  const [found, setFound] = useState<Found>(nothing);
  const turn = useRef(0);
  const text = search.text.trim().slice(0, QUERY_LENGTH_MAX);
  const { contact } = search;
  const ask = (before: number | null, known: readonly SearchHit[]) => {
    turn.current += 1;
    const mine = turn.current;
    setFound((last) => ({ ...last, state: 'searching' }));
    const args = {
      text,
      limit: HITS_MAX,
      ...(contact === null ? {} : { contact }),
      ...(before === null ? {} : { before }),
    };
    api.call('search', args).then(
      (page) => {
        if (mine !== turn.current) return;
        const hits = [...known, ...page.hits];
        const next = hits.length < HITS_SHOWN_MAX ? page.next : null;
        setFound((last) => ({
          state: 'done',
          hits,
          contacts: before === null ? page.contacts : last.contacts,
          next,
          isPartial: page.isPartial === true && next !== null,
        }));
      },
      () => {
        if (mine === turn.current) setFound({ ...nothing, state: 'failed' });
      },
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked when the words change, no else
  useEffect(() => {
    if (text === '') {
      turn.current += 1;
      setFound(nothing);
      return;
    }
    const timer = setTimeout(() => ask(null, []), SEARCH_REST_MS);
    return () => clearTimeout(timer);
  }, [api, text, contact]);
  const more = () => {
    if (found.state === 'done' && found.next !== null) ask(found.next, found.hits);
  };
  return [found, more];
}
