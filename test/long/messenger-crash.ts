// The long form of a messenger that is killed between its writes: after every write that either of
// two users makes in a life from the invite to receipts both ways.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fastestEngine } from '../support/engines.ts';
import { liveOnce } from '../support/messenger-life.ts';
import { installFailpoint } from '../support/messenger-run.ts';
import type { LongForm } from './long.ts';

export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    const engine = await fastestEngine();
    installFailpoint();
    const root = mkdtempSync(path.join(os.tmpdir(), 'eddy-lives-'));
    const live = async (kill: { who: 'ada' | 'bob'; write: number } | null) => {
      const folder = mkdtempSync(path.join(root, 'life-'));
      try {
        return await liveOnce({ engine, folder, seed, kill, texts: 2, loss: 0.02 });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    };
    const violations: string[] = [];
    const lives = { ada: 0, bob: 0 };
    let kills = 0;
    try {
      for (const who of ['ada', 'bob'] as const) {
        for (let write = 1; ; write++) {
          const life = await live({ who, write });
          if (!life.wasKilled) break;
          lives[who] += 1;
          kills += 1;
          violations.push(...life.violations.map((one) => `${who} ${write}: ${one}`));
          if (write % 50 === 0) say(`${who} ${write}, ${violations.length} violations`);
        }
      }
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
    const passed = violations.length === 0 && lives.ada > 100 && lives.bob > 100;
    return { passed, kills, lives, violations };
  },
};
