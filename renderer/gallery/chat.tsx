// The chat of the design's pictures, put together from the parts, and every state of a message.
import { Archive, Inbox, Settings, SquarePen } from 'lucide-react';
import { useState } from 'react';
import { Bubble } from '../chat/bubble.tsx';
import { ChatHeader } from '../chat/chat-header.tsx';
import { BlockedComposer, Composer } from '../chat/composer.tsx';
import { ConversationRow } from '../chat/conversation-row.tsx';
import type { Delivery } from '../chat/delivery.ts';
import { ListLink } from '../chat/list-link.tsx';
import { DayDivider, GapNotice, StateLine, UnreadDivider } from '../chat/marks.tsx';
import { moveFocus } from '../state/roving.ts';
import { Icon } from '../ui/icon.tsx';
import { IconLink } from '../ui/icon-button.tsx';
import { Mark } from '../ui/mark.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { NetworkLine } from '../views/network-line.tsx';
import { Shell } from '../views/shell.tsx';
import '../chat/message-list.css';
import '../views/conversations.css';
import { at, lastNight, loops, rows, today } from './chat-data.ts';

export function ChatSample() {
  return (
    <Shell
      pane="page"
      listLabel="shell.conversations"
      width={320}
      notice={null}
      onResize={() => {}}
      onResized={() => {}}
      onBack={() => {}}
      list={<List />}
      foot={
        <NetworkLine
          state="good"
          words="Network good"
          fact="messages take 3 to 7 s"
          loops={loops}
        />
      }
      page={<Chat />}
    />
  );
}

function List() {
  const [query, setQuery] = useState('');
  return (
    <>
      <header className="list-head">
        <h1 className="wordmark" tabIndex={-1}>
          <Mark size={24} /> Eddy
        </h1>
        <span className="list-tools">
          <IconLink words="New contact" icon={<Icon of={SquarePen} />} href="#chat" />
          <IconLink words="Settings" icon={<Icon of={Settings} />} href="#chat" />
        </span>
      </header>
      <div className="list-search">
        <SearchField
          label="Search"
          value={query}
          onChange={setQuery}
          clearWords="Clear"
          shortcut="Ctrl K"
        />
      </div>
      <ListLink href="#chat" icon={Inbox} words="1 contact request" />
      <nav className="rows" aria-label="Conversations" onKeyDown={moveFocus}>
        {rows.map((row) => (
          <ConversationRow key={row.name} {...row} />
        ))}
      </nav>
      <span className="list-gap" />
      <ListLink href="#chat" icon={Archive} words="Archived" count={4} />
    </>
  );
}

function Chat() {
  const [value, setValue] = useState('Or we borrow the trailer from');
  return (
    <>
      <ChatHeader
        name="Mara Lindqvist"
        pair={5}
        verified
        detail="Verified 3 November · messages disappear after 4 weeks"
        onBack={() => {}}
        onSearch={() => {}}
        onDetails={() => {}}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
      <section className="messages" aria-label="Messages with Mara Lindqvist" tabIndex={0}>
        <div className="messages-column">
          {lastNight.map((message) => (
            <Bubble key={message.text} {...message} />
          ))}
          <DayDivider words="Today" />
          <GapNotice count={1} />
          {today.map((message) => (
            <Bubble key={message.text} {...message} />
          ))}
          <StateLine
            delivery={{ state: 'queued', leavesInSeconds: 2 }}
            name="Mara"
            onAction={() => {}}
          />
        </div>
      </section>
      <Composer
        name="Mara"
        value={value}
        forecast={{ kind: 'usual', fromSeconds: 3, toSeconds: 7 }}
        onChange={setValue}
        onSend={() => setValue('')}
        onAttach={() => {}}
        onEmoji={() => {}}
      />
    </>
  );
}

const deliveries: readonly Delivery[] = [
  { state: 'queued', leavesInSeconds: 2 },
  { state: 'in_the_mix', atUnixMs: at(14, 14), usual: { fromSeconds: 3, toSeconds: 7 } },
  { state: 'at_provider', atUnixMs: at(14, 14) },
  { state: 'delivered', atUnixMs: at(14, 16) },
  { state: 'read', atUnixMs: at(14, 20) },
  { state: 'waiting' },
  { state: 'retrying', tryCount: 2 },
  { state: 'not_confirmed' },
  { state: 'expired' },
  { state: 'failed', reason: 'too large for this network', isFinal: true },
];

export function ChatStates() {
  return (
    <main className="gallery">
      <h1 className="gallery-title">
        <Mark size={28} /> Messages
      </h1>
      <div className="gallery-columns">
        <section className="gallery-messages" aria-label="Own messages">
          {deliveries.map((delivery) => (
            <div key={delivery.state}>
              <Bubble own text="And the long clamps." sentUnixMs={at(14, 13)} delivery={delivery} />
              <StateLine delivery={delivery} name="Mara" onAction={() => {}} />
            </div>
          ))}
        </section>
        <section className="gallery-messages" aria-label="Others">
          <DayDivider words="Yesterday" />
          <Bubble own={false} text="See you there 🌲" sentUnixMs={at(9, 12)} state="edited" />
          <Bubble own={false} text="" sentUnixMs={at(9, 13)} state="deleted" />
          <UnreadDivider count={2} />
          <Bubble own={false} text="נפגשים בתחנה?" sentUnixMs={at(9, 20)} joinedBelow />
          <Bubble own={false} text="Found it" sentUnixMs={at(9, 21)} joinedAbove found />
          <GapNotice count={3} />
          <Composers />
        </section>
      </div>
    </main>
  );
}

function Composers() {
  const nothing = () => {};
  const quote = { name: 'Mara', text: 'One more season if we’re gentle.' };
  const given = { name: 'Mara', onChange: nothing, onSend: nothing, onDropAbove: nothing };
  return (
    <>
      <Composer {...given} value="" forecast={{ kind: 'unknown' }} />
      <Composer
        {...given}
        value="One season is all we need."
        forecast={{ kind: 'offline' }}
        above={{ kind: 'reply', quote }}
      />
      <BlockedComposer name="Jonas" onUnblock={nothing} />
    </>
  );
}
