// The long form of delivery: 500 messages, ten SIGKILLs of each engine, a mix that loses three in
// ten and one that is killed every twenty seconds (issue: "The client").
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monotonicMs } from '../../main/system.ts';
import { runDelivery } from '../support/delivery.ts';
import { seededRandom } from '../support/random.ts';
import type { LongForm } from './long.ts';

const MESSAGES = 500;
const ARRIVED_MIN = 498;
const TIME_MS_MAX = 20 * 60_000;

export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-delivery-'));
    try {
      const result = await runDelivery({
        folder,
        random: seededRandom(`delivery ${seed}`),
        messages: MESSAGES,
        kills: 10,
        pauseMs: 400,
        untilMs: monotonicMs() + TIME_MS_MAX,
        nowMs: monotonicMs,
        say,
      });
      const passed =
        result.sent === MESSAGES &&
        result.arrived >= ARRIVED_MIN &&
        result.arrivedAfterResend === MESSAGES &&
        result.duplicates === 0 &&
        result.untrue === 0 &&
        result.statesThatWentBack === 0;
      return { passed, ...result };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
