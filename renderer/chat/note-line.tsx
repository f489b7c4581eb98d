// A line in the chat that is no message of anybody's: what was agreed, what changed, what is
// missing. Dashed is what is still on its way; amber what asks for a look.
import {
  CircleHelp,
  Copy,
  Handshake,
  KeyRound,
  type LucideIcon,
  PenLine,
  RefreshCw,
  ShieldCheck,
  ShieldOff,
} from 'lucide-react';
import type { ChatNote } from '../../shared/api-chat.ts';
import { formatRoute } from '../state/route.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from '../ui/icon.tsx';
import { GapNotice } from './marks.tsx';
import { noteWords } from './note.ts';
import './note-line.css';

const troubles: ReadonlySet<ChatNote['kind']> = new Set([
  'keys_changed',
  'profile_copied',
  'no_answer',
]);

export type NoteLineProps = {
  readonly note: ChatNote;
  readonly contact: number;
  readonly name: string;
};

export function NoteLine({ note, contact, name }: NoteLineProps) {
  const speech = useSpeech();
  if (note.kind === 'gap' && !note.isLost) return <GapNotice count={note.count} />;
  const isTrouble = troubles.has(note.kind);
  return (
    <p className={isTrouble ? 'note-line note-line-caution' : 'note-line'}>
      <Icon of={iconOf(note)} small />
      <span>
        <bdi>{noteWords(speech, note, name)}</bdi>
        {note.kind === 'keys_changed' ? (
          <a className="text-link" href={formatRoute({ place: 'contact', contact })}>
            {speech.text('note.compare')}
          </a>
        ) : null}
      </span>
    </p>
  );
}

function iconOf(note: ChatNote): LucideIcon {
  switch (note.kind) {
    case 'accepted':
      return Handshake;
    case 'session_reset':
    case 'asked_again':
      return RefreshCw;
    case 'verified':
      return note.isVerified ? ShieldCheck : ShieldOff;
    case 'keys_changed':
      return KeyRound;
    case 'renamed':
      return PenLine;
    case 'profile_copied':
      return Copy;
    case 'no_answer':
    case 'gap':
    case 'unknown_kind':
      return CircleHelp;
  }
}
