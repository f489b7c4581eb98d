// The client's store while its profile is locked: answers from memory, and writes every change into
// the spool. Nothing of it can be read from the disk until the profile is open again, when
// `replaySpool` repeats the same calls on the real store.
import { assert } from '../../shared/assert.ts';
import { toHex } from '../../shared/bytes.ts';
import type { WireTokenCommand } from '../../shared/network/mailbox-frames.ts';
import type { ClientStore, StoredClient } from '../mixnet/client/store.ts';
import type { ReadDb } from './handle.ts';
import type { Spool, SpoolWrite } from './spool.ts';

/** Calls that may stand in a spool. */
const replayable = [
  'setProviderLink',
  'setSequences',
  'reserve',
  'release',
  'acknowledged',
  'setState',
  'addPart',
  'removePartial',
  'removeTokenCommands',
  'renewTokens',
] as const satisfies readonly (keyof ClientStore)[];
type Replayable = (typeof replayable)[number];

/** Everything of a client's tables that is needed while they cannot be read. */
export type LockedSnapshot = {
  /** Message id and contact tag of what was received, as hex. */
  readonly seen: Set<string>;
  /** Bodies that are not acknowledged, by `fragmentKey`. */
  readonly bodies: Map<string, Uint8Array>;
  readonly ownTokens: readonly Omit<Extract<WireTokenCommand, { kind: 'put' }>, 'number'>[];
  readonly tokenNumber: number;
  /** The highest id that was given to what came in. */
  readonly incomingId: number;
};

export const fragmentKey = (id: number, index: number) => `${id}:${index}`;

/** How many rows of a table one step reads: a few ms. */
export const SNAPSHOT_ROWS = 2_000;

/**
 * Reads what `createLockedStore` needs, a part for each call of `next`, until that gives true; the
 * last parts are to be read in the step in which the store is exchanged.
 */
export function snapshotReader(db: ReadDb): {
  readonly next: () => boolean;
  readonly finish: () => LockedSnapshot;
} {
  const seen = new Set<string>();
  const bodies = new Map<string, Uint8Array>();
  let seenTo = 0;
  let bodyTo = 0;
  const readSeen = (): boolean => {
    const rows = db
      .prepare('SELECT ref, key FROM seen WHERE ref > ? ORDER BY ref LIMIT ?')
      .all(seenTo, SNAPSHOT_ROWS) as { ref: number; key: Uint8Array }[];
    for (const { key } of rows) seen.add(toHex(key));
    seenTo = rows.at(-1)?.ref ?? seenTo;
    return rows.length < SNAPSHOT_ROWS;
  };
  const readBodies = (): boolean => {
    const rows = db
      .prepare(
        `SELECT rowid AS row, message, place, body FROM outgoing_fragment
          WHERE is_acknowledged = 0 AND rowid > ? ORDER BY rowid LIMIT ?`,
      )
      .all(bodyTo, SNAPSHOT_ROWS) as {
      row: number;
      message: number;
      place: number;
      body: Uint8Array;
    }[];
    for (const { message, place, body } of rows) bodies.set(fragmentKey(message, place), body);
    bodyTo = rows.at(-1)?.row ?? bodyTo;
    return rows.length < SNAPSHOT_ROWS;
  };
  return {
    next: () => readSeen() && readBodies(),
    finish: () => {
      while (!(readSeen() && readBodies()));
      const state = db.prepare('SELECT token_number AS n FROM client_state').get() as { n: number };
      const last = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'incoming'").get() as
        | { seq: number }
        | undefined;
      const ownTokens = db
        .prepare(
          `SELECT 'put' AS kind, token, token_kind AS tokenKind, quota,
            expires_unix_ms AS expiresUnixMs FROM own_token ORDER BY token`,
        )
        .all() as LockedSnapshot['ownTokens'];
      return { seen, bodies, ownTokens, tokenNumber: state.n, incomingId: last?.seq ?? 0 };
    },
  };
}

/** What the profile did not spool: a call that no locked client makes. */
function unlockedOnly(): never {
  throw new Error('must hold: a locked profile sends and takes nothing');
}

export function createLockedStore(snapshot: LockedSnapshot, spool: Spool): ClientStore {
  const { seen, bodies } = snapshot;
  let { tokenNumber, incomingId } = snapshot;
  let open: SpoolWrite[] | null = null;

  const atomically = <T>(step: () => T): T => {
    if (open !== null) return step();
    open = [];
    try {
      const result = step();
      if (open.length > 0) spool.append(open);
      return result;
    } finally {
      open = null;
    }
  };
  const write = (name: Replayable, ...values: unknown[]): void =>
    atomically(() => {
      assert(open !== null, 'a write is inside a step');
      open.push([name, ...values]);
    });
  const empty: StoredClient = {
    account: null,
    providerLink: null,
    sequences: { mailSequence: 0, acknowledgementSequence: 0 },
    messages: [],
    expected: [],
    partials: [],
    received: [],
    tokenCommands: [],
  };

  return {
    isLocked: () => true,
    atomically,
    // Documents are fetched anew where they are missing: they need no spool.
    documents: { load: () => [], save: () => {}, remove: () => {} },
    load: () => empty,
    createAccount: unlockedOnly,
    setToken: unlockedOnly,
    setProviderLink: (link) => write('setProviderLink', link),
    setSequences: (sequences) => write('setSequences', sequences),
    addMessage: unlockedOnly,
    addFragments: unlockedOnly,
    fragment: (id, index) => {
      const body = bodies.get(fragmentKey(id, index));
      assert(body !== undefined, 'a fragment that is taken was there when it was locked');
      return body;
    },
    reserve: (expected) => write('reserve', expected),
    release: (expected) => write('release', expected),
    acknowledged: (id, index) => {
      bodies.delete(fragmentKey(id, index));
      write('acknowledged', id, index);
    },
    setState: (id, state) => write('setState', id, state),
    remove: unlockedOnly,
    renew: unlockedOnly,
    isSeen: (key) => seen.has(toHex(key)),
    addPart: (part) => {
      if (part.isLast) seen.add(toHex(part.messageId) + toHex(part.contactTag));
      write('addPart', part);
      if (part.partial !== null) return part.partial;
      incomingId += 1;
      return incomingId;
    },
    removePartial: (id) => write('removePartial', id),
    received: () => null,
    take: unlockedOnly,
    addTokenCommand: unlockedOnly,
    removeTokenCommands: (upTo) => write('removeTokenCommands', upTo),
    renewTokens: () => {
      write('renewTokens');
      return snapshot.ownTokens.map((command) => {
        tokenNumber += 1;
        return { ...command, number: tokenNumber };
      });
    },
    expire: () => {},
  };
}

/** Repeats one step of a spool on the real store; ids come out as they were given while locked. */
export function replayStep(store: ClientStore, writes: readonly SpoolWrite[]): void {
  for (const [name, ...values] of writes) {
    assert(isReplayable(name), 'a spool holds writes of the client alone');
    const call = store[name] as (...given: unknown[]) => unknown;
    call(...values);
  }
}

function isReplayable(name: string): name is Replayable {
  return (replayable as readonly string[]).includes(name);
}
