// Processes that are killed while they make, move and write a store: the next one opens it, and
// what was told as committed is there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../main/store/database.ts';
import type { Migration } from '../../../main/store/migrate.ts';
import { scratchFolder } from '../../support/store-files.ts';

const storeUrl = new URL('../../../main/store/', import.meta.url);
const KILLS = 6;
const key = new Uint8Array(32).fill(7);
const steps: Migration[] = [
  { name: 'rows', sql: 'CREATE TABLE row (id INTEGER PRIMARY KEY, twin INTEGER) STRICT' },
];
const slowStep: Migration = {
  name: 'many',
  sql: `CREATE TABLE many (id INTEGER PRIMARY KEY, text TEXT) STRICT;
    INSERT INTO many (text) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
      WHERE i < 100000) SELECT 'text of row ' || i FROM n;`,
};

/**
 * A process that opens `file`, says `open`, and then commits rows in pairs of one transaction, with
 * the count on a line after each. Killed when `count` lines were said, or after `killMs`.
 */
async function runUntilKilled(
  file: string,
  migrations: Migration[],
  when: { readonly lines: number } | { readonly killMs: number },
): Promise<string[]> {
  const program = `
    const { openDatabase } = await import('${storeUrl.href}database.ts');
    const { transaction } = await import('${storeUrl.href}handle.ts');
    console.log('begin');
    const db = openDatabase({ file: ${JSON.stringify(file)}, key: new Uint8Array(32).fill(7),
      migrations: ${JSON.stringify(migrations)} });
    console.log('open');
    let next = db.prepare('SELECT count(*) AS count FROM row').get().count;
    for (;;) {
      transaction(db, (write) => {
        const put = write.prepare('INSERT INTO row (id, twin) VALUES (?, ?)');
        put.run(next, next + 1);
        put.run(next + 1, next);
      });
      next += 2;
      process.stdout.write(next + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line);
    if ('lines' in when && said.length >= when.lines) child.kill('SIGKILL');
    if ('killMs' in when && line === 'begin') {
      setTimeout(() => child.kill('SIGKILL'), when.killMs);
    }
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return said;
}

function countOf(file: string, migrations: Migration[]): { rows: number; widows: number } {
  const db = openDatabase({ file, key, migrations });
  const found = db
    .prepare(
      `SELECT count(*) AS rows, count(*) FILTER (WHERE twin NOT IN (SELECT id FROM row)) AS widows
        FROM row`,
    )
    .get() as { rows: number; widows: number };
  db.close();
  return found;
}

describe('a process that is killed', () => {
  it('amid its writes leaves every step that it told, and no half of one', async () => {
    const file = path.join(scratchFolder(), 'profile.db');
    let told = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const said = await runUntilKilled(file, steps, { lines: 4 + 7 * kill });
      told = Number(said.at(-1));
      if (kill % 2 === 1) continue;
      const { rows, widows } = countOf(file, steps);
      expect(widows).toBe(0);
      expect(rows).toBeGreaterThanOrEqual(told);
      expect(rows % 2).toBe(0);
    }
    expect(told).toBeGreaterThan(0);
  });

  it('while it makes its store leaves one that is whole, or none', async () => {
    for (const killMs of [0, 3, 6, 10, 15, 25]) {
      const folder = scratchFolder();
      const file = path.join(folder, 'profile.db');
      await runUntilKilled(file, steps, { killMs });
      expect(countOf(file, steps).widows).toBe(0);
      expect(readdirSync(folder).sort()).toEqual(['profile.db', 'profile.db.check']);
    }
  });

  it('while it brings a store to a new schema leaves the old one or the new one', async () => {
    for (const killMs of [0, 20, 60, 120, 200]) {
      const file = path.join(scratchFolder(), 'profile.db');
      openDatabase({ file, key, migrations: steps }).close();
      await runUntilKilled(file, [...steps, slowStep], { killMs });
      const db = openDatabase({ file, key, migrations: [...steps, slowStep] });
      expect(db.prepare('SELECT count(*) AS count FROM many').get()).toEqual({ count: 100_000 });
      db.close();
    }
  });
});
