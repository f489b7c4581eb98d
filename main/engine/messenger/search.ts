// The search over everything that was said, newest first. The index gives candidates and each is
// compared whole, so that parts of words, several words and any script are found, and nothing that
// only looks like it. Words of one or two characters are not in the index: for a query that has no
// longer one, and for a chat that is short, messages are looked at one after another. A page looks
// at `LOOKED_MAX` of them; the reply says where that was not all. All of it in short steps.
import type { CallArgs, CallValue } from '../../../shared/api.ts';
import type { Candidate, MessageSearch } from '../../store/message-search.ts';
import type { StoredMessage } from '../../store/message-store.ts';
import { matches, parseQuery, type Query, snippetOf } from './query.ts';
import { fold } from './text-fold.ts';

/** Messages that one page of a search looks at. */
export const LOOKED_MAX = 20_000;
/** Of them in one step: a few milliseconds. */
export const LOOKED_PER_STEP = 1_000;
/** In all chats, where nearly every candidate of the index is a hit. */
export const CANDIDATES_PER_STEP = 100;
/** Contacts found by their names. */
export const CONTACT_HITS_MAX = 50;
/** Sequences of three characters that the index is asked for, the rarest of the query first. */
export const ASKED_MAX = 4;
const QUIET_MS = 25;

type Args = CallArgs<'search'>;
type Found = CallValue<'search'>;

export type SearchOptions = {
  readonly search: MessageSearch;
  /** One transaction in a quiet moment. */
  readonly step: <T>(run: () => T, quietMs: number) => Promise<T>;
  readonly message: (id: number) => StoredMessage | null;
  readonly show: (message: StoredMessage) => Found['hits'][number]['message'];
};

/** A page of hits. Never refuses a query; one of blanks finds nothing. */
export async function findMessages(options: SearchOptions, args: Args): Promise<Found> {
  const { step } = options;
  const query = parseQuery(args.text);
  if (query.words.length === 0) return { hits: [], next: null, contacts: [] };
  const isFirst = args.before === undefined;
  const contacts = isFirst ? await step(() => namesOf(options.search, query), QUIET_MS) : [];
  const { ids, next, isPartial } = await find(options, args, query);
  const hits = await step(() => {
    return ids.flatMap((id) => {
      const message = options.message(id);
      if (message === null) return [];
      return [{ message: options.show(message), ...snippetOf(query, message.text) }];
    });
  }, QUIET_MS);
  return { hits, next, contacts, ...(isPartial ? { isPartial } : {}) };
}

function namesOf(store: MessageSearch, { words }: Query): number[] {
  const found = store.names().filter(({ name }) => {
    const folded = fold(name);
    return words.every((word) => folded.includes(word));
  });
  return found.slice(0, CONTACT_HITS_MAX).map(({ id }) => id);
}

type Ids = Pick<Found, 'next'> & { readonly ids: readonly number[]; readonly isPartial: boolean };

/** The ids of a page, and where it goes on. */
async function find(options: SearchOptions, args: Args, query: Query): Promise<Ids> {
  const { search: store, step } = options;
  const contact = args.contact ?? null;
  const ids: number[] = [];
  const keep = (candidates: readonly Candidate[]) => {
    for (const { id, text } of candidates) {
      if (text !== null && matches(query, text)) ids.push(id);
    }
    return candidates;
  };
  const isDone = () => ids.length > args.limit;
  const start = await step(() => {
    const isShort = contact !== null && store.countOf(contact) <= LOOKED_MAX;
    return { before: args.before ?? store.lastId() + 1, isShort };
  }, QUIET_MS);
  let { before } = start;

  const isScan = query.trigrams.length === 0 || start.isShort;
  const asked = isScan ? [] : await step(() => rarestOf(store, query.trigrams), QUIET_MS);
  const perStep = isScan || contact !== null ? LOOKED_PER_STEP : CANDIDATES_PER_STEP;
  for (let looked = 0; looked < LOOKED_MAX && !isDone(); looked += perStep) {
    const found = await step(
      () =>
        keep(
          isScan
            ? store.scanned(contact, before, perStep)
            : store.indexed(asked, contact, before, perStep),
        ),
      QUIET_MS,
    );
    if (found.length < perStep && !isDone()) return { ids, next: null, isPartial: false };
    before = found.at(-1)?.id ?? 0;
  }
  // One hit beyond the page was found: the page's last one is where the next begins.
  const page = ids.slice(0, args.limit);
  if (isDone()) return { ids: page, next: page.at(-1) ?? null, isPartial: false };
  return { ids, next: before > 1 ? before : null, isPartial: before > 1 };
}

/**
 * What the index has to read grows with the sequence that is in the most messages, so the few that
 * are in the fewest are asked for. The first of them leads it through the others.
 */
function rarestOf(store: MessageSearch, trigrams: readonly string[]): readonly string[] {
  if (trigrams.length === 1) return trigrams;
  const shares = trigrams.map((trigram) => ({ trigram, share: store.shareOf(trigram) }));
  shares.sort((a, b) => a.share - b.share);
  return shares.slice(0, ASKED_MAX).map(({ trigram }) => trigram);
}
