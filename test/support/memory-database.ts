// A store of a simulated host: the production schema and statements on a SQLite database without a
// file. It outlives the roles that use it, as a disk does; for runs of many hosts and hours, where
// cipher and log would take most of the time and nothing looks at them.
import Database from 'better-sqlite3';
import { createHandle, type OpenDb } from '../../main/store/handle.ts';
import { applySteps, baseSchema, type Migration } from '../../main/store/migrate.ts';

export function memoryDatabase(migrations: readonly Migration[]): OpenDb {
  const raw = new Database(':memory:');
  applySteps(raw, { migrations, from: 0 }, 0, () => raw.exec(baseSchema));
  raw.pragma('foreign_keys = ON');
  return createHandle(raw, () => {});
}
