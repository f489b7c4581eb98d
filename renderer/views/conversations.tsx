// The list of conversations and the page beside it while none is open.
import { Settings } from 'lucide-react';
import type { About, EngineState } from '../../shared/api.ts';
import { formatRoute } from '../state/route.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconLink } from '../ui/icon-button.tsx';
import { Mark } from '../ui/mark.tsx';
import { AboutLine } from './about-line.tsx';
import './conversations.css';

const aboutRoute = formatRoute({ place: 'settings', section: 'about' });

/** The list; of a profile that is not open it says nothing, for nothing is known of it. */
export type ConversationsPaneProps = {
  readonly isOpen: boolean;
  /** The contact whose row is marked. */
  readonly chosen: number | null;
};

export function ConversationsPane({ isOpen }: ConversationsPaneProps) {
  const { text } = useSpeech();
  return (
    <>
      <header className="list-head">
        <h1 className="wordmark" tabIndex={-1}>
          <Mark size={24} />
          {text('app.name')}
        </h1>
        <IconLink
          words={text('shell.settings')}
          icon={<Icon of={Settings} />}
          href={formatRoute({ place: 'settings', section: null })}
        />
      </header>
      {isOpen ? (
        <div className="list-empty">
          <p>{text('list.empty')}</p>
          <a className="text-link only-narrow" href={aboutRoute}>
            {text('list.empty.action')}
          </a>
        </div>
      ) : null}
    </>
  );
}

export type EmptyPageProps = {
  readonly about: About | null;
  readonly engine: EngineState | null;
};

export function EmptyPage({ about, engine }: EmptyPageProps) {
  const { text } = useSpeech();
  const waiting = useDelayed(about === null, LOADING_DELAY_MS);
  const failed = engine?.state === 'failed';
  if (about === null || failed) {
    if (!failed && !waiting) return null;
    return (
      <div className="empty-page">
        <div className="empty-middle">
          <span className="mark-tile">
            <Mark size={28} active={!failed} />
          </span>
          <h1 className="empty-title" tabIndex={-1}>
            {text(failed ? 'page.failed' : 'page.waiting')}
          </h1>
          <p className="empty-words">
            {text(failed ? 'page.failed.detail' : 'page.waiting.detail')}
          </p>
        </div>
      </div>
    );
  }
  return (
    <div className="empty-page">
      <div className="empty-middle">
        <span className="mark-tile">
          <Mark size={28} />
        </span>
        <h1 className="empty-title" tabIndex={-1}>
          {text('page.empty')}
        </h1>
        <p className="empty-words">{text('page.empty.detail')}</p>
        <a className="text-link" href={aboutRoute}>
          {text('page.empty.action')}
        </a>
      </div>
      <AboutLine about={about} />
    </div>
  );
}
