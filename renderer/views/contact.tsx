// A person: what is known of them, the safety number, what can be done.
import { findConversation } from '../state/conversations.ts';
import { useKnown } from '../state/session.tsx';
import { PageBar } from './page-bar.tsx';

export type ContactPageProps = { readonly contact: number; readonly onBack: () => void };

export function ContactPage({ contact, onBack }: ContactPageProps) {
  const name = useKnown((known) => findConversation(known.conversations, contact)?.name);
  return <PageBar title={name ?? ''} onBack={onBack} />;
}
