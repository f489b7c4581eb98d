// The list pane: search, requests, the conversations or what was found among them, the archive.
import { Archive, ArrowLeft, Inbox, Settings, SquarePen, X } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { Conversation } from '../../shared/api-chat.ts';
import { type ConversationAct, ConversationItem } from '../chat/conversation-item.tsx';
import { ListLink } from '../chat/list-link.tsx';
import { useNow } from '../state/clock.ts';
import { findConversation } from '../state/conversations.ts';
import { formatRoute, type Route } from '../state/route.ts';
import { type Search, useSearch } from '../state/search.ts';
import { useApi, useKnown, useSession } from '../state/session.tsx';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { shownName } from '../strings/shown-name.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton, IconLink } from '../ui/icon-button.tsx';
import { LongList } from '../ui/long-list.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { SearchResults } from './search-results.tsx';
import './conversations.css';

/** `--height-row`, the height of a row of the list. */
const ROW_REM = 3.875;

export type ConversationsPaneProps = {
  readonly route: Route;
  readonly search: Search;
  /** Whether the search field is to take the focus. */
  readonly wantsFocus: boolean;
  readonly onFocused: () => void;
  readonly onSearch: (search: Search) => void;
};

export function ConversationsPane(props: ConversationsPaneProps) {
  const { search } = props;
  const [inArchive, setInArchive] = useState(false);
  const conversations = useKnown((known) => known.conversations);
  const pane = useRef<HTMLDivElement>(null);
  const isSearching = search.text.trim() !== '';
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    if (search.contact !== null) props.onSearch({ text: '', contact: null });
    else if (inArchive) setInArchive(false);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leads one step back inside it
    <div ref={pane} className="list-pane" onKeyDown={onKeyDown}>
      <Head isArchive={inArchive} onBack={() => setInArchive(false)} />
      {conversations === null ? (
        <Unread />
      ) : (
        <>
          <SearchLine {...props} pane={pane} />
          {isSearching ? (
            <FoundList {...props} conversations={conversations} />
          ) : (
            <List
              route={props.route}
              conversations={conversations}
              inArchive={inArchive}
              onArchive={() => setInArchive(true)}
            />
          )}
        </>
      )}
    </div>
  );
}

function Head(props: { readonly isArchive: boolean; readonly onBack: () => void }) {
  const { text } = useSpeech();
  return (
    <header className="list-head">
      {props.isArchive ? (
        <span className="list-title">
          <IconButton
            words={text('shell.back')}
            icon={<Icon of={ArrowLeft} mirrored />}
            onPress={props.onBack}
          />
          <h1 className="bar-title" tabIndex={-1}>
            {text('row.archived')}
          </h1>
        </span>
      ) : (
        <h1 className="wordmark" tabIndex={-1}>
          <Mark size={24} />
          {text('app.name')}
        </h1>
      )}
      <span className="list-tools">
        <IconLink
          words={text('new_contact.title')}
          icon={<Icon of={SquarePen} />}
          href={formatRoute({ place: 'new' })}
        />
        <IconLink
          words={text('shell.settings')}
          icon={<Icon of={Settings} />}
          href={formatRoute({ place: 'settings', section: null })}
        />
      </span>
    </header>
  );
}

/** Of conversations that are not here: nothing at first, then that they are read, or why not. */
function Unread() {
  const { text } = useSpeech();
  const { readConversations } = useSession();
  const isOpen = useKnown((known) => known.about !== null);
  const isRefused = useKnown((known) => known.isListRefused);
  const isSlow = useDelayed(isOpen && !isRefused, LOADING_DELAY_MS);
  if (!isOpen) return null;
  if (isRefused) {
    return (
      <div className="list-notice" role="status">
        <Notice
          kind="danger"
          words={text('list.failed')}
          action={<Button onPress={readConversations}>{text('list.failed.action')}</Button>}
        />
      </div>
    );
  }
  return isSlow ? (
    <p className="list-waiting" role="status">
      <Mark size={18} active />
      {text('list.waiting')}
    </p>
  ) : null;
}

type SearchLineProps = ConversationsPaneProps & {
  readonly pane: { readonly current: HTMLDivElement | null };
};

function SearchLine({ search, wantsFocus, onFocused, onSearch, pane }: SearchLineProps) {
  const speech = useSpeech();
  const { text } = speech;
  const whose = useKnown((known) => findConversation(known.conversations, search.contact));
  const isMac = /mac/i.test(navigator.platform);
  return (
    <div className="list-search">
      <SearchField
        label={text('search.label')}
        clearWords={text('search.clear')}
        shortcut={text(isMac ? 'search.shortcut.mac' : 'search.shortcut')}
        value={search.text}
        wantsFocus={wantsFocus}
        onFocused={onFocused}
        onChange={(value) => onSearch({ ...search, text: value })}
        onDown={() => pane.current?.querySelector<HTMLElement>('[data-roving]')?.focus()}
      />
      {search.contact === null || whose === undefined ? null : (
        <p className="search-scope">
          <span className="one-line" dir="auto">
            {text('search.scope', { name: shownName(speech, whose) })}
          </span>
          <IconButton
            words={text('search.everywhere')}
            icon={<Icon of={X} small />}
            onPress={() => onSearch({ ...search, contact: null })}
          />
        </p>
      )}
    </div>
  );
}

type FoundListProps = ConversationsPaneProps & { readonly conversations: readonly Conversation[] };

function FoundList({ search, route, conversations }: FoundListProps) {
  const [found, more] = useSearch(useApi(), search);
  return (
    <SearchResults
      found={found}
      conversations={conversations}
      nowUnixMs={useNow()}
      chosenMessage={route.place === 'chat' ? route.message : null}
      onMore={more}
    />
  );
}

type ListProps = {
  readonly route: Route;
  readonly conversations: readonly Conversation[];
  readonly inArchive: boolean;
  readonly onArchive: () => void;
};

function List({ route, conversations, inArchive, onArchive }: ListProps) {
  const { text } = useSpeech();
  const api = useApi();
  const requests = useKnown((known) => known.requests?.length ?? 0);
  const [isUnsaved, setUnsaved] = useState(false);
  const nowUnixMs = useNow();
  const shown = conversations.filter((one) => one.isArchived === inArchive);
  const archived = inArchive ? shown.length : conversations.length - shown.length;
  const chosen = route.place === 'chat' || route.place === 'contact' ? route.contact : null;
  const act = useRef((kind: ConversationAct, conversation: Conversation) => {
    change(api, kind, conversation).then(
      () => setUnsaved(false),
      () => setUnsaved(true),
    );
  });
  return (
    <>
      {isUnsaved ? (
        <div className="list-notice" role="status">
          <Notice kind="danger" words={text('list.unsaved')} />
        </div>
      ) : null}
      {requests === 0 || inArchive ? null : (
        <ListLink
          href={formatRoute({ place: 'requests' })}
          icon={Inbox}
          words={text('row.requests', { count: requests })}
        />
      )}
      {shown.length === 0 ? <NoConversations inArchive={inArchive} /> : null}
      <LongList
        label={text(inArchive ? 'row.archived' : 'shell.conversations')}
        items={shown}
        keyOf={contactOf}
        rowHeightRem={ROW_REM}
        chosen={chosen}
      >
        {(conversation, isTabStop) => (
          <ConversationItem
            conversation={conversation}
            chosen={conversation.contact === chosen}
            isTabStop={isTabStop}
            nowUnixMs={nowUnixMs}
            onAct={act.current}
          />
        )}
      </LongList>
      {inArchive || archived === 0 ? null : (
        <div className="list-foot">
          <ListLink
            onPress={onArchive}
            icon={Archive}
            words={text('row.archived')}
            count={archived}
          />
        </div>
      )}
    </>
  );
}

function NoConversations({ inArchive }: { readonly inArchive: boolean }) {
  const { text } = useSpeech();
  if (inArchive) return <p className="list-empty">{text('list.empty.archive')}</p>;
  return (
    <div className="list-empty">
      <p>{text('list.empty')}</p>
      <a className="text-link" href={formatRoute({ place: 'new' })}>
        {text('list.empty.action')}
      </a>
    </div>
  );
}

const contactOf = (conversation: Conversation): number => conversation.contact;

async function change(
  api: ReturnType<typeof useApi>,
  act: ConversationAct,
  conversation: Conversation,
): Promise<unknown> {
  const { contact, last } = conversation;
  switch (act) {
    case 'pin':
      return api.call('conversation.set', { contact, isPinned: !conversation.isPinned });
    case 'mute':
      return api.call('conversation.set', { contact, isMuted: !conversation.isMuted });
    case 'archive':
      return api.call('conversation.set', { contact, isArchived: !conversation.isArchived });
    case 'read':
      return last === null ? null : api.call('conversation.read', { contact, upTo: last.id });
  }
}
