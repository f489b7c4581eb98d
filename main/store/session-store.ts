// Sessions with contacts on SQLite, and what they are found by: the blobs of the session codec,
// contact tags, acceptances that may be asked for again, messages that came before theirs, and how
// much of everybody's messages has come in. Whoever writes is inside a transaction.
import { equalBytes } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { ResetReason } from '../../shared/message/content.ts';
import {
  decodeSequence,
  encodeSequence,
  NOTHING_RECEIVED,
  type OutgoingSequence,
  type SequenceState,
} from '../../shared/message/sequence.ts';
import { type ContactSessions, receiveTags } from '../../shared/session/contact-sessions.ts';
import {
  decodePendingHandshake,
  decodeSession,
  encodePendingHandshake,
  encodeSession,
} from '../../shared/session/session-codec.ts';
import { skippedKeyCount } from '../../shared/session/session-state.ts';
import { type OpenDb, transaction, type WriteDb } from './handle.ts';

/** What a contact tag leads to. */
export type TagTarget =
  | { readonly kind: 'code'; readonly code: Uint8Array }
  /** A contact's resets, or his sessions. */
  | { readonly kind: 'reset' | 'session'; readonly contact: number };

export type StoredAcceptance = {
  /** 16 bytes. */
  readonly requestId: Uint8Array;
  readonly contact: number;
  readonly generation: number;
  /** What it is found by, 8 bytes. */
  readonly sendTag: Uint8Array;
  readonly bytes: Uint8Array;
};

export type EarlyMessage = {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly arrivedUnixMs: number;
};

export type IncomingStream = {
  readonly stream: number;
  readonly state: SequenceState;
  /** When the oldest gap was noticed; null for none. */
  readonly gapSinceUnixMs: number | null;
  /** How often what is missing was asked for, and when it is next. */
  readonly askedCount: number;
  readonly askUnixMs: number | null;
  /** Id of the note about the gap in the chat. */
  readonly note: number | null;
};

export type SessionStore = ReturnType<typeof createSessionStore>;

/** On an open database whose schema has the step `people`. */
export function createSessionStore(db: OpenDb, crypto: CryptoEngine) {
  const sql = transaction(db, prepareSessions);
  const load = (contact: number): ContactSessions => {
    const sessions = (sql.sessions.all(contact) as BytesRow[]).map(({ bytes }) => {
      return held(decodeSession(crypto, bytes), 'session');
    });
    const pending = (sql.pending.all(contact) as BytesRow[]).map(({ bytes }) => {
      return held(decodePendingHandshake(bytes), 'handshake');
    });
    const row = sql.generation.get(contact) as { generation: number } | undefined;
    return { sessions, pending, newestGeneration: row?.generation ?? 0 };
  };

  const saveTags = (contact: number, before: ContactSessions, after: ContactSessions): void => {
    const [old, now] = [receiveTags(before), receiveTags(after)];
    const has = (tags: readonly Uint8Array[], tag: Uint8Array) =>
      tags.some((one) => equalBytes(one, tag));
    for (const tag of old) if (!has(now, tag)) sql.removeTag.run(tag);
    for (const tag of now) if (!has(old, tag)) sql.addTag.run(tag, 'session', null, contact);
  };

  return {
    load,
    /**
     * Stores what is another in `after` than in `before`, which is what `load` gave. `reason` is
     * that of a reset among the new handshakes.
     */
    save: (
      contact: number,
      before: ContactSessions,
      after: ContactSessions,
      reason: ResetReason | null = null,
    ): void => {
      for (const [place, session] of after.sessions.entries()) {
        if (before.sessions[place] === session) continue;
        sql.putSession.run(contact, place, encodeSession(session), skippedKeyCount(session));
      }
      if (after.sessions.length < before.sessions.length) {
        sql.cutSessions.run(contact, after.sessions.length);
      }
      for (const one of before.pending) {
        if (!after.pending.includes(one)) sql.removePending.run(contact, one.generation);
      }
      for (const one of after.pending) {
        if (before.pending.includes(one)) continue;
        sql.addPending.run(contact, one.generation, encodePendingHandshake(one), reason);
      }
      if (after.newestGeneration !== before.newestGeneration) {
        sql.setGeneration.run(after.newestGeneration, contact);
      }
      saveTags(contact, before, after);
    },
    /** Why the reset of this generation was begun; null for none. */
    resetReason: (contact: number, generation: number): ResetReason | null => {
      const row = sql.reason.get(contact, generation) as { reason: ResetReason | null } | undefined;
      return row?.reason ?? null;
    },
    /** Whether a handshake of one's own with a contact may still be answered. */
    hasPending: (contact: number): boolean => sql.hasPending.get(contact) !== undefined,
    /** Contacts with more than one session, or a handshake under way. */
    contactsWithMore: (): number[] =>
      (sql.contactsWithMore.all() as { contact: number }[]).map(({ contact }) => contact),
    /** Keys of skipped messages by contact, the most first; of those who have some. */
    skippedKeys: (): { contact: number; count: number }[] =>
      sql.skippedKeys.all() as { contact: number; count: number }[],
    ...tagsIn(sql),
    ...streamsIn(sql),
  };
}

type Sql = ReturnType<typeof prepareSessions>;

/** Tags, and what waits for the right moment of a session. */
function tagsIn(sql: Sql) {
  return {
    tag: (tag: Uint8Array): TagTarget | null => {
      const row = sql.tag.get(tag) as TagRow | undefined;
      if (row === undefined) return null;
      const { kind, code, contact } = row;
      if (kind === 'code') return code === null ? null : { kind, code };
      return contact === null ? null : { kind, contact };
    },
    addCodeTag: (tag: Uint8Array, code: Uint8Array) => void sql.addTag.run(tag, 'code', code, null),
    addResetTag: (tag: Uint8Array, contact: number) =>
      void sql.addTag.run(tag, 'reset', null, contact),
    removeTag: (tag: Uint8Array) => void sql.removeTag.run(tag),

    outgoing: (contact: number): OutgoingSequence | null => {
      const row = sql.outgoing.get(contact) as OutgoingRow | undefined;
      if (row === undefined || row.hash === null) return null;
      return { stream: row.stream, sequence: row.sequence, hash: row.hash };
    },
    setOutgoing: (contact: number, { stream, sequence, hash }: OutgoingSequence) =>
      void sql.setOutgoing.run(stream, sequence, hash, contact),

    acceptance: (requestId: Uint8Array): StoredAcceptance | null =>
      (sql.acceptance.get(requestId) as StoredAcceptance | undefined) ?? null,
    addAcceptance: (one: StoredAcceptance) =>
      void sql.addAcceptance.run(
        one.requestId,
        one.contact,
        one.generation,
        one.sendTag,
        one.bytes,
      ),
    /**
     * A message on the session of this generation opened. Gives the generations of the acceptances
     * that were kept, its own and older ones.
     */
    removeAcceptances: (contact: number, generation: number): number[] =>
      (sql.removeAcceptances.all(contact, generation) as { generation: number }[]).map(
        (row) => row.generation,
      ),

    earlyCount: (contact: number): number =>
      (sql.earlyCount.get(contact) as { count: number }).count,
    addEarly: (contact: number, tag: Uint8Array, bytes: Uint8Array, arrivedUnixMs: number) =>
      void sql.addEarly.run(contact, tag, bytes, arrivedUnixMs),
    /** The oldest that came early by this tag, out of the store; null for none. */
    takeEarly: (contact: number, tag: Uint8Array): EarlyMessage | null => {
      const early = sql.early.get(contact, tag) as EarlyMessage | undefined;
      if (early === undefined) return null;
      sql.removeEarly.run(early.id);
      return early;
    },
    /** Whose early messages wait, and by which tags. */
    earlyTags: (): { contact: number; tag: Uint8Array }[] =>
      sql.earlyTags.all() as { contact: number; tag: Uint8Array }[],
    forgetEarly: (beforeUnixMs: number) => void sql.forgetEarly.run(beforeUnixMs),
    keepUnread: (contact: number, bytes: Uint8Array, arrivedUnixMs: number, keepMax: number) => {
      sql.addUnread.run(contact, bytes, arrivedUnixMs);
      sql.trimUnread.run(contact, contact, keepMax);
    },
  };
}

function streamsIn(sql: Sql) {
  return {
    stream: (contact: number, stream: number): IncomingStream => {
      const row = sql.stream.get(contact, stream) as StreamRow | undefined;
      return row === undefined ? nothingOf(stream) : streamOf(row);
    },
    /** How many streams of his are newer. */
    newerStreams: (contact: number, stream: number): number =>
      (sql.newerStreams.get(contact, stream) as { count: number }).count,
    /** The newest of a contact but for so many; null for none. */
    streamBehind: (contact: number, newerCount: number): IncomingStream | null => {
      const row = sql.streamBehind.get(contact, newerCount) as StreamRow | undefined;
      return row === undefined ? null : streamOf(row);
    },
    removeStream: (contact: number, stream: number) => void sql.removeStream.run(contact, stream),
    setStream: (contact: number, one: IncomingStream) =>
      void sql.setStream.run(
        contact,
        one.stream,
        encodeSequence(one.state),
        one.gapSinceUnixMs,
        one.askedCount,
        one.askUnixMs,
        one.note,
      ),
    /** Streams whose gaps are to be asked for by then, the longest due first. */
    streamsDue: (nowUnixMs: number, limit: number): (IncomingStream & { contact: number })[] =>
      (sql.streamsDue.all(nowUnixMs, limit) as (StreamRow & { contact: number })[]).map((row) => {
        return { ...streamOf(row), contact: row.contact };
      }),
    nextStreamDue: (): number | null => (sql.nextStreamDue.get() as { at: number | null }).at,
  };
}

type BytesRow = { readonly bytes: Uint8Array };
type TagRow = {
  readonly kind: TagTarget['kind'];
  readonly code: Uint8Array | null;
  readonly contact: number | null;
};
type OutgoingRow = Omit<OutgoingSequence, 'hash'> & { readonly hash: Uint8Array | null };
type StreamRow = Omit<IncomingStream, 'state'> & { readonly bytes: Uint8Array };

function streamOf({ bytes, ...row }: StreamRow): IncomingStream {
  return { ...row, state: held(decodeSequence(bytes), 'stream') };
}

function nothingOf(stream: number): IncomingStream {
  const nothing = { gapSinceUnixMs: null, askedCount: 0, askUnixMs: null, note: null };
  return { stream, state: NOTHING_RECEIVED, ...nothing };
}

function held<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`must hold: a stored ${what} is one`);
  return value;
}

const streamColumns = `stream, bytes, gap_since_unix_ms AS gapSinceUnixMs,
  asked_count AS askedCount, ask_unix_ms AS askUnixMs, note`;

function prepareSessions({ prepare }: WriteDb) {
  return {
    sessions: prepare('SELECT bytes FROM session WHERE contact = ? ORDER BY place'),
    pending: prepare(`SELECT bytes FROM pending_handshake WHERE contact = ?
      ORDER BY generation DESC`),
    hasPending: prepare('SELECT 1 FROM pending_handshake WHERE contact = ? LIMIT 1'),
    generation: prepare('SELECT newest_generation AS generation FROM contact WHERE id = ?'),
    setGeneration: prepare('UPDATE contact SET newest_generation = ? WHERE id = ?'),
    putSession: prepare(`INSERT INTO session (contact, place, bytes, skipped_keys)
      VALUES (?, ?, ?, ?) ON CONFLICT (contact, place) DO UPDATE
      SET bytes = excluded.bytes, skipped_keys = excluded.skipped_keys`),
    cutSessions: prepare('DELETE FROM session WHERE contact = ? AND place >= ?'),
    addPending: prepare('INSERT INTO pending_handshake VALUES (?, ?, ?, ?)'),
    removePending: prepare('DELETE FROM pending_handshake WHERE contact = ? AND generation = ?'),
    reason: prepare('SELECT reason FROM pending_handshake WHERE contact = ? AND generation = ?'),
    contactsWithMore: prepare(`SELECT contact FROM session WHERE place = 1
      UNION SELECT contact FROM pending_handshake`),
    skippedKeys: prepare(`SELECT contact, sum(skipped_keys) AS count FROM session
      WHERE skipped_keys > 0 GROUP BY contact ORDER BY count DESC`),
    tag: prepare('SELECT kind, code, contact FROM contact_tag WHERE tag = ?'),
    // A tag that is somebody's already stays his.
    addTag: prepare('INSERT OR IGNORE INTO contact_tag VALUES (?, ?, ?, ?)'),
    removeTag: prepare('DELETE FROM contact_tag WHERE tag = ?'),
    outgoing: prepare('SELECT stream, sequence, last_hash AS hash FROM contact WHERE id = ?'),
    setOutgoing: prepare('UPDATE contact SET stream = ?, sequence = ?, last_hash = ? WHERE id = ?'),
    acceptance: prepare(`SELECT request_id AS requestId, contact, generation,
      send_tag AS sendTag, bytes FROM acceptance WHERE request_id = ?`),
    addAcceptance: prepare('INSERT INTO acceptance VALUES (?, ?, ?, ?, ?)'),
    removeAcceptances: prepare(`DELETE FROM acceptance WHERE contact = ? AND generation <= ?
      RETURNING generation`),
    earlyCount: prepare('SELECT count(*) AS count FROM early_message WHERE contact = ?'),
    addEarly: prepare(`INSERT INTO early_message (contact, tag, bytes, arrived_unix_ms)
      VALUES (?, ?, ?, ?)`),
    early: prepare(`SELECT id, bytes, arrived_unix_ms AS arrivedUnixMs FROM early_message
      WHERE contact = ? AND tag = ? ORDER BY id LIMIT 1`),
    removeEarly: prepare('DELETE FROM early_message WHERE id = ?'),
    earlyTags: prepare('SELECT DISTINCT contact, tag FROM early_message'),
    forgetEarly: prepare('DELETE FROM early_message WHERE arrived_unix_ms < ?'),
    addUnread: prepare(`INSERT INTO unread_content (contact, bytes, arrived_unix_ms)
      VALUES (?, ?, ?)`),
    trimUnread: prepare(`DELETE FROM unread_content WHERE contact = ? AND id NOT IN
      (SELECT id FROM unread_content WHERE contact = ? ORDER BY id DESC LIMIT ?)`),
    stream: prepare(`SELECT ${streamColumns} FROM incoming_stream
      WHERE contact = ? AND stream = ?`),
    newerStreams: prepare(`SELECT count(*) AS count FROM incoming_stream
      WHERE contact = ? AND stream > ?`),
    streamBehind: prepare(`SELECT ${streamColumns} FROM incoming_stream
      WHERE contact = ? ORDER BY stream DESC LIMIT 1 OFFSET ?`),
    removeStream: prepare('DELETE FROM incoming_stream WHERE contact = ? AND stream = ?'),
    setStream: prepare(`INSERT INTO incoming_stream VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (contact, stream) DO UPDATE SET bytes = excluded.bytes,
        gap_since_unix_ms = excluded.gap_since_unix_ms, asked_count = excluded.asked_count,
        ask_unix_ms = excluded.ask_unix_ms, note = excluded.note`),
    streamsDue: prepare(`SELECT contact, ${streamColumns} FROM incoming_stream
      WHERE ask_unix_ms <= ? ORDER BY ask_unix_ms LIMIT ?`),
    nextStreamDue: prepare('SELECT min(ask_unix_ms) AS at FROM incoming_stream'),
  };
}
