// Above the list: trouble with the network that has lasted, and what can be done about it. Always
// there as a live region, empty while all is well.
import { headWords, isTrouble } from '../network/health-words.ts';
import { SendAnyway } from '../network/send-anyway.tsx';
import { formatRoute } from '../state/route.ts';
import { useHealth } from '../state/session.tsx';
import { useSpeech } from '../strings/speech.tsx';
import { iconState, NetworkIcon } from '../ui/network-icon.tsx';
import { Notice } from '../ui/notice.tsx';
import './engine-notice.css';

/** Trouble is told in the line at once, and here once it has lasted. */
export const TROUBLE_MS = 10_000;

export function NetworkNotice() {
  const speech = useSpeech();
  const health = useHealth((known) => known.health);
  const isTold = health !== null && isTrouble(health) && health.forMs >= TROUBLE_MS;
  return (
    <div className="engine-notice" role="status" data-testid="network-notice">
      {isTold ? (
        <Notice
          kind="danger"
          icon={<NetworkIcon state={iconState(health.state)} />}
          words={`**${headWords(speech, health).title}**`}
          action={
            health.isHolding ? (
              <SendAnyway />
            ) : (
              <a className="text-link" href={formatRoute({ place: 'network' })}>
                {speech.text('health.banner.details')}
              </a>
            )
          }
        />
      ) : null}
    </div>
  );
}
