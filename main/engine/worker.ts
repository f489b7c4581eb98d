// The engine's thread: frames in, replies and events out, over the port to its host. Nothing here
// waits for a window.
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod/mini';
import { assert } from '../../shared/assert.ts';
import { createLog } from '../log.ts';
import { StoreError } from '../store/database.ts';
import { createEngine, type Engine } from './engine.ts';

const dataSchema = z.strictObject({
  profileDir: z.string(),
  version: z.string(),
  nativeBinding: z.optional(z.string()),
});

assert(parentPort !== null, 'the engine worker has a host');
const port = parentPort;
const data = dataSchema.parse(workerData);
const log = createLog('info');

let engine: Engine;
try {
  engine = createEngine({
    profileDir: data.profileDir,
    version: data.version,
    nativeBinding: data.nativeBinding,
    log,
    emit: (event, value) => port.postMessage({ event, value }),
  });
  port.on('message', (frame: unknown) => {
    if (frame === 'close') {
      engine.close();
      port.close();
      return;
    }
    void engine.handle(frame).then((reply) => port.postMessage(reply));
  });
  port.postMessage({ started: true });
} catch (error) {
  log('error', 'engine_start_failed', {
    error: error instanceof Error ? error.message : 'unknown',
  });
  port.postMessage({ startFailed: error instanceof StoreError ? error.code : 'internal' });
}
