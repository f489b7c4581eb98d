// What is on its way to contacts, on SQLite: contents until their receipt, so that they can be sent
// again, and the receipts that are to be sent. Whoever writes is inside a transaction.
import { type OpenDb, transaction, type WriteDb } from './handle.ts';

export type StoredOutgoing = {
  readonly id: number;
  readonly contact: number;
  /** A kind of content, or `handshake`. */
  readonly kind: string;
  /** 16 bytes; null in a handshake. */
  readonly uid: Uint8Array | null;
  /** 0 where it is not counted. */
  readonly stream: number;
  readonly sequence: number;
  /** Padded, as it is sealed; in a handshake its contact tag (8 bytes) and the message. */
  readonly plaintext: Uint8Array;
  /** Of the session it was last sealed on. */
  readonly generation: number;
  /** Id in the client's outbox, while it is there. */
  readonly sent: number | null;
  /** Id of the message in the chat, where it is one. */
  readonly message: number | null;
  /** 1 where tries before these may have arrived: its place in the count is taken for good. */
  readonly hasLeft: 0 | 1;
  /** How often it was sent again without its user. */
  readonly resendCount: number;
  /** When it is to be sent again, and when its provider keeps it no longer. */
  readonly againUnixMs: number | null;
  readonly expiresUnixMs: number | null;
  readonly createdUnixMs: number;
};

export type ReceiptLevel = 'delivered' | 'read';
export type OutgoingStore = ReturnType<typeof createOutgoingStore>;

/** On an open database whose schema has the step `people`. */
export function createOutgoingStore(db: OpenDb) {
  const sql = transaction(db, prepareOutgoing);
  const one = (row: unknown) => (row as StoredOutgoing | undefined) ?? null;
  const many = (rows: unknown[]) => rows as StoredOutgoing[];
  const at = (row: unknown) => (row as { at: number | null }).at;
  return {
    add: (
      row: Omit<StoredOutgoing, 'id' | 'hasLeft' | 'resendCount' | 'againUnixMs' | 'expiresUnixMs'>,
    ): number =>
      Number(
        sql.add.run(
          row.contact,
          row.kind,
          row.uid,
          row.stream,
          row.sequence,
          row.plaintext,
          row.generation,
          row.sent,
          row.message,
          row.createdUnixMs,
        ).lastInsertRowid,
      ),
    get: (id: number) => one(sql.get.get(id)),
    ofSent: (sent: number) => one(sql.ofSent.get(sent)),
    ofMessage: (message: number) => one(sql.ofMessage.get(message)),
    ofUid: (contact: number, uid: Uint8Array) => one(sql.ofUid.get(contact, uid)),
    ofPlace: (contact: number, stream: number, sequence: number) =>
      one(sql.ofPlace.get(contact, stream, sequence)),
    /** Counted ones of a stream from this place on, ascending. */
    from: (contact: number, stream: number, sequence: number) =>
      many(sql.from.all(contact, stream, sequence)),
    /** Of a contact, oldest first. */
    ofContact: (contact: number) => many(sql.ofContact.all(contact)),
    /** The oldest counted one of a contact that waits for nothing but its receipt. */
    oldestKept: (contact: number) => one(sql.oldestKept.get(contact)),
    /** Whether something of this kind is on its way to a contact, or is to be sent again. */
    isUnderWay: (contact: number, kind: string): boolean =>
      sql.underWay.get(contact, kind) !== undefined,
    /** Messages of chats that wait to leave, newest first. */
    queued: (limit: number) => sql.queued.all(limit) as { message: number; contact: number }[],
    /** All that the client still has. */
    sent: () => many(sql.sent.all()),
    put: (row: StoredOutgoing) =>
      void sql.put.run(
        row.plaintext,
        row.sequence,
        row.generation,
        row.sent,
        row.hasLeft,
        row.resendCount,
        row.againUnixMs,
        row.expiresUnixMs,
        row.id,
      ),
    remove: (id: number) => void sql.remove.run(id),
    /** Counted ones that were sealed on a session before this one go again at `atUnixMs`. */
    againBefore: (contact: number, generation: number, atUnixMs: number) =>
      void sql.againBefore.run(atUnixMs, contact, generation),
    due: (nowUnixMs: number, limit: number) => many(sql.due.all(nowUnixMs, limit)),
    expired: (nowUnixMs: number, limit: number) => many(sql.expired.all(nowUnixMs, limit)),
    forget: (beforeUnixMs: number) => void sql.forget.run(beforeUnixMs),
    nextDue: (): number | null => at(sql.nextDue.get()),
    nextExpiry: (): number | null => at(sql.nextExpiry.get()),

    addReceipt: (contact: number, level: ReceiptLevel, uid: Uint8Array, dueUnixMs: number) =>
      void sql.addReceipt.run(contact, level, uid, dueUnixMs),
    /** Whose receipts are due, by contact and level. */
    receiptsDue: (nowUnixMs: number, limit: number) =>
      sql.receiptsDue.all(nowUnixMs, limit) as { contact: number; level: ReceiptLevel }[],
    receiptUids: (contact: number, level: ReceiptLevel, limit: number): Uint8Array[] =>
      (sql.receiptUids.all(contact, level, limit) as { uid: Uint8Array }[]).map(({ uid }) => uid),
    /** What a contact is to be told at this level waits until then. */
    putReceiptsOff: (contact: number, level: ReceiptLevel, dueUnixMs: number) =>
      void sql.putReceiptsOff.run(dueUnixMs, contact, level, dueUnixMs),
    removeReceipt: (contact: number, level: ReceiptLevel, uid: Uint8Array) =>
      void sql.removeReceipt.run(contact, level, uid),
    removeReceipts: (contact: number) => void sql.removeReceipts.run(contact),
    nextReceipt: (): number | null => at(sql.nextReceipt.get()),
  };
}

const columns = `id, contact, kind, uid, stream, sequence, plaintext, generation, sent, message,
  has_left AS hasLeft, resend_count AS resendCount, again_unix_ms AS againUnixMs,
  expires_unix_ms AS expiresUnixMs, created_unix_ms AS createdUnixMs`;

function prepareOutgoing({ prepare }: WriteDb) {
  const select = (rest: string) => prepare(`SELECT ${columns} FROM outgoing_content ${rest}`);
  return {
    add: prepare(`INSERT INTO outgoing_content (contact, kind, uid, stream, sequence, plaintext,
      generation, sent, message, created_unix_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    get: select('WHERE id = ?'),
    ofSent: select('WHERE sent = ?'),
    ofMessage: select('WHERE message = ?'),
    ofUid: select('WHERE contact = ? AND uid = ?'),
    ofPlace: select('WHERE contact = ? AND stream = ? AND sequence = ?'),
    from: select('WHERE contact = ? AND stream = ? AND sequence >= ? ORDER BY sequence'),
    ofContact: select('WHERE contact = ? ORDER BY id'),
    oldestKept: select(`WHERE contact = ? AND sequence > 0 AND sent IS NULL
      AND again_unix_ms IS NULL ORDER BY id LIMIT 1`),
    underWay: prepare(`SELECT 1 FROM outgoing_content WHERE contact = ? AND kind = ?
      AND (sent IS NOT NULL OR again_unix_ms IS NOT NULL) LIMIT 1`),
    queued: prepare(`SELECT message.id AS message, message.contact FROM outgoing_content
      JOIN message ON message.id = outgoing_content.message AND message.state = 'queued'
      ORDER BY outgoing_content.id DESC LIMIT ?`),
    sent: select('WHERE sent IS NOT NULL ORDER BY id'),
    put: prepare(`UPDATE outgoing_content SET plaintext = ?, sequence = ?, generation = ?,
      sent = ?, has_left = ?, resend_count = ?, again_unix_ms = ?, expires_unix_ms = ?
      WHERE id = ?`),
    remove: prepare('DELETE FROM outgoing_content WHERE id = ?'),
    againBefore: prepare(`UPDATE outgoing_content SET again_unix_ms = ?
      WHERE contact = ? AND generation < ? AND sequence > 0`),
    due: select('WHERE again_unix_ms <= ? ORDER BY again_unix_ms, id LIMIT ?'),
    expired: select('WHERE expires_unix_ms <= ? ORDER BY expires_unix_ms LIMIT ?'),
    forget: prepare('DELETE FROM outgoing_content WHERE created_unix_ms < ? AND sent IS NULL'),
    nextDue: prepare('SELECT min(again_unix_ms) AS at FROM outgoing_content'),
    nextExpiry: prepare('SELECT min(expires_unix_ms) AS at FROM outgoing_content'),
    addReceipt: prepare('INSERT OR IGNORE INTO receipt_due VALUES (?, ?, ?, ?)'),
    receiptsDue: prepare(`SELECT contact, level FROM receipt_due WHERE due_unix_ms <= ?
      GROUP BY contact, level ORDER BY min(due_unix_ms) LIMIT ?`),
    receiptUids: prepare(`SELECT uid FROM receipt_due WHERE contact = ? AND level = ?
      ORDER BY due_unix_ms LIMIT ?`),
    putReceiptsOff: prepare(`UPDATE receipt_due SET due_unix_ms = ?
      WHERE contact = ? AND level = ? AND due_unix_ms < ?`),
    removeReceipt: prepare('DELETE FROM receipt_due WHERE contact = ? AND level = ? AND uid = ?'),
    removeReceipts: prepare('DELETE FROM receipt_due WHERE contact = ?'),
    nextReceipt: prepare('SELECT min(due_unix_ms) AS at FROM receipt_due'),
  };
}
