// The state of the network at the foot of the list: icon, words, one fact. What is not measured is
// not shown.
import { type Loop, LoopStrip } from '../chat/loop-strip.tsx';
import { NetworkIcon, type NetworkState } from '../ui/network-icon.tsx';
import './network-line.css';

export type NetworkLineProps = {
  readonly state: NetworkState;
  /** "Network good" */
  readonly words: string;
  /** "messages take 3 to 7 s" */
  readonly fact: string;
  /** Oldest first; left out where there are none to show. */
  readonly loops?: readonly Loop[];
};

export function NetworkLine(props: NetworkLineProps) {
  return (
    <footer className="network-line">
      <NetworkIcon state={props.state} />
      <span className="network-words">{props.words}</span>
      <span className="network-fact">{props.fact}</span>
      {props.loops === undefined ? null : <LoopStrip loops={props.loops} />}
    </footer>
  );
}
