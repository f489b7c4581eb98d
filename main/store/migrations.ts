// The profile's schema, one numbered step after another. A step that has been in a release is never
// changed; each has its test, which starts from the schema before it.
import { clientMigration } from './client-schema.ts';
import { messageMigration } from './message-schema.ts';
import type { Migration } from './migrate.ts';
import { peopleMigration, warningsMigration } from './people-schema.ts';
import { spoolMigration } from './spool-key.ts';

export const profileMigrations: readonly Migration[] = [
  {
    name: 'settings',
    sql: 'CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID',
  },
  clientMigration,
  {
    name: 'joined network',
    sql: `CREATE TABLE joined_network (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      file TEXT NOT NULL
    ) STRICT`,
  },
  peopleMigration,
  messageMigration,
  spoolMigration,
  warningsMigration,
  {
    // Age counts from when a client took a fragment: first_unix_ms is when its provider had it.
    name: 'fragments taken',
    sql: 'ALTER TABLE incoming ADD COLUMN taken_unix_ms INTEGER',
  },
];
