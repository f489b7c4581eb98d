// Health on a real network at the rates of the demo network: how long it takes until a network
// that does not deliver is told, and that it works again, against what the thresholds say.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DEGRADED_AGAIN_LOOPS, SILENCE_MEANS } from '../../shared/health/delivery.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import { runHealth } from '../support/health-run.ts';
import type { LongForm } from './long.ts';

/** Where half of the loops are lost, failing is told well before a silence would be this often. */
const FAILING_SILENCES_MAX = 5;
/** Thirty loops in a row, with those lost on the way, and a slow machine. */
const WORKING_MAX = 4;

export const longForm: LongForm = {
  run: async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-health-'));
    try {
      const run = await runHealth({ folder, waitMsMax: 300_000 });
      const { loopIntervalMsMean } = trafficSets.demo;
      const failingMsMax = FAILING_SILENCES_MAX * SILENCE_MEANS * loopIntervalMsMean;
      const workingMsMax = WORKING_MAX * DEGRADED_AGAIN_LOOPS * loopIntervalMsMean;
      const { failingMs, workingMs, suspected, before, failing, working } = run;
      const passed =
        failingMs <= failingMsMax &&
        workingMs <= workingMsMax &&
        suspected.join() === 'mix-1' &&
        !working.isHolding;
      const states = [before.state, failing.state, working.state];
      return { passed, states, failingMs, failingMsMax, workingMs, workingMsMax, suspected };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
