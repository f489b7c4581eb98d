// The words of a line in the chat that is no message of anybody's.
import type { ChatNote } from '../../shared/api-chat.ts';
import type { Speech } from '../strings/language.ts';

/** What is said of `note` in the chat with `name`. */
export function noteWords({ text }: Speech, note: ChatNote, name: string): string {
  switch (note.kind) {
    case 'accepted':
    case 'asked_again':
    case 'keys_changed':
    case 'profile_copied':
    case 'unknown_kind':
      return text(`note.${note.kind}`, { name });
    case 'session_reset':
      return text(`note.session_reset.${note.isOwn ? 'own' : 'theirs'}.${note.reason}`, { name });
    case 'no_answer':
      return text(`note.no_answer.${note.to}`, { name });
    case 'verified':
      return text(note.isVerified ? 'note.verified' : 'note.unverified', { name });
    case 'renamed':
      return text('note.renamed', { from: note.from, to: note.to });
    case 'gap':
      return text(note.isLost ? 'message.gap.lost' : 'message.gap', { count: note.count });
  }
}
