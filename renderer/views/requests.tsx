// Requests of strangers: who asks, by what code, and what can be done.
import { useSpeech } from '../strings/speech.tsx';
import { PageBar } from './page-bar.tsx';

export function RequestsPage({ onBack }: { readonly onBack: () => void }) {
  const { text } = useSpeech();
  return <PageBar title={text('requests.title')} onBack={onBack} />;
}
