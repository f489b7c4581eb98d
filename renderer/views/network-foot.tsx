// The network at the foot of the list, as the engine tells of it; leads to the network's page.
import { useKnown } from '../state/session.tsx';
import { useSpeech } from '../strings/speech.tsx';
import { NetworkLine } from './network-line.tsx';

export function NetworkFoot() {
  const { text } = useSpeech();
  const network = useKnown((known) => known.network?.network ?? null);
  return network === null ? (
    <NetworkLine state="none" words={text('network.none')} fact={text('network.none.detail')} />
  ) : (
    <NetworkLine state="measuring" words={network.name} fact="" />
  );
}
