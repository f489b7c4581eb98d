// A notice: an icon, words, and what can be done. Amber explains trouble, red asks for a hand,
// neutral says how things are, dashed says that something is not here yet.
import { CircleAlert, Hourglass, Info, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Strong } from '../strings/speech.tsx';
import { Icon } from './icon.tsx';
import './notice.css';

export type NoticeKind = 'neutral' | 'caution' | 'danger' | 'open';

const icons: Readonly<Record<NoticeKind, LucideIcon>> = {
  neutral: Info,
  caution: Hourglass,
  danger: CircleAlert,
  open: Info,
};

export type NoticeProps = {
  readonly kind: NoticeKind;
  /** May hold `**strong**` parts. */
  readonly words: string;
  readonly icon?: ReactNode;
  readonly action?: ReactNode;
};

export function Notice(props: NoticeProps) {
  return (
    <div className={`notice notice-${props.kind}`}>
      <span className="notice-icon">{props.icon ?? <Icon of={icons[props.kind]} />}</span>
      <p className="notice-words">
        <Strong text={props.words} />
      </p>
      {props.action === undefined ? null : <span className="notice-action">{props.action}</span>}
    </div>
  );
}
