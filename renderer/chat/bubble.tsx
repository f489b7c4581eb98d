// One message: its text, what it answers, when it was written, and what is known of its way.
import { History } from 'lucide-react';
import type { ReactNode } from 'react';
import { useSpeech } from '../strings/speech.tsx';
import { DeliveryGlyph } from '../ui/delivery-glyph.tsx';
import { Icon } from '../ui/icon.tsx';
import { type Delivery, deliveryName } from './delivery.ts';
import './bubble.css';

/** Longer between sending and arrival than this, and the bubble says both. */
export const LATE_MS_MIN = 2 * 60_000;

export type Quote = { readonly name: string; readonly text: string };
export type Reaction = { readonly emoji: string; readonly words: string };

export type BubbleProps = {
  readonly own: boolean;
  /** Of the same person and moment as the one above, the one below. */
  readonly joinedAbove?: boolean;
  readonly joinedBelow?: boolean;
  readonly text: string;
  readonly sentUnixMs: number;
  /** Of a message that came in. */
  readonly arrivedUnixMs?: number;
  /** Of an own message. */
  readonly delivery?: Delivery;
  readonly quote?: Quote;
  readonly reactions?: readonly Reaction[];
  readonly state?: 'edited' | 'deleted';
  readonly found?: boolean;
};

export function Bubble(props: BubbleProps) {
  const classes = ['bubble', props.own ? 'bubble-own' : 'bubble-theirs'];
  if (props.joinedAbove === true) classes.push('bubble-joined-above');
  if (props.joinedBelow === true) classes.push('bubble-joined-below');
  if (props.found === true) classes.push('bubble-found');
  const late = isLate(props);
  return (
    <div className={props.own ? 'message message-own' : 'message'}>
      <div className={classes.join(' ')}>
        {props.quote === undefined ? null : <Quoted quote={props.quote} />}
        <BubbleText state={props.state} text={props.text}>
          {late ? null : <Meta {...props} />}
        </BubbleText>
        {late ? <Late sent={props.sentUnixMs} arrived={props.arrivedUnixMs ?? 0} /> : null}
      </div>
      {props.reactions === undefined ? null : <Reactions of={props.reactions} />}
    </div>
  );
}

function isLate({ sentUnixMs, arrivedUnixMs }: BubbleProps): boolean {
  return arrivedUnixMs !== undefined && arrivedUnixMs - sentUnixMs > LATE_MS_MIN;
}

function BubbleText(props: {
  readonly text: string;
  readonly state: BubbleProps['state'];
  readonly children: ReactNode;
}) {
  const { text } = useSpeech();
  const deleted = props.state === 'deleted';
  return (
    <div className={deleted ? 'bubble-text bubble-deleted' : 'bubble-text'} dir="auto">
      {deleted ? text('message.deleted') : props.text}
      {props.children}
    </div>
  );
}

function Meta({ state, sentUnixMs, delivery }: BubbleProps) {
  const speech = useSpeech();
  return (
    <span className="bubble-meta">
      {state === 'edited' ? <span>{speech.text('message.edited')}</span> : null}
      <span className="left-to-right">{speech.formats.time(sentUnixMs)}</span>
      {delivery === undefined ? null : (
        <DeliveryGlyph state={delivery.state} words={deliveryName(speech, delivery)} />
      )}
    </span>
  );
}

function Quoted({ quote }: { readonly quote: Quote }) {
  return (
    <blockquote className="quote">
      <p className="quote-name one-line" dir="auto">
        {quote.name}
      </p>
      <p className="quote-text one-line" dir="auto">
        {quote.text}
      </p>
    </blockquote>
  );
}

function Late({ sent, arrived }: { readonly sent: number; readonly arrived: number }) {
  const { text, formats } = useSpeech();
  const times = { sent: formats.time(sent), arrived: formats.time(arrived) };
  return (
    <p className="bubble-late">
      <Icon of={History} small />
      {text('message.late', times)}
    </p>
  );
}

function Reactions({ of }: { readonly of: readonly Reaction[] }) {
  return (
    <ul className="reactions">
      {of.map((reaction) => (
        <li key={reaction.emoji} className="reaction">
          <span className="reaction-emoji">{reaction.emoji}</span>
          <bdi>{reaction.words}</bdi>
        </li>
      ))}
    </ul>
  );
}
