// A chat: its messages and where the next one is written.
import { findConversation } from '../state/conversations.ts';
import { useKnown } from '../state/session.tsx';
import { PageBar } from './page-bar.tsx';

export type ChatPageProps = {
  readonly contact: number;
  /** Where it opens; else at the first unread message, or at the end. */
  readonly message: number | null;
  readonly onBack: () => void;
};

export function ChatPage({ contact, onBack }: ChatPageProps) {
  const name = useKnown((known) => findConversation(known.conversations, contact)?.name);
  return <PageBar title={name ?? ''} onBack={onBack} />;
}
