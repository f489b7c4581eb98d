// Lets messages go although delivery fails, where its user decides so.
import { useApi } from '../state/session.tsx';
import { useAct } from '../state/use-act.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';

export function SendAnyway() {
  const { text } = useSpeech();
  const api = useApi();
  const act = useAct();
  return (
    <Button busy={act.isBusy} onPress={() => act.run(() => api.call('health.sendAnyway', {}))}>
      {text('health.send_anyway')}
    </Button>
  );
}
