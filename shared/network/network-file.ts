// What a client or node starts from: the network's name, its authorities' keys and addresses, and
// when epoch 0 began. A JSON file, or a link with the same content (design section 2, "Directory").
// The network hash, which names the network for good, is taken over the canonical bytes of the
// founding file.
import {
  compareBytes,
  concatBytes,
  equalBytes,
  fromBase64url,
  fromUtf8,
  toBase64url,
  toUtf8,
} from '../bytes.ts';
import type { CryptoEngine } from '../crypto.ts';
import { HASH_SIZE, KEY_SIZE, NETWORK_HASH_SIZE } from './geometry.ts';
import { parseNodeAddress } from './node-address.ts';

export type Authority = {
  /** Ed25519, 32 bytes. */
  readonly key: Uint8Array;
  /** `host:port`, 1 to 4. */
  readonly addresses: readonly string[];
};

export type NetworkFile = {
  readonly name: string;
  /** In ascending order of their keys. */
  readonly authorities: readonly Authority[];
  readonly epoch0UnixMs: number;
};

/** Characters that a window can show in one line. */
export const NETWORK_NAME_SIZE_MAX = 64;
/** Bounds a document's signatures; a majority of 15 is 8. */
export const AUTHORITIES_MAX = 15;
export const AUTHORITY_ADDRESSES_MAX = 4;
/** Text of the largest file, spaces allowed; longer input is not parsed. */
export const NETWORK_FILE_SIZE_MAX = 16_384;

/** What is wrong with an input: which field, what it should be, what it is. */
export type NetworkFileError = {
  readonly field: string;
  readonly expected: string;
  readonly got: string;
};
export type ParsedNetworkFile =
  | { readonly ok: true; readonly network: NetworkFile }
  | { readonly ok: false; readonly error: NetworkFileError };

/** Parses the JSON text of a network file. Keys that it does not know are refused. */
export function parseNetworkFile(text: string): ParsedNetworkFile {
  if (text.length > NETWORK_FILE_SIZE_MAX) {
    return fail('file', `at most ${NETWORK_FILE_SIZE_MAX} characters`, `${text.length}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('file', 'JSON', 'something else');
  }
  return parseNetwork(value);
}

/** Keys in a fixed order, no spaces, authorities ascending: the same bytes for the same network. */
export function canonicalNetworkFile(network: NetworkFile): Uint8Array {
  const authorities = network.authorities.map(({ key, addresses }) => ({
    key: toBase64url(key),
    addresses,
  }));
  const { name, epoch0UnixMs } = network;
  return toUtf8(JSON.stringify({ name, authorities, epoch0UnixMs }));
}

/** 8 bytes. */
export function networkHash(engine: CryptoEngine, network: NetworkFile): Uint8Array {
  const hash = new Uint8Array(HASH_SIZE);
  engine.sha256(hash, canonicalNetworkFile(network));
  return hash.slice(0, NETWORK_HASH_SIZE);
}

export const NETWORK_LINK_PREFIX = 'eddy:n/';
/** The first bytes of SHA-256 over the content: a link that lost its end says so. */
const CHECKSUM_SIZE = 4;

/** The network as a link. */
export function formatNetworkLink(engine: CryptoEngine, network: NetworkFile): string {
  const content = canonicalNetworkFile(network);
  const bytes = concatBytes(content, checksum(engine, content));
  return NETWORK_LINK_PREFIX + toBase64url(bytes);
}

/** Parses a link; spaces around it are passed over. */
export function parseNetworkLink(engine: CryptoEngine, text: string): ParsedNetworkFile {
  const link = text.trim();
  if (!link.startsWith(NETWORK_LINK_PREFIX)) {
    return fail('link', NETWORK_LINK_PREFIX, link.slice(0, NETWORK_LINK_PREFIX.length));
  }
  if (link.length > NETWORK_FILE_SIZE_MAX) {
    return fail('link', `at most ${NETWORK_FILE_SIZE_MAX} characters`, `${link.length}`);
  }
  const bytes = fromBase64url(link.slice(NETWORK_LINK_PREFIX.length));
  if (bytes === null) return fail('link', 'base64url', 'other characters, or a part of a link');
  const content = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM_SIZE));
  if (!equalBytes(bytes.subarray(content.length), checksum(engine, content))) {
    return fail('link', 'a whole link', 'a part of one, or one with a typing error');
  }
  const json = fromUtf8(content);
  if (json === null) return fail('link', 'UTF-8', 'other bytes');
  const parsed = parseNetworkFile(json);
  if (parsed.ok && !equalBytes(canonicalNetworkFile(parsed.network), content)) {
    return fail('link', 'the canonical form', 'another form of the same network');
  }
  return parsed;
}

function checksum(engine: CryptoEngine, content: Uint8Array): Uint8Array {
  const hash = new Uint8Array(HASH_SIZE);
  engine.sha256(hash, content);
  return hash.subarray(0, CHECKSUM_SIZE);
}

function parseNetwork(value: unknown): ParsedNetworkFile {
  const fields = parseObject(value, 'file', ['name', 'authorities', 'epoch0UnixMs']);
  if (!fields.ok) return fields;
  const { name, authorities: list, epoch0UnixMs } = fields.value;
  if (typeof name !== 'string') return fail('name', 'text', kindOf(name));
  if (name !== name.trim() || name.length < 1 || name.length > NETWORK_NAME_SIZE_MAX) {
    const expected = `1 to ${NETWORK_NAME_SIZE_MAX} characters, no spaces around them`;
    return fail('name', expected, `${name.length} characters`);
  }
  // Also lone surrogates, which have no UTF-8.
  if (/\p{C}/u.test(name) || name !== name.normalize('NFC')) {
    return fail('name', 'printable characters in composed form', 'others');
  }
  if (!Array.isArray(list)) return fail('authorities', 'a list', kindOf(list));
  if (list.length < 1 || list.length > AUTHORITIES_MAX) {
    return fail('authorities', `1 to ${AUTHORITIES_MAX}`, `${list.length}`);
  }
  const authorities: Authority[] = [];
  for (const [index, item] of list.entries()) {
    const parsed = parseAuthority(item, `authorities[${index}]`);
    if (!parsed.ok) return parsed;
    authorities.push(parsed.value);
  }
  authorities.sort((a, b) => compareBytes(a.key, b.key));
  for (const [index, { key }] of authorities.entries()) {
    const next = authorities[index + 1];
    if (next !== undefined && equalBytes(key, next.key)) {
      return fail('authorities', 'different keys', 'one key twice');
    }
  }
  if (!isUnixMs(epoch0UnixMs)) {
    return fail('epoch0UnixMs', 'whole milliseconds since 1970', kindOf(epoch0UnixMs));
  }
  return { ok: true, network: { name, authorities, epoch0UnixMs } };
}

function parseAuthority(value: unknown, field: string): Parsed<Authority> {
  const fields = parseObject(value, field, ['key', 'addresses']);
  if (!fields.ok) return fields;
  const { key: keyText, addresses: list } = fields.value;
  const key = typeof keyText === 'string' ? fromBase64url(keyText) : null;
  if (key === null || key.length !== KEY_SIZE) {
    const got = key === null ? kindOf(keyText) : `${key.length} bytes`;
    return fail(`${field}.key`, '32 bytes in base64url', got);
  }
  if (!Array.isArray(list)) return fail(`${field}.addresses`, 'a list', kindOf(list));
  if (list.length < 1 || list.length > AUTHORITY_ADDRESSES_MAX) {
    return fail(`${field}.addresses`, `1 to ${AUTHORITY_ADDRESSES_MAX}`, `${list.length}`);
  }
  const addresses: string[] = [];
  for (const [index, item] of list.entries()) {
    const parsed = typeof item === 'string' ? parseNodeAddress(item) : null;
    if (typeof item !== 'string' || parsed?.ok !== true) {
      const got = parsed?.ok === false ? parsed.reason : kindOf(item);
      return fail(`${field}.addresses[${index}]`, 'host:port', got);
    }
    addresses.push(item);
  }
  return { ok: true, value: { key, addresses } };
}

type Failure = { readonly ok: false; readonly error: NetworkFileError };
type Parsed<T> = { readonly ok: true; readonly value: T } | Failure;

function fail(field: string, expected: string, got: string): Failure {
  return { ok: false, error: { field, expected, got } };
}

function parseObject<Key extends string>(
  value: unknown,
  field: string,
  keys: readonly Key[],
): Parsed<Readonly<Record<Key, unknown>>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail(field, 'an object', kindOf(value));
  }
  const unknown = Object.keys(value).find((key) => !keys.some((known) => known === key));
  if (unknown !== undefined) return fail(field, keys.join(', '), 'a field it does not have');
  const missing = keys.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) return fail(missing, 'a value', 'nothing');
  return { ok: true, value: value as Record<Key, unknown> };
}

function isUnixMs(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
}
