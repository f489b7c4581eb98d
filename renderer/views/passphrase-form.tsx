// Sets, changes or removes the passphrase. Each one goes out in one call; the fields are empty
// from that moment on, and nothing else ever held what was typed.
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useApi } from '../state/session.tsx';
import { type Act, failureKey, useAct } from '../state/use-act.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { PassphraseField, takePassphrase } from '../ui/passphrase-field.tsx';

/** Below this, everything can be tried out whatever it is made of. */
export const SHORT_LENGTH = 12;

export type PassphraseChange = 'set' | 'change' | 'remove';

/** What is wrong with what was typed. */
type Trouble = 'empty' | 'differ' | null;

export type PassphraseFormProps = {
  readonly change: PassphraseChange;
  /** Whether the keychain holds the key, so that it alone opens what has no passphrase. */
  readonly isKept: boolean;
  readonly onDone: () => void;
  readonly onCancel: () => void;
};

export function PassphraseForm({ change, isKept, onDone, onCancel }: PassphraseFormProps) {
  const { text } = useSpeech();
  const api = useApi();
  const act = useAct();
  const current = useRef<HTMLInputElement>(null);
  const next = useRef<HTMLInputElement>(null);
  const repeat = useRef<HTMLInputElement>(null);
  const [length, setLength] = useState(0);
  const [trouble, setTrouble] = useState<Trouble>(null);
  useEffect(() => (current.current ?? next.current)?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const first = current.current ?? next.current;
    if (act.isBusy || first === null) return;
    // Read where they are used, so that no variable outlives the call.
    const given = {
      current: change === 'set' ? null : takePassphrase(current.current),
      next: change === 'remove' ? null : takePassphrase(next.current),
    };
    const isSame = change === 'remove' || given.next === takePassphrase(repeat.current);
    setLength(0);
    first.focus();
    const isEmpty = given.current === '' || given.next === '';
    setTrouble(isEmpty ? 'empty' : isSame ? null : 'differ');
    if (isEmpty || !isSame) return;
    act.run(async () => {
      await api.call('lock.setPassphrase', given);
      onDone();
    });
  };
  return (
    <form className="passphrase-form" onSubmit={submit}>
      {change === 'set' ? null : (
        <PassphraseField
          label={text('passphrase.current')}
          isNew={false}
          field={current}
          onTyped={() => setTrouble(null)}
        />
      )}
      {change === 'remove' ? (
        <Notice
          kind="caution"
          words={text(isKept ? 'privacy.keychain.warning' : 'passphrase.remove.explained')}
        />
      ) : (
        <>
          <PassphraseField
            label={text('passphrase.next')}
            isNew
            field={next}
            hint={
              length > 0 && length < SHORT_LENGTH
                ? text('passphrase.short', { count: length })
                : text('passphrase.hint')
            }
            onTyped={setLength}
          />
          <PassphraseField label={text('passphrase.repeat')} isNew field={repeat} />
          <Notice kind="caution" words={text('passphrase.forgotten')} />
        </>
      )}
      <Outcome trouble={trouble} act={act} />
      <div className="code-actions">
        <Button kind={change === 'remove' ? 'destructive' : 'filled'} submits busy={act.isBusy}>
          {text(`passphrase.${change}`)}
        </Button>
        <Button kind="text" onPress={onCancel}>
          {text('passphrase.cancel')}
        </Button>
      </div>
    </form>
  );
}

function Outcome({ trouble, act }: { readonly trouble: Trouble; readonly act: Act }) {
  const { text } = useSpeech();
  return (
    <div role="status" className="failure">
      {trouble === null ? null : <Notice kind="danger" words={text(`passphrase.${trouble}`)} />}
      {act.failure === null ? null : <Notice kind="danger" words={text(failureKey(act.failure))} />}
      {act.isBusy ? <p className="setting-detail">{text('passphrase.working')}</p> : null}
    </div>
  );
}
