// Loaded before an engine that is to be killed amid a transaction: a real SIGKILL to itself after
// so many writes of its profile, where the last one is not committed yet. Counted from the start.
import path from 'node:path';
import Database from 'better-sqlite3';

const left = Number(process.env['EDDY_TEST_KILL_WRITE'] ?? 0);
if (left > 0) killAfter(left);

function killAfter(writes: number): void {
  // Of the addon that the engine uses: each has statements of its own.
  const nativeBinding = process.env['EDDY_SQLITE_BINDING'];
  const scratch = new Database(':memory:', nativeBinding === undefined ? {} : { nativeBinding });
  const statements = Object.getPrototypeOf(scratch.prepare('SELECT 1')) as {
    run: (...args: unknown[]) => unknown;
  };
  scratch.close();
  const real = statements.run;
  let count = 0;
  statements.run = function (this: Target, ...args: unknown[]) {
    const result = real.apply(this, args);
    const isProfile = path.basename(this.database.name) === 'profile.db';
    if (isProfile && this.database.inTransaction) count += 1;
    if (count >= writes) process.kill(process.pid, 'SIGKILL');
    return result;
  };
}

type Target = { readonly database: { readonly name: string; readonly inTransaction: boolean } };
