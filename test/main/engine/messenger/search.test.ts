// The search on a real index, against looking at every text: the same hits, newest first, over any
// pages; no query is refused, and none asks for more than its steps allow.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, parseQuery } from '../../../../main/engine/messenger/query.ts';
import {
  ASKED_MAX,
  CONTACT_HITS_MAX,
  findMessages,
  LOOKED_MAX,
  LOOKED_PER_STEP,
} from '../../../../main/engine/messenger/search.ts';
import { type OpenDb, transaction } from '../../../../main/store/handle.ts';
import { createMessageSearch } from '../../../../main/store/message-search.ts';
import { HITS_MAX, QUERY_LENGTH_MAX } from '../../../../shared/api-chat.ts';
import { openMessengerChats } from '../../../support/chats.ts';
import { checkProperty } from '../../../support/property.ts';
import { addContacts, uidOf } from '../../../support/stored-chats.ts';

type Profile = ReturnType<typeof openMessengerChats>;

/** Texts of a contact, as they came; ids go on. */
function fill(db: OpenDb, contact: number, texts: readonly string[]): void {
  transaction(db, (write) => {
    const add = write.prepare(`INSERT INTO message (contact, is_own, uid, text, sent_unix_ms,
      place, is_read) VALUES (?, 0, ?, ?, 1, 1, 1)`);
    const { count } = write.prepare('SELECT count(*) AS count FROM message').get() as {
      count: number;
    };
    for (const [at, text] of texts.entries()) add.run(contact, uidOf(count + at), text);
    const lines = 'UPDATE conversation SET lines = lines + ? WHERE contact = ?';
    write.prepare(lines).run(texts.length, contact);
  });
}

/** All hits over pages of `limit`. */
async function searched(profile: Profile, text: string, limit = HITS_MAX, contact?: number) {
  const ids: number[] = [];
  const of = contact === undefined ? {} : { contact };
  for (let before: number | undefined; ; ) {
    const at = before === undefined ? {} : { before };
    const { hits, next } = await profile.call('search', { text, limit, ...of, ...at });
    for (const hit of hits) ids.push(hit.message.id);
    if (next === null) return ids;
    before = next;
  }
}

const letters = 'aäbcß éE-"*\'()^:%_🙂東京한ς\0\ud800';
const unit = fc.constantFrom(...Array.from(letters));
/** Any units at all, lone halves of pairs and NUL among them. */
const anything = fc
  .array(fc.nat(0xffff), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));
const words = fc.array(unit, { maxLength: 9 }).map((all) => all.join(''));

describe('a search', () => {
  it('finds what looking at every text finds, newest first, in pages of any size', async () => {
    const profile = openMessengerChats(2);
    const { db } = profile;
    const texts: { text: string; contact: number }[] = [];
    const gather = fc.record({ texts: fc.array(words, { minLength: 30, maxLength: 30 }) });
    for (const [at, made] of fc.sample(gather, { numRuns: 8, seed: 7 }).entries()) {
      fill(db, 1 + (at % 2), made.texts);
      for (const text of made.texts) texts.push({ text, contact: 1 + (at % 2) });
    }
    const queries = [...fc.sample(words, { numRuns: 60, seed: 8 }), 'aäb', 'bcß', 'é e', '東京한'];
    let found = 0;
    for (const text of queries.filter((query) => query !== '')) {
      const query = parseQuery(text);
      const expected = texts.flatMap((one, index) =>
        query.words.length > 0 && matches(query, one.text.replace(/\p{Cs}/gu, '\ufffd'))
          ? [{ id: index + 1, contact: one.contact }]
          : [],
      );
      const ids = expected.map(({ id }) => id).reverse();
      expect(await searched(profile, text, 7)).toEqual(ids);
      const second = expected.filter(({ contact }) => contact === 2).map(({ id }) => id);
      expect(await searched(profile, text, 3, 2)).toEqual(second.reverse());
      found += ids.length;
    }
    expect(found).toBeGreaterThan(100);
    db.close();
  });

  it('takes any query, and its matches are in its snippets', async () => {
    const profile = openMessengerChats(1);
    fill(profile.db, 1, ['a "b" c', 'NEAR(a b)', 'x OR y', 'plain words here']);
    const evil = [
      '"',
      '""',
      '"a',
      'a"b"c',
      'a AND',
      'NOT NOT',
      'NEAR(',
      'text:a',
      '^a',
      'a*',
      '(a',
    ];
    const more = [
      "'; DROP TABLE message --",
      '\0\0\0',
      'a\0bcd',
      '\ud800\ud800\ud800',
      '%',
      '{a b}:',
    ];
    const queries = [...evil, ...more, ...fc.sample(anything, 40), 'x OR y'];
    for (const text of queries) {
      if (text === '' || text.length > QUERY_LENGTH_MAX) continue;
      const { hits } = await profile.call('search', { text, limit: 5 });
      for (const { snippet, matches: ranges } of hits) {
        for (const [first, length] of ranges) {
          expect(first + length).toBeLessThanOrEqual(snippet.length);
        }
      }
    }
    const { hits } = await profile.call('search', { text: 'OR y', limit: 5 });
    expect(hits.map(({ snippet, matches: ranges }) => [snippet, ranges])).toEqual([
      [
        'x OR y',
        [
          [2, 2],
          [5, 1],
        ],
      ],
    ]);
    profile.db.close();
  });

  it('finds contacts by all they are called, in the first page alone', async () => {
    const profile = openMessengerChats(2);
    transaction(profile.db, (write) => {
      write.exec("UPDATE contact SET alias = 'Zoë from work' WHERE id = 2");
    });
    fill(profile.db, 1, ['zoe, zoe']);
    const first = await profile.call('search', { text: 'zoe', limit: 5 });
    expect([first.contacts, first.hits.length]).toEqual([[2], 1]);
    expect((await profile.call('search', { text: 'PERSON', limit: 5 })).contacts).toEqual([1, 2]);
    const next = await profile.call('search', { text: 'zoe', limit: 5, before: 1 });
    expect([next.contacts, next.hits]).toEqual([[], []]);
    addContacts(profile.db, 3, CONTACT_HITS_MAX);
    const many = await profile.call('search', { text: 'person', limit: 5 });
    expect(many.contacts).toHaveLength(CONTACT_HITS_MAX);
    profile.db.close();
  });

  it('of one or two characters goes so far back on each page, and says so', async () => {
    const profile = openMessengerChats(1);
    const old = ['xy at the very start'];
    const filler = Array.from({ length: LOOKED_MAX - 1 }, () => 'no');
    fill(profile.db, 1, [...old, ...filler, 'xy, not so long ago', 'no']);
    const far = await profile.call('search', { text: 'xy', limit: 5 });
    expect([far.hits.map(({ message }) => message.id), far.next, far.isPartial]).toEqual([
      [LOOKED_MAX + 1],
      3,
      true,
    ]);
    const rest = await profile.call('search', { text: 'xy', limit: 5, before: 3 });
    expect([rest.hits.map(({ message }) => message.id), rest.next, rest.isPartial]).toEqual([
      [1],
      null,
      undefined,
    ]);
    const none = await profile.call('search', { text: 'qq', limit: 5 });
    expect(none).toEqual({ hits: [], next: 3, contacts: [], isPartial: true });
    // Whoever goes on finds all of it.
    expect(await searched(profile, 'xy')).toEqual([LOOKED_MAX + 1, 1]);
    // With one that is longer beside it, everything is looked through.
    expect(await searched(profile, 'xy start')).toEqual([1]);
    profile.db.close();
  });

  it('in one long chat is bounded by what all chats have of a word', async () => {
    const profile = openMessengerChats(2);
    fill(profile.db, 1, ['abc, at the very start']);
    fill(
      profile.db,
      1,
      Array.from({ length: LOOKED_MAX }, () => 'no'),
    );
    fill(
      profile.db,
      2,
      Array.from({ length: LOOKED_MAX - 1 }, () => 'abc'),
    );
    const far = await profile.call('search', { text: 'abc', limit: 5, contact: 1 });
    expect(far).toMatchObject({ hits: [{ message: { id: 1 } }], next: null });
    fill(profile.db, 2, ['abc']);
    const further = await profile.call('search', { text: 'abc', limit: 5, contact: 1 });
    const next = LOOKED_MAX + 2;
    expect(further).toEqual({ hits: [], next, contacts: [], isPartial: true });
    expect(await searched(profile, 'abc', 5, 1)).toEqual([1]);
    profile.db.close();
  });

  it('finds nothing of a contact that was removed', async () => {
    const profile = openMessengerChats(2);
    fill(profile.db, 1, ['gone with him']);
    fill(profile.db, 2, ['gone for a walk']);
    transaction(profile.db, (write) => write.exec('DELETE FROM contact WHERE id = 1'));
    expect(await searched(profile, 'gone')).toEqual([2]);
    expect(await searched(profile, 'go')).toEqual([2]);
    profile.db.close();
  });
});

describe('its steps', () => {
  it('are short, whatever is sought', async () => {
    const profile = openMessengerChats(1);
    fill(
      profile.db,
      1,
      Array.from({ length: 3_000 }, (_, at) => `word ${at}`),
    );
    const search = createMessageSearch(profile.db);
    const sizes: number[] = [];
    const noted = <T extends readonly unknown[]>(found: T): T => {
      sizes.push(found.length);
      return found;
    };
    const options = {
      search: {
        ...search,
        scanned: (...args: Parameters<typeof search.scanned>) => noted(search.scanned(...args)),
        indexed: (...args: Parameters<typeof search.indexed>) => noted(search.indexed(...args)),
      },
      step: async <T>(run: () => T) => transaction(profile.db, run),
      message: profile.store.get,
      show: (message: { id: number }) => profile.chats.message(message.id) as never,
    };
    await findMessages(options, { text: '9 8', limit: HITS_MAX });
    await findMessages(options, { text: 'word 99', limit: HITS_MAX });
    expect(Math.max(...sizes)).toBe(LOOKED_PER_STEP);
    expect(sizes.length).toBeGreaterThan(5);
    profile.db.close();
  });

  it('ask the index for the rarest sequences alone, the rarest first', async () => {
    const profile = openMessengerChats(1);
    const texts = Array.from({ length: 2_000 }, (_, at) => {
      const nature = at % 20 === 0 ? 'nature ' : '';
      return `${nature}station${at % 2 === 0 ? ' tion' : ''}`;
    });
    fill(profile.db, 1, [...texts, ...Array.from({ length: LOOKED_MAX }, () => 'elsewhere')]);
    const search = createMessageSearch(profile.db);
    expect(search.shareOf('tio')).toBeCloseTo(64 / (64 + LOOKED_MAX), 3);
    expect(search.shareOf('atu')).toBeLessThan(search.shareOf('tio') / 1.05);
    expect(search.shareOf('xyz')).toBe(0);
    const asked: (readonly string[])[] = [];
    const options = {
      search: {
        ...search,
        indexed: (...args: Parameters<typeof search.indexed>) => {
          asked.push(args[0]);
          return search.indexed(...args);
        },
      },
      step: async <T>(run: () => T) => transaction(profile.db, run),
      message: profile.store.get,
      show: (message: { id: number }) => profile.chats.message(message.id) as never,
    };
    const { hits } = await findMessages(options, { text: 'station nature', limit: HITS_MAX });
    expect(hits).toHaveLength(HITS_MAX);
    expect(asked[0]).toHaveLength(ASKED_MAX);
    expect(new Set(asked[0])).toEqual(new Set(['nat', 'atu', 'tur', 'ure']));
    profile.db.close();
  });

  it('read by an index, or the newest rows first', () => {
    const profile = openMessengerChats(1);
    const plan = (sql: string) =>
      (profile.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[])
        .map(({ detail }) => detail)
        .join('; ');
    const page = 'SELECT * FROM message WHERE contact = 1';
    const order = 'ORDER BY place DESC, id DESC LIMIT 50';
    expect(plan(`${page} ${order}`)).toBe('SEARCH message USING INDEX message_place (contact=?)');
    expect(plan(`${page} AND (place, id) < (1, 1) ${order}`)).toBe(
      'SEARCH message USING INDEX message_place (contact=? AND place<?)',
    );
    expect(
      plan('SELECT id FROM message WHERE contact = 1 AND is_read = 0 ORDER BY place, id'),
    ).toBe('SEARCH message USING COVERING INDEX message_unread (contact=?)');
    profile.db.close();
  });
});

describe('a text with any character', () => {
  it('goes out of the index as it went in', () => {
    const profile = openMessengerChats(1);
    checkProperty(fc.array(fc.oneof(words, anything), { maxLength: 12 }), 30, (texts) => {
      fill(
        profile.db,
        1,
        texts.filter((text) => Buffer.byteLength(text) <= 16_384),
      );
      transaction(profile.db, (write) => {
        write.exec('DELETE FROM message WHERE id % 3 = 1');
        write.exec("INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)");
        write.exec('DELETE FROM message');
        write.exec("INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)");
      });
      const left = profile.db.prepare(
        'SELECT rowid FROM message_words WHERE message_words MATCH ?',
      );
      expect(left.all('"aäb"')).toEqual([]);
    });
    profile.db.close();
  });
});
