// Every parser of what comes over links, and of what says who and where the network is, against a
// million inputs that nobody should make (test/support/doors.ts). The short form is part of the
// tests.
import { runDoors } from '../support/doors.ts';
import { fastestEngine } from '../support/engines.ts';
import { frameDoors } from '../support/frame-doors.ts';
import { networkDoors } from '../support/network-doors.ts';
import type { LongForm } from './long.ts';

const LONG_INPUTS = 1_000_000;

export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    // What is thrown and caught would cost more than the parsers.
    Error.stackTraceLimit = 0;
    const engine = await fastestEngine();
    const doors = [...networkDoors(engine), ...frameDoors(engine)];
    const report = runDoors({ doors, inputs: LONG_INPUTS, seed, say });
    return { passed: report.faults === 0, ...report };
  },
};
