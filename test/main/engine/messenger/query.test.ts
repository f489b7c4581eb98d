// Words and where they stand: any text is a query, matches fit the snippet as it was written, and
// the index folds what is compared here in the same way.
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  matches,
  parseQuery,
  SNIPPET_LENGTH_MAX,
  snippetOf,
  TRIGRAMS_MAX,
} from '../../../../main/engine/messenger/query.ts';
import { fold, foldWithStarts } from '../../../../main/engine/messenger/text-fold.ts';
import { checkProperty } from '../../../support/property.ts';

const shown = (query: string, text: string) => {
  const { snippet, matches: found } = snippetOf(parseQuery(query), text);
  return found.map(([first, length]) => snippet.slice(first, first + length));
};

describe('a query', () => {
  it.each([
    ['quiet', 'Disquieting news'],
    ['news quiet', 'Disquieting news'],
    ['ÜBER', 'über'],
    ['uber', 'Über'],
    ['cafe', 'the cafe\u0301'],
    ['café', 'the CAFE'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['東京', 'きのう東京に'],
    ['한글', '우리 한글은'],
    ['🙂', 'so 🙂!'],
    ['𐐨𐐩', '𐐀𐐁'],
    ['"', 'a "quoted" word'],
    ['a*', 'a* is a star'],
    ['NOT', 'not an operator'],
    ['-1', 'minus -1'],
  ])('%s is in %s', (query, text) => {
    expect(matches(parseQuery(query), text)).toBe(true);
  });

  it.each([
    ['quiet news', 'quiet only'],
    ['ka', 'が'],
    ['и', 'й'],
    ['a*', 'abc'],
    ['🙃', '🙂'],
    ['ss', 'ß'],
  ])('%s is not in %s', (query, text) => {
    expect(matches(parseQuery(query), text)).toBe(false);
  });

  it('has the sequences that the index knows, each once and so many of them', () => {
    expect(parseQuery('ab c').trigrams).toEqual([]);
    expect(parseQuery('ab cde').trigrams).toEqual(['cde']);
    expect(parseQuery('say"x').trigrams).toEqual(['say', 'ay"', 'y"x']);
    expect(parseQuery('saying aying').trigrams).toEqual(['say', 'ayi', 'yin', 'ing']);
    expect(parseQuery('e\u0301\u0301t').trigrams).toEqual([]);
    expect(parseQuery('🙂🙂🙂🙂').trigrams).toEqual(['🙂🙂🙂']);
    const long = Array.from({ length: 256 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('');
    expect(parseQuery(long).trigrams).toHaveLength(TRIGRAMS_MAX);
    expect(parseQuery(' \0\n ').words).toEqual([]);
  });
});

describe('a snippet', () => {
  it('has its matches where they stand in what was written', () => {
    expect(shown('cafe ÜBER', 'Ins Cafe\u0301 ueber über!')).toEqual(['Cafe\u0301', 'über']);
    expect(shown('abc bcd', 'abcd')).toEqual(['abcd']);
    expect(shown('ab', 'ababxab')).toEqual(['abab', 'ab']);
    expect(shown('i', 'İ')).toEqual(['İ']);
    expect(shown('𐐨', 'x𐐀y')).toEqual(['𐐀']);
  });

  it('shows the words around a far match, begins with a word and says what it leaves out', () => {
    const text = `${'far away '.repeat(40)}the needle, ${'and more '.repeat(40)}`;
    const { snippet, matches: found } = snippetOf(parseQuery('needle'), text);
    expect(snippet).toMatch(/^…(away|far) .*the needle, and more .*…$/);
    expect(snippet.length).toBeLessThanOrEqual(SNIPPET_LENGTH_MAX);
    expect(found).toEqual([[snippet.indexOf('needle'), 6]]);
    expect(snippetOf(parseQuery('two'), 'one\ntwo').snippet).toBe('one two');
  });

  it('fits, whatever was written and sought', () => {
    const letters = fc.constantFrom(...Array.from('aÄäΣςßİıe\u0301\u0300 \n"*%_\0🙂𐐀が한'));
    const text = fc.oneof(
      fc.array(letters, { maxLength: 400 }).map((all) => all.join('')),
      fc
        .array(fc.nat(0xffff), { maxLength: 400 })
        .map((units) => String.fromCharCode(...units).replace(/\p{Cs}/gu, '\ufffd')),
    );
    const part = fc.record({ text, from: fc.nat(400), length: fc.integer({ min: 1, max: 6 }) });
    checkProperty(part, 120, (value) => {
      const units = Array.from(value.text);
      const query = parseQuery(units.slice(value.from, value.from + value.length).join(''));
      if (query.words.length === 0) return;
      expect(matches(query, value.text)).toBe(true);
      const { snippet, matches: found } = snippetOf(query, value.text);
      expect(snippet.length).toBeLessThanOrEqual(SNIPPET_LENGTH_MAX);
      expect(found.length).toBeGreaterThan(0);
      let end = 0;
      for (const [first, length] of found) {
        expect(first).toBeGreaterThanOrEqual(end);
        end = first + length;
      }
      expect(end).toBeLessThanOrEqual(snippet.length);
      const [first = 0, length = 0] = found[0] ?? [];
      const match = fold(snippet.slice(first, first + length));
      const isCut = first + length >= SNIPPET_LENGTH_MAX - 2;
      expect(isCut || query.words.some((word) => match.includes(fold(word)))).toBe(true);
    });
  });
});

describe('folding', () => {
  it('gives each unit the place it came from', () => {
    const { text, starts } = foldWithStarts('E\u0301🙂ß');
    expect([text, [...starts]]).toEqual(['e🙂ß', [0, 2, 3, 4, 5]]);
    const long = 'Ä'.repeat(10_000);
    expect(fold(long)).toBe('a'.repeat(10_000));
  });

  it('gives the index what it folds to the same by itself', () => {
    const db = new Database(':memory:');
    db.exec(`CREATE VIRTUAL TABLE words USING fts5(text,
      tokenize = 'trigram remove_diacritics 1', detail = 'none', columnsize = 0);
      CREATE VIRTUAL TABLE terms USING fts5vocab(words, 'instance')`);
    const add = db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)');
    const codes: number[] = [];
    for (let code = 1; code < 0x3100; code++) codes.push(code);
    db.transaction(() => {
      for (const code of codes) add.run(code, `xy${fold(String.fromCodePoint(code))}`);
      for (const code of codes) add.run(code + 0x10000, `xy${String.fromCodePoint(code)}`);
    })();
    const terms = new Map<number, string>();
    for (const row of db.prepare('SELECT doc, term FROM terms').iterate()) {
      const { doc, term } = row as { doc: number; term: string };
      terms.set(doc, term);
    }
    // Letters that got a capital, or two marks, after the index's tables were made: they are found
    // as they are written.
    const late = /^[\p{Script=Cherokee}\p{Script=Georgian}\u037f\u0528-\u052f\u1c89Ⱟǡ]$/iu;
    const wrong = codes.filter((code) => terms.get(code) !== terms.get(code + 0x10000));
    const letters = wrong.map((code) => String.fromCodePoint(code));
    expect(letters.filter((letter) => !late.test(letter))).toEqual([]);
    db.close();
  });
});
