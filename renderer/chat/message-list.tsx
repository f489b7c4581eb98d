// The messages of the open chat: a window that moves with the scrolling, without jumps; the end
// stays in sight while it is, and a button leads back to it.
import { ArrowDown } from 'lucide-react';
import {
  type FocusEvent,
  type KeyboardEvent,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { ChatMessage } from '../../shared/api-chat.ts';
import type { ChatHold, OpenChat } from '../state/open-chat.ts';
import { moveFocus } from '../state/roving.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Count } from '../ui/count.tsx';
import { Icon } from '../ui/icon.tsx';
import { Mark } from '../ui/mark.tsx';
import { type ChatItem, chatItems } from './chat-items.ts';
import type { Span } from './delivery.ts';
import { DayDivider, UnreadDivider } from './marks.tsx';
import { Message, type MessageAct } from './message.tsx';
import { NoteLine } from './note-line.tsx';
import { lastInSight, useScrollAnchor } from './scroll-anchor.ts';
import './message-list.css';

export type MessageListProps = {
  readonly chat: OpenChat;
  readonly hold: ChatHold;
  readonly name: string;
  readonly contact: number;
  readonly usual: Span | null;
  /** The message that was gone to by a search. */
  readonly found: number | null;
  /** Unread ones when the chat was opened; null where the divider is not shown any more. */
  readonly unreadAtOpening: number | null;
  /** Unread ones now. */
  readonly unread: number;
  readonly nowUnixMs: number;
  readonly onAct: (act: MessageAct, message: ChatMessage) => void;
  /** The last message of which something is in sight. */
  readonly onSeen: (id: number) => void;
};

export function MessageList(props: MessageListProps) {
  const { chat, hold } = props;
  const speech = useSpeech();
  const { text, formats } = speech;
  const scroller = useRef<HTMLElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const [focused, setFocused] = useState<number | null>(null);
  const firstUnread = props.unreadAtOpening === null ? null : chat.firstUnread;
  const items = useMemo(
    () => chatItems(chat.messages, firstUnread, formats.civilDay),
    [chat.messages, firstUnread, formats],
  );
  useScrollAnchor({
    scroller,
    hasEnd: !chat.hasAfter,
    moves: chat.moves,
    goal: chat.goal === null ? null : String(chat.goal),
    onEdge: (side) => (side === 'before' ? hold.before() : hold.after()),
    onSeen: (isIt) => {
      setAtEnd(isIt);
      hold.lookAtEnd(isIt);
      const last = scroller.current === null ? null : lastInSight(scroller.current);
      const newest = chat.messages.at(-1)?.id;
      // Where nothing is measured, the end is what is looked at.
      const seen = last === null ? (isIt ? newest : undefined) : Number(last);
      if (seen !== undefined) props.onSeen(seen);
    },
  });
  const wantsLast = useRef(false);
  const lastId = chat.messages.findLast((message) => message.note === null)?.id ?? null;
  const isHeld = chat.messages.some(({ id }) => id === focused);
  const tabStop = isHeld ? focused : lastId;
  useLayoutEffect(() => {
    if (!wantsLast.current || chat.hasAfter) return;
    wantsLast.current = false;
    scroller.current?.querySelector<HTMLElement>(`[data-roving][data-item="${lastId}"]`)?.focus();
  });
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const item = (event.target as Element).closest<HTMLElement>('[data-roving]');
    if (item !== null) setFocused(Number(item.dataset['item']));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.target as Element).matches('[data-roving]')) return;
    if (event.key === 'End' && chat.hasAfter) {
      wantsLast.current = true;
      hold.moveTo(null);
    } else moveFocus(event);
  };
  return (
    <div className="message-pane">
      <section
        ref={scroller}
        className="messages"
        aria-label={text('message.list', { name: props.name })}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        <div className="messages-column">
          <Older chat={chat} />
          {items.map((item) => (
            <Item key={item.id} {...props} item={item} tabStop={tabStop} />
          ))}
        </div>
      </section>
      {isAtEnd && !chat.hasAfter ? null : (
        <EndButton
          unread={props.unread}
          onPress={() => hold.moveTo(null)}
          onScroll={(px) => scroller.current?.scrollBy(0, px)}
        />
      )}
      <Announcer arrived={chat.arrived} name={props.name} />
    </div>
  );
}

type ItemProps = MessageListProps & { readonly item: ChatItem; readonly tabStop: number | null };

function Item({ item, tabStop, ...props }: ItemProps) {
  const { formats } = useSpeech();
  const { chat } = props;
  switch (item.kind) {
    case 'day':
      return <DayDivider words={formats.dayOfChat(item.unixMs, props.nowUnixMs)} />;
    case 'unread':
      return <UnreadDivider count={props.unreadAtOpening ?? 0} />;
    case 'note':
      return (
        <div className="chat-note" data-item={item.id}>
          <NoteLine note={item.note} contact={props.contact} name={props.name} />
        </div>
      );
    case 'message':
      return (
        <Message
          message={item.message}
          name={props.name}
          usual={item.isLastOwn ? props.usual : null}
          joinedAbove={item.joinedAbove}
          joinedBelow={item.joinedBelow}
          isLastOwn={item.isLastOwn && !chat.hasAfter}
          isTabStop={item.id === tabStop}
          isFound={item.id === props.found}
          isFresh={chat.arrived.length === 1 && chat.arrived[0]?.id === item.id}
          onAct={props.onAct}
        />
      );
  }
}

/** Above the oldest message that is drawn: room for what is said of the next page. */
function Older({ chat }: { readonly chat: OpenChat }) {
  const { text } = useSpeech();
  const isSlow = useDelayed(chat.fetching === 'before', LOADING_DELAY_MS);
  if (!chat.hasBefore) return <span className="messages-top" />;
  return (
    <p className="messages-more">
      {isSlow ? (
        <>
          <Mark size={18} active /> {text('chat.older')}
        </>
      ) : null}
    </p>
  );
}

type EndButtonProps = {
  readonly unread: number;
  readonly onPress: () => void;
  /** The wheel turned over the button, which stands over what scrolls. */
  readonly onScroll: (px: number) => void;
};

function EndButton(props: EndButtonProps) {
  const { text } = useSpeech();
  const { unread } = props;
  return (
    <button
      type="button"
      className="to-end"
      onClick={props.onPress}
      onWheel={(event) => props.onScroll(event.deltaY)}
    >
      {unread > 0 ? <Count count={unread} words={text('row.unread', { count: unread })} /> : null}
      <span className="visually-hidden">{text('chat.to_end')}</span>
      <Icon of={ArrowDown} />
    </button>
  );
}

/** Says new messages of the other, politely; many at once are counted. */
function Announcer(props: { readonly arrived: OpenChat['arrived']; readonly name: string }) {
  const { text } = useSpeech();
  const [words, setWords] = useState('');
  const { arrived, name } = props;
  useEffect(() => {
    const [first] = arrived;
    if (first === undefined) return;
    setWords(
      arrived.length === 1
        ? text('chat.said', { name, words: first.text })
        : text('chat.said.many', { name, count: arrived.length }),
    );
  }, [arrived, name, text]);
  return (
    <p className="visually-hidden" role="log" aria-live="polite">
      {words}
    </p>
  );
}
