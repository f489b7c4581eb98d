// The tables of a client (main/mixnet/client/store.ts says what they are for). A step that has been
// in a release is never changed.
import type { Migration } from './migrate.ts';

export const clientMigration: Migration = {
  name: 'client',
  sql: `
    CREATE TABLE client_state (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      provider_key BLOB CHECK (length(provider_key) = 32),
      auth_public_key BLOB CHECK (length(auth_public_key) = 32),
      auth_secret_key BLOB CHECK (length(auth_secret_key) = 64),
      mailbox_public_key BLOB CHECK (length(mailbox_public_key) = 32),
      mailbox_secret_key BLOB CHECK (length(mailbox_secret_key) = 32),
      token BLOB CHECK (length(token) = 16),
      link_addresses TEXT,
      link_key_hash BLOB CHECK (length(link_key_hash) = 32),
      mail_sequence INTEGER NOT NULL DEFAULT 0,
      ack_sequence INTEGER NOT NULL DEFAULT 0,
      token_number INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    INSERT INTO client_state (only) VALUES (1);
    CREATE TABLE network_document (epoch INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE outgoing (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      message_id BLOB NOT NULL CHECK (length(message_id) = 10),
      contact_tag BLOB NOT NULL CHECK (length(contact_tag) = 8),
      provider_key BLOB NOT NULL CHECK (length(provider_key) = 32),
      mailbox BLOB NOT NULL CHECK (length(mailbox) = 16),
      token BLOB NOT NULL CHECK (length(token) = 16),
      mailbox_key BLOB NOT NULL CHECK (length(mailbox_key) = 32),
      priority TEXT NOT NULL CHECK (priority IN ('interactive', 'background')),
      fragment_count INTEGER NOT NULL,
      size INTEGER NOT NULL,
      is_whole INTEGER NOT NULL DEFAULT 0,
      state TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'in_mix', 'not_confirmed', 'at_provider'))
    ) STRICT;
    CREATE TABLE outgoing_fragment (
      message INTEGER NOT NULL REFERENCES outgoing(id) ON DELETE CASCADE ON UPDATE CASCADE,
      place INTEGER NOT NULL,
      tries INTEGER NOT NULL DEFAULT 0,
      is_taken INTEGER NOT NULL DEFAULT 0,
      is_acknowledged INTEGER NOT NULL DEFAULT 0,
      body BLOB NOT NULL,
      PRIMARY KEY (message, place)
    ) STRICT;
    CREATE TABLE expected (
      identifier BLOB PRIMARY KEY CHECK (length(identifier) = 16),
      message INTEGER NOT NULL,
      place INTEGER NOT NULL,
      FOREIGN KEY (message, place) REFERENCES outgoing_fragment(message, place)
        ON DELETE CASCADE ON UPDATE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX expected_of ON expected (message, place);
    CREATE TABLE incoming (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      message_id BLOB NOT NULL CHECK (length(message_id) = 10),
      contact_tag BLOB NOT NULL CHECK (length(contact_tag) = 8),
      fragment_count INTEGER NOT NULL,
      first_unix_ms INTEGER NOT NULL,
      is_whole INTEGER NOT NULL DEFAULT 0,
      UNIQUE (message_id, contact_tag)
    ) STRICT;
    CREATE TABLE incoming_fragment (
      message INTEGER NOT NULL REFERENCES incoming(id) ON DELETE CASCADE,
      place INTEGER NOT NULL,
      body BLOB NOT NULL,
      PRIMARY KEY (message, place)
    ) STRICT;
    CREATE TABLE seen (
      ref INTEGER PRIMARY KEY AUTOINCREMENT,
      key BLOB NOT NULL UNIQUE CHECK (length(key) = 18),
      seen_unix_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE token_command (
      number INTEGER PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('put', 'remove')),
      token BLOB NOT NULL CHECK (length(token) = 16),
      token_kind TEXT CHECK (token_kind IN ('contacts', 'address', 'invite')),
      quota INTEGER,
      expires_unix_ms INTEGER
    ) STRICT;
    CREATE TABLE own_token (
      token BLOB PRIMARY KEY CHECK (length(token) = 16),
      token_kind TEXT NOT NULL CHECK (token_kind IN ('contacts', 'address', 'invite')),
      quota INTEGER,
      expires_unix_ms INTEGER
    ) STRICT, WITHOUT ROWID;
  `,
};
