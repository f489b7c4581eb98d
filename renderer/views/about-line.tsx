// One line from the engine itself: what runs here.
import type { About } from '../../shared/api.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { useSpeech } from '../strings/speech.tsx';

export function AboutLine({ about }: { readonly about: About | null }) {
  const { text } = useSpeech();
  const waiting = useDelayed(about === null, LOADING_DELAY_MS);
  return (
    <p className="about-line" data-testid="about">
      {about !== null ? text('about.line', about) : waiting ? text('about.unknown') : null}
    </p>
  );
}
