// The state of the network at the foot of the list: icon, words, one fact. What is not measured is
// not shown.
import { useSpeech } from '../strings/speech.tsx';
import { NetworkIcon, type NetworkState } from '../ui/network-icon.tsx';
import './network-line.css';

export function NetworkLine({ state }: { readonly state: Extract<NetworkState, 'none'> }) {
  const { text } = useSpeech();
  return (
    <footer className="network-line">
      <NetworkIcon state={state} />
      <span className="network-words">{text('network.none')}</span>
      <span className="network-fact">{text('network.none.detail')}</span>
    </footer>
  );
}
