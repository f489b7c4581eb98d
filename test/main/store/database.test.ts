// Opening: what is made, and every refusal with the file kept byte for byte.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { connect, openDatabase } from '../../../main/store/database.ts';
import { type OpenDb, transaction } from '../../../main/store/handle.ts';
import type { Migration } from '../../../main/store/migrate.ts';
import { StoreError } from '../../../main/store/store-error.ts';
import { codeThrownBy, hashesOf, scratchFolder } from '../../support/store-files.ts';

const key = new Uint8Array(32).fill(7);
const migrations: Migration[] = [
  { name: 'words', sql: 'CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT' },
];

const open = (file: string, given: Partial<Parameters<typeof openDatabase>[0]> = {}) =>
  openDatabase({ file, key, migrations, ...given });

function fill(db: OpenDb, rows: number): void {
  transaction(db, (write) => {
    const put = write.prepare('INSERT INTO word (text) VALUES (?)');
    for (let row = 0; row < rows; row++) put.run(`word ${row} ${'x'.repeat(200)}`);
  });
}

const countOf = (db: OpenDb) =>
  (db.prepare('SELECT count(*) AS count FROM word').get() as { count: number }).count;

/** A store of some pages after a clean stop. */
function closedStore(rows = 500): string {
  const file = path.join(scratchFolder(), 'profile.db');
  const db = open(file);
  fill(db, rows);
  db.close();
  return file;
}

/** The same after a stop without a close: with a log, and the mark of a store in use. */
function uncleanStore(rows = 500): string {
  const from = path.join(scratchFolder(), 'profile.db');
  const db = open(from);
  fill(db, rows);
  const file = path.join(scratchFolder(), 'profile.db');
  for (const end of ['', '-wal', '.check']) cpSync(from + end, file + end);
  db.close();
  return file;
}

function edit(file: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
}

describe('a new store', () => {
  it('is encrypted, readable by its user alone, and whole after it was closed', () => {
    const file = path.join(scratchFolder(), 'profile.db');
    const db = open(file);
    fill(db, 3);
    for (const name of readdirSync(path.dirname(file))) {
      expect([name, statSync(path.join(path.dirname(file), name)).mode & 0o777]).toEqual([
        name,
        0o600,
      ]);
    }
    db.close();
    expect(readdirSync(path.dirname(file)).sort()).toEqual(['profile.db', 'profile.db.check']);
    expect(readFileSync(file).includes('SQLite format')).toBe(false);
    expect(readFileSync(file).includes('word')).toBe(false);
    const again = open(file);
    expect(countOf(again)).toBe(3);
    again.close();
    again.close();
  });

  it('is begun anew where a first start broke off before it was whole', () => {
    const file = path.join(scratchFolder(), 'profile.db');
    for (const end of ['.new', '.new-wal', '.new-shm', '.new-journal']) {
      writeFileSync(file + end, 'half');
    }
    const db = open(file);
    expect(countOf(db)).toBe(0);
    db.close();
    expect(readdirSync(path.dirname(file)).sort()).toEqual(['profile.db', 'profile.db.check']);
  });

  it('sets every rule of a connection', () => {
    const file = closedStore(1);
    const db = open(file);
    transaction(db, (write) => {
      const rule = (name: string) => Object.values(write.prepare(`PRAGMA ${name}`).get() ?? {})[0];
      expect({
        journal: rule('journal_mode'),
        synchronous: rule('synchronous'),
        keys: rule('foreign_keys'),
        erase: rule('secure_delete'),
        temp: rule('temp_store'),
        cells: rule('cell_size_check'),
        trusted: rule('trusted_schema'),
        cipher: rule('cipher'),
        // FULL is 2, MEMORY is 2.
      }).toEqual({
        journal: 'wal',
        synchronous: 2,
        keys: 1,
        erase: 1,
        temp: 2,
        cells: 1,
        trusted: 0,
        cipher: 'sqlcipher',
      });
    });
    db.close();
  });

  it('leaves no deleted word in file or log after a checkpoint', () => {
    // Encryption hides words anyway; what the cipher covers is looked at under the right key.
    const file = path.join(scratchFolder(), 'profile.db');
    const db = open(file);
    fill(db, 300);
    transaction(db, (write) => void write.prepare('DELETE FROM word').run());
    expect(db.checkpoint()).toBe(true);
    expect(statSync(`${file}-wal`).size).toBe(0);
    db.close();
    expect(plainBytes(file).includes('word 17 ')).toBe(false);
    const kept = closedStore(20);
    expect(plainBytes(kept).includes('word 17 ')).toBe(true);
  });
});

/** Every page as SQLite sees it, by the addon's own decryption. */
function plainBytes(file: string): Buffer {
  const raw = connect(file, { readonly: true });
  raw.pragma("cipher = 'sqlcipher'");
  raw.pragma(`key = "x'${Buffer.from(key).toString('hex')}'"`);
  const bytes = raw.serialize();
  raw.close();
  return bytes;
}

type Refused = readonly [
  string,
  () => string,
  string,
  Partial<Parameters<typeof openDatabase>[0]>?,
];

const refused: Refused[] = [
  ['a wrong key', () => closedStore(), 'store_key', { key: new Uint8Array(32).fill(8) }],
  ['a wrong key, with a log', () => uncleanStore(), 'store_key', { key: new Uint8Array(32) }],
  ['a short key', () => closedStore(), 'store_key', { key: new Uint8Array(31) }],
  ['an empty key', () => closedStore(), 'store_key', { key: new Uint8Array(0) }],
  ['a newer schema', () => closedStore(), 'store_newer', { migrations: [] }],
  ['a newer schema, with a log', () => uncleanStore(), 'store_newer', { migrations: [] }],
  [
    'a changed step',
    () => closedStore(),
    'store_newer',
    { migrations: [{ name: 'words', sql: 'CREATE TABLE word (id INTEGER) STRICT' }] },
  ],
  [
    'garbage at the start',
    () => {
      const file = closedStore();
      edit(file, (bytes) => bytes.fill(0x5a, 0, 100));
      return file;
    },
    'store_damaged',
  ],
  [
    'one flipped bit of the first page',
    () => {
      const file = closedStore();
      edit(file, (bytes) => bytes.writeUInt8(bytes.readUInt8(2000) ^ 1, 2000));
      return file;
    },
    'store_damaged',
  ],
  [
    'a file cut to a third',
    () => {
      const file = closedStore();
      truncateSync(file, Math.floor(statSync(file).size / 3 / 4096) * 4096);
      return file;
    },
    'store_damaged',
  ],
  [
    'a file cut inside its first page',
    () => {
      const file = closedStore();
      truncateSync(file, 1000);
      return file;
    },
    'store_damaged',
  ],
  [
    'a file cut to nothing',
    () => {
      const file = closedStore();
      truncateSync(file, 0);
      return file;
    },
    'store_damaged',
  ],
  [
    'one flipped bit in a late page, after an unclean stop',
    () => {
      const file = uncleanStore();
      moveLogIn(file);
      const at = statSync(file).size - 2 * 4096 + 50;
      edit(file, (bytes) => bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at));
      return file;
    },
    'store_damaged',
  ],
  [
    'a page flipped in the file while its log holds others',
    () => {
      const file = uncleanStore();
      moveLogIn(file);
      const raw = connectUnderKey(file);
      raw.exec("INSERT INTO word (text) VALUES ('one more')");
      const copy = path.join(scratchFolder(), 'profile.db');
      for (const end of ['', '-wal', '.check']) cpSync(file + end, copy + end);
      raw.close();
      edit(copy, (bytes) => bytes.writeUInt8(bytes.readUInt8(12 * 4096 + 50) ^ 1, 12 * 4096 + 50));
      return copy;
    },
    'store_damaged',
  ],
  [
    'a log without its file',
    () => {
      const file = uncleanStore();
      rmSync(file);
      return file;
    },
    'store_damaged',
  ],
  [
    'a text',
    () => {
      const file = closedStore();
      writeFileSync(file, 'not a database at all\n'.repeat(1000));
      return file;
    },
    'store_damaged',
  ],
  [
    'a text whose key nobody can vouch for',
    () => {
      const file = path.join(scratchFolder(), 'profile.db');
      writeFileSync(file, 'not a database at all\n'.repeat(1000));
      return file;
    },
    'store_key',
  ],
  [
    'a database without encryption',
    () => {
      const file = path.join(scratchFolder(), 'profile.db');
      const raw = connect(file, {});
      raw.exec('CREATE TABLE word (id INTEGER)');
      raw.close();
      return file;
    },
    'store_damaged',
  ],
  [
    'an encrypted database of something else',
    () => {
      const file = path.join(scratchFolder(), 'profile.db');
      const raw = connect(file, {});
      raw.pragma("cipher = 'sqlcipher'");
      raw.pragma(`key = "x'${Buffer.from(key).toString('hex')}'"`);
      raw.exec('CREATE TABLE other (id INTEGER)');
      raw.close();
      return file;
    },
    'store_damaged',
  ],
];

/** Moves the log into the file as another program would, and leaves the mark of a store in use. */
function moveLogIn(file: string): void {
  const raw = connectUnderKey(file);
  raw.pragma('wal_checkpoint(TRUNCATE)');
  raw.close();
}

function connectUnderKey(file: string) {
  const raw = connect(file, {});
  raw.pragma("cipher = 'sqlcipher'");
  raw.pragma(`key = "x'${Buffer.from(key).toString('hex')}'"`);
  return raw;
}

describe('a file is refused and kept byte for byte', () => {
  it.each(refused.map(([name, ...rest]) => ({ name, rest })))('$name', ({ rest }) => {
    const [make, code, given = {}] = rest;
    const file = make();
    const before = hashesOf(path.dirname(file));
    expect(codeThrownBy(() => open(file, given))).toBe(code);
    expect(codeThrownBy(() => open(file, given))).toBe(code);
    expect(hashesOf(path.dirname(file))).toEqual(before);
    expect(existsSync(`${file}-shm`)).toBe(false);
  });

  it('a folder', () => {
    const file = path.join(scratchFolder(), 'profile.db');
    mkdirSync(file);
    expect(codeThrownBy(() => open(file))).toBe('store_access');
    expect(readdirSync(file)).toEqual([]);
  });

  it('a folder that is not there', () => {
    expect(codeThrownBy(() => open(path.join(scratchFolder(), 'no', 'profile.db')))).toBe(
      'store_access',
    );
  });
});

describe('after an unclean stop', () => {
  it('what was committed is there, and every page is looked at', () => {
    const file = uncleanStore(40);
    const db = open(file);
    expect(countOf(db)).toBe(40);
    db.close();
    const again = open(file);
    expect(countOf(again)).toBe(40);
    again.close();
  });

  it('a clean stop spares the look at every page; damage is then told when its page is read', () => {
    const file = closedStore();
    const at = statSync(file).size - 2 * 4096 + 50;
    edit(file, (bytes) => bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at));
    const db = open(file);
    expect(codeThrownBy(() => db.prepare('SELECT max(text) FROM word').get())).toBe(
      'store_damaged',
    );
    db.close();
    // It was not closed as clean, so the next start looks, and refuses.
    expect(codeThrownBy(() => open(file))).toBe('store_damaged');
  });
});

describe('a refusal', () => {
  it('names no path, no key and no value', () => {
    const file = closedStore();
    try {
      open(file, { key: new Uint8Array(32).fill(8) });
    } catch (error) {
      expect(error).toBeInstanceOf(StoreError);
      expect(String(error)).not.toContain(path.dirname(file));
      expect(String(error)).not.toContain('0808');
      return;
    }
    throw new Error('nothing was refused');
  });
});
