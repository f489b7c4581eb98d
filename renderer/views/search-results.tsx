// What was found, in place of the conversations: people first, then messages with the words that
// matched, further ones as the list is scrolled.
import { useEffect, useEffectEvent, useRef } from 'react';
import type { SearchHit } from '../../shared/api-chat.ts';
import { type Conversations, findConversation } from '../state/conversations.ts';
import { formatRoute } from '../state/route.ts';
import { moveFocus } from '../state/roving.ts';
import { type Found, HITS_SHOWN_MAX } from '../state/search.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { named } from '../strings/shown-name.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import './search-results.css';

export type SearchResultsProps = {
  readonly found: Found;
  readonly conversations: Conversations;
  readonly nowUnixMs: number;
  /** The chat and the message that are open. */
  readonly chosenMessage: number | null;
  readonly onMore: () => void;
};

export function SearchResults(props: SearchResultsProps) {
  const speech = useSpeech();
  const { text } = speech;
  const { found, conversations } = props;
  const isSlow = useDelayed(found.state === 'searching', LOADING_DELAY_MS);
  const people = found.contacts
    .map((contact) => findConversation(conversations, contact))
    .filter((one) => one !== undefined)
    .map((one) => named(speech, one));
  const isEmpty = found.state === 'done' && people.length === 0 && found.hits.length === 0;
  return (
    <>
      <p className="search-said" role="status">
        {found.state === 'done' ? <Count found={found} people={people.length} /> : null}
        {isSlow ? (
          <>
            <Mark size={18} active /> {text('search.searching')}
          </>
        ) : null}
      </p>
      {found.state === 'failed' ? (
        <div className="list-notice">
          <Notice kind="danger" words={text('search.failed')} />
        </div>
      ) : null}
      {isEmpty && !found.isPartial ? (
        <p className="list-empty">{text('search.nothing.detail')}</p>
      ) : null}
      <nav className="rows results" aria-label={text('search.results')} onKeyDown={moveFocus}>
        {people.length === 0 ? null : <h2 className="results-title">{text('search.people')}</h2>}
        {people.map((person, index) => (
          <a
            key={person.contact}
            className="row"
            href={formatRoute({ place: 'chat', contact: person.contact, message: null })}
            tabIndex={index === 0 ? 0 : -1}
            data-roving=""
          >
            <Avatar name={person.name} pair={person.pair} picture={person.avatar} />
            <span className="row-name one-line isolated" dir="auto">
              {person.name}
            </span>
          </a>
        ))}
        {found.hits.length === 0 ? null : (
          <h2 className="results-title">{text('search.messages')}</h2>
        )}
        {found.hits.map((hit, index) => (
          <HitRow
            key={hit.message.id}
            {...props}
            hit={hit}
            isTabStop={people.length === 0 && index === 0}
          />
        ))}
        {found.next !== null && !found.isPartial ? <MoreResults onMore={props.onMore} /> : null}
        {found.isPartial ? (
          <div className="results-limit">
            <p>{text('search.partial')}</p>
            <Button kind="text" onPress={props.onMore}>
              {text('search.older')}
            </Button>
          </div>
        ) : null}
        {found.hits.length >= HITS_SHOWN_MAX ? (
          <p className="results-limit">{text('search.limit', { count: HITS_SHOWN_MAX })}</p>
        ) : null}
      </nav>
    </>
  );
}

function Count({ found, people }: { readonly found: Found; readonly people: number }) {
  const { text, formats } = useSpeech();
  const count = found.hits.length + people;
  if (count === 0) return text(found.isPartial ? 'search.nothing.newest' : 'search.nothing');
  return found.next !== null
    ? text('search.count.more', { number: formats.number(count) })
    : text('search.count', { count });
}

type HitRowProps = SearchResultsProps & { readonly hit: SearchHit; readonly isTabStop: boolean };

function HitRow({ hit, conversations, nowUnixMs, chosenMessage, isTabStop }: HitRowProps) {
  const speech = useSpeech();
  const { text, formats } = speech;
  const { message } = hit;
  const whose = findConversation(conversations, message.contact);
  if (whose === undefined) return null;
  const person = named(speech, whose);
  return (
    <a
      className="row"
      href={formatRoute({ place: 'chat', contact: message.contact, message: message.id })}
      aria-current={message.id === chosenMessage ? 'page' : undefined}
      tabIndex={isTabStop ? 0 : -1}
      data-roving=""
    >
      <Avatar name={person.name} pair={person.pair} picture={person.avatar} />
      <span className="row-lines">
        <span className="row-line">
          <span className="row-name one-line isolated" dir="auto">
            {person.name}
          </span>
          <span className="row-end">
            <span className="row-stamp">{formats.stamp(message.sentUnixMs, nowUnixMs)}</span>
          </span>
        </span>
        <span className="row-line">
          <span className="row-preview one-line" dir="auto">
            {message.isOwn ? `${text('search.you')} ` : null}
            <Snippet hit={hit} />
          </span>
        </span>
      </span>
    </a>
  );
}

/** Units of the snippet before the first match: more would push it out of a narrow row. */
const LEAD_LENGTH_MAX = 18;

/** The words around the matches, these marked; begun a little before the first one. */
function Snippet({ hit }: { readonly hit: SearchHit }) {
  const start = leadStart(hit.snippet, hit.matches[0]?.[0] ?? 0);
  const parts: { readonly at: number; readonly text: string; readonly isMatch: boolean }[] = [];
  let end = start;
  for (const [first, length] of hit.matches) {
    if (first < end) continue;
    parts.push({ at: end, text: hit.snippet.slice(end, first), isMatch: false });
    parts.push({ at: first, text: hit.snippet.slice(first, first + length), isMatch: true });
    end = first + length;
  }
  parts.push({ at: end, text: hit.snippet.slice(end), isMatch: false });
  return (
    <bdi>
      {start > 0 ? '… ' : null}
      {parts.map((part) =>
        part.isMatch ? (
          <mark key={`m${part.at}`} className="match">
            {part.text}
          </mark>
        ) : (
          part.text
        ),
      )}
    </bdi>
  );
}

/** Where a word begins that is not too far before `first`. */
function leadStart(snippet: string, first: number): number {
  if (first <= LEAD_LENGTH_MAX) return 0;
  const space = snippet.indexOf(' ', first - LEAD_LENGTH_MAX);
  return space < 0 || space >= first ? first : space + 1;
}

/** Asks for the next page when it comes into sight; a button for whoever does not scroll. */
function MoreResults({ onMore }: { readonly onMore: () => void }) {
  const { text } = useSpeech();
  const element = useRef<HTMLDivElement>(null);
  const more = useEffectEvent(onMore);
  useEffect(() => {
    if (element.current === null || !('IntersectionObserver' in window)) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) more();
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={element} className="results-more">
      <Button kind="text" onPress={onMore}>
        {text('search.more')}
      </Button>
    </div>
  );
}
