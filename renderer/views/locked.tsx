// The window of a locked profile: the passphrase goes out in one call.
import { useState } from 'react';
import { CallError } from '../api.ts';
import { useApi, useKnown } from '../state/session.tsx';
import { failureKey } from '../state/use-act.ts';
import { plain, useSpeech } from '../strings/speech.tsx';
import { EngineNotice } from './engine-notice.tsx';
import { LockScreen } from './lock.tsx';

type State = {
  readonly state: 'rest' | 'working' | 'wrong' | 'failed';
  readonly failure: unknown;
};

export function LockedWindow() {
  const { text } = useSpeech();
  const api = useApi();
  const [now, setNow] = useState<State>({ state: 'rest', failure: null });
  const hasKeychain = useKnown((known) => known.lock?.hasKeychain !== null);
  const spooled = useKnown((known) => known.lock?.spooled ?? 0);
  const connection = useKnown((known) => known.connection);
  const engine = useKnown((known) => known.engine);
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
    <>
      <LockScreen
        state={now.state}
        hasKeychain={hasKeychain}
        spooled={spooled}
        failure={now.failure === null ? undefined : plain(text(failureKey(now.failure)))}
        onUnlock={unlock}
      />
      <div className="lock-notice">
        <EngineNotice connection={connection} engine={engine} />
      </div>
    </>
  );
}
