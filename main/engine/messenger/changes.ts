// What a step has changed, told when it is durable: each thing once, as it is by then.

import type { Code, ContactRequest } from '../../../shared/api-people.ts';
import type { Profile } from '../../../shared/api-profile.ts';
import { fromHex } from '../../../shared/bytes.ts';
import type { Changes, ChatPort, Parts } from './parts.ts';

export function noChanges(): Changes {
  return {
    contacts: new Set(),
    goneContacts: new Set(),
    messages: new Set(),
    goneMessages: new Map(),
    conversations: new Set(),
    codes: new Set(),
    hasRequests: false,
    hasProfile: false,
    mayTell: false,
  };
}

export type Telling = {
  readonly chats: Pick<ChatPort, 'message' | 'conversation'>;
  readonly code: (id: Uint8Array) => Code | null;
  readonly requests: () => ContactRequest[];
  readonly profile: () => Profile;
};

/** Tells all of it. */
export function tell(
  { emit, people, contactView }: Pick<Parts, 'emit' | 'people' | 'contactView'>,
  { chats, code, requests, profile }: Telling,
  changed: Changes,
): void {
  if (changed.hasProfile) emit('profile', profile());
  for (const id of changed.goneContacts) {
    emit('contact.gone', { id });
    emit('conversation.gone', { contact: id });
  }
  for (const id of changed.contacts) {
    if (people.contact(id) !== null) emit('contact', contactView(id));
  }
  for (const [id, contact] of changed.goneMessages) emit('chat.gone', { id, contact });
  for (const id of changed.messages) {
    const message = chats.message(id);
    if (message !== null) emit('chat.message', message);
  }
  for (const contact of changed.conversations) {
    const conversation = chats.conversation(contact);
    if (conversation !== null) emit('conversation', conversation);
  }
  for (const id of changed.codes) {
    const one = code(fromHex(id) ?? new Uint8Array(0));
    if (one !== null) emit('code', one);
  }
  if (changed.hasRequests) emit('requests', requests());
}
