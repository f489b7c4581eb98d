// What a node's operator decides, in one commented file: JSON in which a line that begins with //
// is a remark. A field that is missing, unknown or wrong is refused by name, with what was expected
// and what is there; nothing is guessed, and nothing starts with half a configuration.
import path from 'node:path';
import { fromBase64url, toUtf8 } from '../shared/bytes.ts';
import { OPERATOR_SIZE_MAX } from '../shared/network/descriptor.ts';
import { INVITE_SIZE } from '../shared/network/frame-sizes.ts';
import { KEY_SIZE } from '../shared/network/geometry.ts';
import { parseNodeAddress } from '../shared/network/node-address.ts';
import { isTrafficAllowed, type TrafficName, trafficNames } from '../shared/network/traffic.ts';
import type { LogLevel } from './log.ts';

export type NodeRole = 'mix' | 'provider' | 'authority';
export const nodeRoles: readonly NodeRole[] = ['mix', 'provider', 'authority'];

export type CommonConfig = {
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute path of the network file. */
  readonly networkFile: string;
  readonly traffic: TrafficName;
  readonly listen: { readonly host: string; readonly port: number };
  /** `host:port`, 1 to 4: how others reach this node. */
  readonly addresses: readonly string[];
  readonly operator: string;
  /** On loopback; null for no status page. */
  readonly statusPort: number | null;
  readonly logLevel: LogLevel;
};
/** What mixes and providers have. */
export type HopConfig = {
  /** Worker threads that unwrap packets; 0 where the node's own thread does. */
  readonly threads: number;
};
export type MixConfig = CommonConfig & HopConfig & { readonly role: 'mix' };
export type ProviderConfig = CommonConfig &
  HopConfig & {
    readonly role: 'provider';
    /** Null where everybody may register; else invite tokens of 32 bytes. */
    readonly invites: readonly Uint8Array[] | null;
    readonly retentionMs: number;
  };
export type AllowedNode = {
  /** Identity key, 32 bytes. */
  readonly key: Uint8Array;
  readonly operator: string;
};
export type AuthorityConfig = CommonConfig & {
  readonly role: 'authority';
  readonly allow: readonly AllowedNode[];
  /** How many layers of mixes the network has; 3 but in small ones. */
  readonly layerCount: 1 | 2 | 3;
};
export type NodeConfig = MixConfig | ProviderConfig | AuthorityConfig;

/** Text of the longest configuration that is read. */
export const CONFIG_SIZE_MAX = 1_048_576;
export const ADDRESSES_MAX = 4;
/** More than any machine has use for: one thread carries the links of all. */
export const THREADS_MAX = 64;
export const INVITES_MAX = 10_000;
export const ALLOWED_NODES_MAX = 1_000;
const DAY_MS = 24 * 3_600_000;
const RETENTION_DAYS_MAX = 365;
const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** What is wrong with a configuration. The text of the field itself is never repeated. */
export type ConfigFault = {
  readonly field: string;
  readonly expected: string;
  readonly got: string;
};
export type ParsedConfig =
  | { readonly ok: true; readonly config: NodeConfig }
  | { readonly ok: false; readonly fault: ConfigFault };

/** Reads the text of a configuration file for `role`; paths in it are relative to `folder`. */
export function parseConfig(role: NodeRole, text: string, folder: string): ParsedConfig {
  try {
    return { ok: true, config: readConfig(role, text, folder) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, fault: error.fault };
    throw error;
  }
}

/** Thrown inside this file alone: the first thing that is wrong ends the reading. */
class Refusal extends Error {
  readonly fault: ConfigFault;
  constructor(field: string, expected: string, got: string) {
    super(`${field}: expected ${expected}, got ${got}`);
    this.fault = { field, expected, got };
  }
}

const commonFields = ['role', 'dataDir', 'network', 'traffic', 'listen', 'addresses', 'operator'];
commonFields.push('statusPort', 'logLevel');
const ownFields: Readonly<Record<NodeRole, readonly string[]>> = {
  mix: ['threads'],
  provider: ['threads', 'registration', 'invites', 'retentionDays'],
  authority: ['allow', 'layers'],
};

function readConfig(role: NodeRole, text: string, folder: string): NodeConfig {
  const fields = readObject(parseCommented(text), 'file', [...commonFields, ...ownFields[role]]);
  oneOf(fields['role'], 'role', [role]);
  const addresses = readList(fields['addresses'], 'addresses', ADDRESSES_MAX, readAddress);
  if (addresses.length === 0) throw new Refusal('addresses', '1 at least', 'none');
  const traffic = oneOf(fields['traffic'], 'traffic', trafficNames);
  const listen = readListen(fields['listen']);
  if (!isTrafficAllowed(traffic, [...addresses, hostPort(listen)])) {
    throw new Refusal('addresses', `loopback, which ${traffic} traffic keeps to`, 'others');
  }
  const common: CommonConfig = {
    dataDir: path.resolve(folder, readText(fields['dataDir'], 'dataDir')),
    networkFile: path.resolve(folder, readText(fields['network'], 'network')),
    traffic,
    listen,
    addresses,
    operator: readOperator(fields['operator'], 'operator'),
    statusPort:
      fields['statusPort'] === null ? null : readInteger(fields['statusPort'], 'statusPort', PORTS),
    logLevel: oneOf(fields['logLevel'], 'logLevel', logLevels),
  };
  switch (role) {
    case 'mix':
      return { ...common, role, ...readHop(fields) };
    case 'provider':
      return { ...common, role, ...readHop(fields), ...readProvider(fields) };
    case 'authority':
      return { ...common, role, ...readAuthority(fields) };
  }
}

type Fields = Readonly<Record<string, unknown>>;
/** 0 lets the system choose. */
const PORTS = { min: 0, max: 65_535 };

function readHop(fields: Fields): HopConfig {
  return { threads: readInteger(fields['threads'], 'threads', { min: 0, max: THREADS_MAX }) };
}

function readProvider(fields: Fields): Pick<ProviderConfig, 'invites' | 'retentionMs'> {
  const registration = oneOf(fields['registration'], 'registration', ['open', 'invite']);
  const invites = readList(fields['invites'], 'invites', INVITES_MAX, (value, field) =>
    readBytes(value, field, INVITE_SIZE),
  );
  if (registration === 'open' && invites.length > 0) {
    throw new Refusal('invites', 'none where registration is open', `${invites.length}`);
  }
  const days = { min: 1, max: RETENTION_DAYS_MAX };
  return {
    invites: registration === 'open' ? null : invites,
    retentionMs: readInteger(fields['retentionDays'], 'retentionDays', days) * DAY_MS,
  };
}

function readAuthority(fields: Fields): Pick<AuthorityConfig, 'allow' | 'layerCount'> {
  const layers = readInteger(fields['layers'], 'layers', { min: 1, max: 3 });
  const allow = readList(fields['allow'], 'allow', ALLOWED_NODES_MAX, (value, field) => {
    const node = readObject(value, field, ['key', 'operator']);
    return {
      key: readBytes(node['key'], `${field}.key`, KEY_SIZE),
      operator: readOperator(node['operator'], `${field}.operator`),
    };
  });
  return { allow, layerCount: layers === 1 || layers === 2 ? layers : 3 };
}

function parseCommented(text: string): unknown {
  if (text.length > CONFIG_SIZE_MAX) {
    throw new Refusal('file', `${CONFIG_SIZE_MAX} characters at most`, `${text.length}`);
  }
  const plain = text.replace(/^[ \t]*\/\/.*$/gm, '');
  try {
    return JSON.parse(plain);
  } catch {
    throw new Refusal('file', 'JSON with // remarks on lines of their own', 'something else');
  }
}

function readObject(value: unknown, field: string, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(field, 'an object', kindOf(value));
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Refusal(field, known.join(', '), 'a field it has not got');
  return Object.assign(Object.create(null), value) as Fields;
}

function readText(value: unknown, field: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Refusal(field, 'text', kindOf(value));
}

function readInteger(value: unknown, field: string, range: { min: number; max: number }): number {
  const { min, max } = range;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  const got = typeof value === 'number' ? `${value}` : kindOf(value);
  throw new Refusal(field, `a whole number from ${min} to ${max}`, got);
}

function oneOf<Name extends string>(value: unknown, field: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  const got = typeof value === 'string' ? 'another word' : kindOf(value);
  throw new Refusal(field, names.join(' or '), got);
}

function readList<Item>(
  value: unknown,
  field: string,
  max: number,
  read: (item: unknown, field: string) => Item,
): Item[] {
  if (!Array.isArray(value)) throw new Refusal(field, 'a list', kindOf(value));
  if (value.length > max) throw new Refusal(field, `${max} at most`, `${value.length}`);
  return value.map((item, index) => read(item, `${field}[${index}]`));
}

function readAddress(value: unknown, field: string): string {
  if (typeof value === 'string' && parseNodeAddress(value).ok) return value;
  throw new Refusal(field, 'host:port', typeof value === 'string' ? 'other text' : kindOf(value));
}

function readListen(value: unknown): CommonConfig['listen'] {
  const { host, port } = readObject(value, 'listen', ['host', 'port']);
  return {
    host: readText(host, 'listen.host'),
    port: readInteger(port, 'listen.port', { min: 1, max: 65_535 }),
  };
}

function hostPort({ host, port }: CommonConfig['listen']): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function readOperator(value: unknown, field: string): string {
  // Lone surrogates are of the class C too, and have no UTF-8.
  const isSound =
    typeof value === 'string' &&
    value !== '' &&
    !/\p{C}/u.test(value) &&
    toUtf8(value).length <= OPERATOR_SIZE_MAX;
  if (isSound) return value;
  throw new Refusal(field, `1 to ${OPERATOR_SIZE_MAX} bytes of printable text`, kindOf(value));
}

function readBytes(value: unknown, field: string, size: number): Uint8Array {
  const bytes = typeof value === 'string' ? fromBase64url(value) : null;
  if (bytes?.length === size) return bytes;
  const got = bytes === null ? kindOf(value) : `${bytes.length} bytes`;
  throw new Refusal(field, `${size} bytes in base64url`, got);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'other text';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
