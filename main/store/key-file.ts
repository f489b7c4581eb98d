// The keys of a profile, in a file of slots (design section 4). Each slot holds the same random
// master key, wrapped in its own way: plain (whoever can read the folder can read the profile), by
// a passphrase through Argon2id, by the system's keychain. The master key seals the key of the
// database, so that either can be renewed without the other.
import { existsSync } from 'node:fs';
import * as z from 'zod/mini';
import { concatBytes, toUtf8, wipe } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import { STORE_KEY_SIZE } from './database.ts';
import { writeDurably } from './durable-file.ts';
import { StoreError } from './store-error.ts';
import { KEY_SLOTS_MAX, keyUnreadable, parseKeyJson, readKeyText } from './store-key.ts';

/** Version of the layout; 1 had the key of the database itself in a plain slot. */
export const PROFILE_KEY_FILE_VERSION = 2;
/** What a passphrase costs to try (RFC 9106, section 4: 64 MiB and three passes, one lane). */
export const PASSPHRASE_MEMORY_KIB = 65_536;
export const PASSPHRASE_PASSES = 3;
/** A file may ask for no more than this: it may be somebody else's. */
const MEMORY_KIB_MAX = 1_048_576;
const PASSES_MAX = 16;

const MASTER_SIZE = 32;
const SALT_SIZE = 16;
const NONCE_SIZE = 24;
const TAG_SIZE = 16;
const slotLabel = toUtf8('eddy key slot v2');
const storeLabel = toUtf8('eddy store key v2');

/** What a keychain of the system does for a profile: `main/app/keychain.ts` has Electron's. */
export type Keychain = {
  /** Gives back what only this user of this machine can unwrap. */
  readonly wrap: (secret: Uint8Array) => Promise<Uint8Array>;
  /** Null where it is not its own, or access was refused. */
  readonly unwrap: (wrapped: Uint8Array) => Promise<Uint8Array | null>;
};

const base64 = z.string().check(z.maxLength(8_192), z.regex(/^[A-Za-z0-9+/]*={0,2}$/));
const slotSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plain'), key: base64 }),
  z.strictObject({
    kind: z.literal('passphrase'),
    salt: base64,
    memoryKiB: z.int().check(z.minimum(8), z.maximum(MEMORY_KIB_MAX)),
    passes: z.int().check(z.minimum(1), z.maximum(PASSES_MAX)),
    sealed: base64,
  }),
  z.strictObject({ kind: z.literal('keychain'), wrapped: base64 }),
]);
export type KeySlot = z.infer<typeof slotSchema>;

const slots = z.array(slotSchema).check(z.minLength(1), z.maxLength(KEY_SLOTS_MAX));
const schema = z.strictObject({
  version: z.literal(PROFILE_KEY_FILE_VERSION),
  slots,
  /** The database's key, sealed with the master key. */
  store: base64,
  /** The key that a renewal under way puts in its place; null else. */
  next: z.nullable(base64),
});
export type KeyFile = z.infer<typeof schema>;
const firstSchema = z.strictObject({
  version: z.literal(1),
  slots: z.array(z.strictObject({ kind: z.literal('plain'), key: base64 })).check(z.length(1)),
});

export type KeyRing = {
  readonly engine: CryptoEngine;
  readonly random: RandomSource;
  /** Path of the key file. */
  readonly file: string;
};

/**
 * Reads the file, or makes one with a plain slot where neither it nor `databaseFile` is there.
 * Throws `StoreError`: `store_key` where the keys of a database are missing or unreadable,
 * `store_newer` for a later layout.
 */
export function openKeyFile(ring: KeyRing, databaseFile: string): KeyFile {
  if (existsSync(ring.file)) return read(ring);
  if (existsSync(databaseFile) || existsSync(`${databaseFile}-wal`)) {
    throw new StoreError('store_key', 'the database is there, its key file is not');
  }
  const master = drawBytes(ring.random, MASTER_SIZE);
  const storeKey = drawBytes(ring.random, STORE_KEY_SIZE);
  const made = fileOf(ring, [plainSlot(master)], { master, storeKey });
  wipe(storeKey);
  writeKeyFile(ring.file, made);
  return made;
}

export function writeKeyFile(file: string, content: KeyFile): void {
  writeDurably(file, Buffer.from(`${JSON.stringify(content)}\n`));
}

/** The master key of a plain slot, 32 bytes; null where there is none. */
export function masterOfPlain(content: KeyFile): Uint8Array | null {
  const slot = content.slots.find((one) => one.kind === 'plain');
  return slot === undefined ? null : bytesOf(slot.key, MASTER_SIZE, 'key');
}

/** The master key, or null where this is not the passphrase. Takes a second. */
export async function masterOfPassphrase(
  engine: CryptoEngine,
  content: KeyFile,
  passphrase: Uint8Array,
): Promise<Uint8Array | null> {
  const slot = content.slots.find((one) => one.kind === 'passphrase');
  if (slot === undefined) return null;
  const { memoryKiB, passes } = slot;
  const salt = bytesOf(slot.salt, SALT_SIZE, 'salt');
  const size = MASTER_SIZE;
  const key = await engine.argon2id({ password: passphrase, salt, memoryKiB, passes, size });
  try {
    return unseal(engine, key, slotLabel, slot.sealed);
  } finally {
    wipe(key);
  }
}

export async function masterOfKeychain(
  content: KeyFile,
  keychain: Keychain,
): Promise<Uint8Array | null> {
  const slot = content.slots.find((one) => one.kind === 'keychain');
  if (slot === undefined) return null;
  const master = await keychain.unwrap(Buffer.from(slot.wrapped, 'base64'));
  return master?.length === MASTER_SIZE ? master : null;
}

/** The keys of the database: the one in use, and the one that a renewal was to put in its place. */
export function storeKeysOf(
  engine: CryptoEngine,
  content: KeyFile,
  master: Uint8Array,
): { readonly current: Uint8Array; readonly next: Uint8Array | null } {
  const current = unseal(engine, master, storeLabel, content.store);
  const next = content.next === null ? null : unseal(engine, master, storeLabel, content.next);
  if (current === null || (content.next !== null && next === null)) {
    throw keyUnreadable('store key');
  }
  return { current, next };
}

/** What is to open a profile from now on; with no passphrase and no keychain it is open. */
export type Protection = {
  readonly passphrase: Uint8Array | null;
  readonly keychain: Keychain | null;
};

/** A file with a new master key under the given protection, for the same database. */
export async function protectedFile(
  ring: KeyRing,
  storeKey: Uint8Array,
  { passphrase, keychain }: Protection,
): Promise<{ readonly content: KeyFile; readonly master: Uint8Array }> {
  const master = drawBytes(ring.random, MASTER_SIZE);
  const made: KeySlot[] = [];
  if (passphrase !== null) made.push(await passphraseSlot(ring, master, passphrase));
  if (keychain !== null) made.push(await keychainSlot(master, keychain));
  if (made.length === 0) made.push(plainSlot(master));
  return { content: fileOf(ring, made, { master, storeKey }), master };
}

export async function keychainSlot(master: Uint8Array, keychain: Keychain): Promise<KeySlot> {
  const wrapped = await keychain.wrap(master);
  return { kind: 'keychain', wrapped: Buffer.from(wrapped).toString('base64') };
}

/** The database's key sealed for `store` or `next` of a key file. */
export function sealStoreKey(ring: KeyRing, master: Uint8Array, storeKey: Uint8Array): string {
  return seal(ring, master, storeLabel, storeKey);
}

async function passphraseSlot(
  ring: KeyRing,
  master: Uint8Array,
  passphrase: Uint8Array,
): Promise<KeySlot> {
  const salt = drawBytes(ring.random, SALT_SIZE);
  const cost = { memoryKiB: PASSPHRASE_MEMORY_KIB, passes: PASSPHRASE_PASSES };
  const options = { ...cost, password: passphrase, salt, size: MASTER_SIZE };
  const key = await ring.engine.argon2id(options);
  const sealed = seal(ring, key, slotLabel, master);
  wipe(key);
  return { kind: 'passphrase', salt: Buffer.from(salt).toString('base64'), ...cost, sealed };
}

function plainSlot(master: Uint8Array): KeySlot {
  return { kind: 'plain', key: Buffer.from(master).toString('base64') };
}

function fileOf(
  ring: KeyRing,
  made: KeySlot[],
  keys: { readonly master: Uint8Array; readonly storeKey: Uint8Array },
): KeyFile {
  const store = sealStoreKey(ring, keys.master, keys.storeKey);
  return { version: PROFILE_KEY_FILE_VERSION, slots: made, store, next: null };
}

/** Nonce 24 || ciphertext || tag 16 of XChaCha20-Poly1305, as base64. */
function seal(ring: KeyRing, key: Uint8Array, label: Uint8Array, secret: Uint8Array): string {
  const nonce = drawBytes(ring.random, NONCE_SIZE);
  const sealed = new Uint8Array(secret.length + TAG_SIZE);
  ring.engine.xchacha20Poly1305Seal(sealed, key, nonce, label, secret);
  return Buffer.from(concatBytes(nonce, sealed)).toString('base64');
}

function unseal(
  engine: CryptoEngine,
  key: Uint8Array,
  label: Uint8Array,
  text: string,
): Uint8Array | null {
  const bytes = bytesOf(text, NONCE_SIZE + MASTER_SIZE + TAG_SIZE, 'sealed key');
  const secret = new Uint8Array(MASTER_SIZE);
  const nonce = bytes.subarray(0, NONCE_SIZE);
  const isOpen = engine.xchacha20Poly1305Open(
    secret,
    key,
    nonce,
    label,
    bytes.subarray(NONCE_SIZE),
  );
  return isOpen ? secret : null;
}

function bytesOf(text: string, size: number, part: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== size || bytes.toString('base64') !== text) throw keyUnreadable(part);
  return Uint8Array.from(bytes);
}

function read(ring: KeyRing): KeyFile {
  const parsed = parseKeyFile(readKeyText(ring.file));
  return parsed.version === 1 ? fromFirst(ring, parsed.key) : parsed;
}

/**
 * What a key file's text says: its content, or of the first layout the key in it. Throws
 * `StoreError` as `openKeyFile` does.
 */
export function parseKeyFile(
  text: string,
): KeyFile | { readonly version: 1; readonly key: string } {
  const content = parseKeyJson(text, PROFILE_KEY_FILE_VERSION);
  const first = firstSchema.safeParse(content);
  if (first.success) return { version: 1, key: first.data.slots[0]?.key ?? '' };
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw keyUnreadable('layout');
  return parsed.data;
}

/** The first layout had no master key: its slot was the database's key. */
function fromFirst(ring: KeyRing, key: string): KeyFile {
  const storeKey = bytesOf(key, STORE_KEY_SIZE, 'key');
  const master = drawBytes(ring.random, MASTER_SIZE);
  const content = fileOf(ring, [plainSlot(master)], { master, storeKey });
  wipe(storeKey);
  writeKeyFile(ring.file, content);
  return content;
}
