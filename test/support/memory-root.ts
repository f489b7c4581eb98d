// Where flushes cost nothing, for stores of a simulated network; else the usual place.
import { existsSync } from 'node:fs';
import os from 'node:os';

export const memoryRoot = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
