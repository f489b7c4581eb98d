// How well delivery works, from the loops that this computer sends to itself.
import { useSpeech } from '../strings/speech.tsx';
import { PageBar } from './page-bar.tsx';

export function NetworkPage({ onBack }: { readonly onBack: () => void }) {
  const { text } = useSpeech();
  return <PageBar title={text('network.title')} onBack={onBack} />;
}
