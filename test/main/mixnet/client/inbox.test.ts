// What a client makes of mail that is wrong, repeated, or too much: counted, bounded, never given
// twice. On a real store.
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createInbox,
  type Inbox,
  PARTIAL_IDLE_MS,
  PARTIAL_MS_MAX,
  PARTIALS_MAX,
  RECEIVED_MAX,
} from '../../../../main/mixnet/client/inbox.ts';
import type { ClientAccount, ClientStore } from '../../../../main/mixnet/client/store.ts';
import { createClientStore } from '../../../../main/store/client-store.ts';
import { openDatabase } from '../../../../main/store/database.ts';
import { profileMigrations } from '../../../../main/store/migrations.ts';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { encodeFragment, type Fragment } from '../../../../shared/network/fragment.ts';
import {
  CONTENT_SIZE,
  FRAGMENT_BODY_SIZE,
  MESSAGE_SIZE_MAX,
} from '../../../../shared/network/geometry.ts';
import { sealContent } from '../../../../shared/network/seal.ts';
import { drawBytes } from '../../../../shared/random.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { agreementKey } from '../../../support/network.ts';
import { seededRandom } from '../../../support/random.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
});

const NOW = 1_800_000_000_000;

function open({ partialBytesMax = 1e9, messageSizeMax = MESSAGE_SIZE_MAX } = {}) {
  const random = seededRandom('inbox');
  const file = path.join(memoryFolder(), 'profile.db');
  const key = new Uint8Array(32).fill(1);
  const db = openDatabase({ file, key, migrations: profileMigrations });
  const store: ClientStore = createClientStore(db, { unixMs: () => NOW });
  const pair = agreementKey(random, engine);
  const account: ClientAccount = {
    providerKey: drawBytes(random, 32),
    authPublicKey: drawBytes(random, 32),
    authSecretKey: drawBytes(random, 64),
    mailboxPublicKey: pair.publicKey,
    mailboxSecretKey: pair.secretKey,
    token: drawBytes(random, 16),
  };
  const loops = new Set<string>();
  const make = (): Inbox =>
    createInbox(
      {
        engine,
        store,
        isOwnLoop: (id) => loops.has(Buffer.from(id).toString('hex')),
        messageSizeMax,
        partialBytesMax,
      },
      store.load(),
    );
  const state = { inbox: make(), sequence: 0 };
  /** Mail that its provider had at `arrivedUnixMs`, pulled at `nowUnixMs`. */
  const give = (bytes: Uint8Array, arrivedUnixMs = NOW, nowUnixMs = arrivedUnixMs) => {
    const content = sealContent(engine, random, pair.publicKey, bytes);
    if (content === null) throw new Error('the mailbox key is sound');
    state.sequence += 1;
    const mail = { sequence: state.sequence, arrivedUnixMs, content };
    return store.atomically(() => state.inbox.take(mail, account, nowUnixMs));
  };
  const fragment = (change: Partial<Fragment>): Uint8Array =>
    encodeFragment({
      messageId: new Uint8Array(10).fill(1),
      contactTag: new Uint8Array(8).fill(2),
      index: 0,
      count: 1,
      ciphertext: new Uint8Array(FRAGMENT_BODY_SIZE).fill(3),
      ...change,
    });
  const idOf = (number: number) => {
    const id = new Uint8Array(10);
    new DataView(id.buffer).setUint32(0, number);
    return id;
  };
  const restart = () => {
    state.inbox = make();
  };
  return { state, store, account, give, fragment, idOf, loops, restart, random };
}

describe('an inbox', () => {
  it('puts fragments together in any order, over restarts', () => {
    const { state, store, give, fragment, restart } = open();
    const parts = [0, 1, 2].map((index) =>
      fragment({
        index,
        count: 3,
        ciphertext: new Uint8Array(index === 2 ? 7 : FRAGMENT_BODY_SIZE).fill(index),
      }),
    );
    expect(give(parts[2] ?? new Uint8Array(0)).kind).toBe('kept');
    restart();
    expect(give(parts[0] ?? new Uint8Array(0)).kind).toBe('kept');
    restart();
    const taken = give(parts[1] ?? new Uint8Array(0));
    if (taken.kind !== 'received') throw new Error('the message is whole');
    const message = store.received(taken.id);
    expect(message?.bytes.length).toBe(2 * FRAGMENT_BODY_SIZE + 7);
    expect([message?.bytes[0], message?.bytes[FRAGMENT_BODY_SIZE], message?.bytes.at(-1)]).toEqual([
      0, 1, 2,
    ]);
    restart();
    expect(state.inbox.waiting()).toEqual([taken.id]);
    state.inbox.done(taken.id);
    restart();
    expect(state.inbox.waiting()).toEqual([]);
    expect(store.received(taken.id)).toBeNull();
  });

  it('gives nothing twice: not again, not after it was taken, not after a restart', () => {
    const { state, give, fragment, restart } = open();
    const first = give(fragment({}));
    expect(first.kind).toBe('received');
    expect(give(fragment({})).kind).toBe('refused');
    if (first.kind === 'received') state.inbox.done(first.id);
    expect(give(fragment({})).kind).toBe('refused');
    expect(state.inbox.counts().refused.message_again).toBe(2);
    restart();
    expect(give(fragment({})).kind).toBe('refused');
    const half = fragment({ messageId: new Uint8Array(10).fill(8), count: 2 });
    expect([give(half).kind, give(half).kind]).toEqual(['kept', 'refused']);
    expect(state.inbox.counts().refused.fragment_again).toBe(1);
  });

  it('refuses what it cannot open or read, each for its reason', () => {
    const { state, store, account, give, fragment, random } = open();
    const garbage = { sequence: 1, arrivedUnixMs: NOW, content: drawBytes(random, CONTENT_SIZE) };
    expect(state.inbox.take(garbage, account, NOW).kind).toBe('refused');
    const broken = (at: number, value: number) => {
      const bytes = fragment({ count: 2 });
      bytes[at] = value;
      return give(bytes).kind;
    };
    // Index and count, high byte: 0 of 0x02xx, 0x02xx of 2; the padding of a short last fragment.
    expect(broken(10, 0xff)).toBe('refused');
    expect(broken(12, 0xff)).toBe('refused');
    expect(broken(14, 0xff)).toBe('refused');
    const short = fragment({ ciphertext: new Uint8Array(1) });
    short[short.length - 1] = 1;
    expect(give(short).kind).toBe('refused');
    const { refused, partials } = state.inbox.counts();
    expect(refused).toMatchObject({
      seal: 1,
      fragment_index: 1,
      fragment_count: 1,
      fragment_length: 1,
      fragment_padding: 1,
    });
    expect(partials).toBe(0);
    expect(store.load().partials).toEqual([]);
  });

  it('refuses fragments that lie about counts', () => {
    const { state, give, fragment } = open();
    expect(give(fragment({ count: 5, index: 0 })).kind).toBe('kept');
    expect(give(fragment({ count: 6, index: 1 })).kind).toBe('refused');
    expect(give(fragment({ count: 2, index: 1 })).kind).toBe('refused');
    expect(state.inbox.counts().refused.fragment_conflict).toBe(2);
  });

  it('holds so many unfinished messages and no more; the newest are refused', () => {
    const { state, store, give, fragment, idOf } = open();
    for (let number = 0; number < PARTIALS_MAX; number++) {
      give(fragment({ messageId: idOf(number), count: 2 }));
    }
    expect(state.inbox.counts()).toMatchObject({ partials: PARTIALS_MAX });
    expect(state.inbox.counts().refused.inbox_full).toBe(0);
    for (let number = 0; number < 20; number++) {
      const flood = fragment({ messageId: idOf(PARTIALS_MAX + number), count: 2 });
      expect(give(flood).kind).toBe('refused');
    }
    const { partials, partialBytes, refused } = state.inbox.counts();
    expect(partials).toBe(PARTIALS_MAX);
    expect(partialBytes).toBe(PARTIALS_MAX * FRAGMENT_BODY_SIZE);
    expect(refused.inbox_full).toBe(20);
    expect(store.load().partials.length).toBe(PARTIALS_MAX);
    // What was begun before the flood is finished; what needs no room is taken.
    expect(give(fragment({ messageId: idOf(0), count: 2, index: 1 })).kind).toBe('received');
    const single = fragment({ messageId: idOf(9_999), ciphertext: new Uint8Array(1) });
    expect(give(single).kind).toBe('received');
    expect(give(fragment({ messageId: idOf(PARTIALS_MAX), count: 2 })).kind).toBe('kept');
  });

  it.each([false, true])(
    'begins no more than it can finish, by bytes; over a restart: %s',
    (isRestarted) => {
      const { state, give, fragment, idOf, restart } = open({
        partialBytesMax: 6 * FRAGMENT_BODY_SIZE,
      });
      for (let number = 0; number < 2; number++) {
        give(fragment({ messageId: idOf(number), count: 3 }));
      }
      if (isRestarted) restart();
      expect(give(fragment({ messageId: idOf(2), count: 2 })).kind).toBe('refused');
      expect(state.inbox.counts().refused.inbox_full).toBe(1);
      for (const number of [0, 1]) {
        const part = { messageId: idOf(number), count: 3 };
        expect(give(fragment({ ...part, index: 1 })).kind).toBe('kept');
        expect(give(fragment({ ...part, index: 2 })).kind).toBe('received');
      }
      expect(state.inbox.counts()).toMatchObject({ partials: 0, partialBytes: 0, waiting: 2 });
      expect(give(fragment({ messageId: idOf(2), count: 2 })).kind).toBe('kept');
    },
  );

  it('refuses messages that are larger than its largest', () => {
    const { state, give, fragment } = open({ messageSizeMax: 3 * FRAGMENT_BODY_SIZE });
    expect(give(fragment({ count: 4 })).kind).toBe('refused');
    expect(state.inbox.counts().refused.message_too_large).toBe(1);
    expect(give(fragment({ count: 3 })).kind).toBe('kept');
  });

  it('makes room, where it is full, of what has not gone on for an hour', () => {
    const { state, give, fragment, idOf } = open();
    const begun = (number: number) => fragment({ messageId: idOf(number), count: 3 });
    for (let number = 0; number < PARTIALS_MAX; number++) give(begun(number));
    const later = NOW + PARTIAL_IDLE_MS;
    give(fragment({ messageId: idOf(1), count: 3, index: 1 }), later);
    expect(give(begun(PARTIALS_MAX), later).kind).toBe('refused');
    expect(give(begun(PARTIALS_MAX), later + 1).kind).toBe('kept');
    const { partials, refused } = state.inbox.counts();
    expect([partials, refused.partial_idle]).toEqual([2, PARTIALS_MAX - 1]);
    const last = fragment({ messageId: idOf(1), count: 3, index: 2 });
    expect(give(last, later + 1).kind).toBe('received');
  });

  it('forgets what is unfinished for too long', () => {
    const { state, store, give, fragment } = open();
    give(fragment({ count: 2 }));
    store.atomically(() => state.inbox.expire(NOW + PARTIAL_MS_MAX));
    expect(state.inbox.counts().partials).toBe(1);
    store.atomically(() => state.inbox.expire(NOW + PARTIAL_MS_MAX + 1));
    expect(state.inbox.counts()).toMatchObject({ partials: 0, partialBytes: 0 });
    expect(state.inbox.counts().refused.partial_old).toBe(1);
  });

  it.each([false, true])(
    'counts age from when it took the newest fragment; over a restart: %s',
    (isRestarted) => {
      const { state, store, give, fragment, restart } = open();
      // Of a backlog: all of it lay at the provider for longer than fragments are kept here.
      const pulledUnixMs = NOW + 2 * PARTIAL_MS_MAX;
      give(fragment({ count: 3 }), NOW, pulledUnixMs);
      if (isRestarted) restart();
      store.atomically(() => state.inbox.expire(pulledUnixMs + 3_600_000));
      expect(state.inbox.counts().partials).toBe(1);
      const laterUnixMs = pulledUnixMs + PARTIAL_MS_MAX;
      give(fragment({ count: 3, index: 1 }), NOW, laterUnixMs);
      if (isRestarted) restart();
      store.atomically(() => state.inbox.expire(laterUnixMs + PARTIAL_MS_MAX));
      expect(give(fragment({ count: 3, index: 2 }), NOW, laterUnixMs).kind).toBe('received');
    },
  );

  it('takes no more mail where the program takes nothing', () => {
    const { state, give, fragment, idOf } = open();
    for (let number = 0; number < RECEIVED_MAX - 1; number++) {
      give(fragment({ messageId: idOf(number), ciphertext: new Uint8Array(1) }));
    }
    expect(state.inbox.hasRoom()).toBe(true);
    const last = give(fragment({ messageId: idOf(RECEIVED_MAX), ciphertext: new Uint8Array(1) }));
    expect(state.inbox.hasRoom()).toBe(false);
    if (last.kind === 'received') state.inbox.done(last.id);
    expect(state.inbox.hasRoom()).toBe(true);
  });

  it('tells own loops from those that others made up', () => {
    const { state, give, fragment, loops } = open();
    const loop = { contactTag: new Uint8Array(8), messageId: new Uint8Array(10).fill(4) };
    expect(give(fragment(loop)).kind).toBe('refused');
    loops.add('04'.repeat(10));
    expect(give(fragment(loop)).kind).toBe('loop');
    expect(state.inbox.counts().refused.loop_unknown).toBe(1);
    expect(state.inbox.counts().waiting).toBe(0);
  });
});
