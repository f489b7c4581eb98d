// Where a message is written: Enter sends, Shift Enter makes a new line; under it what is known of
// the way that the message will take.
import { ArrowUp, Clock, Plus, Smile, Unplug, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { Strong, useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import type { Quote } from './bubble.tsx';
import type { Span } from './delivery.ts';
import './composer.css';

/** What is known of the way: nothing, a measured span, or that there is none now. */
export type Forecast =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'offline' }
  | ({ readonly kind: 'usual' } & Span);

export type ComposerProps = {
  readonly name: string;
  readonly value: string;
  readonly forecast: Forecast;
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
  const empty = props.value.trim() === '';
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (!empty) props.onSend();
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
            value={props.value}
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
          <span className="composer-send">
            <Button
              kind="filled"
              icon={<Icon of={ArrowUp} />}
              disabledReason={empty ? text('composer.empty') : undefined}
              onPress={props.onSend}
            >
              <span className="visually-hidden">{text('composer.send')}</span>
            </Button>
          </span>
        </div>
      </div>
      <div className="composer-foot">
        <ForecastLine name={props.name} forecast={props.forecast} />
        <span className="composer-keys">{text('composer.keys')}</span>
      </div>
    </div>
  );
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

function ForecastLine({ name, forecast }: { readonly name: string; readonly forecast: Forecast }) {
  const { text } = useSpeech();
  if (forecast.kind === 'unknown') return <span />;
  const words =
    forecast.kind === 'offline'
      ? text('composer.offline')
      : text('composer.forecast', { name, from: forecast.fromSeconds, to: forecast.toSeconds });
  return (
    <span className="composer-forecast">
      <Icon of={forecast.kind === 'offline' ? Unplug : Clock} small />
      <span>
        <Strong text={words} />
      </span>
    </span>
  );
}
