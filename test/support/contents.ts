// One content of every kind, for tests that need all of them.
import type { ContentBody, ContentHeader } from '../../shared/message/content.ts';
import { NETWORK_HASH, NOW_UNIX_MS } from './people.ts';

const uid = new Uint8Array(16).fill(1);
const target = new Uint8Array(16).fill(2);

/** The header of what nobody counts. */
export const UNCOUNTED: ContentHeader = {
  uid,
  stream: 0,
  sequence: 0,
  previousHash: new Uint8Array(16),
  sentUnixMs: NOW_UNIX_MS,
  expirySeconds: 0,
};
/** The first of a stream. */
export const FIRST: ContentHeader = { ...UNCOUNTED, stream: NOW_UNIX_MS, sequence: 1 };

/** The kinds in the order of their codes; all counted ones but the first follow it. */
export function sampleContents(
  firstHash: Uint8Array = new Uint8Array(16).fill(3),
): readonly (readonly [ContentHeader, ContentBody])[] {
  const second = { ...FIRST, sequence: 2, previousHash: firstHash, expirySeconds: 3_600 };
  const ranges = [
    { first: 2, last: 4 },
    { first: 9, last: 9 },
  ];
  const address = {
    networkHash: NETWORK_HASH,
    providerKey: new Uint8Array(32).fill(4),
    mailbox: new Uint8Array(16).fill(5),
    token: new Uint8Array(16).fill(6),
    mailboxKey: new Uint8Array(32).fill(7),
  };
  return [
    [FIRST, { kind: 'text', text: 'hello' }],
    [second, { kind: 'reply', target, text: 'Grüße' }],
    [second, { kind: 'reaction', target, reaction: '👍' }],
    [second, { kind: 'edit', target, text: 'hallo' }],
    [second, { kind: 'delete', target }],
    [UNCOUNTED, { kind: 'receipt', level: 'read', uids: [uid, target] }],
    [second, { kind: 'timer', seconds: 86_400 }],
    [second, { kind: 'session_note', reason: 'restored', previousGeneration: 7 }],
    [second, { kind: 'profile', name: 'Ada' }],
    [UNCOUNTED, { kind: 'resend', stream: NOW_UNIX_MS, ranges }],
    [UNCOUNTED, { kind: 'unavailable', stream: NOW_UNIX_MS, ranges }],
    [second, { kind: 'address', address }],
    [UNCOUNTED, { kind: 'address_confirmed', token: target }],
  ];
}
