// A message in its chat: the bubble, its menu, the words of its way, and its details where they
// were asked for. It is one stop of the arrow keys; Enter or the menu key open its menu.
import { Copy, Ellipsis, Info, RotateCw, Trash2, X } from 'lucide-react';
import { memo, useRef, useState } from 'react';
import type { ChatMessage } from '../../shared/api-chat.ts';
import type { Text } from '../strings/catalogue.ts';
import type { Speech } from '../strings/language.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { Bubble } from './bubble.tsx';
import {
  actionOf,
  type Delivery,
  deliveryName,
  deliveryOf,
  deliveryWords,
  keepsItsWords,
  type Span,
} from './delivery.ts';
import { DeliveryDetails } from './delivery-details.tsx';
import { StateLine } from './marks.tsx';
import './message.css';

export type MessageAct = 'copy' | 'again' | 'cancel' | 'delete';

export type MessageProps = {
  readonly message: ChatMessage;
  /** What the other is called. */
  readonly name: string;
  readonly usual: Span | null;
  readonly joinedAbove: boolean;
  readonly joinedBelow: boolean;
  readonly isLastOwn: boolean;
  readonly isTabStop: boolean;
  readonly isFound: boolean;
  readonly isFresh: boolean;
  readonly onAct: (act: MessageAct, message: ChatMessage) => void;
};

export const Message = memo(function Message(props: MessageProps) {
  const { message, name } = props;
  const speech = useSpeech();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isDetailed, setDetailed] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const delivery =
    message.delivery === null ? null : deliveryOf(speech, message.delivery, props.usual);
  const isWorded = delivery !== null && (props.isLastOwn || keepsItsWords(delivery.state));
  const choose = (id: string) => {
    if (id === 'details') setDetailed(!isDetailed);
    else props.onAct(id as MessageAct, message);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups fields; this is one message
    <div
      ref={root}
      className={classOf(props)}
      data-item={message.id}
      data-roving=""
      role="group"
      aria-label={labelOf(speech, message, delivery, name)}
      tabIndex={props.isTabStop ? 0 : -1}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.key !== 'Enter') return;
        event.preventDefault();
        setMenuOpen(true);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        setMenuOpen(true);
      }}
    >
      <div className="chat-message-line">
        <MessageBubble {...props} delivery={delivery} isWorded={isWorded} />
        <MessageMenu
          items={menuOf(speech.text, delivery, isDetailed)}
          isOpen={isMenuOpen}
          of={root}
          onOpen={setMenuOpen}
          onChoose={choose}
        />
        {delivery === null || isWorded || isMenuOpen ? null : (
          <span className="chat-message-words" aria-hidden="true">
            {deliveryWords(speech, delivery, name)}
          </span>
        )}
      </div>
      {isWorded ? (
        <StateLine
          delivery={delivery}
          name={name}
          announces={props.isLastOwn}
          onAction={(action) => props.onAct(action, message)}
        />
      ) : null}
      {isDetailed ? (
        <DeliveryDetails
          message={message}
          delivery={delivery}
          name={name}
          onClose={() => setDetailed(false)}
        />
      ) : null}
    </div>
  );
});

/** All of it, for whoever moves from message to message: who, when, what, and its way. */
function labelOf(
  speech: Speech,
  message: ChatMessage,
  delivery: Delivery | null,
  name: string,
): string {
  const { text, formats } = speech;
  const time = formats.time(message.sentUnixMs);
  const who = text(message.isOwn ? 'message.own' : 'message.theirs', { name, time });
  const words = text('message.said', { who, words: message.text });
  if (delivery === null) return words;
  return text('message.said.way', { said: words, way: deliveryName(speech, delivery) });
}

function classOf({ message, isFresh, joinedAbove }: MessageProps): string {
  const classes = ['chat-message'];
  if (message.isOwn) classes.push('chat-message-own');
  if (isFresh) classes.push('chat-message-fresh');
  if (!joinedAbove) classes.push('chat-message-first');
  return classes.join(' ');
}

type MessageMenuProps = {
  readonly items: readonly MenuItem[];
  readonly isOpen: boolean;
  /** The message's own element. */
  readonly of: { readonly current: HTMLElement | null };
  readonly onOpen: (isOpen: boolean) => void;
  readonly onChoose: (id: string) => void;
};

function MessageMenu({ items, isOpen, of, onOpen, onChoose }: MessageMenuProps) {
  const { text } = useSpeech();
  return (
    <span className="chat-message-menu">
      <Menu
        words={text('message.menu')}
        icon={<Icon of={Ellipsis} />}
        items={items}
        open={isOpen}
        onOpen={onOpen}
        isTabStop={false}
        returnsTo={of}
        onChoose={onChoose}
      />
    </span>
  );
}

type MessageBubbleProps = MessageProps & {
  readonly delivery: Delivery | null;
  /** Whether words stand under it. */
  readonly isWorded: boolean;
};

function MessageBubble({ message, delivery, isWorded, ...props }: MessageBubbleProps) {
  return (
    <Bubble
      own={message.isOwn}
      text={message.text}
      sentUnixMs={message.sentUnixMs}
      joinedAbove={props.joinedAbove}
      joinedBelow={props.joinedBelow && !isWorded}
      found={props.isFound}
      {...(message.arrivedUnixMs === null ? {} : { arrivedUnixMs: message.arrivedUnixMs })}
      {...(delivery === null ? {} : { delivery })}
    />
  );
}

function menuOf(text: Text, delivery: Delivery | null, isDetailed: boolean): readonly MenuItem[] {
  const action = delivery === null ? null : actionOf(delivery);
  const items: MenuItem[] = [
    { id: 'copy', words: text('message.copy'), icon: <Icon of={Copy} small /> },
  ];
  if (action === 'again') {
    items.push({ id: 'again', words: text('delivery.again'), icon: <Icon of={RotateCw} small /> });
  }
  if (action === 'cancel') {
    items.push({ id: 'cancel', words: text('delivery.cancel'), icon: <Icon of={X} small /> });
  }
  items.push({
    id: 'details',
    words: text(isDetailed ? 'message.details.hide' : 'message.details'),
    icon: <Icon of={Info} small />,
  });
  items.push({
    id: 'delete',
    words: text('message.delete'),
    icon: <Icon of={Trash2} small />,
    destructive: true,
  });
  return items;
}
