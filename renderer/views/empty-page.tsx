// The page while nothing is open: what one could do, or why nothing can be opened.
import type { About, EngineState } from '../../shared/api.ts';
import { formatRoute } from '../state/route.ts';
import { useKnown } from '../state/session.tsx';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import type { Key } from '../strings/catalogue.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Mark } from '../ui/mark.tsx';
import { AboutLine } from './about-line.tsx';
import './empty-page.css';

export type EmptyPageProps = {
  readonly about: About | null;
  readonly engine: EngineState | null;
};

export function EmptyPage({ about, engine }: EmptyPageProps) {
  const count = useKnown((known) => known.conversations?.length ?? null);
  const waiting = useDelayed(about === null, LOADING_DELAY_MS);
  const failed = engine?.state === 'failed';
  if (about === null || failed) {
    if (!failed && !waiting) return null;
    return (
      <Middle
        active={!failed}
        heading={failed ? 'page.failed' : 'page.waiting'}
        explained={failed ? 'page.failed.detail' : 'page.waiting.detail'}
        foot={null}
      />
    );
  }
  return (
    <Middle
      heading="page.empty"
      explained={count === 0 ? 'page.empty.alone' : 'page.empty.detail'}
      action
      foot={about}
    />
  );
}

function Middle(props: {
  readonly active?: boolean;
  readonly heading: Extract<Key, `page.${string}`>;
  readonly explained: Extract<Key, `page.${string}`>;
  readonly action?: boolean;
  readonly foot: About | null;
}) {
  const { text } = useSpeech();
  return (
    <div className="empty-page">
      <div className="empty-middle">
        <span className="mark-tile">
          <Mark size={28} active={props.active === true} />
        </span>
        <h1 className="empty-title" tabIndex={-1}>
          {text(props.heading)}
        </h1>
        <p className="empty-words">{text(props.explained)}</p>
        {props.action === true ? (
          <a className="text-link" href={formatRoute({ place: 'new' })}>
            {text('page.empty.action')}
          </a>
        ) : null}
      </div>
      {props.foot === null ? null : <AboutLine about={props.foot} />}
    </div>
  );
}
