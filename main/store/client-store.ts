// What a client keeps, on SQLite (the port is main/mixnet/client/store.ts). Each call is a
// transaction of its own unless it is made inside `atomically`, which is one for all of them.
import { assert } from '../../shared/assert.ts';
import type { WireTokenCommand } from '../../shared/network/mailbox-frames.ts';
import type {
  ClientAccount,
  ClientStore,
  MessageState,
  NewMessage,
  NewPart,
  ReceivedMessage,
  StoredClient,
  StoredMessage,
  StoredPartial,
  TokenCommand,
} from '../mixnet/client/store.ts';
import { SEEN_MAX, SEEN_MS_MAX } from '../mixnet/client/store.ts';
import { prepareClient, type StateRow } from './client-statements.ts';
import { type OpenDb, transaction } from './handle.ts';
import { StoreError } from './store-error.ts';

/** Documents of epochs so long before the newest are of no use to anybody. */
const DOCUMENT_EPOCHS_KEPT = 8;

export type ClientStoreOptions = {
  /** Wall clock, for what is kept for a time. */
  readonly unixMs: () => number;
};

function withPlaces(row: MessageRow, places: readonly TouchedRow[]): StoredMessage {
  const taken = places.filter((place) => place.is_acknowledged === 0 && place.is_taken === 1);
  return {
    ...messageOf(row),
    acknowledged: places.filter((one) => one.is_acknowledged === 1).map((one) => one.place),
    flights: taken.map(({ place, tries }) => ({ index: place, tries })),
    nextIndex: places.reduce((next, { place }) => Math.max(next, place + 1), 0),
  };
}

/**
 * The store on an open database whose schema has the step `client`. What a process that ended left
 * half stored goes.
 */
export function createClientStore(db: OpenDb, options: ClientStoreOptions): ClientStore {
  const sql = transaction(db, prepareClient);
  let isInside = false;

  const atomically = <T>(step: () => T): T => {
    if (isInside) return step();
    isInside = true;
    try {
      return transaction(db, step);
    } finally {
      isInside = false;
    }
  };
  const state = () => sql.state.get() as StateRow;
  const putCommand = (command: TokenCommand): WireTokenCommand => {
    const number = state().token_number + 1;
    sql.tokenNumber.run(number);
    const isPut = command.kind === 'put';
    const limits = isPut
      ? [command.tokenKind, command.quota, command.expiresUnixMs]
      : [null, null, null];
    sql.addCommand.run(number, command.kind, command.token, ...limits);
    if (isPut) sql.putToken.run(command.token, ...limits);
    else sql.removeToken.run(command.token);
    return { ...command, number };
  };

  const loadMessage = (row: MessageRow) => withPlaces(row, sql.touched.all(row.id) as TouchedRow[]);
  unlessFull(() => atomically(() => tidyUp(sql, options.unixMs())));
  return {
    isLocked: () => false,
    atomically,
    documents: {
      load: () => (sql.documents.all() as { bytes: Uint8Array }[]).map(({ bytes }) => bytes),
      save: (epoch, bytes) =>
        atomically(() => {
          sql.saveDocument.run(epoch, bytes);
          sql.dropDocuments.run(epoch - DOCUMENT_EPOCHS_KEPT);
        }),
      remove: (epoch) => atomically(() => void sql.removeDocument.run(epoch)),
    },
    load: () => {
      return atomically((): StoredClient => {
        const row = state();
        return {
          account: accountOf(row),
          providerLink: linkOf(row),
          sequences: {
            mailSequence: row.mail_sequence,
            acknowledgementSequence: row.ack_sequence,
          },
          messages: (sql.messages.all() as MessageRow[]).map(loadMessage),
          expected: sql.expected.all() as StoredClient['expected'],
          partials: (sql.partials.all() as PartialRow[]).map((partial) =>
            partialOf(partial, sql.placesOf.all(partial.id) as PlaceRow[], options.unixMs()),
          ),
          received: (sql.whole.all() as { id: number }[]).map(({ id }) => id),
          tokenCommands: (sql.commands.all() as CommandRow[]).map(commandOf),
        };
      });
    },
    createAccount: (account) => atomically(() => setAccount(account, sql)),
    setToken: (token) => atomically(() => void sql.setToken.run(token)),
    setProviderLink: ({ addresses, linkKeyHash }) =>
      atomically(() => void sql.setLink.run(JSON.stringify(addresses), linkKeyHash)),
    setSequences: ({ mailSequence, acknowledgementSequence }) =>
      atomically(() => void sql.setSequences.run(mailSequence, acknowledgementSequence)),

    addMessage: (message) => atomically(() => addMessage(message, sql)),
    addFragments: (id, first, bodies, isLast) =>
      atomically(() => {
        for (const [at, body] of bodies.entries()) sql.addFragment.run(id, first + at, body);
        if (isLast) sql.markWhole.run(id);
      }),
    fragment: (id, index) => {
      const row = sql.fragment.get(id, index) as { body: Uint8Array } | undefined;
      assert(row !== undefined, 'a fragment that is taken is stored');
      return row.body;
    },
    reserve: ({ identifier, id, index }) =>
      atomically(() => {
        sql.tried.run(id, index);
        sql.expect.run(identifier, id, index);
      }),
    release: ({ identifier, id, index }) =>
      atomically(() => {
        sql.untried.run(id, index);
        sql.unexpect.run(identifier);
      }),
    acknowledged: (id, index) =>
      atomically(() => {
        sql.acknowledge.run(id, index);
        sql.unexpectAll.run(id, index);
      }),
    setState: (id, to) => atomically(() => void sql.setState.run(to, id)),
    remove: (id) => atomically(() => void sql.removeMessage.run(id)),
    renew: (id) =>
      atomically(() => {
        const old = sql.message.get(id) as MessageRow | undefined;
        assert(old !== undefined, 'a message that is renewed is stored');
        const renewed = addMessage(messageOf(old), sql);
        // Fragments and what is expected for them move; the identifiers of old tries still count.
        sql.moveFragments.run(renewed, id);
        sql.freshen.run(renewed);
        sql.markWhole.run(renewed);
        sql.removeMessage.run(id);
        return loadMessage(sql.message.get(renewed) as MessageRow);
      }),

    isSeen: (key) => sql.isSeen.get(key) !== undefined,
    addPart: (part) => atomically(() => addPart(part, options.unixMs(), sql)),
    removePartial: (id) => atomically(() => void sql.removeIncoming.run(id)),
    received: (id) => received(id, sql),
    take: (id) => atomically(() => void sql.removeIncoming.run(id)),

    addTokenCommand: (command) => atomically(() => putCommand(command)),
    removeTokenCommands: (upTo) => atomically(() => void sql.removeCommands.run(upTo)),
    renewTokens: () =>
      atomically(() => {
        sql.removeCommands.run(Number.MAX_SAFE_INTEGER);
        return (sql.tokens.all() as TokenRow[]).map((row) =>
          putCommand({
            kind: 'put',
            token: row.token,
            tokenKind: row.token_kind,
            quota: row.quota,
            expiresUnixMs: row.expires_unix_ms,
          }),
        );
      }),
    expire: (nowUnixMs) =>
      atomically(() => {
        sql.expireSeen.run(nowUnixMs - SEEN_MS_MAX);
        sql.trimSeen.run(SEEN_MAX);
      }),
  };
}

/** When a store is opened, and never later: what is being stored meanwhile is half stored, too. */
function tidyUp(sql: Sql, nowUnixMs: number): void {
  sql.removeHalf.run();
  sql.dateUntaken.run(nowUnixMs);
}

/** Does what can wait for a later start, on a full disk. */
function unlessFull(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'store_full')) throw error;
  }
}

type Sql = ReturnType<typeof prepareClient>;
type MessageRow = {
  id: number;
  message_id: Uint8Array;
  contact_tag: Uint8Array;
  provider_key: Uint8Array;
  mailbox: Uint8Array;
  token: Uint8Array;
  mailbox_key: Uint8Array;
  priority: NewMessage['priority'];
  fragment_count: number;
  size: number;
  state: MessageState;
};
type TouchedRow = { place: number; tries: number; is_taken: number; is_acknowledged: number };
type PartialRow = {
  id: number;
  message_id: Uint8Array;
  contact_tag: Uint8Array;
  fragment_count: number;
  first_unix_ms: number;
  taken_unix_ms: number | null;
};
type PlaceRow = { place: number; size: number };
type TokenRow = {
  token: Uint8Array;
  token_kind: 'contacts' | 'address' | 'invite';
  quota: number | null;
  expires_unix_ms: number | null;
};
type CommandRow = Omit<TokenRow, 'token_kind'> & {
  number: number;
  kind: 'put' | 'remove';
  token_kind: TokenRow['token_kind'] | null;
};

function setAccount(account: ClientAccount, sql: Sql): void {
  const { providerKey, authPublicKey, authSecretKey, token } = account;
  const { mailboxPublicKey, mailboxSecretKey } = account;
  const authKeys = [authPublicKey, authSecretKey] as const;
  sql.setAccount.run(providerKey, ...authKeys, mailboxPublicKey, mailboxSecretKey, token);
}

function addMessage(message: NewMessage, sql: Sql): number {
  const { messageId, contactTag, recipient, priority, fragmentCount, size } = message;
  const { providerKey, mailbox, token, mailboxKey } = recipient;
  const { lastInsertRowid } = sql.addMessage.run(
    messageId,
    contactTag,
    providerKey,
    mailbox,
    token,
    mailboxKey,
    priority,
    fragmentCount,
    size,
  );
  return Number(lastInsertRowid);
}

/** One fragment; with the last one the message is whole and known for good. */
function addPart(part: NewPart, nowUnixMs: number, sql: Sql): number {
  const { messageId, contactTag, fragmentCount, arrivedUnixMs } = part;
  const id =
    part.partial ??
    Number(
      sql.addIncoming.run(messageId, contactTag, fragmentCount, arrivedUnixMs).lastInsertRowid,
    );
  sql.addBody.run(id, part.index, part.ciphertext);
  sql.setTaken.run(part.takenUnixMs ?? nowUnixMs, id);
  if (part.isLast) {
    sql.markReceived.run(id);
    sql.addSeen.run(Buffer.concat([messageId, contactTag]), nowUnixMs);
  }
  return id;
}

function received(id: number, sql: Sql): ReceivedMessage | null {
  const row = sql.incoming.get(id) as PartialRow | undefined;
  if (row === undefined) return null;
  const bodies = sql.bodies.all(id) as { body: Uint8Array }[];
  const bytes = Uint8Array.from(Buffer.concat(bodies.map(({ body }) => body)));
  const { contact_tag: contactTag, first_unix_ms: arrivedUnixMs } = row;
  return { id, contactTag, bytes, arrivedUnixMs };
}

function messageOf(row: MessageRow): NewMessage & { id: number; state: MessageState } {
  const { provider_key: providerKey, mailbox, token, mailbox_key: mailboxKey } = row;
  return {
    id: row.id,
    state: row.state,
    messageId: row.message_id,
    contactTag: row.contact_tag,
    recipient: { providerKey, mailbox, token, mailboxKey },
    priority: row.priority,
    fragmentCount: row.fragment_count,
    size: row.size,
  };
}

/** Of fragments of an earlier version nobody knows when they were taken: they begin now. */
function partialOf(row: PartialRow, places: readonly PlaceRow[], nowUnixMs: number): StoredPartial {
  return {
    id: row.id,
    messageId: row.message_id,
    contactTag: row.contact_tag,
    fragmentCount: row.fragment_count,
    indexes: places.map(({ place }) => place),
    size: places.reduce((sum, { size }) => sum + size, 0),
    takenUnixMs: row.taken_unix_ms ?? nowUnixMs,
  };
}

function commandOf(row: CommandRow): WireTokenCommand {
  const { number, token } = row;
  if (row.kind === 'remove' || row.token_kind === null) return { kind: 'remove', number, token };
  const { token_kind: tokenKind, quota, expires_unix_ms: expiresUnixMs } = row;
  return { kind: 'put', number, token, tokenKind, quota, expiresUnixMs };
}

function accountOf(row: StateRow): ClientAccount | null {
  const { provider_key: providerKey, auth_public_key: authPublicKey, token } = row;
  const { auth_secret_key: authSecretKey } = row;
  const { mailbox_public_key: mailboxPublicKey, mailbox_secret_key: mailboxSecretKey } = row;
  if (providerKey === null || authPublicKey === null || authSecretKey === null) return null;
  if (mailboxPublicKey === null || mailboxSecretKey === null || token === null) return null;
  const mailbox = { mailboxPublicKey, mailboxSecretKey };
  return { providerKey, authPublicKey, authSecretKey, ...mailbox, token };
}

function linkOf(row: StateRow): StoredClient['providerLink'] {
  const { link_addresses: addresses, link_key_hash: linkKeyHash } = row;
  if (addresses === null || linkKeyHash === null) return null;
  return { addresses: JSON.parse(addresses) as string[], linkKeyHash };
}
