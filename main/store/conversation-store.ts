// Conversations and the pages of their chats, as they are shown. The list reads the row of each
// conversation and its last line, and nothing else of a chat.
import type { Conversation } from '../../shared/api-chat.ts';
import { PREVIEW_LENGTH_MAX } from '../../shared/api-chat.ts';
import { type OpenDb, transaction, type WriteDb } from './handle.ts';
import type { MessageRow } from './message-statements.ts';
import { messageOf, type StoredMessage } from './message-store.ts';

/** A conversation but for the picture of its contact. */
export type StoredConversation = Omit<Conversation, 'avatar' | 'last'> & {
  /** Bytes of the picture; 0 for none. */
  readonly avatarSize: number;
  readonly last: StoredMessage | null;
};

/** Lines of a chat, the newest, among which the newest own one is looked for. */
export const TROUBLE_LINES_MAX = 64;

export type Flags = {
  readonly isPinned?: boolean | undefined;
  readonly isMuted?: boolean | undefined;
  readonly isArchived?: boolean | undefined;
};

/** Where a line stands. */
export type Place = { readonly place: number; readonly id: number };

export type ConversationStore = {
  /**
   * All of them, the pinned ones first, then the newest. Draft and last words are cut to
   * `PREVIEW_LENGTH_MAX` code points.
   */
  readonly list: () => readonly StoredConversation[];
  /** One, with its whole draft; null for an unknown one. */
  readonly get: (contact: number) => StoredConversation | null;
  /** Picture of a contact, as its container's bytes. */
  readonly avatar: (contact: number) => Uint8Array | null;
  /** False for an unknown one. Inside a transaction, like `setDraft`. */
  readonly set: (contact: number, flags: Flags) => boolean;
  readonly setDraft: (contact: number, draft: string) => boolean;

  /** Lines before a place, the last first; before null the newest. */
  readonly before: (contact: number, place: Place | null, limit: number) => StoredMessage[];
  /** Lines after a place, the first first. */
  readonly after: (contact: number, place: Place, limit: number) => StoredMessage[];
  /** The oldest line that was not read. */
  readonly firstUnread: (contact: number) => number | null;
};

/** The store on an open database whose schema has the step `messages`. */
export function createConversationStore(db: OpenDb): ConversationStore {
  const sql = transaction(db, prepare);
  const troubleOf = (message: number): Conversation['trouble'] =>
    (sql.trouble.get(message) as Conversation['trouble'] | undefined) ?? null;
  const lines = (rows: unknown[]) => (rows as MessageRow[]).map(messageOf);
  return {
    list: () => (sql.list.all() as ConversationRow[]).map((row) => conversationOf(row, troubleOf)),
    get: (contact) => {
      const row = sql.get.get(contact) as ConversationRow | undefined;
      return row === undefined ? null : conversationOf(row, troubleOf);
    },
    avatar: (contact) => {
      const row = sql.avatar.get(contact) as { avatar: Uint8Array | null } | undefined;
      return row?.avatar ?? null;
    },
    set: (contact, { isPinned, isMuted, isArchived }) => {
      const values = [isPinned, isMuted, isArchived].map((is) => (is === undefined ? null : +is));
      return sql.set.run(...values, contact).changes === 1;
    },
    setDraft: (contact, draft) => sql.setDraft.run(draft, contact).changes === 1,
    before: (contact, place, limit) =>
      lines(
        place === null
          ? sql.newest.all(contact, limit)
          : sql.before.all(contact, place.place, place.id, limit),
      ),
    after: (contact, place, limit) => lines(sql.after.all(contact, place.place, place.id, limit)),
    firstUnread: (contact) =>
      (sql.firstUnread.get(contact) as { id: number } | undefined)?.id ?? null,
  };
}

function prepare(db: WriteDb) {
  const of = (text: string) => db.prepare(text);
  // A text or a blob that is cut, or of which the length alone is asked, is not read whole.
  const columns = (draft: string) => `SELECT c.contact AS chat,
    coalesce(p.alias, p.their_name) AS name, coalesce(length(p.avatar), 0) AS avatar_size, p.pair,
    p.state AS contact_state, p.verified_unix_ms, c.is_pinned, c.is_muted, c.is_archived, c.unread,
    ${draft} AS draft, c.begun_unix_ms, m.id, m.contact, m.is_own, m.uid,
    substr(m.text, 1, ${PREVIEW_LENGTH_MAX}) AS text, m.note, m.sent_unix_ms, m.arrived_unix_ms,
    m.place, m.is_read, m.state, m.state_unix_ms, m.try_count, m.reason, m.packets_confirmed,
    m.packets,
    -- Read only where something has failed.
    CASE WHEN c.failed > 0 THEN (SELECT id FROM (SELECT id, state FROM message
      WHERE contact = c.contact ORDER BY place DESC, id DESC LIMIT ${TROUBLE_LINES_MAX})
      WHERE state IS NOT NULL LIMIT 1) END AS newest_own
    FROM conversation c JOIN contact p ON p.id = c.contact LEFT JOIN message m ON m.id = c.last`;
  return {
    list: of(`${columns(`substr(c.draft, 1, ${PREVIEW_LENGTH_MAX})`)}
      ORDER BY c.is_pinned DESC,
        coalesce(m.arrived_unix_ms, m.sent_unix_ms, c.begun_unix_ms) DESC, c.contact DESC`),
    get: of(`${columns('c.draft')} WHERE c.contact = ?`),
    trouble: of(`SELECT state, substr(text, 1, ${PREVIEW_LENGTH_MAX}) AS text FROM message
      WHERE id = ? AND state IN ('not_confirmed', 'expired', 'failed')`),
    avatar: of('SELECT avatar FROM contact WHERE id = ?'),
    set: of(`UPDATE conversation SET is_pinned = coalesce(?, is_pinned),
      is_muted = coalesce(?, is_muted), is_archived = coalesce(?, is_archived)
      WHERE contact = ? AND is_gone = 0`),
    setDraft: of('UPDATE conversation SET draft = ? WHERE contact = ? AND is_gone = 0'),
    newest: of(`SELECT * FROM message WHERE contact = ? ORDER BY place DESC, id DESC LIMIT ?`),
    before: of(`SELECT * FROM message WHERE contact = ? AND (place, id) < (?, ?)
      ORDER BY place DESC, id DESC LIMIT ?`),
    after: of(`SELECT * FROM message WHERE contact = ? AND (place, id) > (?, ?)
      ORDER BY place, id LIMIT ?`),
    firstUnread: of(`SELECT id FROM message WHERE contact = ? AND is_read = 0
      ORDER BY place, id LIMIT 1`),
  };
}

type LastRow = MessageRow | { readonly [K in keyof MessageRow]: null };
type ConversationRow = LastRow & {
  readonly chat: number;
  readonly name: string;
  readonly avatar_size: number;
  readonly pair: number;
  readonly contact_state: Conversation['state'];
  readonly verified_unix_ms: number | null;
  readonly is_pinned: number;
  readonly is_muted: number;
  readonly is_archived: number;
  readonly unread: number;
  readonly draft: string;
  /** Id of the newest own line, where an own one has failed. */
  readonly newest_own: number | null;
  readonly begun_unix_ms: number;
};

function conversationOf(
  row: ConversationRow,
  troubleOf: (message: number) => Conversation['trouble'],
): StoredConversation {
  return {
    contact: row.chat,
    name: row.name,
    begunUnixMs: row.begun_unix_ms,
    avatarSize: row.avatar_size,
    pair: row.pair,
    state: row.contact_state,
    isVerified: row.verified_unix_ms !== null,
    isPinned: row.is_pinned === 1,
    isMuted: row.is_muted === 1,
    isArchived: row.is_archived === 1,
    unread: row.unread,
    draft: row.draft,
    trouble: row.newest_own === null ? null : troubleOf(row.newest_own),
    last: row.id === null ? null : messageOf(row),
    atUnixMs: row.arrived_unix_ms ?? row.sent_unix_ms ?? row.begun_unix_ms,
  };
}
