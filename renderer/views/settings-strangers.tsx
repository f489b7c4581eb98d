// Strangers whose requests are dropped: who, since when, and the way back.
import { useRef, useState } from 'react';
import type { Stranger } from '../../shared/api-people.ts';
import { useApi } from '../state/session.tsx';
import { useAct } from '../state/use-act.ts';
import { useAsked } from '../state/use-asked.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Failure } from './failure.tsx';
import './settings-strangers.css';

export function Strangers() {
  const { text } = useSpeech();
  const api = useApi();
  const act = useAct();
  const asked = useAsked('request.blocked', {});
  const [chosen, choose] = useState<Stranger | null>(null);
  const [isDone, setDone] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const strangers = asked.value;
  const waiting = useDelayed(strangers === null && asked.failure === null, LOADING_DELAY_MS);
  const nameOf = ({ name }: Stranger) => (name === '' ? text('strangers.nameless') : name);
  const unblock = (stranger: Stranger) => {
    choose(stranger);
    setDone(false);
    act.run(async () => {
      await api.call('request.unblock', { id: stranger.id });
      asked.put((known) => known.filter(({ id }) => id !== stranger.id));
      setDone(true);
      // The button that had the focus is gone with its row.
      title.current?.focus();
    });
  };
  return (
    <section aria-labelledby="strangers-title">
      <h2 className="settings-part settings-heading" id="strangers-title" tabIndex={-1} ref={title}>
        {text('strangers.title')}
      </h2>
      <p className="strangers-detail">{text('strangers.detail')}</p>
      {strangers === null ? null : strangers.length === 0 ? (
        <p className="strangers-none">{text('strangers.none')}</p>
      ) : (
        <ul className="strangers" aria-labelledby="strangers-title">
          {strangers.map((stranger) => (
            <StrangerRow
              key={stranger.id}
              stranger={stranger}
              name={nameOf(stranger)}
              busy={act.isBusy && chosen?.id === stranger.id}
              onUnblock={() => unblock(stranger)}
            />
          ))}
        </ul>
      )}
      {waiting ? <Notice kind="neutral" words={text('strangers.waiting')} /> : null}
      <div role="status" className="failure">
        {chosen === null || !isDone ? null : (
          <Notice kind="neutral" words={text('strangers.unblocked', { name: nameOf(chosen) })} />
        )}
      </div>
      <Failure failure={act.failure} />
      <Failure failure={asked.failure} onAgain={asked.ask} />
    </section>
  );
}

type StrangerRowProps = {
  readonly stranger: Stranger;
  readonly name: string;
  readonly busy: boolean;
  readonly onUnblock: () => void;
};

function StrangerRow({ stranger, name, busy, onUnblock }: StrangerRowProps) {
  const { text, formats } = useSpeech();
  return (
    <li className="stranger" aria-label={name}>
      <Avatar name={name} pair={stranger.pair} />
      <div className="stranger-who">
        <p className="stranger-name one-line isolated" dir="auto">
          {name}
        </p>
        <p className="stranger-since">
          {text('strangers.since', { day: formats.date(stranger.sinceUnixMs) })}
        </p>
      </div>
      <Button busy={busy} onPress={onUnblock}>
        {text('strangers.unblock')}
      </Button>
    </li>
  );
}
