// Reading and writing handles: what types say is held at run time, and a step is all or nothing.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../main/store/database.ts';
import {
  type OpenDb,
  STATEMENTS_MAX,
  transaction,
  type WriteDb,
  type WriteStatement,
} from '../../../main/store/handle.ts';
import { codeThrownBy, scratchFolder } from '../../support/store-files.ts';

function open(): OpenDb {
  return openDatabase({
    file: path.join(scratchFolder(), 'profile.db'),
    key: new Uint8Array(32).fill(7),
    migrations: [
      { name: 'words', sql: 'CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT) STRICT' },
    ],
  });
}
const insert = 'INSERT INTO word (text) VALUES (?)';
const textsOf = (db: OpenDb) =>
  db
    .prepare('SELECT text FROM word ORDER BY id')
    .all()
    .map((row) => (row as { text: string }).text);

describe('a read handle', () => {
  it.each([
    insert,
    'DELETE FROM word',
    'INSERT INTO word (text) VALUES (1) RETURNING id',
    'WITH one AS (SELECT 1) INSERT INTO word (text) SELECT * FROM one',
    'PRAGMA user_version = 9',
    'BEGIN',
    'COMMIT',
    "ATTACH ':memory:' AS other",
    'VACUUM',
  ])('prepares no %s', (text) => {
    const db = open();
    expect(() => db.prepare(text)).toThrow('a read handle prepares reads');
    db.close();
  });

  it('has no way to write by its type', () => {
    const db = open();
    // @ts-expect-error a read statement does not run
    expect(db.prepare('SELECT 1').run).toBeUndefined();
    // @ts-expect-error a read handle executes nothing
    expect(db.exec).toBeUndefined();
    const asks = (write: WriteDb) => typeof write;
    // @ts-expect-error what writes asks for a write handle
    expect(asks(db)).toBe('object');
    db.close();
  });
});

describe('a transaction', () => {
  it('commits what its step did, and gives what it gave', () => {
    const db = open();
    const given = transaction(db, (write) => write.prepare(insert).run('a').changes);
    expect([given, textsOf(db)]).toEqual([1, ['a']]);
    db.close();
  });

  it('leaves nothing of a step that throws, and throws the same', () => {
    const db = open();
    const fault = new Error('planned');
    expect(() =>
      transaction(db, (write) => {
        write.prepare(insert).run('a');
        throw fault;
      }),
    ).toThrow(fault);
    expect(textsOf(db)).toEqual([]);
    db.close();
  });

  it('is not nested, waits for nothing, and neither commits nor rolls back inside', () => {
    const db = open();
    const nested = () => transaction(db, () => transaction(db, () => 1));
    expect(nested).toThrow('not inside another');
    expect(() => transaction(db, () => Promise.resolve(1))).toThrow('waits for nothing');
    expect(() =>
      transaction(db, (write) => {
        write.prepare(insert).run('a');
        write.exec('ROLLBACK');
      }),
    ).toThrow('neither commits nor rolls back');
    expect(textsOf(db)).toEqual([]);
    expect(transaction(db, () => 2)).toBe(2);
    db.close();
  });

  it('takes its handle and its writing statements with it', () => {
    const db = open();
    const kept: { write?: WriteDb; statement?: WriteStatement } = {};
    transaction(db, (write) => {
      kept.write = write;
      kept.statement = write.prepare(insert);
    });
    expect(() => kept.write?.prepare(insert)).toThrow('inside its transaction');
    expect(() => kept.write?.exec('DELETE FROM word')).toThrow('inside its transaction');
    expect(() => kept.statement?.run('a')).toThrow('inside a transaction');
    expect(() => kept.statement?.get('a')).toThrow('inside a transaction');
    transaction(db, () => kept.statement?.run('b'));
    expect(textsOf(db)).toEqual(['b']);
    db.close();
    expect(() => transaction(db, () => 1)).toThrow('the database is open');
  });

  it('says that the disk is full, keeps what was there, and goes on', () => {
    const db = open();
    transaction(db, (write) => {
      write.prepare(insert).run('a');
      write.prepare('PRAGMA max_page_count = 12').get();
    });
    const tooMuch = () =>
      transaction(db, (write) => {
        for (let row = 0; row < 100; row++) write.prepare(insert).run('x'.repeat(2_000));
      });
    expect(codeThrownBy(tooMuch)).toBe('store_full');
    expect(textsOf(db)).toEqual(['a']);
    transaction(db, (write) => write.prepare(insert).run('b'));
    expect(textsOf(db)).toEqual(['a', 'b']);
    db.close();
  });
});

describe('statements', () => {
  it('are prepared once for a text, and their number is bounded', () => {
    const db = open();
    expect(db.prepare('SELECT 1')).toBe(db.prepare('SELECT 1'));
    for (let text = 1; text < STATEMENTS_MAX; text++) db.prepare(`SELECT ${text + 1}`);
    expect(() => db.prepare('SELECT 0')).toThrow('texts are constants');
    expect(db.prepare('SELECT 1').get()).toEqual({ 1: 1 });
    db.close();
  });

  it('bind by position and by name, and keep bytes and large numbers', () => {
    const db = open();
    expect(db.prepare('SELECT ? AS a, ? AS b').get('x', null)).toEqual({ a: 'x', b: null });
    expect(db.prepare('SELECT @a AS a').get({ a: Uint8Array.of(1, 2) })).toEqual({
      a: Buffer.from([1, 2]),
    });
    expect(db.prepare('SELECT ? AS n').get(2 ** 53 - 1)).toEqual({ n: 2 ** 53 - 1 });
    db.close();
  });
});
