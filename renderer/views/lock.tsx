// The window while the profile is locked: nothing of it is shown; the passphrase goes out in one
// call and is kept nowhere, so the field is emptied with it.
import { Eye, EyeOff } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Mark } from '../ui/mark.tsx';
import './lock.css';

export type LockProps = {
  readonly state: 'rest' | 'working' | 'wrong';
  readonly hasKeychain: boolean;
  readonly onUnlock: (passphrase: string) => void;
  /** Left out where there is one profile alone. */
  readonly onOtherProfile?: () => void;
};

export function LockScreen(props: LockProps) {
  const { text } = useSpeech();
  const [passphrase, setPassphrase] = useState('');
  const [shown, setShown] = useState(false);
  const working = props.state === 'working';
  const unlock = (event: FormEvent) => {
    event.preventDefault();
    if (working || passphrase === '') return;
    props.onUnlock(passphrase);
    setPassphrase('');
  };
  const hint = working
    ? text('lock.working')
    : props.hasKeychain
      ? undefined
      : text('lock.no_keychain');
  return (
    <main className="lock">
      <Mark size={48} active={working} />
      <h1 className="lock-title">{text('lock.title')}</h1>
      <p className="lock-words">{text('lock.detail')}</p>
      <form className="lock-form" onSubmit={unlock}>
        <TextField
          label={text('lock.passphrase')}
          labelHidden
          type={shown ? 'text' : 'password'}
          value={passphrase}
          autoComplete="current-password"
          onChange={setPassphrase}
          {...(hint === undefined ? {} : { hint })}
          error={props.state === 'wrong' && passphrase === '' ? text('lock.wrong') : undefined}
          end={
            <IconButton
              words={text(shown ? 'lock.hide' : 'lock.show')}
              icon={<Icon of={shown ? Eye : EyeOff} />}
              onPress={() => setShown(!shown)}
            />
          }
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
