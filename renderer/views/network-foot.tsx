// The network at the foot of the list, as own loops have it: icon, two words, one number, a strip
// of loops. Leads to the network's page. A change of its state is announced; numbers are not.

import type { Health } from '../../shared/api-health.ts';
import type { Loop } from '../chat/loop-strip.tsx';
import { lineWords } from '../network/health-words.ts';
import { useHealth, useKnown } from '../state/session.tsx';
import { useRoute } from '../state/use-route.ts';
import { useSpeech } from '../strings/speech.tsx';
import { iconState } from '../ui/network-icon.tsx';
import { NetworkLine } from './network-line.tsx';

export function NetworkFoot() {
  const speech = useSpeech();
  const [route] = useRoute();
  const health = useHealth((known) => known.health);
  const isJoined = useKnown((known) => (known.network?.network ?? null) !== null);
  const isChosen = route.place === 'network';
  if (health === null) {
    // Not told yet: nothing is claimed but whether there is a network.
    const state = isJoined ? 'connecting' : 'none';
    const words = speech.text(isJoined ? 'health.state.connecting' : 'network.none');
    const fact = isJoined ? '' : speech.text('network.none.detail');
    return <NetworkLine state={state} words={words} fact={fact} isChosen={isChosen} />;
  }
  const { words, fact } = lineWords(speech, health);
  const loops = health.recent.flatMap(loopOf);
  return (
    <NetworkLine
      state={iconState(health.state)}
      words={words}
      fact={fact}
      isChosen={isChosen}
      {...(loops.length === 0 ? {} : { loops })}
    />
  );
}

/** What is void says nothing, and is left out of the strip. */
function loopOf({ id, outcome, roundTripMs }: Health['recent'][number]): Loop[] {
  if (outcome === 'void') return [];
  if (outcome === 'lost' || outcome === 'flying') return [{ id, fate: outcome }];
  return roundTripMs === null ? [] : [{ id, fate: 'returned', roundTripMs }];
}
