// Mailboxes on real SQLite: what is stored, refused, counted, given out once and deleted only when
// told.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Batch,
  type MailboxStore,
  RETENTION_MS_DEFAULT,
  type TokenChange,
} from '../../../main/mixnet/mailbox-store.ts';
import { openDatabase } from '../../../main/store/database.ts';
import {
  createMailboxStore,
  mailboxLimits,
  providerMigrations,
} from '../../../main/store/mailbox-store.ts';
import type { WireTokenCommand } from '../../../shared/network/mailbox-frames.ts';

const now = { monotonicMs: 0, unixMs: 1_000_000 };
const later = (ms: number) => ({ monotonicMs: ms, unixMs: now.unixMs + ms });
const bytes = (size: number, value: number) => new Uint8Array(size).fill(value);
const box = bytes(16, 1);
const contacts = bytes(16, 2);
const empty: Batch = { mails: [], acknowledgements: [], progress: [], tokens: [] };
const mail = (value: number, token = contacts) => ({
  mailbox: box,
  token,
  content: bytes(1627, value),
});
const put = (
  number: number,
  change: Partial<Extract<WireTokenCommand, { kind: 'put' }>>,
): TokenChange => ({
  mailbox: box,
  command: {
    kind: 'put',
    number,
    token: contacts,
    tokenKind: 'contacts',
    quota: null,
    expiresUnixMs: null,
    ...change,
  },
});
const remove = (number: number): TokenChange => ({
  mailbox: box,
  command: { kind: 'remove', number, token: contacts },
});

const dir = mkdtempSync(path.join(os.tmpdir(), 'eddy-mailboxes-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let store: MailboxStore;

function open(limits = mailboxLimits): MailboxStore {
  const file = path.join(mkdtempSync(path.join(dir, 'provider-')), 'mailboxes.db');
  const db = openDatabase({ file, key: bytes(32, 7), migrations: providerMigrations });
  const fresh = createMailboxStore(db, limits);
  fresh.register({ mailbox: box, authKey: bytes(32, 3), invite: null }, now);
  fresh.commit({ ...empty, tokens: [put(1, {})] }, now);
  return fresh;
}

function read(mailSequence = 0, acknowledgementSequence = 0, mails = 10, acknowledgements = 16) {
  const content = store.read(
    { mailbox: box, mailSequence, acknowledgementSequence },
    mails,
    acknowledgements,
  );
  if (content === null) throw new Error('no mailbox');
  return {
    ...content,
    mails: content.mails.map((one) => [one.sequence, one.content[0]]),
    acknowledgements: content.acknowledgements.map((one) => [one.sequence, one.identifier[0]]),
  };
}

beforeEach(() => {
  store = open();
});

describe('registration', () => {
  it('belongs to the first key, is repeatable, and is bounded', () => {
    const ask = (box: number, key: number, invite: number | null = null) => ({
      mailbox: bytes(16, box),
      authKey: bytes(32, key),
      invite: invite === null ? null : bytes(32, invite),
    });
    expect(store.register(ask(1, 3), now)).toBe('known');
    expect(store.register(ask(1, 4), now)).toBe('foreign_key');
    const small = open({ ...mailboxLimits, mailboxesMax: 1 });
    expect(small.register(ask(9, 9), now)).toBe('provider_full');
    expect(store.register(ask(5, 5, 7), now)).toBe('registered');
    expect(store.register(ask(6, 6, 7), now)).toBe('invite_used');
    expect(store.register(ask(5, 5, 7), now)).toBe('known');
  });
});

describe('mail', () => {
  it('stays until a later pull acknowledges it, and its sequences are never given out again', () => {
    store.commit({ ...empty, mails: [mail(1), mail(2), mail(3)] }, now);
    expect(read().mails).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(read(2).mails).toEqual([[3, 3]]);
    expect(read(2).mailBacklog).toBe(1);
    expect(read().mails).toHaveLength(3);
    const progress = [{ mailbox: box, mailSequence: 3, acknowledgementSequence: 0 }];
    store.commit({ ...empty, progress }, now);
    expect(read().mails).toEqual([]);
    store.commit({ ...empty, mails: [mail(4)] }, now);
    expect(read().mails).toEqual([[4, 4]]);
  });

  it('is not lost to a client that acknowledges more than was ever given out', () => {
    store.commit({ ...empty, mails: [mail(1)] }, now);
    const progress = [{ mailbox: box, mailSequence: 500, acknowledgementSequence: 500 }];
    store.commit({ ...empty, progress }, now);
    expect(read(500).mails).toEqual([[1, 1]]);
  });

  it('is refused by name without mailbox, token, quota or room', () => {
    const foreign = { ...mail(1), mailbox: bytes(16, 8) };
    expect(store.commit({ ...empty, mails: [foreign, mail(1, bytes(16, 9))] }, now).mails).toEqual([
      'no_mailbox',
      'no_token',
    ]);
    store = open({ ...mailboxLimits, mailsMax: 2 });
    expect(store.commit({ ...empty, mails: [mail(1), mail(2), mail(3)] }, now).mails).toEqual([
      'stored',
      'stored',
      'mailbox_full',
    ]);
  });

  it('older than the retention goes, and frees its room', () => {
    store = open({ ...mailboxLimits, mailsMax: 1 });
    store.commit({ ...empty, mails: [mail(1)] }, now);
    expect(store.expire(later(RETENTION_MS_DEFAULT)).mails).toBe(0);
    expect(store.expire(later(RETENTION_MS_DEFAULT + 1)).mails).toBe(1);
    expect(store.commit({ ...empty, mails: [mail(2)] }, now).mails).toEqual(['stored']);
  });
});

describe('delivery tokens', () => {
  const invite = bytes(16, 20);
  const address = bytes(16, 21);

  it('an invite counts every mail, an address what lies under it', () => {
    const tokens = [
      put(2, { token: invite, tokenKind: 'invite', quota: 2 }),
      put(3, { token: address, tokenKind: 'address', quota: 2 }),
    ];
    store.commit({ ...empty, tokens }, now);
    const three = (token: typeof contacts) => [mail(1, token), mail(2, token), mail(3, token)];
    const spent = ['stored', 'stored', 'token_spent'];
    expect(store.commit({ ...empty, mails: three(invite) }, now).mails).toEqual(spent);
    expect(store.commit({ ...empty, mails: three(address) }, now).mails).toEqual(spent);
    const progress = [{ mailbox: box, mailSequence: 4, acknowledgementSequence: 0 }];
    store.commit({ ...empty, progress }, now);
    expect(store.commit({ ...empty, mails: [mail(1, invite)] }, now).mails).toEqual([
      'token_spent',
    ]);
    expect(store.commit({ ...empty, mails: three(address) }, now).mails).toEqual(spent);
  });

  it('end at their time, by removal, and are bounded', () => {
    const tokens = [put(2, { token: invite, tokenKind: 'invite', expiresUnixMs: now.unixMs + 10 })];
    store.commit({ ...empty, tokens }, now);
    expect(store.commit({ ...empty, mails: [mail(1, invite)] }, later(9)).mails).toEqual([
      'stored',
    ]);
    expect(store.commit({ ...empty, mails: [mail(1, invite)] }, later(10)).mails).toEqual([
      'no_token',
    ]);
    expect(store.expire(later(10)).tokens).toBe(1);
    store.commit({ ...empty, tokens: [remove(3)] }, now);
    expect(store.commit({ ...empty, mails: [mail(1)] }, now).mails).toEqual(['no_token']);

    store = open({ ...mailboxLimits, tokensMax: 2 });
    const second = put(2, { token: invite });
    const third = put(3, { token: address });
    expect(store.commit({ ...empty, tokens: [second, third] }, now).tokensRefused).toBe(1);
  });

  it('beyond so many are refused, which the owner is told until his next command is done', () => {
    store = open({ ...mailboxLimits, tokensMax: 2 });
    const third = put(3, { token: address });
    const take = (...tokens: ReturnType<typeof put>[]) => {
      const { tokensRefused } = store.commit({ ...empty, tokens }, now);
      const { tokenCommandNumber, isTokenRefused } = read();
      return [tokensRefused, tokenCommandNumber, isTokenRefused];
    };
    expect(take(put(2, { token: invite }))).toEqual([0, 2, false]);
    expect(take(third)).toEqual([1, 3, true]);
    expect(take(third)).toEqual([0, 3, true]);
    expect(store.commit({ ...empty, mails: [mail(1, address)] }, now).mails).toEqual(['no_token']);
    // One that is there can be changed all the same.
    expect(take(put(4, { token: invite, quota: 9 }))).toEqual([0, 4, false]);
    expect(take(put(5, { token: address }))).toEqual([1, 5, true]);
    store.commit({ ...empty, tokens: [remove(6)] }, now);
    expect(read()).toMatchObject({ tokenCommandNumber: 6, isTokenRefused: false });
    expect(take(put(7, { token: address }))).toEqual([0, 7, false]);
    expect(store.commit({ ...empty, mails: [mail(1, address)] }, now).mails).toEqual(['stored']);
  });

  it('a command is carried out once, however often a pull repeats it', () => {
    store.commit({ ...empty, tokens: [remove(2), put(3, {}), remove(2)] }, now);
    expect(store.commit({ ...empty, mails: [mail(1)] }, now).mails).toEqual(['stored']);
    expect(read().tokenCommandNumber).toBe(3);
  });
});

describe('acknowledgement identifiers', () => {
  it('are held in order, capped with the oldest first to go, and counted', () => {
    store = open({ ...mailboxLimits, acknowledgementsMax: 2 });
    const acknowledgements = [1, 2, 3].map((value) => ({
      mailbox: box,
      identifier: bytes(16, value),
    }));
    const foreign = { mailbox: bytes(16, 8), identifier: bytes(16, 1) };
    const outcome = store.commit(
      { ...empty, acknowledgements: [...acknowledgements, foreign] },
      now,
    );
    expect(outcome).toMatchObject({
      acknowledgementsStored: 3,
      acknowledgementsGone: 1,
      acknowledgementsWithoutMailbox: 1,
    });
    expect(read().acknowledgements).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(read().acknowledgementBacklog).toBe(2);
    const progress = [{ mailbox: box, mailSequence: 0, acknowledgementSequence: 2 }];
    store.commit({ ...empty, progress }, now);
    expect(read().acknowledgements).toEqual([[3, 3]]);
  });
});
