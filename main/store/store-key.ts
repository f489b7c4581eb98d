// The key of a node's database, in a file of one `plain` slot: whoever can read the node's folder
// can read its database. A profile's key file has more kinds of slots (`key-file.ts`).
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import * as z from 'zod/mini';
import { randomBytes } from '../system.ts';
import { STORE_KEY_SIZE } from './database.ts';
import { FILE_MODE, writeDurably } from './durable-file.ts';
import { classify, StoreError } from './store-error.ts';

/** Version of the file's layout. */
export const KEY_FILE_VERSION = 1;
/** Slots one file holds: a few ways to one key. */
export const KEY_SLOTS_MAX = 8;
/** Longest key file that is read. */
export const KEY_FILE_SIZE_MAX = 65_536;

const slotSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plain'), key: z.string().check(z.length(44)) }),
]);
const keyFileSchema = z.strictObject({
  version: z.literal(KEY_FILE_VERSION),
  slots: z.array(slotSchema).check(z.minLength(1), z.maxLength(KEY_SLOTS_MAX)),
});

/**
 * Reads the 32-byte key at `file`, or makes one where neither it nor `databaseFile` is there.
 * Throws `StoreError`: `store_key` where the key of a database is missing or unreadable (a new one
 * would orphan the data), `store_newer` where the file has another layout.
 */
export function loadStoreKey(file: string, databaseFile: string): Uint8Array {
  try {
    if (existsSync(file)) return parseStoreKey(readKeyText(file));
    if (existsSync(databaseFile) || existsSync(`${databaseFile}-wal`)) {
      throw new StoreError('store_key', 'the database is there, its key file is not');
    }
    const key = randomBytes(STORE_KEY_SIZE);
    const slots = [{ kind: 'plain', key: Buffer.from(key).toString('base64') }];
    const text = `${JSON.stringify({ version: KEY_FILE_VERSION, slots })}\n`;
    writeDurably(file, Buffer.from(text));
    return key;
  } catch (error) {
    throw classify(error);
  }
}

/** The key in a file's text, 32 bytes. Throws `StoreError` as `loadStoreKey` does. */
export function parseStoreKey(text: string): Uint8Array {
  const parsed = keyFileSchema.safeParse(parseKeyJson(text, KEY_FILE_VERSION));
  if (!parsed.success) throw keyUnreadable('layout');
  const [slot] = parsed.data.slots;
  const key = Buffer.from(slot?.key ?? '', 'base64');
  const isKey = key.length === STORE_KEY_SIZE && key.toString('base64') === slot?.key;
  if (!isKey) throw keyUnreadable('key');
  return Uint8Array.from(key);
}

/**
 * The text of a key file; others than its owner lose access to it. Throws `StoreError` where it is
 * too large.
 */
export function readKeyText(file: string): string {
  const found = statSync(file);
  if (found.size > KEY_FILE_SIZE_MAX) throw keyUnreadable('size');
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) chmodSync(file, FILE_MODE);
  return readFileSync(file, 'utf8');
}

/**
 * What a key file's text says, of any layout up to `versionMax`. Throws `StoreError`: `store_key`
 * where it is too long or not JSON, `store_newer` for a later layout.
 */
export function parseKeyJson(text: string, versionMax: number): unknown {
  if (text.length > KEY_FILE_SIZE_MAX) throw keyUnreadable('size');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    // The parser's own message would quote the text, which holds keys.
    if (error instanceof SyntaxError) throw keyUnreadable('layout');
    throw error;
  }
  const version = z.object({ version: z.int() }).safeParse(content);
  if (version.success && version.data.version > versionMax) {
    throw new StoreError('store_newer', `key file: expected version ${versionMax} at most`);
  }
  return content;
}

/** The error of a key file whose `part` is damaged. */
export function keyUnreadable(part: string): StoreError {
  return new StoreError('store_key', `key file: its ${part} is not what was written`);
}
