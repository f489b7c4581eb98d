// The SQL of a client's store, prepared once.
import type { WriteDb } from './handle.ts';

/** The one row of what a client is. */
export type StateRow = {
  provider_key: Uint8Array | null;
  auth_public_key: Uint8Array | null;
  auth_secret_key: Uint8Array | null;
  mailbox_public_key: Uint8Array | null;
  mailbox_secret_key: Uint8Array | null;
  token: Uint8Array | null;
  link_addresses: string | null;
  link_key_hash: Uint8Array | null;
  mail_sequence: number;
  ack_sequence: number;
  token_number: number;
};

export function prepareClient(db: WriteDb) {
  return { ...prepareState(db), ...prepareOutgoing(db), ...prepareIncoming(db) };
}

function prepareState(db: WriteDb) {
  const of = (text: string) => db.prepare(text);
  return {
    state: of('SELECT * FROM client_state'),
    setAccount: of(`UPDATE client_state SET provider_key = ?, auth_public_key = ?,
      auth_secret_key = ?, mailbox_public_key = ?, mailbox_secret_key = ?, token = ?`),
    setToken: of('UPDATE client_state SET token = ?'),
    setLink: of('UPDATE client_state SET link_addresses = ?, link_key_hash = ?'),
    setSequences: of('UPDATE client_state SET mail_sequence = ?, ack_sequence = ?'),
    tokenNumber: of('UPDATE client_state SET token_number = ?'),

    documents: of('SELECT bytes FROM network_document ORDER BY epoch'),
    saveDocument: of(`INSERT INTO network_document VALUES (?, ?)
      ON CONFLICT (epoch) DO UPDATE SET bytes = excluded.bytes`),
    dropDocuments: of('DELETE FROM network_document WHERE epoch < ?'),
    removeDocument: of('DELETE FROM network_document WHERE epoch = ?'),

    commands: of('SELECT * FROM token_command ORDER BY number'),
    addCommand: of('INSERT INTO token_command VALUES (?, ?, ?, ?, ?, ?)'),
    removeCommands: of('DELETE FROM token_command WHERE number <= ?'),
    tokens: of('SELECT * FROM own_token ORDER BY token'),
    putToken: of(`INSERT INTO own_token VALUES (?, ?, ?, ?) ON CONFLICT (token) DO UPDATE
      SET token_kind = excluded.token_kind, quota = excluded.quota,
        expires_unix_ms = excluded.expires_unix_ms`),
    removeToken: of('DELETE FROM own_token WHERE token = ?'),
  };
}

function prepareOutgoing(db: WriteDb) {
  const of = (text: string) => db.prepare(text);
  return {
    removeHalf: of('DELETE FROM outgoing WHERE is_whole = 0'),
    messages: of('SELECT * FROM outgoing WHERE is_whole = 1 ORDER BY id'),
    message: of('SELECT * FROM outgoing WHERE id = ?'),
    addMessage: of(`INSERT INTO outgoing (message_id, contact_tag, provider_key, mailbox, token,
      mailbox_key, priority, fragment_count, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    addFragment: of('INSERT INTO outgoing_fragment (message, place, body) VALUES (?, ?, ?)'),
    markWhole: of('UPDATE outgoing SET is_whole = 1 WHERE id = ?'),
    setState: of('UPDATE outgoing SET state = ? WHERE id = ?'),
    removeMessage: of('DELETE FROM outgoing WHERE id = ?'),
    touched: of(`SELECT place, tries, is_taken, is_acknowledged FROM outgoing_fragment
      WHERE message = ? AND (is_taken = 1 OR is_acknowledged = 1) ORDER BY place`),
    fragment: of('SELECT body FROM outgoing_fragment WHERE message = ? AND place = ?'),
    tried: of(`UPDATE outgoing_fragment SET tries = tries + 1, is_taken = 1
      WHERE message = ? AND place = ?`),
    untried: of(`UPDATE outgoing_fragment SET tries = max(0, tries - 1)
      WHERE message = ? AND place = ?`),
    acknowledge: of(`UPDATE outgoing_fragment SET is_acknowledged = 1
      WHERE message = ? AND place = ?`),
    moveFragments: of('UPDATE outgoing_fragment SET message = ? WHERE message = ?'),
    freshen: of('UPDATE outgoing_fragment SET tries = 0, is_taken = 0 WHERE message = ?'),
    expected: of(`SELECT identifier, message AS id, place AS "index" FROM expected`),
    expect: of('INSERT INTO expected VALUES (?, ?, ?)'),
    unexpect: of('DELETE FROM expected WHERE identifier = ?'),
    unexpectAll: of('DELETE FROM expected WHERE message = ? AND place = ?'),
  };
}

function prepareIncoming(db: WriteDb) {
  const of = (text: string) => db.prepare(text);
  return {
    partials: of('SELECT * FROM incoming WHERE is_whole = 0 ORDER BY id'),
    placesOf: of(`SELECT place, length(body) AS size FROM incoming_fragment
      WHERE message = ? ORDER BY place`),
    whole: of('SELECT id FROM incoming WHERE is_whole = 1 ORDER BY id'),
    incoming: of('SELECT * FROM incoming WHERE id = ? AND is_whole = 1'),
    bodies: of('SELECT body FROM incoming_fragment WHERE message = ? ORDER BY place'),
    addIncoming: of(`INSERT INTO incoming (message_id, contact_tag, fragment_count, first_unix_ms)
      VALUES (?, ?, ?, ?)`),
    setTaken: of('UPDATE incoming SET taken_unix_ms = ? WHERE id = ?'),
    dateUntaken: of('UPDATE incoming SET taken_unix_ms = ? WHERE taken_unix_ms IS NULL'),
    addBody: of('INSERT INTO incoming_fragment VALUES (?, ?, ?)'),
    markReceived: of('UPDATE incoming SET is_whole = 1 WHERE id = ?'),
    removeIncoming: of('DELETE FROM incoming WHERE id = ?'),
    isSeen: of('SELECT 1 FROM seen WHERE key = ?'),
    addSeen: of('INSERT INTO seen (key, seen_unix_ms) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    expireSeen: of('DELETE FROM seen WHERE seen_unix_ms < ?'),
    trimSeen: of(`DELETE FROM seen WHERE ref <=
      (SELECT ref FROM seen ORDER BY ref DESC LIMIT 1 OFFSET ?)`),
  };
}
