// The engine's thread: frames in, replies and events out, over the port to its host. Nothing here
// waits for a window. An exception that nobody caught ends the thread; the host starts a new one.
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../shared/assert.ts';
import { createLog } from '../log.ts';
import { StoreError } from '../store/store-error.ts';
import { createEngine } from './engine.ts';
import { createEventGate } from './event-gate.ts';
import { startCryptoEngine } from './start-crypto.ts';
import { type HostMessage, type StartNote, workerDataSchema } from './worker-messages.ts';

assert(parentPort !== null, 'the engine worker has a host');
const port = parentPort;
const log = createLog('info');

try {
  const gate = createEventGate((frame) => port.postMessage(frame));
  const crypto = await startCryptoEngine(log);
  const given = workerDataSchema.parse(workerData);
  const engine = createEngine({ ...given, crypto, log, emit: gate.emit });
  await engine.openWithKeychain();
  port.on('message', (message: HostMessage) => {
    if (message.kind === 'seen') gate.seen(message.count);
    else if (message.kind === 'call') {
      void engine.handle(message.frame).then((reply) => port.postMessage(reply));
    } else {
      engine.close();
      port.close();
    }
  });
  port.postMessage({ start: null } satisfies StartNote);
} catch (error) {
  const code = error instanceof StoreError ? error.code : 'internal';
  log('error', 'engine_start_failed', {
    code,
    error: error instanceof Error ? error.name : 'unknown',
  });
  port.postMessage({ start: code } satisfies StartNote);
}
