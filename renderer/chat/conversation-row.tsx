// A conversation in the list: who, when, the last words, and what waits.
import { BellOff, Pin, ShieldCheck } from 'lucide-react';
import type { Conversation } from '../../shared/api-chat.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Count } from '../ui/count.tsx';
import { DeliveryGlyph, type DeliveryState } from '../ui/delivery-glyph.tsx';
import { Icon } from '../ui/icon.tsx';
import './conversation-row.css';

/** The second line. `from` is a member's name in a group; `words` name a glyph. */
export type Preview =
  | { readonly kind: 'theirs'; readonly text: string; readonly from?: string }
  | {
      readonly kind: 'own';
      readonly text: string;
      readonly state: DeliveryState;
      readonly words: string;
    }
  /** `note` is the window's own words. */
  | { readonly kind: 'draft' | 'note'; readonly text: string }
  /** The newest own message, which needs its user. */
  | { readonly kind: 'trouble'; readonly text: string; readonly state: Trouble };

type Trouble = NonNullable<Conversation['trouble']>['state'];

export type ConversationRowProps = {
  readonly href: string;
  readonly name: string;
  readonly pair: number;
  readonly picture?: string | null;
  readonly preview: Preview;
  /** When, as `formats.stamp` writes it. */
  readonly stamp: string;
  readonly unread: number;
  readonly group?: boolean;
  readonly verified?: boolean;
  readonly pinned?: boolean;
  readonly muted?: boolean;
  readonly chosen?: boolean;
  /** Whether the tab key leads here; the chosen row where it is left out. */
  readonly isTabStop?: boolean;
  /** Beside following the link, which leads nowhere where one is there. */
  readonly onPress?: () => void;
};

export function ConversationRow(props: ConversationRowProps) {
  const { text } = useSpeech();
  const classes = ['row'];
  if (props.unread > 0 && props.muted !== true) classes.push('row-unread');
  return (
    <a
      className={classes.join(' ')}
      href={props.href}
      aria-current={props.chosen === true ? 'page' : undefined}
      tabIndex={(props.isTabStop ?? props.chosen) === true ? 0 : -1}
      data-roving=""
      onClick={props.onPress}
    >
      <Avatar
        name={props.name}
        pair={props.pair}
        picture={props.picture}
        group={props.group === true}
      />
      <span className="row-lines">
        <span className="row-line">
          <span className="row-name one-line isolated" dir="auto">
            {props.name}
          </span>
          {props.verified === true ? (
            <Sign of={ShieldCheck} words={text('row.verified')} accent />
          ) : null}
          {props.muted === true ? <Sign of={BellOff} words={text('row.muted')} /> : null}
          <span className="row-end">
            {props.pinned === true ? <Sign of={Pin} words={text('row.pinned')} /> : null}
            <span className="row-stamp">{props.stamp}</span>
          </span>
        </span>
        <span className="row-line">
          <PreviewLine preview={props.preview} />
          {props.unread > 0 ? (
            <Count
              count={props.unread}
              muted={props.muted === true}
              words={text(props.muted === true ? 'row.unread.muted' : 'row.unread', {
                count: props.unread,
              })}
            />
          ) : null}
        </span>
      </span>
    </a>
  );
}

function PreviewLine({ preview }: { readonly preview: Preview }) {
  const { text } = useSpeech();
  return (
    <span className="row-preview one-line">
      {preview.kind === 'own' ? (
        <DeliveryGlyph state={preview.state} size={14} words={preview.words} />
      ) : null}
      {preview.kind === 'draft' ? <span className="row-draft">{text('row.draft')} </span> : null}
      {preview.kind === 'trouble' ? (
        <>
          <DeliveryGlyph state={preview.state} size={14} />
          <span className={preview.state === 'failed' ? 'row-failed' : 'row-doubtful'}>
            {text(`row.trouble.${preview.state}`)}{' '}
          </span>
        </>
      ) : null}
      {preview.kind === 'theirs' && preview.from !== undefined ? <bdi>{preview.from}: </bdi> : null}
      <bdi>{preview.text}</bdi>
    </span>
  );
}

function Sign(props: {
  readonly of: typeof Pin;
  readonly words: string;
  readonly accent?: boolean;
}) {
  return (
    <span className={props.accent === true ? 'sign sign-accent' : 'sign'}>
      <Icon of={props.of} small />
      <span className="visually-hidden">{props.words}</span>
    </span>
  );
}
