// A provider whose process is killed again and again, at least half the times inside a transaction:
// what it acknowledged is pulled in the end, nothing twice under two sequences, and no sequence is
// missing. Real processes, the real role, a real file. The short form is part of the tests.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { drawBelow } from '../../shared/random.ts';
import {
  KILL_MAILBOXES,
  type LifeOptions,
  type ProviderPlant,
} from '../support/killed-provider.ts';
import { seededRandom } from '../support/random.ts';
import type { LongForm } from './long.ts';

/** A life ends at one of its first transactions, or so many ms after it is ready. */
const TRANSACTIONS_MAX = 12;
const STATEMENTS_MAX = 20;
const KILL_AFTER_MS_MAX = 80;
const FAULTS_TOLD_MAX = 20;

export type ProviderKillReport = {
  readonly kills: number;
  readonly killsInsideTransaction: number;
  readonly acknowledged: number;
  readonly pulled: number;
  /** Given out again under the same sequence, as a pull that was not acknowledged may be. */
  readonly repeated: number;
  readonly faults: number;
  readonly faultsTold: readonly string[];
};

export async function runProviderKill(options: {
  readonly kills: number;
  readonly seed: string;
  readonly plant?: ProviderPlant;
}): Promise<ProviderKillReport> {
  const { kills, seed, plant = 'none' } = options;
  const random = seededRandom(`provider kill ${seed}`);
  const dir = mkdtempSync(path.join(os.tmpdir(), 'eddy-kill-'));
  const file = path.join(dir, 'mailboxes.db');
  const marker = path.join(dir, 'marker');
  writeFileSync(marker, '0');
  const account = createAccount();
  let inside = 0;
  try {
    for (let life = 0; life <= kills; life++) {
      const isLast = life === kills;
      // Two in three at a statement, the others whenever it happens.
      const isTimed = life % 3 === 2;
      const transaction = 1 + drawBelow(random, TRANSACTIONS_MAX);
      const statement = 1 + drawBelow(random, STATEMENTS_MAX);
      const dieAt = isLast || isTimed ? null : { transaction, statement };
      const given = { file, marker, seed, life, progress: account.progress(), plant };
      const killAfterMs = isTimed && !isLast ? drawBelow(random, KILL_AFTER_MS_MAX) : null;
      const signal = await liveOnce({ ...given, dieAt, isLast }, killAfterMs, account.hear);
      if (isLast !== (signal === null)) account.fault(`life ${life} ended by ${signal}`);
      if (!isLast && readFileSync(marker, 'utf8') === '1') inside += 1;
      writeFileSync(marker, '0');
    }
    return { kills, killsInsideTransaction: inside, ...account.report() };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** One process from start to end; gives the signal that ended it. */
async function liveOnce(
  options: LifeOptions,
  killAfterMs: number | null,
  hear: (line: string) => void,
): Promise<string | null> {
  const program = path.join(import.meta.dirname, '../support/killed-provider.ts');
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready' && killAfterMs !== null) {
      setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    }
    hear(line);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return code === 0 ? null : (signal ?? `code ${code}`);
}

type Account = {
  readonly hear: (line: string) => void;
  readonly fault: (text: string) => void;
  /** Last sequence that each client saw: what its next life's pulls acknowledge. */
  readonly progress: () => readonly number[];
  readonly report: () => Omit<ProviderKillReport, 'kills' | 'killsInsideTransaction'>;
};

/** What the senders and the clients know: every line that left the process before it died. */
function createAccount(): Account {
  const acknowledged = new Set<string>();
  const places = new Map<string, string>();
  const mails = new Map<string, string>();
  const seen = Array.from({ length: KILL_MAILBOXES }, () => 0);
  const faults: string[] = [];
  let repeated = 0;
  const fault = (text: string) => void faults.push(text);

  const pulled = (box: number, after: number, items: readonly string[]): void => {
    for (const item of items) {
      const [sequence = '', mail = ''] = item.split(':');
      const place = `${box} ${sequence}`;
      if (Number(sequence) <= after) fault(`${place} after ${after} was acknowledged`);
      if (mails.get(place) === mail) repeated += 1;
      else if (mails.has(place)) fault(`${place} was mail ${mails.get(place)}, now ${mail}`);
      if (places.has(mail) && places.get(mail) !== place) {
        fault(`mail ${mail} at ${places.get(mail)} and at ${place}`);
      }
      if (!mails.has(place) && Number(sequence) !== (seen[box] ?? 0) + 1) {
        fault(`${place} follows ${seen[box]}: what lay between is gone`);
      }
      mails.set(place, mail);
      places.set(mail, place);
      seen[box] = Math.max(seen[box] ?? 0, Number(sequence));
    }
  };
  return {
    hear: (line) => {
      const [what, ...rest] = line.split(' ');
      if (what === 'acknowledged') acknowledged.add(rest[0] ?? '');
      if (what === 'pulled') pulled(Number(rest[0]), Number(rest[1]), rest.slice(2));
    },
    fault,
    progress: () => [...seen],
    report: () => {
      for (const mail of acknowledged) {
        if (!places.has(mail)) fault(`mail ${mail} was acknowledged and never given out`);
      }
      const faultsTold = faults.slice(0, FAULTS_TOLD_MAX);
      const counts = { acknowledged: acknowledged.size, pulled: places.size, repeated };
      return { ...counts, faults: faults.length, faultsTold };
    },
  };
}

/** `npm run -s long -- provider-kill`: a hundred kills. */
export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    say('a hundred kills of a provider');
    const report = await runProviderKill({ kills: 100, seed });
    const isHalfInside = 2 * report.killsInsideTransaction >= report.kills;
    return { passed: report.faults === 0 && isHalfInside && report.acknowledged > 0, ...report };
  },
};
