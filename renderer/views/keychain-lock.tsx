// The window of a profile that takes no passphrase and is not open: the system's keychain has its
// key. Says that, what to do, and asks for it once more.
import { CallError } from '../api.ts';
import { useApi, useKnown } from '../state/session.tsx';
import { type FailureKey, failureKey, useAct } from '../state/use-act.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import './lock.css';

export function KeychainLock() {
  const { text } = useSpeech();
  const api = useApi();
  const act = useAct();
  const isKept = useKnown((known) => known.lock?.wasGivenToKeychain === true);
  return (
    <main className="lock">
      <Mark size={48} active={act.isBusy} />
      <h1 className="lock-title">{text('lock.title')}</h1>
      <p className="lock-words">{text(isKept ? 'lock.keychain' : 'lock.unopened')}</p>
      {isKept ? <p className="lock-words">{text('lock.keychain.advice')}</p> : null}
      <div role="status" className="failure">
        {act.isBusy && isKept ? (
          <p className="setting-detail">{text('lock.keychain.working')}</p>
        ) : null}
        {act.failure === null ? null : <Notice kind="danger" words={text(keyOf(act.failure))} />}
      </div>
      <Button
        kind="filled"
        large
        takesFocus
        busy={act.isBusy}
        onPress={() => act.run(() => api.call('lock.again', {}))}
      >
        {text('failed.again')}
      </Button>
    </main>
  );
}

function keyOf(failure: unknown): FailureKey | 'lock.keychain.none' | 'lock.keychain.refused' {
  const code = failure instanceof CallError ? failure.code : null;
  if (code === 'no_keychain') return 'lock.keychain.none';
  return code === 'keychain_refused' ? 'lock.keychain.refused' : failureKey(failure);
}
