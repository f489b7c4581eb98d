// Candidates of a search, the newest first: by the index, or by looking at one message after
// another where the index knows nothing of what is sought. They still have to be compared.
import { type OpenDb, transaction, type WriteDb } from './handle.ts';

/** `text` is null where it is of another contact than the one that was asked for. */
export type Candidate = { readonly id: number; readonly text: string | null };

export type MessageSearch = {
  /**
   * The share of messages that have a sequence of three characters, 0 to 1, as its newest ones
   * tell: they are read within a fraction of a millisecond, however many there are.
   */
  readonly shareOf: (trigram: string) => number;
  /** At most `limit` messages of anybody before an id that have all the sequences, by the index. */
  readonly indexed: (
    trigrams: readonly string[],
    contact: number | null,
    before: number,
    limit: number,
  ) => readonly Candidate[];
  /** At most `limit` messages before an id, of one contact or of all. */
  readonly scanned: (contact: number | null, before: number, limit: number) => readonly Candidate[];
  /** Messages and notes of a contact. */
  readonly countOf: (contact: number) => number;
  /** The next id that a message gets is above it. */
  readonly lastId: () => number;
  /** Names of all contacts, by which they are found. */
  readonly names: () => readonly { readonly id: number; readonly name: string }[];
};

/** Messages from which the share of a sequence is told. */
const SHARE_SAMPLE = 64;

type Newest = { readonly found: number; readonly span: number };

/** The search on an open database whose schema has the step `messages`. */
export function createMessageSearch(db: OpenDb): MessageSearch {
  const sql = transaction(db, prepare);
  return {
    shareOf: (trigram) => {
      const { found, span } = sql.newest.get(quoted(trigram), SHARE_SAMPLE) as Newest;
      return found < SHARE_SAMPLE ? 0 : found / span;
    },
    indexed: (trigrams, contact, before, limit) => {
      const all = trigrams.map(quoted).join(' AND ');
      return sql.indexed.all(contact, contact, all, before, limit) as Candidate[];
    },
    scanned: (contact, before, limit) =>
      (contact === null
        ? sql.scanned.all(before, limit)
        : sql.scannedOf.all(contact, before, limit)) as Candidate[],
    countOf: (contact) => (sql.countOf.get(contact) as { lines: number } | undefined)?.lines ?? 0,
    lastId: () => (sql.lastId.get() as { id: number }).id,
    names: () => sql.names.all() as { id: number; name: string }[],
  };
}

/** As the index takes what stands for itself. */
function quoted(trigram: string): string {
  return `"${trigram.replaceAll('"', '""')}"`;
}

function prepare(db: WriteDb) {
  const of = (text: string) => db.prepare(text);
  // Of a contact that was removed nothing is found. CROSS: the newest message first, not the first
  // conversation.
  const shown = 'CROSS JOIN conversation c ON c.contact = m.contact AND c.is_gone = 0';
  return {
    newest: of(`SELECT count(*) AS found,
        (SELECT coalesce(max(id), 0) FROM message) - min(id) + 1 AS span
      FROM (SELECT rowid AS id FROM message_words WHERE message_words MATCH ?
        ORDER BY rowid DESC LIMIT ?)`),
    indexed: of(`SELECT m.id, CASE WHEN ? IS NULL OR m.contact = ? THEN m.text END AS text
      FROM message_words CROSS JOIN message m ON m.id = message_words.rowid ${shown}
      WHERE message_words MATCH ? AND message_words.rowid < ?
      ORDER BY message_words.rowid DESC LIMIT ?`),
    scanned: of(`SELECT m.id, m.text FROM message m ${shown}
      WHERE m.id < ? AND m.text <> '' ORDER BY m.id DESC LIMIT ?`),
    scannedOf: of(`SELECT m.id, m.text FROM message m ${shown}
      WHERE m.contact = ? AND m.id < ? AND m.text <> '' ORDER BY m.id DESC LIMIT ?`),
    countOf: of('SELECT lines FROM conversation WHERE contact = ?'),
    lastId: of('SELECT coalesce(max(id), 0) AS id FROM message'),
    names: of(`SELECT id, coalesce(alias, '') || char(10) || their_name AS name FROM contact
      ORDER BY id`),
  };
}
