// Where a message is written: Enter sends and Shift Enter makes a new line, or, as set, Ctrl Enter
// sends. Under it stand what is known of the way that the message will take, and near the limit of
// its length how much room is left.
import { ArrowUp, Clock, OctagonAlert, Plus, Smile, Unplug, X } from 'lucide-react';
import { type KeyboardEvent, useId } from 'react';
import { TEXT_LENGTH_MAX } from '../../shared/api-chat.ts';
import { Strong, useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import type { Quote } from './bubble.tsx';
import type { Span } from './delivery.ts';
import './composer.css';

/** From so many bytes on, what is left is shown. */
export const BYTES_LEFT_SHOWN = 1_024;

/**
 * What is known of the way: nothing, a measured span, that there is none now, or that messages are
 * held back while delivery fails.
 */
export type Forecast =
  | { readonly kind: 'unknown' | 'offline' | 'held' }
  | ({ readonly kind: 'usual' } & Span);

export type ComposerProps = {
  readonly name: string;
  readonly value: string;
  readonly forecast: Forecast;
  /** Else Ctrl Enter sends, and Enter makes a new line. */
  readonly enterSends?: boolean;
  /** While what stands there is not known yet. */
  readonly isReadOnly?: boolean;
  readonly above?: { readonly kind: 'reply' | 'edit'; readonly quote: Quote };
  readonly onChange: (value: string) => void;
  readonly onSend: () => void;
  readonly onDropAbove?: () => void;
  /** Left out where a network carries no files. */
  readonly onAttach?: () => void;
  readonly onEmoji?: () => void;
};

export function Composer(props: ComposerProps) {
  const { text } = useSpeech();
  const enterSends = props.enterSends ?? true;
  const written = props.value.trim();
  const bytesLeft = TEXT_LENGTH_MAX - byteLength(written);
  const blocked =
    written === ''
      ? text('composer.empty')
      : bytesLeft < 0
        ? text('composer.too_long', { count: -bytesLeft })
        : undefined;
  const leftId = useId();
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    if (!enterSends && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (blocked === undefined) props.onSend();
  };
  return (
    <div className="composer">
      <div className="composer-box">
        {props.above === undefined ? null : <Above {...props} above={props.above} />}
        <div className="composer-line">
          {props.onAttach === undefined ? null : (
            <IconButton
              words={text('composer.attach')}
              icon={<Icon of={Plus} />}
              onPress={props.onAttach}
            />
          )}
          <textarea
            className="composer-text"
            rows={1}
            dir="auto"
            aria-label={text('composer.label', { name: props.name })}
            aria-describedby={leftId}
            data-composer=""
            value={props.value}
            readOnly={props.isReadOnly === true}
            onChange={(event) => props.onChange(event.currentTarget.value)}
            onKeyDown={onKey}
          />
          {props.onEmoji === undefined ? null : (
            <IconButton
              words={text('composer.emoji')}
              icon={<Icon of={Smile} />}
              onPress={props.onEmoji}
            />
          )}
          <SendButton blocked={blocked} onSend={props.onSend} />
        </div>
      </div>
      <Foot {...props} leftId={leftId} bytesLeft={bytesLeft} />
    </div>
  );
}

type SendButtonProps = {
  /** Why nothing can be sent now. */
  readonly blocked: string | undefined;
  readonly onSend: () => void;
};

function SendButton({ blocked, onSend }: SendButtonProps) {
  const { text } = useSpeech();
  return (
    <span className="composer-send">
      <Button kind="filled" icon={<Icon of={ArrowUp} />} disabledReason={blocked} onPress={onSend}>
        <span className="visually-hidden">{text('composer.send')}</span>
      </Button>
    </span>
  );
}

type FootProps = ComposerProps & { readonly leftId: string; readonly bytesLeft: number };

function Foot({ name, forecast, enterSends = true, leftId, bytesLeft }: FootProps) {
  const { text } = useSpeech();
  const left = bytesLeft <= BYTES_LEFT_SHOWN ? text('composer.left', { count: bytesLeft }) : null;
  return (
    <div className="composer-foot">
      <ForecastLine name={name} forecast={forecast} />
      <span id={leftId} className={bytesLeft < 0 ? 'composer-over' : 'composer-left'}>
        {bytesLeft < 0 ? text('composer.too_long', { count: -bytesLeft }) : left}
      </span>
      <span className="composer-keys">
        {text(enterSends ? 'composer.keys' : 'composer.keys.ctrl')}
      </span>
    </div>
  );
}

/** Puts the focus where the next message is written, if that is in sight. */
export function focusComposer(): void {
  document.querySelector<HTMLElement>('[data-composer]')?.focus({ preventScroll: true });
}

/** UTF-8 bytes, of which a message has at most `TEXT_LENGTH_MAX`. */
function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** In place of the composer where the contact is blocked. */
export function BlockedComposer(props: { readonly name: string; readonly onUnblock: () => void }) {
  const { text } = useSpeech();
  return (
    <div className="composer">
      <Notice
        kind="neutral"
        words={text('composer.blocked', { name: props.name })}
        action={<Button onPress={props.onUnblock}>{text('composer.unblock')}</Button>}
      />
    </div>
  );
}

function Above(props: ComposerProps & { readonly above: NonNullable<ComposerProps['above']> }) {
  const { text } = useSpeech();
  const { kind, quote } = props.above;
  return (
    <div className="composer-above">
      <div className="quote">
        <p className="quote-name one-line">
          {kind === 'reply' ? text('composer.reply', { name: quote.name }) : text('composer.edit')}
        </p>
        <p className="quote-text one-line" dir="auto">
          {quote.text}
        </p>
      </div>
      {props.onDropAbove === undefined ? null : (
        <IconButton
          words={text('composer.drop_reply')}
          icon={<Icon of={X} />}
          onPress={props.onDropAbove}
        />
      )}
    </div>
  );
}

const icons = { usual: Clock, offline: Unplug, held: OctagonAlert } as const;

function ForecastLine({ name, forecast }: { readonly name: string; readonly forecast: Forecast }) {
  const { text } = useSpeech();
  if (forecast.kind === 'unknown') return <span />;
  const words =
    forecast.kind === 'usual'
      ? text('composer.forecast', { name, from: forecast.fromSeconds, to: forecast.toSeconds })
      : text(`composer.${forecast.kind}`);
  return (
    <span className="composer-forecast">
      <Icon of={icons[forecast.kind]} small />
      <span>
        <Strong text={words} />
      </span>
    </span>
  );
}
