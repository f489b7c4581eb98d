// The SQL of what was said, prepared once.
import type { WriteDb } from './handle.ts';

/** A line as it lies in its table. */
export type MessageRow = {
  readonly id: number;
  readonly contact: number;
  readonly is_own: number;
  readonly uid: Uint8Array | null;
  readonly text: string;
  readonly note: string | null;
  readonly sent_unix_ms: number;
  readonly arrived_unix_ms: number | null;
  readonly place: number;
  readonly is_read: number;
  readonly state: string | null;
  readonly state_unix_ms: number | null;
  readonly try_count: number | null;
  readonly reason: string | null;
  readonly packets_confirmed: number | null;
  readonly packets: number | null;
};

export function prepareMessages(db: WriteDb) {
  return { ...prepareReads(db), ...prepareLines(db), ...prepareConversations(db) };
}

function prepareReads(db: WriteDb) {
  const of = (text: string) => db.prepare(text);
  return {
    get: of('SELECT * FROM message WHERE id = ?'),
    ofUid: of('SELECT * FROM message WHERE contact = ? AND is_own = ? AND uid = ?'),
    count: of('SELECT coalesce(sum(lines), 0) AS count FROM conversation'),
    newest: of(`SELECT id, place FROM message WHERE contact = ?
      ORDER BY place DESC, id DESC LIMIT 1`),
    his: of(`SELECT place, sent_unix_ms AS sentUnixMs FROM message
      WHERE contact = ? AND place BETWEEN ? AND ? AND is_own = 0 AND uid IS NOT NULL
      ORDER BY place DESC, id DESC LIMIT ?`),
  };
}

function prepareLines(db: WriteDb) {
  const of = (text: string) => db.prepare(text);
  return {
    addOwn: of(`INSERT INTO message (contact, is_own, uid, text, sent_unix_ms, place, is_read,
      state, state_unix_ms, try_count, reason, packets_confirmed, packets)
      VALUES (?, 1, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)`),
    addReceived: of(`INSERT INTO message (contact, is_own, uid, text, sent_unix_ms,
      arrived_unix_ms, place, is_read) VALUES (?, 0, ?, ?, ?, ?, ?, 0)
      ON CONFLICT (contact, is_own, uid) WHERE uid IS NOT NULL DO NOTHING`),
    addNote: of(`INSERT INTO message (contact, is_own, text, note, sent_unix_ms, place, is_read)
      VALUES (?, 0, '', ?, ?, ?, 1)`),
    setNote: of('UPDATE message SET note = ? WHERE id = ? AND note IS NOT NULL'),
    setDelivery: of(`UPDATE message SET state = ?, state_unix_ms = ?, try_count = ?, reason = ?,
      packets_confirmed = ?, packets = ? WHERE id = ?`),
    markRead: of(`UPDATE message SET is_read = 1 WHERE id IN (SELECT id FROM message
      WHERE contact = ? AND is_read = 0 AND (place, id) <= (?, ?) ORDER BY place, id LIMIT ?)
      RETURNING uid`),
    remove: of('DELETE FROM message WHERE id = ?'),
    removeOf: of(`DELETE FROM message WHERE id IN
      (SELECT id FROM message WHERE contact = ? LIMIT ?)`),
  };
}

function prepareConversations(db: WriteDb) {
  const of = (text: string) => db.prepare(text);
  return {
    begin: of(`INSERT INTO conversation (contact, begun_unix_ms) VALUES (?, ?)
      ON CONFLICT DO NOTHING`),
    conversation: of(`SELECT unread, last, newest_sent_unix_ms FROM conversation
      WHERE contact = ? AND is_gone = 0`),
    addLine: of('UPDATE conversation SET lines = lines + 1 WHERE contact = ?'),
    addLastLine: of('UPDATE conversation SET lines = lines + 1, last = ? WHERE contact = ?'),
    takeLines: of('UPDATE conversation SET lines = lines - ? WHERE contact = ?'),
    setLast: of('UPDATE conversation SET last = ? WHERE contact = ?'),
    addFailed: of('UPDATE conversation SET failed = failed + ? WHERE contact = ?'),
    addUnread: of('UPDATE conversation SET unread = unread + ? WHERE contact = ?'),
    noteReceived: of(`UPDATE conversation SET unread = unread + 1, newest_sent_unix_ms = ?
      WHERE contact = ?`),
    gone: of('SELECT contact FROM conversation WHERE is_gone = 1 LIMIT 1'),
    end: of('DELETE FROM conversation WHERE contact = ?'),
  };
}
