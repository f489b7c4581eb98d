// The thread that encrypts a copy of a database under a new key, so that the engine's own thread
// goes on with its traffic meanwhile.
import { parentPort, workerData } from 'node:worker_threads';
import { encryptCopy, type RekeyJob } from '../store/rekey.ts';
import { classify, StoreError } from '../store/store-error.ts';

try {
  encryptCopy(workerData as RekeyJob);
  parentPort?.postMessage({ code: null });
} catch (error) {
  const known = classify(error);
  parentPort?.postMessage({ code: known instanceof StoreError ? known.code : 'store_access' });
}
