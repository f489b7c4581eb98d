// The list of conversations and the page beside it while none is open.
import { Settings } from 'lucide-react';
import type { About } from '../../shared/api.ts';
import { formatRoute } from '../state/route.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconLink } from '../ui/icon-button.tsx';
import { Mark } from '../ui/mark.tsx';
import { AboutLine } from './about-line.tsx';
import './conversations.css';

const aboutRoute = formatRoute({ place: 'settings', section: 'about' });

export function ConversationsPane() {
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
      <div className="list-empty">
        <p>{text('list.empty')}</p>
        <a className="text-link only-narrow" href={aboutRoute}>
          {text('list.empty.action')}
        </a>
      </div>
    </>
  );
}

export function EmptyPage({ about }: { readonly about: About | null }) {
  const { text } = useSpeech();
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
