// The second line of a row in the list: what waits for its user first, else the last words.
import type { Conversation } from '../../shared/api-chat.ts';
import type { Speech } from '../strings/language.ts';
import { shownName } from '../strings/shown-name.ts';
import type { Preview } from './conversation-row.tsx';
import { deliveryName, deliveryOf } from './delivery.ts';
import { noteWords } from './note.ts';

/**
 * Of a draft and an unread message the message is shown, of a failure and either the failure. What
 * may have arrived yields to an unread message. The draft of the chat that is open stands there
 * itself.
 */
export function previewOf(speech: Speech, conversation: Conversation, isOpen: boolean): Preview {
  const { last, draft, unread, state, trouble } = conversation;
  const isPressing = trouble?.state === 'failed' || unread === 0;
  if (trouble !== null && isPressing && state !== 'blocked') {
    return { kind: 'trouble', text: trouble.text, state: trouble.state };
  }
  if (draft !== '' && unread === 0 && !isOpen) return { kind: 'draft', text: draft };
  if (state === 'blocked') return { kind: 'note', text: speech.text('row.blocked') };
  if (last?.note != null)
    return { kind: 'note', text: noteWords(speech, last.note, shownName(speech, conversation)) };
  if (last === null) {
    const key = state === 'requested' ? 'row.requested' : 'row.nothing';
    return { kind: 'note', text: speech.text(key) };
  }
  if (!last.isOwn || last.delivery === null) return { kind: 'theirs', text: last.text };
  const delivery = deliveryOf(speech, last.delivery, null);
  return {
    kind: 'own',
    text: last.text,
    state: delivery.state,
    words: deliveryName(speech, delivery),
  };
}
