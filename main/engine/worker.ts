// The engine's thread: frames in, replies and events out, over the port to its host. Nothing here
// waits for a window. An exception that nobody caught ends the thread, and the host starts a new
// one, unless it is the store's: a store that failed is not opened again.
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../shared/assert.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import { createLog } from '../log.ts';
import { StoreError, type StoreFailure } from '../store/store-error.ts';
import { createEngine } from './engine.ts';
import { createEventGate } from './event-gate.ts';
import { ForeignNetworkError, parseNetworkText } from './joined-network.ts';
import { createKeychainLink } from './keychain.ts';
import { startCryptoEngine } from './start-crypto.ts';
import {
  type HostMessage,
  type KeychainNote,
  type StartNote,
  workerDataSchema,
} from './worker-messages.ts';

type StartFailure = NonNullable<StartNote['start']>;

class BadNetworkError extends Error {}

assert(parentPort !== null, 'the engine worker has a host');
const port = parentPort;
const log = createLog('info');

try {
  const gate = createEventGate((frame) => port.postMessage(frame));
  const crypto = await startCryptoEngine(log);
  const { network: text, ...given } = workerDataSchema.parse(workerData);
  const network = text === undefined ? null : readNetwork(crypto, text);
  const link = createKeychainLink((keychain) => {
    port.postMessage({ keychain } satisfies KeychainNote);
  });
  let hasKeychain = false;
  const keychain = () => (hasKeychain ? link.keychain : null);
  const findKeychain = async () => {
    hasKeychain ||= await link.find();
  };
  let isEnding = false;
  const end = (code: StartFailure): void => {
    // What failed fails whoever comes next, too.
    if (isEnding) return;
    isEnding = true;
    port.postMessage({ start: code } satisfies StartNote);
    // Out of the step that failed, which is still under way.
    setImmediate(() => {
      engine.close();
      port.close();
    });
  };
  const onFailed = (code: StoreFailure): void => end(code);
  const options = {
    ...given,
    network,
    crypto,
    keychain,
    findKeychain,
    log,
    emit: gate.emit,
    onFailed,
  };
  const engine = createEngine(options);
  // A timer's look at the store is nobody's call.
  process.on('uncaughtException', (error) => {
    if (!(error instanceof StoreError)) throw error;
    end(failureOf(error));
  });
  port.on('message', (message: HostMessage) => {
    switch (message.kind) {
      case 'seen':
        gate.seen(message.count);
        return;
      case 'call':
        void engine.handle(message.frame).then((reply) => port.postMessage(reply));
        return;
      case 'demo':
        engine.noteDemo(message.note);
        return;
      case 'keychain':
        hasKeychain = true;
        engine.openWithKeychain().catch((error: unknown) => end(failureOf(error)));
        return;
      case 'keychain-answer':
        link.answer(message.id, message.bytes);
        return;
      case 'close':
        engine.close();
        port.close();
    }
  });
  port.postMessage({ start: null } satisfies StartNote);
} catch (error) {
  port.postMessage({ start: failureOf(error) } satisfies StartNote);
}

/** Why the profile cannot be opened, which is logged. */
function failureOf(error: unknown): StartFailure {
  const code = reasonOf(error);
  log('error', 'engine_start_failed', {
    code,
    error: error instanceof Error ? error.name : 'unknown',
  });
  return code;
}

function reasonOf(error: unknown): StartFailure {
  if (error instanceof StoreError) return error.code;
  if (error instanceof ForeignNetworkError) return 'other_network';
  return error instanceof BadNetworkError ? 'bad_network' : 'internal';
}

function readNetwork(crypto: CryptoEngine, text: string): NetworkFile {
  const parsed = parseNetworkText(crypto, text);
  if (parsed.ok) return parsed.network;
  const { field, expected, got } = parsed.error;
  throw new BadNetworkError(`network: ${field}: expected ${expected}, got ${got}`);
}
