// Every parser of what people paste, scan or send one another, and of what a store keeps of it,
// against bytes that nobody should make (test/support/doors.ts). The short form is part of the
// tests.
import { runDoors } from '../support/doors.ts';
import { fastestEngine } from '../support/engines.ts';
import { sessionDoors } from '../support/session-doors.ts';
import type { LongForm } from './long.ts';

const LONG_INPUTS = 1_000_000;

export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    const engine = await fastestEngine();
    const report = runDoors({ doors: sessionDoors(engine), inputs: LONG_INPUTS, seed, say });
    return { passed: report.faults === 0, ...report };
  },
};
