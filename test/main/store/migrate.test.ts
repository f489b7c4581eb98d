// Steps between schemas: all or none, history kept and checked, a copy made before and bounded.
import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../main/store/database.ts';
import { type OpenDb, transaction } from '../../../main/store/handle.ts';
import {
  BACKUP_AGE_MS_MAX,
  BACKUPS_MAX,
  backupFolder,
  checksumOf,
  type Migration,
} from '../../../main/store/migrate.ts';
import { codeThrownBy, scratchFolder } from '../../support/store-files.ts';

const key = new Uint8Array(32).fill(7);
const steps: Migration[] = [
  { name: 'words', sql: 'CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT' },
  {
    name: 'lengths',
    sql: 'ALTER TABLE word ADD COLUMN length INTEGER; UPDATE word SET length = 1',
  },
  { name: 'again', sql: 'UPDATE word SET length = length(text)' },
];
const broken: Migration = {
  name: 'broken',
  sql: 'UPDATE word SET length = 9; UPDATE nowhere SET a',
};

const open = (file: string, migrations: readonly Migration[]) =>
  openDatabase({ file, key, migrations });
const wordsOf = (db: OpenDb) => db.prepare('SELECT * FROM word').all();
const backupsOf = (file: string) => {
  try {
    return readdirSync(backupFolder(file)).sort();
  } catch {
    return [];
  }
};

/** A store of schema 1 with one word. */
function oldStore(): string {
  const file = path.join(scratchFolder(), 'profile.db');
  const db = open(file, steps.slice(0, 1));
  transaction(db, (write) => write.prepare('INSERT INTO word (text) VALUES (?)').run('abc'));
  db.close();
  return file;
}

describe('steps', () => {
  it('are all applied to a new file, and recorded with name and checksum', () => {
    const file = path.join(scratchFolder(), 'profile.db');
    const db = open(file, steps);
    const rows = db.prepare('SELECT number, name, checksum FROM schema_step').all();
    expect(rows).toEqual(
      steps.map((step, index) => ({
        number: index + 1,
        name: step.name,
        checksum: checksumOf(step),
      })),
    );
    db.close();
    expect(backupsOf(file)).toEqual([]);
  });

  it('bring an old file forward with what it holds, after a copy of it', () => {
    const file = oldStore();
    const db = open(file, steps);
    expect(wordsOf(db)).toEqual([{ id: 1, text: 'abc', length: 3 }]);
    db.close();
    expect(backupsOf(file)).toEqual(['profile.db.schema-1']);
    const copy = path.join(backupFolder(file), 'profile.db.schema-1');
    expect([statSync(copy).mode & 0o777, statSync(backupFolder(file)).mode & 0o777]).toEqual([
      0o600, 0o700,
    ]);
    expect(readFileSync(copy).includes('SQLite format')).toBe(false);
    const old = open(copy, steps.slice(0, 1));
    expect(wordsOf(old)).toEqual([{ id: 1, text: 'abc' }]);
    old.close();
    const again = open(file, steps);
    expect(wordsOf(again)).toHaveLength(1);
    again.close();
  });

  it('leave the old file where one fails, though those before it went through, and name it', () => {
    const file = oldStore();
    const pending = [...steps, broken];
    const attempt = () => open(file, pending);
    expect(attempt).toThrow('step 4 (broken) failed; the old schema stands');
    expect(codeThrownBy(attempt)).toBe('store_migration');
    expect(backupsOf(file)).toEqual([]);
    const db = open(file, steps.slice(0, 1));
    expect(wordsOf(db)).toEqual([{ id: 1, text: 'abc' }]);
    db.close();
  });

  it('make no file at all where one fails on a new one', () => {
    const folder = scratchFolder();
    expect(codeThrownBy(() => open(path.join(folder, 'profile.db'), [broken]))).toBe(
      'store_migration',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('may not commit on their own', () => {
    const file = oldStore();
    const step = { name: 'escape', sql: "COMMIT; UPDATE word SET text = 'x'" };
    expect(() => open(file, [...steps.slice(0, 1), step])).toThrow('step 2 (escape)');
  });

  it('may make a table anew without cascades, and leave no reference to nothing', () => {
    const file = path.join(scratchFolder(), 'profile.db');
    const base: Migration = {
      name: 'base',
      sql: `CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE two (one INTEGER REFERENCES one(id) ON DELETE CASCADE) STRICT;
        INSERT INTO one VALUES (1), (2);
        INSERT INTO two VALUES (1), (2);`,
    };
    open(file, [base]).close();
    const dangling = { name: 'dangling', sql: 'DELETE FROM one WHERE id = 2' };
    expect(() => open(file, [base, dangling])).toThrow('references');
    const anew: Migration = {
      name: 'anew',
      sql: `CREATE TABLE fresh (id INTEGER PRIMARY KEY, text TEXT) STRICT;
        INSERT INTO fresh (id) SELECT id FROM one;
        DROP TABLE one;
        ALTER TABLE fresh RENAME TO one;`,
    };
    const db = open(file, [base, anew]);
    expect(db.prepare('SELECT one FROM two').all()).toEqual([{ one: 1 }, { one: 2 }]);
    expect(codeThrownBy(() => transaction(db, (w) => w.exec('INSERT INTO two VALUES (7)')))).toBe(
      'SQLITE_CONSTRAINT_FOREIGNKEY',
    );
    db.close();
  });

  it('are the same when only their white space changed, and others when a word did', () => {
    const [first] = steps;
    const sql = first?.sql ?? '';
    const spaced = checksumOf({ name: 'words', sql: `\n  ${sql.replaceAll(' ', '\n\t')}` });
    expect(spaced).toBe(checksumOf({ name: 'words', sql }));
    expect(checksumOf({ name: 'words', sql: `${sql}, WITHOUT ROWID` })).not.toBe(spaced);
    expect(checksumOf({ name: 'other', sql })).not.toBe(spaced);
  });
});

describe('copies', () => {
  it(`are at most ${BACKUPS_MAX}, the newest, and go when they are old`, () => {
    const file = oldStore();
    const many = [...Array(BACKUPS_MAX + 1).keys()].map((step) => ({
      name: `step-${step}`,
      sql: `CREATE TABLE more_${step} (id INTEGER) STRICT`,
    }));
    for (const count of many.keys()) {
      open(file, [...steps.slice(0, 1), ...many.slice(0, count + 1)]).close();
      const copy = path.join(backupFolder(file), `profile.db.schema-${count + 1}`);
      const at = statSync(copy).mtimeMs / 1000 - 100 + count;
      utimesSync(copy, at, at);
    }
    open(file, [...steps.slice(0, 1), ...many]).close();
    expect(backupsOf(file)).toEqual(['profile.db.schema-2', 'profile.db.schema-3']);
    const kept = path.join(backupFolder(file), 'profile.db.schema-3');
    const old = statSync(kept).mtimeMs / 1000 - BACKUP_AGE_MS_MAX / 1000;
    utimesSync(kept, old, old);
    open(file, [...steps.slice(0, 1), ...many]).close();
    expect(backupsOf(file)).toEqual(['profile.db.schema-2']);
  });
});
