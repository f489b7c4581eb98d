// What was said, on a real encrypted file: each change keeps the row of its conversation, a line is
// never there twice, and an index that was changed with it holds what the table holds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connect } from '../../../main/store/database.ts';
import { type OpenDb, transaction } from '../../../main/store/handle.ts';
import type { MessageStore } from '../../../main/store/message-store.ts';
import { openChats } from '../../support/chats.ts';
import { checkProperty } from '../../support/property.ts';
import { codeThrownBy } from '../../support/store-files.ts';
import { addContacts, deliveryOf, uidOf } from '../../support/stored-chats.ts';

const own = (contact: number, uid: number, changes = {}) => ({
  contact,
  uid: uidOf(uid),
  text: `own ${uid}`,
  sentUnixMs: 1_000 + uid,
  delivery: deliveryOf('queued'),
  ...changes,
});
const received = (contact: number, uid: number, changes = {}) => ({
  contact,
  uid: uidOf(uid),
  text: `his ${uid}`,
  sentUnixMs: 1_000 + uid,
  arrivedUnixMs: 2_000 + uid,
  receivedUnixMs: 3_000 + uid,
  ...changes,
});
const inside = <T>(db: OpenDb, step: () => T): T => transaction(db, step);
const chatOf = (db: OpenDb, contact: number) =>
  db
    .prepare('SELECT id, text FROM message WHERE contact = ? ORDER BY place, id')
    .all(contact)
    .map((row) => (row as { text: string }).text);

describe('a message', () => {
  it('is given back as it was stored, with what is known of it', () => {
    const { db, store } = openChats(1);
    const delivery = deliveryOf('retrying', {
      tryCount: 3,
      confirmed: 1,
      all: 4,
      atUnixMs: 77,
    });
    const id = inside(db, () => store.addOwn(own(1, 1, { delivery })));
    const expected = {
      id,
      contact: 1,
      isOwn: true,
      uid: uidOf(1),
      text: 'own 1',
      note: null,
      sentUnixMs: 1_001,
      arrivedUnixMs: null,
      place: 1_001,
      isRead: true,
      delivery,
    };
    const plain = (found: ReturnType<MessageStore['get']>) =>
      found === null ? null : { ...found, uid: found.uid && new Uint8Array(found.uid) };
    expect(plain(store.get(id))).toEqual(expected);
    expect(plain(store.ofUid(1, true, uidOf(1)))).toEqual(expected);
    expect([store.ofUid(1, false, uidOf(1)), store.get(99)]).toEqual([null, null]);
    inside(db, () => store.setDelivery(id, deliveryOf('delivered')));
    expect(store.get(id)).toMatchObject({ delivery: { state: 'delivered' } });
    db.close();
  });

  it('of a contact is there once, and his uid is no matter of an own one or of another', () => {
    const { db, store } = openChats(2);
    inside(db, () => {
      expect(store.addReceived(received(1, 1))).toBe(1);
      expect(store.addReceived(received(1, 1, { text: 'again' }))).toBeNull();
      expect(store.addReceived(received(2, 1))).not.toBeNull();
      expect(store.addOwn(own(1, 1))).toBeGreaterThan(1);
    });
    expect([store.unread(1), store.unread(2), store.count()]).toEqual([1, 1, 3]);
    db.close();
  });

  it('is not of a conversation that has not begun', () => {
    const { db, store } = openChats(1);
    expect(() => inside(db, () => store.addOwn(own(9, 1)))).toThrow('has begun');
    expect(() => inside(db, () => store.addReceived(received(9, 1)))).toThrow('has begun');
    db.close();
  });

  it('has a text of at most 16,384 bytes, and keeps what an editor would not', () => {
    const { db, store } = openChats(1);
    const text = 'a\0b\u{1f600}'.repeat(8) + 'ä'.repeat(8_160);
    const id = inside(db, () => store.addReceived(received(1, 1, { text })));
    expect(store.get(id ?? 0)?.text).toBe(text);
    const longer = { text: 'ä'.repeat(8_193) };
    expect(() => inside(db, () => store.addReceived(received(1, 2, longer)))).toThrow('CHECK');
    db.close();
  });
});

describe('a note', () => {
  it('is a line of its own, read from the start, and can become another', () => {
    const { db, store } = openChats(1);
    const id = inside(db, () => store.addNote(1, { kind: 'gap', count: 2, isLost: false }, 5_000));
    inside(db, () => store.setNote(id, { kind: 'gap', count: 1, isLost: true }));
    expect(store.get(id)).toMatchObject({
      text: '',
      note: { kind: 'gap', count: 1, isLost: true },
      isRead: true,
      delivery: null,
      uid: null,
    });
    expect(store.unread(1)).toBe(0);
    db.close();
  });

  it('of a kind that this version does not know is shown as one', () => {
    const { db, store } = openChats(1);
    const id = inside(db, () => store.addNote(1, { kind: 'keys_changed' }, 5_000));
    const json = JSON.stringify({ kind: 'of_next_year' });
    transaction(db, (write) => write.prepare('UPDATE message SET note = ?').run(json));
    expect(store.get(id)?.note).toEqual({ kind: 'unknown_kind' });
    db.close();
  });
});

describe('reading', () => {
  it('goes up to a line and no further, the oldest first, and gives the uids', () => {
    const { db, store } = openChats(2);
    const ids = inside(db, () => [1, 2, 3, 4].map((uid) => store.addReceived(received(1, uid))));
    inside(db, () => store.addReceived(received(2, 9)));
    const read = (upTo: number, limit: number) =>
      inside(db, () => store.markRead(1, upTo, limit)).map((uid) => uid[3]);
    expect(read(ids[2] ?? 0, 2)).toEqual([1, 2]);
    expect(read(ids[2] ?? 0, 2)).toEqual([3]);
    expect(read(ids[2] ?? 0, 2)).toEqual([]);
    expect([store.unread(1), store.unread(2)]).toEqual([1, 1]);
    expect(inside(db, () => store.markRead(2, ids[3] ?? 0, 9))).toEqual([]);
    db.close();
  });
});

describe('the row of a conversation', () => {
  const kinds = ['own', 'received', 'received', 'note', 'read', 'remove', 'state'] as const;
  type Act = { readonly kind: (typeof kinds)[number]; readonly at: number };
  const acts = fc.array(fc.record({ kind: fc.constantFrom(...kinds), at: fc.nat(40) }), {
    maxLength: 40,
  });
  const states = ['queued', 'failed', 'expired', 'not_confirmed', 'delivered'] as const;

  const carryOut = (store: MessageStore, act: Act, uid: number) => {
    const contact = 1 + (act.at % 2);
    switch (act.kind) {
      case 'own':
        return store.addOwn(own(contact, uid, { sentUnixMs: act.at * 50_000 }));
      case 'received': {
        const at = { sentUnixMs: (act.at * 7_919) % 300_000, arrivedUnixMs: act.at * 50_000 };
        return store.addReceived(received(contact, uid, { ...at, receivedUnixMs: 2_000_000 }));
      }
      case 'note':
        return store.addNote(contact, { kind: 'accepted' }, act.at * 50_000);
      case 'read':
        return store.markRead(contact, act.at, 3);
      case 'remove':
        return store.remove(act.at);
      case 'state': {
        const message = store.get(act.at);
        const state = states[act.at % states.length] ?? 'failed';
        if (message?.delivery != null) store.setDelivery(act.at, deliveryOf(state));
        return state;
      }
    }
  };
  const kept = 'SELECT contact, unread, failed, lines, last FROM conversation ORDER BY contact';
  const counted = `SELECT c.contact,
      (SELECT count(*) FROM message m WHERE m.contact = c.contact AND m.is_read = 0) AS unread,
      (SELECT count(*) FROM message m WHERE m.contact = c.contact
        AND m.state IN ('failed', 'expired', 'not_confirmed')) AS failed,
      (SELECT count(*) FROM message m WHERE m.contact = c.contact) AS lines,
      (SELECT m.id FROM message m WHERE m.contact = c.contact
        ORDER BY place DESC, id DESC LIMIT 1) AS last
    FROM conversation c ORDER BY c.contact`;

  it('says what its messages say, after anything, and so does the index', () => {
    const { db, store } = openChats(2);
    let uid = 0;
    checkProperty(acts, 40, (steps) => {
      for (const act of steps) inside(db, () => carryOut(store, act, ++uid));
      expect(db.prepare(kept).all()).toEqual(db.prepare(counted).all());
      transaction(db, (write) => {
        write.exec("INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)");
        write.exec('DELETE FROM message');
        write.exec('DELETE FROM sqlite_sequence');
        write.exec('UPDATE conversation SET unread = 0, failed = 0, lines = 0, last = NULL');
      });
    });
    db.close();
  });

  it('is found to be wrong where a message came past the store', () => {
    const { db, store } = openChats(2);
    inside(db, () => store.addReceived(received(1, 1)));
    transaction(db, (write) => write.exec('UPDATE message SET is_read = 1'));
    expect(db.prepare(kept).all()).not.toEqual(db.prepare(counted).all());
    db.close();
  });

  it('is there for a contact once, with what was set of it', () => {
    const { db, store } = openChats(0);
    addContacts(db, 1, 1);
    inside(db, () => store.addReceived(received(1, 1)));
    inside(db, () => store.begin(1, 5));
    expect(store.unread(1)).toBe(1);
    db.close();
  });
});

describe('a contact that is removed', () => {
  it('leaves a chat that nobody sees, and that goes line by line', () => {
    const { db, store } = openChats(2);
    const ids = inside(db, () => {
      for (const uid of [1, 2, 3]) store.addReceived(received(1, uid));
      store.addNote(1, { kind: 'accepted' }, 5);
      return [store.addReceived(received(2, 1))];
    });
    expect(store.hasGone()).toBe(false);
    transaction(db, (write) => write.exec('DELETE FROM contact WHERE id = 1'));
    expect([store.hasGone(), store.count()]).toEqual([true, 5]);
    expect(() => store.unread(1)).toThrow('has begun');
    const took = [3, 3, 3].map((limit) => inside(db, () => store.erase(limit)));
    expect([took, store.hasGone(), store.count()]).toEqual([[3, 1, 0], false, 1]);
    expect(store.get(ids[0] ?? 0)?.contact).toBe(2);
    db.close();
  });
});

describe('after an unclean stop', () => {
  const damage = (file: string, sql: string) => {
    const raw = connect(file, {});
    raw.pragma("cipher = 'sqlcipher'");
    raw.pragma(`key = "x'${Buffer.alloc(32, 7).toString('hex')}'"`);
    // Past the rule that nobody writes to the tables of an index.
    raw.unsafeMode(true);
    raw.exec(`UPDATE store_state SET is_clean = 0; ${sql}`);
    raw.close();
  };
  const find = 'SELECT count(*) AS n FROM message_words WHERE message_words MATCH \'"his"\'';
  const filled = () => {
    const { db, store, file, open } = openChats(1);
    inside(db, () => {
      for (let uid = 0; uid < 300; uid++) store.addReceived(received(1, uid));
    });
    db.close();
    return { file, open };
  };

  it('an index of words that is damaged is made anew from the texts', () => {
    const { file, open } = filled();
    damage(file, 'UPDATE message_words_data SET block = zeroblob(40) WHERE id > 100');
    const db = open();
    expect(db.prepare(find).get()).toEqual({ n: 300 });
    // It goes on forgetting what it is told to.
    const rule = "SELECT v FROM message_words_config WHERE k = 'secure-delete'";
    expect(db.prepare(rule).get()).toEqual({ v: 1 });
    db.close();
  });

  it('is not looked for after a clean one', () => {
    const { file, open } = filled();
    damage(
      file,
      `UPDATE message_words_data SET block = zeroblob(40) WHERE id > 100;
        UPDATE store_state SET is_clean = 1`,
    );
    const db = open();
    expect(codeThrownBy(() => db.prepare(find).get())).toBe('store_damaged');
    // It was met, so the next start looks.
    db.close();
    const again = open();
    expect(again.prepare(find).get()).toEqual({ n: 300 });
    again.close();
  });
});

describe('the order of a chat', () => {
  it('is that of the sender within two minutes, and of arrival beyond', () => {
    const { db, store } = openChats(1);
    const at = (uid: number, sentUnixMs: number, receivedUnixMs: number) =>
      inside(db, () =>
        store.addReceived(
          received(1, uid, { sentUnixMs, arrivedUnixMs: receivedUnixMs - 500, receivedUnixMs }),
        ),
      );
    at(1, 1_000, 1_010_000);
    at(3, 3_000, 1_010_000);
    at(2, 2_000, 1_011_000);
    expect(chatOf(db, 1)).toEqual(['his 1', 'his 2', 'his 3']);
    at(4, 2_500, 1_010_000 + 130_000);
    expect(chatOf(db, 1)).toEqual(['his 1', 'his 2', 'his 3', 'his 4']);
    db.close();
  });

  it('keeps own messages where they were said', () => {
    const { db, store } = openChats(1);
    inside(db, () => {
      store.addOwn(own(1, 1, { sentUnixMs: 1_000_000 }));
      // His clock is an hour behind; his answer stays below the question.
      const clock = { sentUnixMs: 1_002_000 - 3_600_000, arrivedUnixMs: 1_002_500 };
      store.addReceived(received(1, 2, { ...clock, receivedUnixMs: 1_003_000 }));
      store.addOwn(own(1, 3, { sentUnixMs: 1_004_000 }));
      // What lay at the provider for a day stands where it arrived there.
      const waited = { sentUnixMs: 800_000, arrivedUnixMs: 801_000, receivedUnixMs: 90_000_000 };
      store.addReceived(received(1, 4, waited));
      // The own clock was set back: what is written now is the last line all the same.
      store.addOwn(own(1, 5, { sentUnixMs: 500_000 }));
    });
    expect(chatOf(db, 1)).toEqual(['his 4', 'own 1', 'his 2', 'own 3', 'own 5']);
    db.close();
  });
});
