// A person: what is known of them, the safety number, what can be done.
import { ArrowLeft } from 'lucide-react';
import type { Contact } from '../../shared/api-people.ts';
import { ContactHead } from '../contact/contact-head.tsx';
import { ContactSettings } from '../contact/contact-settings.tsx';
import { SafetyPanel } from '../contact/safety-panel.tsx';
import { formatRoute } from '../state/route.ts';
import { useAsked, useEvents } from '../state/use-asked.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { named } from '../strings/shown-name.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Failure } from './failure.tsx';
import { PageBar } from './page-bar.tsx';
import './contact.css';

export type ContactPageProps = { readonly contact: number; readonly onBack: () => void };

export function ContactPage({ contact: id, onBack }: ContactPageProps) {
  const speech = useSpeech();
  const { text } = speech;
  const asked = useAsked('contact.get', { id });
  // Null is an answer here (there is no such contact): what failed or waits is told apart by it.
  const list = useAsked('contact.list', {});
  const contact = asked.value && named(speech, asked.value);
  const isGone = contact === null && list.value !== null && !list.value.some((c) => c.id === id);
  useEvents({
    contact: (changed) => {
      if (changed.id === id) asked.put(() => changed);
    },
    'contact.gone': (gone) => {
      if (gone.id === id) {
        asked.ask();
        list.ask();
      }
    },
  });
  const waiting = useDelayed(
    contact === null && !isGone && asked.failure === null,
    LOADING_DELAY_MS,
  );
  return (
    <>
      <PageBar title={text('contact.title')} onBack={onBack}>
        <span className="bar-start only-wide">
          <IconButton
            words={text('shell.back')}
            icon={<Icon of={ArrowLeft} mirrored />}
            onPress={onBack}
          />
        </span>
      </PageBar>
      <div className="page-scroll">
        <div className="contact-page">
          {contact === null ? null : (
            <>
              <ContactHead contact={contact} onContact={(next) => asked.put(() => next)} />
              <StateNotice contact={contact} />
              {contact.state === 'accepted' ? (
                <SafetyPanel contact={contact} onContact={(next) => asked.put(() => next)} />
              ) : null}
              <ContactSettings
                contact={contact}
                onContact={(next) => asked.put(() => next)}
                onRemoved={() => {
                  window.location.hash = formatRoute({ place: 'conversations' });
                }}
              />
            </>
          )}
          {isGone ? <Gone /> : null}
          {waiting ? <Notice kind="neutral" words={text('contact.waiting')} /> : null}
          {contact === null ? <Failure failure={asked.failure} onAgain={asked.ask} /> : null}
        </div>
      </div>
    </>
  );
}

function StateNotice({ contact }: { readonly contact: Contact }) {
  const { text } = useSpeech();
  const { state, name, isUnanswered } = contact;
  if (state === 'accepted') return null;
  if (state === 'blocked') {
    return <Notice kind="neutral" words={text('contact.blocked.detail', { name })} />;
  }
  return isUnanswered ? (
    <Notice kind="caution" words={text('contact.unanswered.detail')} />
  ) : (
    <Notice kind="neutral" words={text('contact.requested.detail')} />
  );
}

function Gone() {
  const { text } = useSpeech();
  return (
    <div className="contact-gone">
      <h2 className="contact-name" tabIndex={-1}>
        {text('contact.gone')}
      </h2>
      <p className="contact-known">{text('contact.gone.detail')}</p>
      <a className="text-link" href={formatRoute({ place: 'conversations' })}>
        {text('contact.gone.action')}
      </a>
    </div>
  );
}
