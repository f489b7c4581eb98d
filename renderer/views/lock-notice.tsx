// Above the list: a lock that did not work, so that nobody takes the profile for locked.
import { useApi, useKnown } from '../state/session.tsx';
import { useAct } from '../state/use-act.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import './engine-notice.css';

export function LockNotice() {
  const { text } = useSpeech();
  const api = useApi();
  const act = useAct();
  const isTold = useKnown((known) => known.lock?.hasLockFailed === true);
  // The whole window was the lock's meanwhile: this comes with the rest of it.
  if (!isTold) return null;
  return (
    <div className="engine-notice" role="alert">
      <Notice
        kind="danger"
        words={text('lock.not_locked')}
        action={
          <Button busy={act.isBusy} onPress={() => act.run(() => api.call('lock.now', {}))}>
            {text('privacy.lock.now')}
          </Button>
        }
      />
    </div>
  );
}
