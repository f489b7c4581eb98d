// What the engine refused, in words, where the user asked for it: one live region that is always
// there, so that a refusal is announced.
import { failureKey } from '../state/use-act.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

export type FailureProps = {
  /** What a call threw; null for none. */
  readonly failure: unknown;
  readonly onAgain?: () => void;
};

export function Failure({ failure, onAgain }: FailureProps) {
  const { text } = useSpeech();
  return (
    <div role="status" className="failure">
      {failure === null ? null : (
        <Notice
          kind="danger"
          words={text(failureKey(failure))}
          action={
            onAgain === undefined ? undefined : (
              <Button kind="text" onPress={onAgain}>
                {text('failed.again')}
              </Button>
            )
          }
        />
      )}
    </div>
  );
}
