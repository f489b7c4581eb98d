// The tables of what was said: messages and notes, what the list of conversations shows of each
// chat, and the index of the search. A step that has been in a release is never changed.
import type { Migration } from './migrate.ts';

const messages = `
    -- What the list shows, kept with each change of its messages (main/store/message-store.ts).
    CREATE TABLE conversation (
      contact INTEGER PRIMARY KEY,
      -- His contact was removed: nothing of it is shown, and its messages are being taken out.
      is_gone INTEGER NOT NULL DEFAULT 0 CHECK (is_gone IN (0, 1)),
      begun_unix_ms INTEGER NOT NULL,
      is_pinned INTEGER NOT NULL DEFAULT 0 CHECK (is_pinned IN (0, 1)),
      is_muted INTEGER NOT NULL DEFAULT 0 CHECK (is_muted IN (0, 1)),
      is_archived INTEGER NOT NULL DEFAULT 0 CHECK (is_archived IN (0, 1)),
      draft TEXT NOT NULL DEFAULT '' CHECK (octet_length(draft) <= 65536),
      unread INTEGER NOT NULL DEFAULT 0 CHECK (unread >= 0),
      -- Own messages that are failed, expired or not confirmed.
      failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
      -- Messages and notes, so that nobody has to count them.
      lines INTEGER NOT NULL DEFAULT 0 CHECK (lines >= 0),
      -- Id of the newest line by its place.
      last INTEGER,
      -- By their sender's clock, the newest of what came in.
      newest_sent_unix_ms INTEGER
    ) STRICT;
    -- A long chat takes minutes to take out of the index, so it does not go with its contact in one
    -- transaction (main/engine/messenger/eraser.ts).
    CREATE TRIGGER conversation_gone AFTER DELETE ON contact BEGIN
      UPDATE conversation SET is_gone = 1, draft = '', last = NULL, unread = 0
        WHERE contact = old.id;
    END;
    CREATE TABLE message (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      contact INTEGER NOT NULL REFERENCES conversation(contact),
      is_own INTEGER NOT NULL CHECK (is_own IN (0, 1)),
      -- The sender's; null in a note.
      uid BLOB CHECK (length(uid) = 16),
      -- Empty in a note.
      text TEXT NOT NULL CHECK (octet_length(text) <= 16384),
      -- JSON of the contract's note.
      note TEXT CHECK (octet_length(note) <= 4096),
      sent_unix_ms INTEGER NOT NULL,
      arrived_unix_ms INTEGER,
      -- Where it stands in its chat (main/store/chat-order.ts); ties by id.
      place REAL NOT NULL,
      is_read INTEGER NOT NULL CHECK (is_read IN (0, 1)),
      state TEXT CHECK (state IN ('queued', 'in_the_mix', 'at_provider', 'delivered', 'read',
        'waiting', 'retrying', 'not_confirmed', 'expired', 'failed')),
      state_unix_ms INTEGER,
      try_count INTEGER CHECK (try_count BETWEEN 1 AND 5),
      reason TEXT CHECK (reason IN ('too_large', 'blocked', 'no_session', 'outbox_full')),
      packets_confirmed INTEGER,
      packets INTEGER,
      CHECK ((uid IS NULL) = (note IS NOT NULL)),
      CHECK (note IS NULL OR text = ''),
      CHECK ((state IS NOT NULL) = (is_own = 1 AND note IS NULL)),
      CHECK ((state IS NULL) = (state_unix_ms IS NULL) AND (state IS NULL) = (try_count IS NULL)),
      CHECK (packets_confirmed BETWEEN 0 AND packets)
    ) STRICT;
    CREATE INDEX message_place ON message (contact, place, id);
    CREATE UNIQUE INDEX message_uid ON message (contact, is_own, uid) WHERE uid IS NOT NULL;
    CREATE INDEX message_unread ON message (contact, place, id) WHERE is_read = 0;`;

// Parts of words in any script: sequences of three code points, folded. Without places inside a
// text it is less than half the size; what it finds is looked at again. Words that were taken out
// must not stay in its pages, and an outside content needs their old value to take them out.
const words = `
    CREATE VIRTUAL TABLE message_words USING fts5(text, content = 'message', content_rowid = 'id',
      tokenize = 'trigram remove_diacritics 1', detail = 'none', columnsize = 0);
    INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);
    CREATE TRIGGER message_words_in AFTER INSERT ON message WHEN new.text <> '' BEGIN
      INSERT INTO message_words (rowid, text) VALUES (new.id, new.text);
    END;
    CREATE TRIGGER message_words_out AFTER DELETE ON message WHEN old.text <> '' BEGIN
      INSERT INTO message_words (message_words, rowid, text) VALUES ('delete', old.id, old.text);
    END;
    CREATE TRIGGER message_words_over AFTER UPDATE OF text ON message BEGIN
      INSERT INTO message_words (message_words, rowid, text) VALUES ('delete', old.id, old.text);
      INSERT INTO message_words (rowid, text) VALUES (new.id, new.text);
    END;`;

export const messageMigration: Migration = { name: 'messages', sql: messages + words };
