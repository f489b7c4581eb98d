// The long form of two engines that are killed: a thousand messages, one packet in ten lost, twenty
// SIGKILLs of each, half of them at least amid a transaction (issue: "The messenger").
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monotonicMs } from '../../main/system.ts';
import { runKills } from '../support/messenger-kills.ts';
import { seededRandom } from '../support/random.ts';
import type { LongForm } from './long.ts';

const MESSAGES = 1_000;
const KILLS = 20;
const TIME_MS_MAX = 25 * 60_000;

export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-messenger-'));
    try {
      const result = await runKills({
        folder,
        random: seededRandom(`messenger ${seed}`),
        traffic: 'test',
        messages: MESSAGES,
        kills: KILLS,
        loss: 0.1,
        pauseMs: 250,
        untilMs: monotonicMs() + TIME_MS_MAX,
        nowMs: monotonicMs,
        say,
      });
      const passed =
        result.arrivedOnce === MESSAGES &&
        result.delivered === MESSAGES &&
        result.kills >= 2 * KILLS &&
        2 * result.killsInside >= result.kills &&
        result.statesThatWentBack + result.untrue + result.twice === 0;
      return { passed, ...result };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
