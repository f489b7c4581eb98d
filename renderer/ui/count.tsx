// How many are unread: solid, or hollow where the conversation is muted.
import { useSpeech } from '../strings/speech.tsx';
import './count.css';

/** Shown as "99+" above; the words carry the number itself. */
export const COUNT_SHOWN_MAX = 99;

export type CountProps = {
  readonly count: number;
  readonly words: string;
  readonly muted?: boolean;
};

export function Count({ count, words, muted }: CountProps) {
  const { formats } = useSpeech();
  const shown =
    count > COUNT_SHOWN_MAX ? `${formats.number(COUNT_SHOWN_MAX)}+` : formats.number(count);
  return (
    <span className={muted === true ? 'count count-muted' : 'count'}>
      <span aria-hidden="true">{shown}</span>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}
