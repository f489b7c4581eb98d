// From a configuration to the role it names, with the stores that the role keeps its state in.
import path from 'node:path';
import { toHex } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import { createSphinx } from '../../shared/sphinx/packet.ts';
import type { Now } from '../../shared/time.ts';
import type { AuthorityConfig, MixConfig, NodeConfig, ProviderConfig } from '../config.ts';
import { createAuthority } from '../mixnet/authority.ts';
import { MAILBOX_MAILS_MAX } from '../mixnet/mailbox-store.ts';
import { createMix } from '../mixnet/mix.ts';
import { createProvider } from '../mixnet/provider.ts';
import type { LinkEffect, LinkInput, Role } from '../mixnet/role.ts';
import type { UnwrappedInput } from '../mixnet/unwrap-step.ts';
import type { UnwrapPool } from '../net/unwrap-pool.ts';
import { openDatabase } from '../store/database.ts';
import { openDocumentFiles } from '../store/document-files.ts';
import { openEpochKeyFiles } from '../store/epoch-key-store.ts';
import { createMailboxStore, mailboxLimits, providerDatabase } from '../store/mailbox-store.ts';
import { loadStoreKey } from '../store/store-key.ts';
import { systemRandom } from '../system.ts';
import type { NodeKeys } from './node-files.ts';

export type RoleParts = {
  readonly role: Role<LinkInput | UnwrappedInput, LinkEffect>;
  /** Numbers, nested by name. */
  readonly counters: () => unknown;
  /** Of an authority: the newest document's bytes. */
  readonly document: (() => Uint8Array | null) | null;
  /** Whether anybody may connect, or the nodes of the document alone. */
  readonly acceptsAnonymous: boolean;
  /** After the last input: everything durable. */
  readonly close: () => void;
};

export type RoleOptions = {
  readonly network: NetworkFile;
  readonly keys: NodeKeys;
  readonly engine: CryptoEngine;
  /** Stays while the machine runs; null where it cannot be told. */
  readonly bootId: string | null;
  readonly nativeBinding: string | undefined;
  /** Where packets are unwrapped; null for the node's own thread. */
  readonly pool: UnwrapPool | null;
};

/** Opens the stores and builds the role. */
export function createRole(config: NodeConfig, options: RoleOptions, now: Now): RoleParts {
  switch (config.role) {
    case 'authority':
      return authority(config, options, now);
    case 'mix':
      return mix(config, options, now);
    case 'provider':
      return provider(config, options, now);
  }
}

function authority(config: AuthorityConfig, options: RoleOptions, now: Now): RoleParts {
  const { engine, network, keys } = options;
  const role = createAuthority(
    {
      engine,
      network,
      random: systemRandom,
      identity: keys.identity,
      allowed: new Map(config.allow.map(({ key, operator }) => [toHex(key), operator])),
      traffic: config.traffic,
      layerCount: config.layerCount,
      documentStore: openDocumentFiles(path.join(config.dataDir, 'documents')),
    },
    now,
  );
  return {
    role: {
      ...role,
      // It has no packets, so nothing comes back unwrapped.
      receive: (input, at) => (input.kind === 'unwrapped' ? [] : role.receive(input, at)),
    },
    counters: role.counters,
    document: () => role.newest()?.bytes ?? null,
    acceptsAnonymous: true,
    close: () => {},
  };
}

function mix(config: MixConfig, options: RoleOptions, now: Now): RoleParts {
  const { base, close } = nodeBase(config, options);
  const role = createMix(base, now);
  return { role, counters: role.counters, document: null, acceptsAnonymous: false, close };
}

function provider(config: ProviderConfig, options: RoleOptions, now: Now): RoleParts {
  const { base, close } = nodeBase(config, options);
  const file = path.join(config.dataDir, 'mailboxes.db');
  const database = openDatabase({
    file,
    key: loadStoreKey(path.join(config.dataDir, 'store.key'), file),
    ...providerDatabase,
    nativeBinding: options.nativeBinding,
  });
  const limits = { ...mailboxLimits, retentionMs: config.retentionMs };
  const role = createProvider(
    {
      ...base,
      store: createMailboxStore(database, limits),
      registration: config.invites === null ? 'open' : new Set(config.invites.map(toHex)),
      retentionMs: config.retentionMs,
      mailsMax: MAILBOX_MAILS_MAX,
    },
    now,
  );
  return {
    role,
    counters: role.counters,
    document: null,
    acceptsAnonymous: true,
    close: () => {
      close();
      database.close();
    },
  };
}

/** What mixes and providers are made of alike. */
function nodeBase(config: MixConfig | ProviderConfig, options: RoleOptions) {
  const { engine, network, keys, bootId, pool } = options;
  const keyStore = openEpochKeyFiles(path.join(config.dataDir, 'epoch-keys'), bootId);
  const base = {
    engine,
    sphinx: createSphinx(engine),
    random: systemRandom,
    loopInstants: systemRandom,
    network,
    identity: keys.identity,
    linkKeyHash: keys.link.hash,
    operator: config.operator,
    addresses: config.addresses,
    traffic: config.traffic,
    keyStore: pool?.keyStore(keyStore) ?? keyStore,
    ...(pool === null ? {} : { desk: pool }),
    documentStore: openDocumentFiles(path.join(config.dataDir, 'documents')),
  };
  return { base, close: keyStore.close };
}
