// What comes in while a profile is locked: every write of the client, in order, in a file that is
// sealed to a key of which the secret half lies in the locked database. It can be added to without
// that database, and read once it is open again (design section 4, "While locked").
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { assert } from '../../shared/assert.ts';
import { concatBytes, equalBytes, toUtf8, wipe } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import { FILE_MODE } from './durable-file.ts';
import { classify, StoreError } from './store-error.ts';

const KEY_SIZE = 32;
const TAG_SIZE = 16;
const LENGTH_SIZE = 4;
const NONCE_SIZE = 12;
const magic = toUtf8('eddy spool 1\n');
const label = toUtf8('eddy spool v1');
const HEAD_SIZE = magic.length + KEY_SIZE;

/** One write: the name of a function of the client's store, and what it was given. */
export type SpoolWrite = readonly [name: string, ...values: unknown[]];

export type SpoolKeyPair = { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };

export type Spool = {
  /**
   * One step's writes: all of them are on the disk when this returns, or none will be read. Throws
   * `StoreError`: a locked profile cannot begin anew from what it has, so its engine ends then, and
   * what is not acknowledged stays at the provider.
   */
  readonly append: (writes: readonly SpoolWrite[]) => void;
  readonly size: () => number;
  /** Closes the file and wipes the key. */
  readonly close: () => void;
};

/**
 * Begins a spool at `file`, which is not there; `publicKey` is X25519. Throws `StoreError` and
 * leaves no file.
 */
export function startSpool(
  engine: CryptoEngine,
  random: RandomSource,
  file: string,
  publicKey: Uint8Array,
): Spool {
  const secret = drawBytes(random, KEY_SIZE);
  const ephemeral = new Uint8Array(KEY_SIZE);
  engine.x25519Base(ephemeral, secret);
  const key = deriveKey(engine, secret, publicKey, { ephemeral, publicKey });
  wipe(secret);
  const head = concatBytes(magic, ephemeral);
  const fd = beginFile(file, head);
  let size = head.length;
  let count = 0;
  let isOpen = true;
  return {
    append: (writes) => {
      assert(isOpen, 'a spool that was closed takes nothing');
      const plain = serialize(writes);
      const record = new Uint8Array(LENGTH_SIZE + plain.length + TAG_SIZE);
      new DataView(record.buffer).setUint32(0, plain.length + TAG_SIZE);
      const sealed = record.subarray(LENGTH_SIZE);
      engine.chacha20Poly1305Seal(sealed, key, nonceOf(count), ephemeral, plain);
      try {
        writeAll(fd, record);
        fsyncSync(fd);
      } catch (error) {
        // Half a record would stand before the next one.
        ftruncateSync(fd, size);
        throw new StoreError('store_access', 'the spool could not be written', { cause: error });
      }
      size += record.length;
      count += 1;
    },
    size: () => size,
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      wipe(key);
      closeSync(fd);
    },
  };
}

export type ReadSpool = {
  /** Names this spool: its ephemeral key, 32 bytes. */
  readonly id: Uint8Array;
  readonly steps: readonly (readonly SpoolWrite[])[];
  /** Something before the end does not open; what came before it is in `steps`. */
  readonly isDamaged: boolean;
};

/**
 * Reads a spool; null where there is none. A last record that was cut off by a crash was never
 * acknowledged to anybody and is left out.
 */
export function readSpool(
  engine: CryptoEngine,
  file: string,
  pair: SpoolKeyPair,
): ReadSpool | null {
  return existsSync(file) ? decodeSpool(engine, new Uint8Array(readFileSync(file)), pair) : null;
}

/** Reads the bytes of a spool; whatever they are, it gives what can be read of them. */
export function decodeSpool(
  engine: CryptoEngine,
  bytes: Uint8Array,
  pair: SpoolKeyPair,
): ReadSpool {
  // Cut off while it began: nothing was in it.
  if (bytes.length < HEAD_SIZE)
    return { id: new Uint8Array(KEY_SIZE), steps: [], isDamaged: false };
  const ephemeral = bytes.slice(magic.length, HEAD_SIZE);
  if (!equalBytes(bytes.subarray(0, magic.length), magic)) {
    return { id: ephemeral, steps: [], isDamaged: true };
  }
  const publicKey = pair.publicKey;
  const key = deriveKey(engine, pair.secretKey, ephemeral, { ephemeral, publicKey });
  const steps: SpoolWrite[][] = [];
  let at = HEAD_SIZE;
  let isDamaged = false;
  while (at + LENGTH_SIZE <= bytes.length) {
    const size = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
    const end = at + LENGTH_SIZE + size;
    if (end > bytes.length) break;
    const plain = new Uint8Array(Math.max(0, size - TAG_SIZE));
    const sealed = bytes.subarray(at + LENGTH_SIZE, end);
    const nonce = nonceOf(steps.length);
    if (size < TAG_SIZE || !engine.chacha20Poly1305Open(plain, key, nonce, ephemeral, sealed)) {
      isDamaged = true;
      break;
    }
    // Authenticated: the bytes are what this program wrote.
    steps.push(deserialize(plain) as SpoolWrite[]);
    at = end;
  }
  wipe(key);
  return { id: ephemeral, steps, isDamaged };
}

/** A spool whose steps are in the database; one that is damaged is kept beside it. */
export function endSpool(file: string, isDamaged: boolean, unixMs: number): void {
  if (isDamaged) renameSync(file, `${file}.damaged-${unixMs}`);
  else rmSync(file, { force: true });
}

function deriveKey(
  engine: CryptoEngine,
  secret: Uint8Array,
  point: Uint8Array,
  bound: { readonly ephemeral: Uint8Array; readonly publicKey: Uint8Array },
): Uint8Array {
  const shared = new Uint8Array(KEY_SIZE);
  const isShared = engine.x25519(shared, secret, point);
  const key = new Uint8Array(KEY_SIZE);
  // A point of low order in a damaged file: no record will open.
  if (isShared) {
    const info = concatBytes(label, bound.ephemeral, bound.publicKey);
    engine.hkdfSha256(key, shared, new Uint8Array(0), info);
  }
  wipe(shared);
  return key;
}

/** Records count up under a key of their own. */
function nonceOf(count: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_SIZE);
  new DataView(nonce.buffer).setUint32(NONCE_SIZE - LENGTH_SIZE, count);
  return nonce;
}

/** A file with these bytes, on the disk. */
function beginFile(file: string, head: Uint8Array): number {
  let fd: number | null = null;
  try {
    fd = openSync(file, 'wx', FILE_MODE);
    writeAll(fd, head);
    fsyncSync(fd);
    return fd;
  } catch (error) {
    if (fd !== null) {
      closeSync(fd);
      rmSync(file, { force: true });
    }
    throw classify(error);
  }
}

function writeAll(fd: number, bytes: Uint8Array): number {
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written);
  return written;
}
