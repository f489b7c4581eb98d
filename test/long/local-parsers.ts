// Every parser of what programs of one computer say to each other, of configurations, files,
// pictures and searches, against a million inputs that nobody should make (test/support/doors.ts);
// fewer where each has to be written to a file. The short form is part of the tests.
import { contractDoors } from '../support/contract-doors.ts';
import { runDoors } from '../support/doors.ts';
import { fastestEngine } from '../support/engines.ts';
import { doorsFolder, fileDoors } from '../support/file-doors.ts';
import { pictureDoors } from '../support/picture-doors.ts';
import type { LongForm } from './long.ts';

const LONG_INPUTS = 1_000_000;

export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    // What is thrown and caught would cost more than the parsers.
    Error.stackTraceLimit = 0;
    const engine = await fastestEngine();
    const { folder, remove } = doorsFolder();
    try {
      const doors = [...contractDoors(), ...pictureDoors(), ...fileDoors(engine, folder)];
      const report = runDoors({ doors, inputs: LONG_INPUTS, seed, say });
      return { passed: report.faults === 0, ...report };
    } finally {
      remove();
    }
  },
};
