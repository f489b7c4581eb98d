// The window of a locked profile: the passphrase goes out in one call.
import { useState } from 'react';
import { useApi, useKnown } from '../state/session.tsx';
import { LockScreen } from './lock.tsx';

export function LockedWindow() {
  const api = useApi();
  const [state, setState] = useState<'rest' | 'working' | 'wrong'>('rest');
  const hasKeychain = useKnown((known) => known.lock?.hasKeychain !== null);
  const unlock = (passphrase: string) => {
    setState('working');
    api.call('lock.unlock', { passphrase }).then(
      () => setState('rest'),
      () => setState('wrong'),
    );
  };
  return <LockScreen state={state} hasKeychain={hasKeychain} onUnlock={unlock} />;
}
