// A user without a window: the contract of shared/api.ts as JSON lines on stdin and stdout. Ends
// when stdin ends, on SIGINT and on SIGTERM; stdout carries nothing but those lines.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  NETWORK_LINK_PREFIX,
  type NetworkFile,
  type ParsedNetworkFile,
} from '../../shared/network/network-file.ts';
import { parseNodeAddress } from '../../shared/network/node-address.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { ForeignNetworkError, parseNetworkText } from '../engine/joined-network.ts';
import { startCryptoEngine } from '../engine/start-crypto.ts';
import { createLog } from '../log.ts';
import type { SocksProxy } from '../net/socks.ts';
import { StoreError, type StoreFailure } from '../store/store-error.ts';
import { eddyVersion } from '../version.ts';
import { createJsonLines } from './json-lines.ts';

/** How it ends: as asked, by a fault, called wrongly, profile open elsewhere, store refused. */
const exitCodes = { done: 0, fault: 1, usage: 2, inUse: 3, store: 4 } as const;

const sentences: Readonly<Record<StoreFailure, string>> = {
  profile_in_use: 'another engine has this folder open; end it first, or take another folder.',
  store_newer:
    'this folder was written by another version of Eddy; use that one. It was kept as is.',
  store_damaged: 'the store in this folder is damaged. It was kept as is, as were its backups.',
  store_key: 'the key in this folder is missing or not the one of its store. Both were kept as is.',
  store_access: 'this folder or a file in it cannot be read and written by this user.',
  store_full: 'the disk is full; free some space.',
  store_migration: 'the store could not be brought to this version. It was kept as is.',
};

/** How long a reader that takes nothing, or a call that takes long, can hold up an end. */
const END_WAIT_MS = 3_000;

const { profileDir, networkText, proxy } = readArguments();
const lines = createJsonLines(process.stdin, process.stdout);
const log = createLog('info');
/** Why the store cannot be used any more. */
let failure: StoreFailure | null = null;
const crypto = await startCryptoEngine(log);
const engine = open(profileDir, networkText === null ? null : readNetwork(networkText));
if (engine !== null) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, endSoon);
  }
  lines.emit({ event: 'engine', value: { state: 'running', reason: null } });
  await lines.serve(engine.handle);
  end(engine);
}

/** The store failed while it was in use: says why, and ends after every reply was written. */
function fail(code: StoreFailure): void {
  failure = code;
  lines.emit({ event: 'engine', value: { state: 'failed', reason: code } });
  say(sentences[code]);
  endSoon();
}

/** Reads no more; ends when all is answered and written, or after `END_WAIT_MS`. */
function endSoon(): void {
  lines.stop();
  setTimeout(() => {
    if (engine !== null) end(engine);
  }, END_WAIT_MS).unref();
}

function end(running: Engine): never {
  const code = failure === null ? exitCodes.done : exitCodes.store;
  try {
    running.close();
  } catch (error) {
    say(error instanceof StoreError ? sentences[error.code] : 'the store could not be closed');
    process.exit(code === exitCodes.done ? exitCodes.fault : code);
  }
  process.exit(code);
}

type Arguments = {
  readonly profileDir: string;
  readonly networkText: string | null;
  readonly proxy: SocksProxy | null;
};

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: { data: { type: 'string' }, network: { type: 'string' }, proxy: { type: 'string' } },
    });
    const { data = '', network = null, proxy: through } = values;
    const parsed = through === undefined ? null : parseNodeAddress(through);
    const proxy = parsed?.ok === true ? parsed.address : null;
    if (parsed?.ok === false) say('--proxy: expected HOST:PORT');
    else if (data === '') say('--data DIR is needed: the folder of this user');
    else return { profileDir: path.resolve(data), networkText: network, proxy };
  } catch (error) {
    say(error instanceof Error ? error.message : 'the arguments cannot be read');
  }
  process.exit(exitCodes.usage);
}

/** The network of a link, or of the file that is named. */
function readNetwork(given: string): NetworkFile {
  const parsed = given.startsWith(NETWORK_LINK_PREFIX)
    ? parseNetworkText(crypto, given)
    : readNetworkFile(given);
  if (parsed.ok) return parsed.network;
  const { field, expected, got } = parsed.error;
  say(`--network: ${field}: expected ${expected}, got ${got}`);
  process.exit(exitCodes.usage);
}

function readNetworkFile(file: string): ParsedNetworkFile {
  try {
    return parseNetworkText(crypto, readFileSync(file, 'utf8'));
  } catch {
    const error = { field: 'file', expected: 'a network file or link', got: 'what cannot be read' };
    return { ok: false, error };
  }
}

function open(folder: string, network: NetworkFile | null): Engine | null {
  try {
    return createEngine({
      profileDir: folder,
      network,
      version: eddyVersion,
      crypto,
      nativeBinding: process.env['EDDY_SQLITE_BINDING'],
      takesRaw: true,
      proxy,
      onFailed: fail,
      log,
      emit: lines.emit,
    });
  } catch (error) {
    if (error instanceof ForeignNetworkError) {
      say(`this folder belongs to the network ${error.networkName}; take another folder.`);
      process.exitCode = exitCodes.usage;
      return null;
    }
    if (!(error instanceof StoreError)) throw error;
    lines.emit({ event: 'engine', value: { state: 'failed', reason: error.code } });
    say(sentences[error.code]);
    process.exitCode = error.code === 'profile_in_use' ? exitCodes.inUse : exitCodes.store;
    return null;
  }
}

function say(text: string): void {
  process.stderr.write(`engine: ${text}\n`);
}
