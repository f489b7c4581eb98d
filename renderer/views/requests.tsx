// Requests of strangers: who asks, by what code, and what can be done. Nothing is sent to them
// before one is accepted.
import { useState } from 'react';
import type { ContactRequest } from '../../shared/api-people.ts';
import { CallError } from '../api.ts';
import { useNow } from '../state/clock.ts';
import { formatRoute } from '../state/route.ts';
import { useApi, useKnown } from '../state/session.tsx';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import type { Key } from '../strings/catalogue.ts';
import { Strong, useSpeech } from '../strings/speech.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageBar } from './page-bar.tsx';
import './requests.css';

type Act = 'accept' | 'decline' | 'block';

export function RequestsPage({ onBack }: { readonly onBack: () => void }) {
  const { text } = useSpeech();
  const requests = useKnown((known) => known.requests);
  const isRefused = useKnown((known) => known.isListRefused && known.requests === null);
  const isSlow = useDelayed(requests === null, LOADING_DELAY_MS);
  return (
    <>
      <PageBar title={text('requests.title')} onBack={onBack} />
      <div className="requests">
        {requests === null ? (
          <p className="chat-waiting" role="status">
            {isRefused ? (
              text('requests.refused')
            ) : isSlow ? (
              <>
                <Mark size={18} active />
                {text('requests.waiting')}
              </>
            ) : null}
          </p>
        ) : requests.length === 0 ? (
          <NoRequests />
        ) : (
          <>
            <p className="requests-detail">{text('requests.detail')}</p>
            <ul className="requests-list">
              {requests.map((request) => (
                <RequestCard key={request.id} request={request} isOnlyOne={requests.length === 1} />
              ))}
            </ul>
            <section className="requests-explained" aria-label={text('request.explain')}>
              {(['accept', 'decline', 'block'] as const).map((act) => (
                <p key={act}>
                  <Strong text={text(`request.${act}.detail`)} />
                </p>
              ))}
              <p>{text('request.name')}</p>
            </section>
          </>
        )}
      </div>
    </>
  );
}

function NoRequests() {
  const { text } = useSpeech();
  return (
    <div className="requests-none">
      <p className="requests-none-title">{text('requests.none')}</p>
      <p>{text('requests.none.detail')}</p>
      <a className="text-link" href={formatRoute({ place: 'new' })}>
        {text('page.empty.action')}
      </a>
    </div>
  );
}

type FailureKey = Extract<Key, `request.failed${string}`>;

function failureOf(error: unknown): FailureKey {
  const code = error instanceof CallError ? error.code : null;
  if (code === 'contacts_full') return 'request.failed.full';
  return code === 'strangers_full' || code === 'code_used'
    ? `request.failed.${code}`
    : 'request.failed';
}

type RequestCardProps = {
  readonly request: ContactRequest;
  /** Then its way on is the page's one filled button. */
  readonly isOnlyOne: boolean;
};

function RequestCard({ request, isOnlyOne }: RequestCardProps) {
  const { text, formats } = useSpeech();
  const api = useApi();
  const nowUnixMs = useNow();
  const [busy, setBusy] = useState<Act | null>(null);
  const [failure, setFailure] = useState<FailureKey | null>(null);
  const decide = (act: Act) => {
    if (busy !== null) return;
    setBusy(act);
    setFailure(null);
    api.call(`request.${act}`, { id: request.id }).then(
      (accepted) => {
        if (accepted === undefined || !('state' in accepted)) return;
        window.location.hash = formatRoute({ place: 'chat', contact: accepted.id, message: null });
      },
      (error: unknown) => {
        setBusy(null);
        setFailure(failureOf(error));
      },
    );
  };
  const when = formats.stamp(request.arrivedUnixMs, nowUnixMs);
  return (
    <li className="request" aria-label={request.name}>
      <Avatar name={request.name} pair={request.pair} />
      <div className="request-who">
        <h2 className="request-name one-line isolated" dir="auto">
          {request.name}
        </h2>
        <p className="request-when">{text(`request.arrived.${request.kind}`, { when })}</p>
      </div>
      <div className="request-acts">
        <Button kind="destructive" busy={busy === 'block'} onPress={() => decide('block')}>
          {text('request.block')}
        </Button>
        <Button busy={busy === 'decline'} onPress={() => decide('decline')}>
          {text('request.decline')}
        </Button>
        <Button
          kind={isOnlyOne ? 'filled' : 'outlined'}
          busy={busy === 'accept'}
          onPress={() => decide('accept')}
        >
          {text('request.accept')}
        </Button>
      </div>
      {failure === null ? null : (
        <div className="request-failure" role="alert">
          <Notice kind="danger" words={text(failure)} />
        </div>
      )}
    </li>
  );
}
