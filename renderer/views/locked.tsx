// The window of a locked profile: the passphrase goes out in one call; where there is none, the
// keychain is asked.
import { useState } from 'react';
import { CallError } from '../api.ts';
import { useApi, useKnown } from '../state/session.tsx';
import { failureKey } from '../state/use-act.ts';
import { plain, useSpeech } from '../strings/speech.tsx';
import { EngineNotice } from './engine-notice.tsx';
import { KeychainLock } from './keychain-lock.tsx';
import { LockScreen } from './lock.tsx';

type State = {
  readonly state: 'rest' | 'working' | 'wrong' | 'failed';
  readonly failure: unknown;
};

export function LockedWindow() {
  const connection = useKnown((known) => known.connection);
  const engine = useKnown((known) => known.engine);
  const hasPassphrase = useKnown((known) => known.lock?.hasPassphrase === true);
  return (
    <>
      {hasPassphrase ? <PassphraseLock /> : <KeychainLock />}
      <div className="lock-notice">
        <EngineNotice connection={connection} engine={engine} />
      </div>
    </>
  );
}

function PassphraseLock() {
  const { text } = useSpeech();
  const api = useApi();
  const [now, setNow] = useState<State>({ state: 'rest', failure: null });
  const hasKeychain = useKnown((known) => known.lock?.hasKeychain !== null);
  const isKept = useKnown((known) => known.lock?.wasGivenToKeychain === true);
  const spooled = useKnown((known) => known.lock?.spooled ?? 0);
  const unlock = (passphrase: string) => {
    setNow({ state: 'working', failure: null });
    api.call('lock.unlock', { passphrase }).then(
      () => setNow({ state: 'rest', failure: null }),
      (failure: unknown) => {
        const isWrong = failure instanceof CallError && failure.code === 'wrong_passphrase';
        setNow({ state: isWrong ? 'wrong' : 'failed', failure });
      },
    );
  };
  return (
    <LockScreen
      state={now.state}
      keychain={hasKeychain ? 'here' : isKept ? 'away' : 'none'}
      spooled={spooled}
      failure={now.failure === null ? undefined : plain(text(failureKey(now.failure)))}
      onUnlock={unlock}
    />
  );
}
