// The state of the network at the foot of the list: icon, words, one fact. What is not measured is
// not shown.
import { type Loop, LoopStrip } from '../chat/loop-strip.tsx';
import { formatRoute } from '../state/route.ts';
import { NetworkIcon, type NetworkState } from '../ui/network-icon.tsx';
import './network-line.css';

export type NetworkLineProps = {
  readonly state: NetworkState;
  /** "Network good" */
  readonly words: string;
  /** "messages take 3 to 7 s" */
  readonly fact: string;
  /** Its page is open. */
  readonly isChosen?: boolean;
  /** Oldest first; left out where there are none to show. */
  readonly loops?: readonly Loop[];
};

export function NetworkLine(props: NetworkLineProps) {
  return (
    <footer className="network-foot">
      <a
        className="network-line"
        href={formatRoute({ place: 'network' })}
        aria-current={props.isChosen === true ? 'page' : undefined}
      >
        <NetworkIcon state={props.state} />
        {/* A change of the state is announced; numbers that move are not. */}
        <span className={`network-words network-words-${props.state}`} aria-live="polite">
          {props.words}
        </span>
        <span className="network-fact">{props.fact}</span>
        {props.loops === undefined ? null : <LoopStrip loops={props.loops} />}
      </a>
    </footer>
  );
}
