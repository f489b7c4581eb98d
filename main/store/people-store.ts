// Who one is and whom one knows, on SQLite: the profile, contacts, codes, requests and the tokens
// that contacts write under. Whoever writes is inside a transaction; each call is a part of it.
import type { MailboxAddress } from '../../shared/network/address.ts';
import { decodeMailboxAddress, encodeMailboxAddress } from '../../shared/network/address.ts';
import { NETWORK_HASH_SIZE } from '../../shared/network/geometry.ts';
import { type OpenDb, transaction, type WriteDb } from './handle.ts';

export type StoredProfile = {
  /** As `encodeIdentity` wrote it. Secret. */
  readonly identity: Uint8Array;
  readonly name: string;
  readonly avatar: Uint8Array | null;
  readonly createdUnixMs: number;
  readonly isCorrespondentUsed: boolean;
};

export type StoredContact = {
  readonly id: number;
  /** 32 bytes each. */
  readonly signingKey: Uint8Array;
  readonly agreementKey: Uint8Array;
  /** Empty until he has said it. */
  readonly theirName: string;
  readonly alias: string | null;
  readonly avatar: Uint8Array | null;
  readonly pair: number;
  readonly state: 'requested' | 'accepted' | 'blocked';
  readonly knownSinceUnixMs: number;
  readonly via: 'own_invite' | 'own_address' | 'their_invite' | 'their_address';
  readonly verifiedUnixMs: number | null;
  /** When a request of his named other keys; null for never, or where he was verified since. */
  readonly keysChangedUnixMs: number | null;
  /** When he had been verified before that; null for never. */
  readonly verifiedBeforeUnixMs: number | null;
  /** Null for as the settings say. */
  readonly tellsRead: boolean | null;
  /** Where to write to; null before he has said it. */
  readonly address: MailboxAddress | null;
  /** Tokens of the own mailbox: the one that he was told, and that he has confirmed. */
  readonly toldToken: Uint8Array | null;
  readonly confirmedToken: Uint8Array | null;
  /** The one that the own request named, until he uses another. */
  readonly returnToken: Uint8Array | null;
  /** The own name that he was told. */
  readonly toldName: string | null;
  /** When a reset with him was last begun; 0 for never. */
  readonly resetUnixMs: number;
  /** Messages in a row that no session opened. */
  readonly brokenCount: number;
  /** When a sign of a copied profile was last shown; 0 for never. */
  readonly copiedUnixMs: number;
  readonly safetyDigits: string | null;
  readonly safetyScan: string | null;
};

export type NewContact = Pick<
  StoredContact,
  | 'signingKey'
  | 'agreementKey'
  | 'theirName'
  | 'pair'
  | 'state'
  | 'knownSinceUnixMs'
  | 'via'
  | 'address'
  | 'returnToken'
>;
export type ContactChanges = Partial<Omit<StoredContact, 'id' | 'signingKey' | 'agreementKey'>>;

export type StoredCode = {
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly kind: 'invite' | 'address';
  readonly bytes: Uint8Array;
  /** Null where the code can be used no longer. */
  readonly prekeySecret: Uint8Array | null;
  /** 16 bytes. */
  readonly token: Uint8Array;
  readonly createdUnixMs: number;
  readonly expiresUnixMs: number;
  readonly state: 'open' | 'used' | 'withdrawn' | 'expired';
  readonly contact: number | null;
};

export type StoredRequest = {
  readonly id: number;
  /** 16 bytes: which request it is. */
  readonly requestId: Uint8Array;
  /** Id of the code it came by. */
  readonly code: Uint8Array;
  readonly bytes: Uint8Array;
  readonly signingKey: Uint8Array;
  readonly generation: number;
  readonly name: string;
  readonly arrivedUnixMs: number;
};

/** Somebody who is no contact and whose requests are dropped. */
export type StoredStranger = {
  readonly id: number;
  readonly signingKey: Uint8Array;
  /** As his request said it; empty where that is not known. */
  readonly name: string;
  readonly sinceUnixMs: number;
};

export type PeopleStore = ReturnType<typeof createPeopleStore>;

/** On an open database whose schema has the step `people`. */
export function createPeopleStore(db: OpenDb) {
  const sql = transaction(db, (write) => ({ ...preparePeople(write), ...prepareStrangers(write) }));
  return { ...profileIn(sql), ...contactsIn(sql), ...codesIn(sql), ...requestsIn(sql) };
}

type Sql = ReturnType<typeof preparePeople> & ReturnType<typeof prepareStrangers>;

function profileIn(sql: Sql) {
  return {
    profile: (): StoredProfile | null => {
      const row = sql.profile.get() as (StoredProfile & { used: number }) | undefined;
      if (row === undefined) return null;
      const { used, ...profile } = row;
      return { ...profile, isCorrespondentUsed: used === 1 };
    },
    addProfile: (profile: Omit<StoredProfile, 'isCorrespondentUsed'>) =>
      void sql.addProfile.run(
        profile.identity,
        profile.name,
        profile.avatar,
        profile.createdUnixMs,
      ),
    setProfile: (profile: Pick<StoredProfile, 'name' | 'avatar'>) =>
      void sql.setProfile.run(profile.name, profile.avatar),
    markCorrespondentUsed: () => void sql.correspondentUsed.run(),
    contactsTokens: (): ContactsToken[] => sql.tokens.all() as ContactsToken[],
    putContactsToken: (one: ContactsToken) =>
      void sql.putToken.run(one.token, one.state, one.sinceUnixMs),
    removeContactsToken: (token: Uint8Array) => void sql.dropToken.run(token),
  };
}

function contactsIn(sql: Sql) {
  const contact = (id: number): StoredContact | null => {
    const row = sql.contact.get(id) as ContactRow | undefined;
    return row === undefined ? null : contactOf(row);
  };
  const flag = (value: boolean | null) => (value === null ? null : Number(value));
  return {
    contact,
    contacts: (): StoredContact[] => (sql.contacts.all() as ContactRow[]).map(contactOf),
    contactCount: (): number => (sql.contactCount.get() as { count: number }).count,
    contactOfKey: (signingKey: Uint8Array): StoredContact | null => {
      const row = sql.contactOfKey.get(signingKey) as ContactRow | undefined;
      return row === undefined ? null : contactOf(row);
    },
    addContact: (one: NewContact): number =>
      Number(
        sql.addContact.run(
          one.signingKey,
          one.agreementKey,
          one.theirName,
          one.pair,
          one.state,
          one.knownSinceUnixMs,
          one.via,
          one.address === null ? null : encodeMailboxAddress(one.address),
          one.returnToken,
        ).lastInsertRowid,
      ),
    setContact: (id: number, changes: ContactChanges): void => {
      const before = contact(id);
      if (before === null) return;
      const one = { ...before, ...changes };
      sql.setContact.run(
        one.theirName,
        one.alias,
        one.avatar,
        one.state,
        one.verifiedUnixMs,
        one.keysChangedUnixMs,
        one.verifiedBeforeUnixMs,
        flag(one.tellsRead),
        one.address === null ? null : encodeMailboxAddress(one.address),
        one.toldToken,
        one.confirmedToken,
        one.returnToken,
        one.toldName,
        one.resetUnixMs,
        one.brokenCount,
        one.copiedUnixMs,
        one.safetyDigits,
        one.safetyScan,
        id,
      );
    },
    /** Those who were told another token or name than these. */
    contactsToTell: (token: Uint8Array, name: string, limit: number): StoredContact[] =>
      (sql.contactsToTell.all(token, name, limit) as ContactRow[]).map(contactOf),
    removeContact: (id: number) => void sql.removeContact.run(id),
  };
}

function codesIn(sql: Sql) {
  return {
    code: (id: Uint8Array): StoredCode | null =>
      (sql.code.get(id) as StoredCode | undefined) ?? null,
    codes: (): StoredCode[] => sql.codes.all() as StoredCode[],
    /** Open codes that end by then. */
    codesOver: (nowUnixMs: number): StoredCode[] => sql.codesOver.all(nowUnixMs) as StoredCode[],
    nextCodeOver: (): number | null => (sql.nextCodeOver.get() as { at: number | null }).at,
    addCode: (code: Omit<StoredCode, 'state' | 'contact'>) =>
      void sql.addCode.run(
        code.id,
        code.kind,
        code.bytes,
        code.prekeySecret,
        code.token,
        code.createdUnixMs,
        code.expiresUnixMs,
      ),
    /** `contact` is whom it led to. */
    setCode: (id: Uint8Array, state: StoredCode['state'], contact: number | null) =>
      void sql.setCode.run(state, contact, id),
    /** Tokens of the invites that led to a contact. */
    inviteTokens: (contact: number): Uint8Array[] =>
      (sql.inviteTokens.all(contact) as { token: Uint8Array }[]).map(({ token }) => token),
    /** Nothing that was sent to it can be opened from now on. */
    dropPrekey: (id: Uint8Array) => void sql.dropPrekey.run(id),
    /** Codes that are not open any more and have their prekey still. */
    codesWithPrekey: (): StoredCode[] => sql.codesWithPrekey.all() as StoredCode[],
    removeCode: (id: Uint8Array) => void sql.removeCode.run(id),
    /** Whether no command that puts this token waits for its pull (the client's table). */
    isTokenThere: (token: Uint8Array): boolean => sql.tokenWaits.get(token) === undefined,
    isCodeUsed: (id: Uint8Array): boolean => sql.isCodeUsed.get(id) !== undefined,
    markCodeUsed: (id: Uint8Array) => void sql.markCodeUsed.run(id),
  };
}

function requestsIn(sql: Sql) {
  return {
    request: (id: number): StoredRequest | null =>
      (sql.request.get(id) as StoredRequest | undefined) ?? null,
    requestOfKey: (signingKey: Uint8Array): StoredRequest | null =>
      (sql.requestOfKey.get(signingKey) as StoredRequest | undefined) ?? null,
    requests: (): StoredRequest[] => sql.requests.all() as StoredRequest[],
    requestCount: (): number => (sql.requestCount.get() as { count: number }).count,
    requestCountOf: (code: Uint8Array): number =>
      (sql.requestsOfCode.get(code) as { count: number }).count,
    addRequest: (one: Omit<StoredRequest, 'id'>) =>
      void sql.addRequest.run(
        one.requestId,
        one.code,
        one.bytes,
        one.signingKey,
        one.generation,
        one.name,
        one.arrivedUnixMs,
      ),
    removeRequest: (id: number) => void sql.removeRequest.run(id),
    /** Those that came by a code. */
    removeRequestsOf: (code: Uint8Array) => void sql.removeRequestsOf.run(code),
    isRequestSeen: (requestId: Uint8Array): boolean => sql.isSeen.get(requestId) !== undefined,
    seeRequest: (requestId: Uint8Array, untilUnixMs: number) =>
      void sql.see.run(requestId, untilUnixMs),
    forgetSeen: (nowUnixMs: number) => void sql.forgetSeen.run(nowUnixMs),
    isKeyBlocked: (signingKey: Uint8Array): boolean => sql.isBlocked.get(signingKey) !== undefined,
    /** The latest first. */
    strangers: (): StoredStranger[] => sql.strangers.all() as StoredStranger[],
    strangerCount: (): number => (sql.strangerCount.get() as { count: number }).count,
    blockKey: ({ signingKey, name }: Pick<StoredRequest, 'signingKey' | 'name'>, unixMs: number) =>
      void sql.blockKey.run(signingKey, name, unixMs),
    /** Whether there was one of this id. */
    unblock: (id: number): boolean => sql.unblock.run(id).changes > 0,
  };
}

/** A token of contacts beside the mailbox's own: one that comes, or one before it. */
export type ContactsToken = {
  readonly token: Uint8Array;
  readonly state: 'coming' | 'old';
  readonly sinceUnixMs: number;
};

type ContactRow = Omit<StoredContact, 'address' | 'tellsRead'> & {
  readonly address: Uint8Array | null;
  readonly tellsRead: number | null;
};

function contactOf(row: ContactRow): StoredContact {
  const { tellsRead } = row;
  return {
    ...row,
    tellsRead: tellsRead === null ? null : tellsRead === 1,
    address: row.address === null ? null : addressOf(row.address),
  };
}

function addressOf(bytes: Uint8Array): MailboxAddress {
  const parsed = decodeMailboxAddress(bytes, bytes.subarray(0, NETWORK_HASH_SIZE));
  if (!parsed.ok) throw new Error('must hold: a stored address is one');
  return parsed.address;
}

const contactColumns = `id, signing_key AS signingKey, agreement_key AS agreementKey,
  their_name AS theirName, alias, avatar, pair, state, known_since_unix_ms AS knownSinceUnixMs,
  via, verified_unix_ms AS verifiedUnixMs, keys_changed_unix_ms AS keysChangedUnixMs,
  verified_before_unix_ms AS verifiedBeforeUnixMs, tells_read AS tellsRead, address,
  told_token AS toldToken, confirmed_token AS confirmedToken, return_token AS returnToken,
  told_name AS toldName,
  reset_unix_ms AS resetUnixMs, broken_count AS brokenCount, copied_unix_ms AS copiedUnixMs,
  safety_digits AS safetyDigits, safety_scan AS safetyScan`;
const codeColumns = `id, kind, bytes, prekey_secret AS prekeySecret, token,
  created_unix_ms AS createdUnixMs, expires_unix_ms AS expiresUnixMs, state, contact`;
const requestColumns = `id, request_id AS requestId, code, bytes, signing_key AS signingKey,
  generation, name, arrived_unix_ms AS arrivedUnixMs`;

function preparePeople({ prepare }: WriteDb) {
  return {
    profile: prepare(`SELECT identity, name, avatar, created_unix_ms AS createdUnixMs,
      correspondent_used AS used FROM profile`),
    addProfile: prepare(`INSERT INTO profile (only, identity, name, avatar, created_unix_ms)
      VALUES (1, ?, ?, ?, ?)`),
    setProfile: prepare('UPDATE profile SET name = ?, avatar = ?'),
    correspondentUsed: prepare('UPDATE profile SET correspondent_used = 1'),
    contact: prepare(`SELECT ${contactColumns} FROM contact WHERE id = ?`),
    contacts: prepare(`SELECT ${contactColumns} FROM contact ORDER BY id`),
    contactCount: prepare('SELECT count(*) AS count FROM contact'),
    contactOfKey: prepare(`SELECT ${contactColumns} FROM contact WHERE signing_key = ?`),
    addContact: prepare(`INSERT INTO contact (signing_key, agreement_key, their_name, pair, state,
      known_since_unix_ms, via, address, return_token) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    setContact: prepare(`UPDATE contact SET their_name = ?, alias = ?, avatar = ?, state = ?,
      verified_unix_ms = ?, keys_changed_unix_ms = ?, verified_before_unix_ms = ?,
      tells_read = ?, address = ?, told_token = ?, confirmed_token = ?,
      return_token = ?, told_name = ?, reset_unix_ms = ?, broken_count = ?, copied_unix_ms = ?,
      safety_digits = ?, safety_scan = ? WHERE id = ?`),
    contactsToTell: prepare(`SELECT ${contactColumns} FROM contact WHERE state = 'accepted'
      AND address IS NOT NULL AND (told_token IS NOT ? OR told_name IS NOT ?) LIMIT ?`),
    removeContact: prepare('DELETE FROM contact WHERE id = ?'),
    code: prepare(`SELECT ${codeColumns} FROM code WHERE id = ?`),
    codes: prepare(`SELECT ${codeColumns} FROM code ORDER BY created_unix_ms, id`),
    codesOver: prepare(`SELECT ${codeColumns} FROM code
      WHERE state = 'open' AND expires_unix_ms <= ?`),
    addCode: prepare(`INSERT INTO code (id, kind, bytes, prekey_secret, token, created_unix_ms,
      expires_unix_ms, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'open')`),
    setCode: prepare('UPDATE code SET state = ?, contact = ? WHERE id = ?'),
    inviteTokens: prepare("SELECT token FROM code WHERE contact = ? AND kind = 'invite'"),
    dropPrekey: prepare('UPDATE code SET prekey_secret = NULL WHERE id = ?'),
    codesWithPrekey: prepare(`SELECT ${codeColumns} FROM code
      WHERE state <> 'open' AND prekey_secret IS NOT NULL`),
    nextCodeOver: prepare("SELECT min(expires_unix_ms) AS at FROM code WHERE state = 'open'"),
    requestsOfCode: prepare('SELECT count(*) AS count FROM request WHERE code = ?'),
    removeCode: prepare('DELETE FROM code WHERE id = ?'),
    tokenWaits: prepare("SELECT 1 FROM token_command WHERE kind = 'put' AND token = ?"),
    isCodeUsed: prepare('SELECT 1 FROM used_code WHERE id = ?'),
    markCodeUsed: prepare('INSERT OR IGNORE INTO used_code (id) VALUES (?)'),
    request: prepare(`SELECT ${requestColumns} FROM request WHERE id = ?`),
    requestOfKey: prepare(`SELECT ${requestColumns} FROM request WHERE signing_key = ?`),
    requests: prepare(`SELECT ${requestColumns} FROM request ORDER BY id`),
    requestCount: prepare('SELECT count(*) AS count FROM request'),
    addRequest: prepare(`INSERT INTO request (request_id, code, bytes, signing_key, generation,
      name, arrived_unix_ms) VALUES (?, ?, ?, ?, ?, ?, ?)`),
    removeRequest: prepare('DELETE FROM request WHERE id = ?'),
    removeRequestsOf: prepare('DELETE FROM request WHERE code = ?'),
    isSeen: prepare('SELECT 1 FROM seen_request WHERE id = ?'),
    see: prepare('INSERT OR IGNORE INTO seen_request (id, until_unix_ms) VALUES (?, ?)'),
    forgetSeen: prepare('DELETE FROM seen_request WHERE until_unix_ms <= ?'),
    tokens: prepare('SELECT token, state, since_unix_ms AS sinceUnixMs FROM contacts_token'),
    putToken: prepare(`INSERT INTO contacts_token VALUES (?, ?, ?)
      ON CONFLICT (token) DO UPDATE SET state = excluded.state,
        since_unix_ms = excluded.since_unix_ms`),
    dropToken: prepare('DELETE FROM contacts_token WHERE token = ?'),
  };
}

function prepareStrangers({ prepare }: WriteDb) {
  return {
    isBlocked: prepare('SELECT 1 FROM blocked_stranger WHERE signing_key = ?'),
    strangers: prepare(`SELECT id, signing_key AS signingKey, name, since_unix_ms AS sinceUnixMs
      FROM blocked_stranger ORDER BY id DESC`),
    strangerCount: prepare('SELECT count(*) AS count FROM blocked_stranger'),
    blockKey: prepare(`INSERT OR IGNORE INTO blocked_stranger (signing_key, name, since_unix_ms)
      VALUES (?, ?, ?)`),
    unblock: prepare('DELETE FROM blocked_stranger WHERE id = ?'),
  };
}
