// The files of a node: what `init` makes, and where `run` finds it again.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CryptoEngine } from '../../shared/crypto.ts';
import {
  canonicalNetworkFile,
  type NetworkFile,
  parseNetworkFile,
} from '../../shared/network/network-file.ts';
import { type NodeConfig, type NodeRole, parseConfig } from '../config.ts';
import { type TemplateValues, writeConfig } from '../config-template.ts';
import { type LinkKey, loadLinkKey } from '../net/certificate.ts';
import { FOLDER_MODE, writeDurably } from '../store/durable-file.ts';
import { type Identity, loadIdentity } from '../store/identity-file.ts';
import { systemRandom, unixMs } from '../system.ts';

/** What an operator did that cannot be done; the text says what to do instead. */
export class OperatorError extends Error {}

export type NodeKeys = { readonly identity: Identity; readonly link: LinkKey };

/** Reads the keys in `dataDir`, or makes them. An authority's certificate is vouched for. */
export function loadKeys(role: NodeRole, dataDir: string, engine: CryptoEngine): NodeKeys {
  mkdirSync(dataDir, { recursive: true, mode: FOLDER_MODE });
  const identity = loadIdentity(path.join(dataDir, 'identity.key'), engine, systemRandom);
  const sign = (message: Uint8Array): Uint8Array => {
    const signature = new Uint8Array(64);
    engine.ed25519Sign(signature, message, identity.secretKey);
    return signature;
  };
  const linkFile = path.join(dataDir, 'link.key');
  return { identity, link: loadLinkKey(linkFile, role === 'authority' ? sign : undefined) };
}

/** Reads and checks a configuration. Throws `OperatorError` with field, expected and got. */
export function loadConfig(role: NodeRole, file: string): NodeConfig {
  const parsed = parseConfig(role, readText(file, 'configuration'), path.dirname(file));
  if (parsed.ok) return parsed.config;
  const { field, expected, got } = parsed.fault;
  throw new OperatorError(`${field}: expected ${expected}, got ${got}`);
}

/** Reads a network file. Throws `OperatorError`. */
export function loadNetwork(file: string): NetworkFile {
  const parsed = parseNetworkFile(readText(file, 'network file'));
  if (parsed.ok) return parsed.network;
  const { field, expected, got } = parsed.error;
  throw new OperatorError(`network file, ${field}: expected ${expected}, got ${got}`);
}

export type NodeInit = TemplateValues & {
  /** Absolute path of the configuration; its folder is made. */
  readonly configFile: string;
  /** The name of a network that an authority founds where there is no network file yet. */
  readonly networkName: string;
};

/** Makes configuration and keys; gives the identity key. Touches nothing that is there. */
export function initNode(init: NodeInit, engine: CryptoEngine): Uint8Array {
  const { configFile, networkName, ...values } = init;
  if (existsSync(configFile)) {
    throw new OperatorError('--config: expected a file that is not there yet, got one that is');
  }
  const text = writeConfig(values);
  const folder = path.dirname(configFile);
  const parsed = parseConfig(init.role, text, folder);
  if (!parsed.ok) {
    const { field, expected, got } = parsed.fault;
    throw new OperatorError(`${field}: expected ${expected}, got ${got}`);
  }
  const { config } = parsed;
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const { identity } = loadKeys(init.role, config.dataDir, engine);
  if (init.role === 'authority' && !existsSync(config.networkFile)) {
    const network: NetworkFile = {
      name: networkName,
      authorities: [{ key: identity.publicKey, addresses: init.addresses }],
      epoch0UnixMs: unixMs(),
    };
    mkdirSync(path.dirname(config.networkFile), { recursive: true, mode: FOLDER_MODE });
    writeDurably(config.networkFile, canonicalNetworkFile(network));
    loadNetwork(config.networkFile);
  }
  writeDurably(configFile, Buffer.from(text));
  return identity.publicKey;
}

function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new OperatorError(`${what}: expected a file that can be read, got ${code}`, {
      cause: error,
    });
  }
}
