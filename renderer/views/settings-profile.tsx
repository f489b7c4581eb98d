// The user's own name and picture, as contacts see them, and what the identity is.
import { type FormEvent, useState } from 'react';
import type { Profile } from '../../shared/api-profile.ts';
import { NAME_LENGTH_MAX } from '../../shared/api-profile.ts';
import { PictureEditor } from '../contact/picture-editor.tsx';
import { useApi, useKnown } from '../state/session.tsx';
import { failureKey, useAct } from '../state/use-act.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { plain, useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Failure } from './failure.tsx';

export function ProfileSection() {
  const { text } = useSpeech();
  const profile = useKnown((known) => known.profile);
  const waiting = useDelayed(profile === null, LOADING_DELAY_MS);
  return (
    <>
      <h1 className="settings-title" tabIndex={-1}>
        {text('own.title')}
      </h1>
      <p className="settings-lead">{text('own.detail')}</p>
      {profile === null || profile.name === null ? null : (
        <>
          <OwnName key={profile.name} name={profile.name} />
          <OwnPicture profile={profile} />
          <Identity profile={profile} />
        </>
      )}
      {waiting ? <Notice kind="neutral" words={text('own.waiting')} /> : null}
    </>
  );
}

function OwnName({ name }: { readonly name: string }) {
  const { text } = useSpeech();
  const api = useApi();
  const act = useAct();
  const [typed, setTyped] = useState(name);
  const next = typed.trim();
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (next === '' || next === name) return;
    act.run(() => api.call('profile.set', { name: next }));
  };
  return (
    <form className="own-name" onSubmit={save}>
      <TextField
        label={text('own.name')}
        value={typed}
        lengthMax={NAME_LENGTH_MAX}
        hint={text('own.name.hint')}
        error={act.failure === null ? undefined : plain(text(failureKey(act.failure)))}
        onChange={(value) => {
          act.forget();
          setTyped(value);
        }}
      />
      {next === name ? null : (
        <Button
          submits
          busy={act.isBusy}
          disabledReason={next === '' ? text('welcome.name.missing') : undefined}
        >
          {text('own.save')}
        </Button>
      )}
    </form>
  );
}

function OwnPicture({ profile }: { readonly profile: Profile }) {
  const { text } = useSpeech();
  const api = useApi();
  const act = useAct();
  return (
    <section aria-label={text('picture.title')}>
      <h2 className="settings-heading">{text('picture.title')}</h2>
      <div className="own-picture">
        <PictureEditor
          name={profile.name ?? ''}
          pair={0}
          picture={profile.avatar}
          onPicture={(avatar) => act.run(() => api.call('profile.set', { avatar }))}
        />
      </div>
      <Failure failure={act.failure} />
    </section>
  );
}

function Identity({ profile }: { readonly profile: Profile }) {
  const { text, formats } = useSpeech();
  const { network, createdUnixMs } = profile;
  const networkWords =
    network === null
      ? text('own.network.none')
      : network.isDemo
        ? text('own.network.demo', { network: network.name })
        : network.name;
  return (
    <>
      <h2 className="settings-heading">{text('own.identity')}</h2>
      <p className="setting-detail">{text('own.identity.detail')}</p>
      <dl className="facts own-facts">
        {createdUnixMs === null ? null : (
          <div>
            <dt>{text('own.made')}</dt>
            <dd>{formats.date(createdUnixMs)}</dd>
          </div>
        )}
        <div>
          <dt>{text('own.network')}</dt>
          <dd dir="auto">{networkWords}</dd>
        </div>
      </dl>
    </>
  );
}
