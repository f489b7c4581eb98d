// The tables of the messenger but for the messages: who one is, whom one knows, the codes and
// requests by which somebody becomes known, sessions, and what is on its way with everybody
// (main/store/people-store.ts, session-store.ts). A step that has been in a release is never
// changed.
import type { Migration } from './migrate.ts';

const people = `
    CREATE TABLE profile (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      identity BLOB NOT NULL CHECK (length(identity) = 65),
      name TEXT NOT NULL,
      avatar BLOB,
      created_unix_ms INTEGER NOT NULL,
      correspondent_used INTEGER NOT NULL DEFAULT 0 CHECK (correspondent_used IN (0, 1))
    ) STRICT;
    CREATE TABLE contact (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      signing_key BLOB NOT NULL UNIQUE CHECK (length(signing_key) = 32),
      agreement_key BLOB NOT NULL CHECK (length(agreement_key) = 32),
      their_name TEXT NOT NULL,
      alias TEXT,
      avatar BLOB,
      pair INTEGER NOT NULL CHECK (pair BETWEEN 0 AND 5),
      state TEXT NOT NULL CHECK (state IN ('requested', 'accepted', 'blocked')),
      known_since_unix_ms INTEGER NOT NULL,
      via TEXT NOT NULL
        CHECK (via IN ('own_invite', 'own_address', 'their_invite', 'their_address')),
      verified_unix_ms INTEGER,
      tells_read INTEGER CHECK (tells_read IN (0, 1)),
      -- Where to write to, and the token of the own mailbox that he was told and that he uses.
      address BLOB CHECK (length(address) = 104),
      told_token BLOB CHECK (length(told_token) = 16),
      confirmed_token BLOB CHECK (length(confirmed_token) = 16),
      return_token BLOB CHECK (length(return_token) = 16),
      -- The own name that he was told.
      told_name TEXT,
      newest_generation INTEGER NOT NULL DEFAULT 0,
      -- The own count of what was sent to him.
      stream INTEGER NOT NULL DEFAULT 0,
      sequence INTEGER NOT NULL DEFAULT 0,
      last_hash BLOB CHECK (length(last_hash) = 16),
      reset_unix_ms INTEGER NOT NULL DEFAULT 0,
      broken_count INTEGER NOT NULL DEFAULT 0,
      copied_unix_ms INTEGER NOT NULL DEFAULT 0,
      safety_digits TEXT,
      safety_scan TEXT
    ) STRICT;
    CREATE TABLE code (
      id BLOB PRIMARY KEY CHECK (length(id) = 16),
      kind TEXT NOT NULL CHECK (kind IN ('invite', 'address')),
      bytes BLOB NOT NULL,
      -- Gone when the code can be used no longer.
      prekey_secret BLOB CHECK (length(prekey_secret) = 32),
      token BLOB NOT NULL CHECK (length(token) = 16),
      created_unix_ms INTEGER NOT NULL,
      expires_unix_ms INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('open', 'used', 'withdrawn', 'expired')),
      contact INTEGER REFERENCES contact(id) ON DELETE SET NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE used_code (id BLOB PRIMARY KEY CHECK (length(id) = 16)) STRICT, WITHOUT ROWID;
    CREATE TABLE request (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      request_id BLOB NOT NULL UNIQUE CHECK (length(request_id) = 16),
      code BLOB NOT NULL REFERENCES code(id) ON DELETE CASCADE,
      bytes BLOB NOT NULL,
      signing_key BLOB NOT NULL UNIQUE CHECK (length(signing_key) = 32),
      generation INTEGER NOT NULL,
      name TEXT NOT NULL,
      arrived_unix_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE seen_request (
      id BLOB PRIMARY KEY CHECK (length(id) = 16),
      until_unix_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE blocked_key (
      signing_key BLOB PRIMARY KEY CHECK (length(signing_key) = 32),
      since_unix_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- Tokens of contacts beside the mailbox's own: one that comes, and those before it.
    CREATE TABLE contacts_token (
      token BLOB PRIMARY KEY CHECK (length(token) = 16),
      state TEXT NOT NULL CHECK (state IN ('coming', 'old')),
      since_unix_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;`;

const sessions = `
    CREATE TABLE session (
      contact INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
      place INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      skipped_keys INTEGER NOT NULL,
      PRIMARY KEY (contact, place)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE pending_handshake (
      contact INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
      generation INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      -- Why it was started, where it is a reset.
      reason TEXT CHECK (reason IN ('asked', 'broken', 'restored')),
      PRIMARY KEY (contact, generation)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE contact_tag (
      tag BLOB PRIMARY KEY CHECK (length(tag) = 8),
      kind TEXT NOT NULL CHECK (kind IN ('code', 'reset', 'session')),
      code BLOB REFERENCES code(id) ON DELETE CASCADE,
      contact INTEGER REFERENCES contact(id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX contact_tag_of ON contact_tag (contact, kind);
    -- An acceptance, until the first message on its session opens.
    CREATE TABLE acceptance (
      request_id BLOB PRIMARY KEY CHECK (length(request_id) = 16),
      contact INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
      generation INTEGER NOT NULL,
      send_tag BLOB NOT NULL CHECK (length(send_tag) = 8),
      bytes BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE early_message (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      contact INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
      tag BLOB NOT NULL CHECK (length(tag) = 8),
      bytes BLOB NOT NULL,
      arrived_unix_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX early_message_of ON early_message (contact, tag);
    -- What this version cannot read, for a later one.
    CREATE TABLE unread_content (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      contact INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
      bytes BLOB NOT NULL,
      arrived_unix_ms INTEGER NOT NULL
    ) STRICT;
    -- What has come in of a count of his.
    CREATE TABLE incoming_stream (
      contact INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
      stream INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      gap_since_unix_ms INTEGER,
      asked_count INTEGER NOT NULL DEFAULT 0,
      ask_unix_ms INTEGER,
      note INTEGER,
      PRIMARY KEY (contact, stream)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX incoming_stream_due ON incoming_stream (ask_unix_ms)
      WHERE ask_unix_ms IS NOT NULL;`;

const outgoing = `
    -- Contents until their receipt, handshakes until their answer is no matter of theirs.
    CREATE TABLE outgoing_content (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      contact INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      uid BLOB CHECK (length(uid) = 16),
      stream INTEGER NOT NULL,
      sequence INTEGER NOT NULL,
      -- Padded; empty in a handshake.
      plaintext BLOB NOT NULL,
      generation INTEGER NOT NULL,
      -- Id in the client's outbox, while it is there.
      sent INTEGER UNIQUE,
      -- Id of the message in the chat, where it is one.
      message INTEGER UNIQUE,
      -- Given to a client that is not to send it any more, or anew: it may have arrived.
      has_left INTEGER NOT NULL DEFAULT 0 CHECK (has_left IN (0, 1)),
      resend_count INTEGER NOT NULL DEFAULT 0,
      again_unix_ms INTEGER,
      expires_unix_ms INTEGER,
      created_unix_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX outgoing_content_place ON outgoing_content (contact, stream, sequence);
    CREATE INDEX outgoing_content_uid ON outgoing_content (contact, uid);
    CREATE INDEX outgoing_content_again ON outgoing_content (again_unix_ms)
      WHERE again_unix_ms IS NOT NULL;
    CREATE INDEX outgoing_content_expiry ON outgoing_content (expires_unix_ms)
      WHERE expires_unix_ms IS NOT NULL;
    -- Receipts that are to be sent.
    CREATE TABLE receipt_due (
      contact INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
      level TEXT NOT NULL CHECK (level IN ('delivered', 'read')),
      uid BLOB NOT NULL CHECK (length(uid) = 16),
      due_unix_ms INTEGER NOT NULL,
      PRIMARY KEY (contact, level, uid)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX receipt_due_at ON receipt_due (due_unix_ms);`;

export const peopleMigration: Migration = { name: 'people', sql: people + sessions + outgoing };

export const warningsMigration: Migration = {
  name: 'key changes and blocked strangers',
  sql: `
    -- When a request of his named another key to agree with, and when he had been verified
    -- before that.
    ALTER TABLE contact ADD COLUMN keys_changed_unix_ms INTEGER;
    ALTER TABLE contact ADD COLUMN verified_before_unix_ms INTEGER;
    CREATE TABLE blocked_stranger (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      signing_key BLOB NOT NULL UNIQUE CHECK (length(signing_key) = 32),
      -- As the request said it; empty for those of before.
      name TEXT NOT NULL,
      since_unix_ms INTEGER NOT NULL
    ) STRICT;
    INSERT INTO blocked_stranger (signing_key, name, since_unix_ms)
      SELECT signing_key, '', since_unix_ms FROM blocked_key;
    DROP TABLE blocked_key;
    -- An invite lets one person in.
    DELETE FROM request WHERE code IN
      (SELECT id FROM code WHERE kind = 'invite' AND state = 'used');`,
};
