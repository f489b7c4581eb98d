// People and codes as an engine tells of them, for tests of the window.
import type { Code, Contact } from '../../../shared/api-people.ts';
import type { Lock, Profile } from '../../../shared/api-profile.ts';
import type { FakeApi } from './fake-api.ts';

const MADE_UNIX_MS = Date.UTC(2026, 9, 12, 9, 30);

export const lena: Profile = {
  name: 'Lena',
  avatar: null,
  createdUnixMs: MADE_UNIX_MS,
  network: { name: 'Tideway', isDemo: false },
};

export const openLock: Lock = {
  state: 'open',
  hasPassphrase: false,
  hasKeychain: null,
  wasGivenToKeychain: false,
  hasLockFailed: false,
  spooled: 0,
};

export const tomas: Contact = {
  id: 7,
  name: 'Tomás Rivera',
  theirName: 'Tomás Rivera',
  alias: null,
  avatar: null,
  pair: 1,
  state: 'accepted',
  isUnanswered: false,
  knownSinceUnixMs: MADE_UNIX_MS,
  via: 'own_invite',
  verifiedUnixMs: null,
  keysChange: null,
  tellsRead: false,
  provider: 'Ferry',
};

export function code(change: Partial<Code> = {}): Code {
  return {
    id: 'ab'.repeat(16),
    kind: 'invite',
    text: `eddy:c/${'aB3_'.repeat(90)}`,
    createdUnixMs: MADE_UNIX_MS,
    expiresUnixMs: MADE_UNIX_MS + 7 * 86_400_000,
    state: 'open',
    isReady: true,
    contact: null,
    ...change,
  };
}

/** An open profile on a network that works, with nobody in it yet. */
export function answerOpen(fake: FakeApi): void {
  fake.answer('profile.get', () => lena);
  fake.answer('lock.get', () => openLock);
  fake.answer('network.status', () => ({
    network: { name: 'Tideway', hash: '00' },
    state: 'online',
    refusal: null,
    clockAheadMs: null,
    epoch: 3,
    linkGroup: null,
    retentionMs: null,
    isStoreFull: false,
  }));
  fake.answer('demo.get', () => ({ state: 'off', nodes: [], hasCorrespondent: false }));
  fake.answer('conversation.list', () => []);
  fake.answer('request.list', () => []);
  fake.answer('request.blocked', () => []);
}
