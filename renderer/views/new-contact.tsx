// How somebody becomes a contact: a code of the own, or one that somebody gave.
import { useSpeech } from '../strings/speech.tsx';
import { PageBar } from './page-bar.tsx';

export function NewContactPage({ onBack }: { readonly onBack: () => void }) {
  const { text } = useSpeech();
  return <PageBar title={text('new_contact.title')} onBack={onBack} />;
}
