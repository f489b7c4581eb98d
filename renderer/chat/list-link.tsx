// A place that is reached from the list and is no conversation: contact requests, the archive.
import { ChevronRight, type LucideIcon } from 'lucide-react';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from '../ui/icon.tsx';
import './conversation-row.css';

export type ListLinkProps = (
  | { readonly href: string }
  /** What stays in the list is no place of its own. */
  | { readonly onPress: () => void }
) & {
  readonly icon: LucideIcon;
  readonly words: string;
  /** How many are there; without it the row points onward. */
  readonly count?: number;
};

export function ListLink(props: ListLinkProps) {
  const { formats } = useSpeech();
  const inside = (
    <>
      <span className="list-link-icon">
        <Icon of={props.icon} />
      </span>
      {props.words}
      <span className="list-link-end">
        {props.count === undefined ? (
          <Icon of={ChevronRight} small mirrored />
        ) : (
          formats.number(props.count)
        )}
      </span>
    </>
  );
  return 'href' in props ? (
    <a className="list-link" href={props.href}>
      {inside}
    </a>
  ) : (
    <button type="button" className="list-link" onClick={props.onPress}>
      {inside}
    </button>
  );
}
