// The window while the profile is locked: nothing of it is shown. What is typed stands in the field
// alone, which is emptied as the passphrase goes out.
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { PassphraseField, takePassphrase } from '../ui/passphrase-field.tsx';
import './lock.css';

export type LockProps = {
  readonly state: 'rest' | 'working' | 'wrong' | 'failed';
  /** `away`: one was given the key, and cannot be asked from here. */
  readonly keychain: 'here' | 'away' | 'none';
  /** How many have arrived since; 0 says nothing. */
  readonly spooled?: number;
  /** In words, where the engine refused for another reason. */
  readonly failure?: string | undefined;
  readonly onUnlock: (passphrase: string) => void;
  /** Left out where there is one profile alone. */
  readonly onOtherProfile?: () => void;
};

export function LockScreen(props: LockProps) {
  const { text } = useSpeech();
  const field = useRef<HTMLInputElement>(null);
  const [isTyped, setTyped] = useState(false);
  const working = props.state === 'working';
  useEffect(() => field.current?.focus(), []);
  const unlock = (event: FormEvent) => {
    event.preventDefault();
    field.current?.focus();
    if (working || (field.current?.value ?? '') === '') return;
    setTyped(false);
    props.onUnlock(takePassphrase(field.current));
  };
  const hint = working
    ? text('lock.working')
    : props.keychain === 'here'
      ? undefined
      : text(props.keychain === 'away' ? 'lock.keychain.away' : 'lock.no_keychain');
  const error = props.state === 'wrong' ? text('lock.wrong') : props.failure;
  const { spooled = 0 } = props;
  return (
    <main className="lock">
      <Mark size={48} active={working} />
      <h1 className="lock-title">{text('lock.title')}</h1>
      <p className="lock-words" role="status">
        {spooled === 0 ? text('lock.detail') : text('lock.spooled', { count: spooled })}
      </p>
      <form className="lock-form" onSubmit={unlock}>
        <PassphraseField
          label={text('lock.passphrase')}
          labelHidden
          isNew={false}
          field={field}
          hint={hint}
          error={isTyped || working ? undefined : error}
          onTyped={(length) => setTyped(length > 0)}
        />
        <Button kind="filled" large submits busy={working}>
          {text('lock.unlock')}
        </Button>
      </form>
      {props.onOtherProfile === undefined ? null : (
        <Button kind="text" onPress={props.onOtherProfile}>
          {text('lock.other')}
        </Button>
      )}
    </main>
  );
}
