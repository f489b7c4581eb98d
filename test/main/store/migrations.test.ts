// Every step of every schema from the one before it: rows put in before, what they are after. A
// step that has no test here fails the first one.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClientStore } from '../../../main/store/client-store.ts';
import { openDatabase } from '../../../main/store/database.ts';
import { type OpenDb, transaction, type WriteDb } from '../../../main/store/handle.ts';
import { providerMigrations } from '../../../main/store/mailbox-store.ts';
import type { Migration } from '../../../main/store/migrate.ts';
import { profileMigrations } from '../../../main/store/migrations.ts';
import { scratchFolder } from '../../support/store-files.ts';

type StepTest = {
  readonly name: string;
  /** Rows of the schema before. */
  readonly before: (write: WriteDb) => void;
  /** What is asserted of the schema after. */
  readonly after: (db: OpenDb) => void;
};

const schemas: { name: string; migrations: readonly Migration[]; tests: StepTest[] }[] = [
  {
    name: 'profile',
    migrations: profileMigrations,
    tests: [
      {
        name: 'settings',
        before: () => undefined,
        after: (db) => {
          transaction(db, (write) => write.exec("INSERT INTO setting VALUES ('a', 'b')"));
          const twice = () =>
            transaction(db, (write) => write.exec("INSERT INTO setting VALUES ('a', 'c')"));
          expect(twice).toThrow('UNIQUE');
          expect(db.prepare('SELECT * FROM setting').all()).toEqual([{ name: 'a', value: 'b' }]);
        },
      },
      {
        name: 'client',
        before: (write) => write.exec("INSERT INTO setting VALUES ('a', 'b')"),
        after: (db) => {
          expect(db.prepare('SELECT * FROM setting').all()).toEqual([{ name: 'a', value: 'b' }]);
          const state = 'SELECT mail_sequence, ack_sequence, token_number FROM client_state';
          expect(db.prepare(state).all()).toEqual([
            { mail_sequence: 0, ack_sequence: 0, token_number: 0 },
          ]);
          const twice = () =>
            transaction(db, (write) => write.exec('INSERT INTO client_state (only) VALUES (2)'));
          expect(twice).toThrow('CHECK');
        },
      },
      {
        name: 'joined network',
        before: (write) => write.exec("INSERT INTO setting VALUES ('a', 'b')"),
        after: (db) => {
          expect(db.prepare('SELECT * FROM setting').all()).toEqual([{ name: 'a', value: 'b' }]);
          const join = (id: number) => () =>
            transaction(db, (write) =>
              write.prepare('INSERT INTO joined_network (id, file) VALUES (?, ?)').run(id, '{}'),
            );
          expect(join(2)).toThrow('CHECK');
          join(1)();
          expect(join(1)).toThrow('UNIQUE');
        },
      },
      {
        name: 'people',
        before: (write) => write.exec("INSERT INTO joined_network VALUES (1, '{}')"),
        after: (db) => {
          expect(db.prepare('SELECT file FROM joined_network').get()).toEqual({ file: '{}' });
          const key = (byte: number) => new Uint8Array(32).fill(byte);
          const know = (byte: number, state = 'accepted') => {
            return transaction(db, (write) =>
              write
                .prepare(
                  `INSERT INTO contact (signing_key, agreement_key, their_name, pair, state,
                    known_since_unix_ms, via) VALUES (?, ?, 'Ada', 2, ?, 1, 'own_invite')`,
                )
                .run(key(byte), key(9), state),
            );
          };
          expect(know(1).lastInsertRowid).toBe(1);
          expect(() => know(1)).toThrow('UNIQUE');
          expect(() => know(2, 'liked')).toThrow('CHECK');
          transaction(db, (write) => {
            write.exec("INSERT INTO session VALUES (1, 0, x'00', 0)");
            write.exec('DELETE FROM contact');
          });
          // What belongs to a contact goes with him, and his number is given to nobody else.
          expect(db.prepare('SELECT * FROM session').all()).toEqual([]);
          expect(know(1).lastInsertRowid).toBe(2);
        },
      },
      {
        name: 'messages',
        before: (write) =>
          write.exec(
            `INSERT INTO contact (signing_key, agreement_key, their_name, pair, state,
              known_since_unix_ms, via)
              VALUES (zeroblob(32), zeroblob(32), 'Ada', 2, 'accepted', 1, 'own_invite')`,
          ),
        after: (db) => {
          expect(db.prepare('SELECT id, their_name FROM contact').all()).toEqual([
            { id: 1, their_name: 'Ada' },
          ]);
          const begin = 'INSERT INTO conversation (contact, begun_unix_ms) VALUES (1, 1)';
          transaction(db, (write) => write.exec(begin));
          const say = (text: string) => () =>
            transaction(db, (write) =>
              write
                .prepare(
                  `INSERT INTO message (contact, is_own, uid, text, sent_unix_ms, place, is_read)
                    VALUES (1, 0, zeroblob(16), ?, 1, 1, 0)`,
                )
                .run(text),
            );
          expect(say('\u00e4'.repeat(8_193))).toThrow('CHECK');
          say('quiet water')();
          expect(say('once more')).toThrow('UNIQUE');
          const find = 'SELECT rowid FROM message_words WHERE message_words MATCH \'"iet"\'';
          expect(db.prepare(find).all()).toEqual([{ rowid: 1 }]);
          transaction(db, (write) => write.exec('DELETE FROM message'));
          expect(db.prepare(find).all()).toEqual([]);
          transaction(db, (write) => write.exec('DELETE FROM contact'));
          expect(db.prepare('SELECT is_gone FROM conversation').all()).toEqual([{ is_gone: 1 }]);
        },
      },
      {
        name: 'spool',
        before: (write) => write.exec("INSERT INTO setting VALUES ('a', 'b')"),
        after: (db) => {
          expect(db.prepare('SELECT * FROM setting').all()).toEqual([{ name: 'a', value: 'b' }]);
          const add = (id: number, size: number) => () =>
            transaction(db, (write) =>
              write
                .prepare('INSERT INTO spool (only, public_key, secret_key) VALUES (?, ?, ?)')
                .run(id, new Uint8Array(32), new Uint8Array(size)),
            );
          expect(add(2, 32)).toThrow('CHECK');
          expect(add(1, 31)).toThrow('CHECK');
          add(1, 32)();
          expect(add(1, 32)).toThrow('UNIQUE');
        },
      },
      {
        name: 'key changes and blocked strangers',
        before: (write) => {
          write.exec(
            `INSERT INTO contact (signing_key, agreement_key, their_name, pair, state,
              known_since_unix_ms, via, verified_unix_ms)
              VALUES (zeroblob(32), zeroblob(32), 'Ada', 2, 'accepted', 1, 'own_invite', 5)`,
          );
          write.exec('INSERT INTO blocked_key VALUES (zeroblob(32), 7)');
          const codes = [
            ['invite', 'used', 1],
            ['invite', 'open', 2],
            ['address', 'open', 3],
          ] as const;
          for (const [kind, state, byte] of codes) {
            const code = new Uint8Array(16).fill(byte);
            write
              .prepare(
                `INSERT INTO code (id, kind, bytes, token, created_unix_ms, expires_unix_ms, state)
                  VALUES (?, ?, x'00', zeroblob(16), 1, 2, ?)`,
              )
              .run(code, kind, state);
            write
              .prepare(
                `INSERT INTO request (request_id, code, bytes, signing_key, generation, name,
                  arrived_unix_ms) VALUES (?, ?, x'00', ?, 1, 'Eve', 1)`,
              )
              .run(code, code, new Uint8Array(32).fill(byte));
          }
        },
        after: (db) => {
          const contact = `SELECT verified_unix_ms AS verified, keys_changed_unix_ms AS changed,
            verified_before_unix_ms AS before FROM contact`;
          expect(db.prepare(contact).all()).toEqual([{ verified: 5, changed: null, before: null }]);
          const blocked = 'SELECT id, name, since_unix_ms AS since FROM blocked_stranger';
          expect(db.prepare(blocked).all()).toEqual([{ id: 1, name: '', since: 7 }]);
          expect(db.prepare('SELECT hex(code) AS code FROM request ORDER BY id').all()).toEqual([
            { code: '02'.repeat(16) },
            { code: '03'.repeat(16) },
          ]);
        },
      },
      {
        name: 'fragments taken',
        before: (write) =>
          write
            .prepare(
              `INSERT INTO incoming (message_id, contact_tag, fragment_count, first_unix_ms)
                VALUES (?, ?, 2, 1)`,
            )
            .run(new Uint8Array(10), new Uint8Array(8)),
        after: (db) => {
          const { partials } = createClientStore(db, { unixMs: () => 1_000 }).load();
          expect(partials.map((one) => one.takenUnixMs)).toEqual([1_000]);
          const again = createClientStore(db, { unixMs: () => 2_000 }).load();
          expect(again.partials.map((one) => one.takenUnixMs)).toEqual([1_000]);
        },
      },
    ],
  },
  {
    name: 'provider',
    migrations: providerMigrations,
    tests: [
      {
        name: 'mailboxes',
        before: () => undefined,
        after: (db) => {
          const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
          expect(tables.map((row) => (row as { name: string }).name)).toEqual(
            expect.arrayContaining(['mailbox', 'token', 'mail', 'ack']),
          );
        },
      },
      {
        name: 'refused tokens',
        before: (db) => {
          db.exec(`INSERT INTO mailbox (id, auth_key, created_unix_ms, token_command)
            VALUES (zeroblob(16), zeroblob(32), 5, 7)`);
        },
        after: (db) => {
          const row = db.prepare('SELECT token_command, refused_command FROM mailbox').get();
          expect(row).toEqual({ token_command: 7, refused_command: 0 });
        },
      },
    ],
  },
];

describe.each(schemas)('the schema of $name', ({ migrations, tests }) => {
  it('has a test for each of its steps', () => {
    expect(tests.map((test) => test.name)).toEqual(migrations.map((step) => step.name));
  });

  it.each(tests)('step $name keeps what was there', ({ name, before, after }) => {
    const number = migrations.findIndex((step) => step.name === name) + 1;
    const file = path.join(scratchFolder(), 'profile.db');
    const key = new Uint8Array(32).fill(7);
    const old = openDatabase({ file, key, migrations: migrations.slice(0, number - 1) });
    transaction(old, before);
    old.close();
    const db = openDatabase({ file, key, migrations: migrations.slice(0, number) });
    after(db);
    db.close();
  });

  it('has strict tables alone', () => {
    const file = path.join(scratchFolder(), 'profile.db');
    const db = openDatabase({ file, key: new Uint8Array(32).fill(7), migrations });
    const lax = db
      .prepare(
        `SELECT name FROM pragma_table_list
          WHERE strict = 0 AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
      )
      .all();
    expect(lax).toEqual([]);
    db.close();
  });
});
