// A provider's mailboxes on SQLite. One transaction for each batch; sequences are given out once
// and never again, so that a client can tell a repeated mail from a new one across any crash. What
// a mail costs is the pages it touches, each encrypted anew: mails stand in the order of arrival
// with one index, acknowledgements in the order of their mailboxes with none.
import { assert } from '../../shared/assert.ts';
import type {
  PulledAcknowledgement,
  PulledMail,
  TokenKind,
} from '../../shared/network/mailbox-frames.ts';
import type { Now } from '../../shared/time.ts';
import {
  type Batch,
  type BatchOutcome,
  type IncomingAcknowledgement,
  type IncomingMail,
  MAILBOX_ACKNOWLEDGEMENTS_MAX,
  MAILBOX_MAILS_MAX,
  MAILBOX_TOKENS_MAX,
  type MailboxStore,
  type MailOutcome,
  type PullProgress,
  RETENTION_MS_DEFAULT,
  type TokenChange,
} from '../mixnet/mailbox-store.ts';
import { type OpenDb, transaction, type WriteDb } from './handle.ts';
import type { Migration } from './migrate.ts';

export const providerMigrations: readonly Migration[] = [
  {
    name: 'mailboxes',
    sql: `
        CREATE TABLE mailbox (
          ref INTEGER PRIMARY KEY,
          id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
          auth_key BLOB NOT NULL CHECK (length(auth_key) = 32),
          created_unix_ms INTEGER NOT NULL,
          mail_sequence INTEGER NOT NULL DEFAULT 0,
          ack_sequence INTEGER NOT NULL DEFAULT 0,
          mail_count INTEGER NOT NULL DEFAULT 0,
          ack_count INTEGER NOT NULL DEFAULT 0,
          token_command INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE TABLE token (
          ref INTEGER PRIMARY KEY AUTOINCREMENT,
          mailbox INTEGER NOT NULL REFERENCES mailbox(ref) ON DELETE CASCADE,
          token BLOB NOT NULL CHECK (length(token) = 16),
          kind TEXT NOT NULL CHECK (kind IN ('contacts', 'address', 'invite')),
          quota INTEGER,
          used INTEGER NOT NULL DEFAULT 0,
          expires_unix_ms INTEGER,
          UNIQUE (mailbox, token)
        ) STRICT;
        CREATE TABLE mail (
          mailbox INTEGER NOT NULL REFERENCES mailbox(ref) ON DELETE CASCADE,
          sequence INTEGER NOT NULL,
          arrived_unix_ms INTEGER NOT NULL,
          address_token INTEGER,
          content BLOB NOT NULL,
          UNIQUE (mailbox, sequence)
        ) STRICT;
        CREATE TABLE ack (
          mailbox INTEGER NOT NULL REFERENCES mailbox(ref) ON DELETE CASCADE,
          sequence INTEGER NOT NULL,
          arrived_unix_ms INTEGER NOT NULL,
          identifier BLOB NOT NULL CHECK (length(identifier) = 16),
          PRIMARY KEY (mailbox, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE used_invite (invite BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
      `,
  },
  {
    name: 'refused tokens',
    sql: 'ALTER TABLE mailbox ADD COLUMN refused_command INTEGER NOT NULL DEFAULT 0;',
  },
];

/** SQLite's own cache is 2 MB, less than the rows that 10,000 mailboxes touch in turn. */
export const MAILBOX_CACHE_BYTES_MAX = 64 * 1_048_576;
/** The log is moved into the file at so many pages (32 MB): a page changed often moves once. */
export const MAILBOX_LOG_PAGES = 8_192;

/** What `openDatabase` needs to know of a provider's file beside its name and key. */
export const providerDatabase = {
  migrations: providerMigrations,
  cacheBytesMax: MAILBOX_CACHE_BYTES_MAX,
  logPages: MAILBOX_LOG_PAGES,
};

export type MailboxLimits = {
  readonly mailboxesMax: number;
  readonly mailsMax: number;
  readonly acknowledgementsMax: number;
  readonly tokensMax: number;
  readonly retentionMs: number;
};

export const mailboxLimits: MailboxLimits = {
  mailboxesMax: 100_000,
  mailsMax: MAILBOX_MAILS_MAX,
  acknowledgementsMax: MAILBOX_ACKNOWLEDGEMENTS_MAX,
  tokensMax: MAILBOX_TOKENS_MAX,
  retentionMs: RETENTION_MS_DEFAULT,
};

type MailboxRow = {
  ref: number;
  auth_key: Uint8Array;
  mail_sequence: number;
  ack_sequence: number;
  mail_count: number;
  ack_count: number;
  token_command: number;
  refused_command: number;
};
type TokenRow = {
  ref: number;
  kind: TokenKind;
  quota: number | null;
  used: number;
  expires_unix_ms: number | null;
};

/** The store on an open database whose schema is `providerMigrations`. */
export function createMailboxStore(
  db: OpenDb,
  limits: MailboxLimits = mailboxLimits,
): MailboxStore {
  const sql = transaction(db, prepare);
  const find = (mailbox: Uint8Array) => sql.mailbox.get(mailbox) as MailboxRow | undefined;

  /** A client that acknowledges what was never given out has seen another provider's sequences. */
  const sound = (given: number, last: number) => (given > last ? 0 : given);

  /** Deletes up to the acknowledged sequences; frees the quota of addresses. */
  const advance = (progress: PullProgress): void => {
    const row = find(progress.mailbox);
    if (row === undefined) return;
    const mailSequence = sound(progress.mailSequence, row.mail_sequence);
    const acknowledgementSequence = sound(progress.acknowledgementSequence, row.ack_sequence);
    if (row.mail_count > 0) {
      sql.freeAddress.run(row.ref, mailSequence);
      const { changes } = sql.deleteMail.run(row.ref, mailSequence);
      if (changes > 0) sql.mailCount.run(-changes, row.ref);
    }
    if (row.ack_count > 0) {
      const { changes } = sql.deleteAck.run(row.ref, acknowledgementSequence);
      if (changes > 0) sql.ackCount.run(-changes, row.ref);
    }
  };

  const storeMail = (mail: IncomingMail, now: Now): MailOutcome => {
    const row = find(mail.mailbox);
    if (row === undefined) return 'no_mailbox';
    const token = sql.token.get(row.ref, mail.token) as TokenRow | undefined;
    if (token === undefined) return 'no_token';
    if (token.expires_unix_ms !== null && token.expires_unix_ms <= now.unixMs) return 'no_token';
    if (token.quota !== null && token.used >= token.quota) return 'token_spent';
    if (row.mail_count >= limits.mailsMax) return 'mailbox_full';
    const sequence = row.mail_sequence + 1;
    const addressToken = token.kind === 'address' ? token.ref : null;
    sql.insertMail.run(row.ref, sequence, now.unixMs, addressToken, mail.content);
    sql.afterMail.run(sequence, row.ref);
    if (token.quota !== null) sql.useToken.run(token.ref);
    return 'stored';
  };

  /** Whether the mailbox is there; how many of its oldest identifiers had to go. */
  const storeAck = (
    ack: IncomingAcknowledgement,
    now: Now,
  ): { isStored: boolean; dropped: number } => {
    const row = find(ack.mailbox);
    if (row === undefined) return { isStored: false, dropped: 0 };
    let dropped = 0;
    if (row.ack_count >= limits.acknowledgementsMax) {
      dropped = Number(sql.dropOldestAck.run(row.ref, row.ref).changes);
      sql.ackCount.run(-dropped, row.ref);
    }
    sql.insertAck.run(row.ref, row.ack_sequence + 1, now.unixMs, ack.identifier);
    sql.afterAck.run(row.ack_sequence + 1, row.ref);
    return { isStored: true, dropped };
  };

  /** False where the command was refused. One that was done, or refused, is passed over. */
  const changeToken = (change: TokenChange): boolean => {
    const row = find(change.mailbox);
    if (row === undefined) return false;
    const { command } = change;
    if (command.number <= row.token_command) return true;
    const isPut = command.kind === 'put';
    const isKnown = isPut && sql.token.get(row.ref, command.token) !== undefined;
    const held = sql.countTokens.get(row.ref) as { count: number };
    const isRefused = isPut && !isKnown && held.count >= limits.tokensMax;
    sql.tokenCommand.run(command.number, isRefused ? command.number : 0, row.ref);
    if (isRefused) return false;
    if (command.kind === 'remove') {
      sql.removeToken.run(row.ref, command.token);
      return true;
    }
    sql.putToken.run(
      row.ref,
      command.token,
      command.tokenKind,
      command.quota,
      command.expiresUnixMs,
    );
    return true;
  };

  return {
    register: ({ mailbox, authKey, invite }, now) =>
      transaction(db, () => {
        const row = find(mailbox);
        if (row !== undefined) {
          return Buffer.compare(row.auth_key, authKey) === 0 ? 'known' : 'foreign_key';
        }
        const held = sql.countMailboxes.get() as { count: number };
        if (held.count >= limits.mailboxesMax) return 'provider_full';
        if (invite !== null && sql.useInvite.run(invite).changes === 0) return 'invite_used';
        sql.insertMailbox.run(mailbox, authKey, now.unixMs);
        return 'registered';
      }),
    authKey: (mailbox) => find(mailbox)?.auth_key ?? null,
    commit: (batch: Batch, now): BatchOutcome =>
      transaction(db, () => {
        for (const change of batch.progress) advance(change);
        const tokensDone = batch.tokens.filter(changeToken).length;
        const mails = batch.mails.map((mail) => storeMail(mail, now));
        const acknowledgements = batch.acknowledgements.map((ack) => storeAck(ack, now));
        const acknowledgementsStored = acknowledgements.filter((ack) => ack.isStored).length;
        return {
          mails,
          acknowledgementsStored,
          acknowledgementsWithoutMailbox: acknowledgements.length - acknowledgementsStored,
          acknowledgementsGone: acknowledgements.reduce((sum, ack) => sum + ack.dropped, 0),
          tokensRefused: batch.tokens.length - tokensDone,
        };
      }),
    read: (progress, mailsMax, acknowledgementsMax) => {
      const row = find(progress.mailbox);
      if (row === undefined) return null;
      const mail = sound(progress.mailSequence, row.mail_sequence);
      const ack = sound(progress.acknowledgementSequence, row.ack_sequence);
      const mails = sql.readMails.all(row.ref, mail, mailsMax) as PulledMail[];
      const acknowledgements = sql.readAcks.all(
        row.ref,
        ack,
        acknowledgementsMax,
      ) as PulledAcknowledgement[];
      const before = sql.countBefore.get({ mailbox: row.ref, mail, ack }) as {
        mails: number;
        acks: number;
      };
      return {
        mails,
        acknowledgements,
        mailBacklog: row.mail_count - before.mails,
        acknowledgementBacklog: row.ack_count - before.acks,
        isTokenRefused: row.refused_command > 0,
        tokenCommandNumber: row.token_command,
      };
    },
    expire: (now) =>
      transaction(db, () => {
        const before = now.unixMs - limits.retentionMs;
        const kept = sql.firstKept.get(before) as { row: number } | undefined;
        const end = kept?.row ?? Number.MAX_SAFE_INTEGER;
        sql.freeExpired.run(end);
        const mails = Number(sql.expireMail.run(end).changes);
        const acknowledgements = Number(sql.expireAck.run(before).changes);
        const tokens = Number(sql.expireToken.run(now.unixMs).changes);
        if (mails + acknowledgements > 0) sql.recount.run();
        assert(mails >= 0 && acknowledgements >= 0, 'what went is counted');
        return { mails, acknowledgements, tokens };
      }),
  };
}

function prepare(db: WriteDb) {
  const of = (text: string) => db.prepare(text);
  return {
    mailbox: of('SELECT * FROM mailbox WHERE id = ?'),
    countMailboxes: of('SELECT count(*) AS count FROM mailbox'),
    insertMailbox: of('INSERT INTO mailbox (id, auth_key, created_unix_ms) VALUES (?, ?, ?)'),
    useInvite: of('INSERT INTO used_invite (invite) VALUES (?) ON CONFLICT DO NOTHING'),
    token: of('SELECT * FROM token WHERE mailbox = ? AND token = ?'),
    countTokens: of('SELECT count(*) AS count FROM token WHERE mailbox = ?'),
    putToken: of(`INSERT INTO token (mailbox, token, kind, quota, expires_unix_ms)
      VALUES (?, ?, ?, ?, ?) ON CONFLICT (mailbox, token) DO UPDATE
      SET kind = excluded.kind, quota = excluded.quota,
        expires_unix_ms = excluded.expires_unix_ms`),
    removeToken: of('DELETE FROM token WHERE mailbox = ? AND token = ?'),
    useToken: of('UPDATE token SET used = used + 1 WHERE ref = ?'),
    tokenCommand: of('UPDATE mailbox SET token_command = ?, refused_command = ? WHERE ref = ?'),
    insertMail: of(`INSERT INTO mail (mailbox, sequence, arrived_unix_ms, address_token, content)
      VALUES (?, ?, ?, ?, ?)`),
    afterMail: of(
      'UPDATE mailbox SET mail_sequence = ?, mail_count = mail_count + 1 WHERE ref = ?',
    ),
    freeAddress: of(`UPDATE token SET used = used - freed.count FROM (
        SELECT address_token AS ref, count(*) AS count FROM mail
        WHERE mailbox = ? AND sequence <= ? AND address_token IS NOT NULL GROUP BY address_token
      ) AS freed WHERE token.ref = freed.ref`),
    deleteMail: of('DELETE FROM mail WHERE mailbox = ? AND sequence <= ?'),
    mailCount: of('UPDATE mailbox SET mail_count = mail_count + ? WHERE ref = ?'),
    insertAck: of(
      'INSERT INTO ack (mailbox, sequence, arrived_unix_ms, identifier) VALUES (?, ?, ?, ?)',
    ),
    afterAck: of('UPDATE mailbox SET ack_sequence = ?, ack_count = ack_count + 1 WHERE ref = ?'),
    dropOldestAck: of(`DELETE FROM ack WHERE mailbox = ? AND sequence =
      (SELECT min(sequence) FROM ack WHERE mailbox = ?)`),
    deleteAck: of('DELETE FROM ack WHERE mailbox = ? AND sequence <= ?'),
    ackCount: of('UPDATE mailbox SET ack_count = ack_count + ? WHERE ref = ?'),
    readMails: of(`SELECT sequence, arrived_unix_ms AS arrivedUnixMs, content FROM mail
      WHERE mailbox = ? AND sequence > ? ORDER BY sequence LIMIT ?`),
    readAcks: of(`SELECT sequence, arrived_unix_ms AS arrivedUnixMs, identifier FROM ack
      WHERE mailbox = ? AND sequence > ? ORDER BY sequence LIMIT ?`),
    countBefore: of(`SELECT
      (SELECT count(*) FROM mail WHERE mailbox = @mailbox AND sequence <= @mail) AS mails,
      (SELECT count(*) FROM ack WHERE mailbox = @mailbox AND sequence <= @ack) AS acks`),
    freeExpired: of(`UPDATE token SET used = used - freed.count FROM (
        SELECT address_token AS ref, count(*) AS count FROM mail
        WHERE rowid < ? AND address_token IS NOT NULL GROUP BY address_token
      ) AS freed WHERE token.ref = freed.ref`),
    // A new row stands behind all that are there, so that the old ones are the first ones.
    firstKept: of(
      'SELECT rowid AS row FROM mail WHERE arrived_unix_ms >= ? ORDER BY rowid LIMIT 1',
    ),
    expireMail: of('DELETE FROM mail WHERE rowid < ?'),
    expireAck: of('DELETE FROM ack WHERE arrived_unix_ms < ?'),
    expireToken: of('DELETE FROM token WHERE expires_unix_ms <= ?'),
    recount: of(`UPDATE mailbox SET
      mail_count = (SELECT count(*) FROM mail WHERE mail.mailbox = mailbox.ref),
      ack_count = (SELECT count(*) FROM ack WHERE ack.mailbox = mailbox.ref)`),
  };
}
