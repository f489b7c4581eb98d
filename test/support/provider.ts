// A provider's parts as production puts them together, on a real store in a temporary folder.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { createEpochKeys } from '../../main/mixnet/epoch-keys.ts';
import { createHop, type Hop } from '../../main/mixnet/hop.ts';
import type { MailboxStore } from '../../main/mixnet/mailbox-store.ts';
import { createProviderMail, type ProviderMail } from '../../main/mixnet/provider-mail.ts';
import type { PacketRefusal } from '../../main/mixnet/refusal.ts';
import { type Counter, createCounter, PACKET_REFUSALS } from '../../main/mixnet/refusal.ts';
import { openDatabase } from '../../main/store/database.ts';
import {
  createMailboxStore,
  type MailboxLimits,
  mailboxLimits,
  providerDatabase,
} from '../../main/store/mailbox-store.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';
import { drawBytes } from '../../shared/random.ts';
import { createSphinx } from '../../shared/sphinx/packet.ts';
import { memoryEpochKeyStore } from './memory-epoch-keys.ts';
import { memoryRoot } from './memory-root.ts';
import { seededRandom } from './random.ts';

const dir = path.join(memoryRoot, `eddy-mailboxes-${process.pid}-${threadId}`);

/** For `afterAll` of a test that opened mailboxes. */
export function removeMailboxes(): void {
  rmSync(dir, { recursive: true, force: true });
}

/** A file that is not there yet, in a folder of its own. */
export function databaseFile(): string {
  mkdirSync(dir, { recursive: true });
  return path.join(mkdtempSync(path.join(dir, 'database-')), 'database.db');
}

/** Mailboxes in a file of their own. */
export function openMailboxes(limits: Partial<MailboxLimits> = {}): MailboxStore {
  // Anew: the test before this one may have removed it.
  mkdirSync(dir, { recursive: true });
  return mailboxesIn(dir, limits);
}

/** Mailboxes in a file of their own below `folder`. */
export function mailboxesIn(folder: string, limits: Partial<MailboxLimits> = {}): MailboxStore {
  const file = path.join(mkdtempSync(path.join(folder, 'provider-')), 'mailboxes.db');
  const db = openDatabase({
    file,
    key: new Uint8Array(32).fill(7),
    ...providerDatabase,
  });
  return createMailboxStore(db, { ...mailboxLimits, ...limits });
}

export const sphinx = createSphinx(nobleEngine);

export type TestProvider = {
  readonly identityKey: Uint8Array;
  /** The one mix of layer 1; its peer is `node:aa`. */
  readonly layer1Key: Uint8Array;
  /** Of epoch 0, which does not end. */
  readonly sphinxKey: Uint8Array;
  readonly store: MailboxStore;
  readonly hop: Hop;
  readonly mail: ProviderMail;
  readonly refusals: Counter<PacketRefusal>;
  /** Identifiers of own loops that came back. */
  readonly owned: readonly Uint8Array[];
};

/** Hop and mail of a provider that accepts delays up to a second. */
export function openProvider(limits: Partial<MailboxLimits> = {}): TestProvider {
  const random = seededRandom('provider');
  const identityKey = drawBytes(random, 32);
  const layer1Key = drawBytes(random, 32);
  const store = openMailboxes(limits);
  const times = { epoch0UnixMs: 0, epochMs: 1e12, graceMs: 1, skewMs: 1 };
  const keyStore = memoryEpochKeyStore();
  const keys = createEpochKeys({ engine: nobleEngine, random, store: keyStore, times });
  const start = { monotonicMs: 0, unixMs: 0 };
  keys.advance(start);
  const refusals = createCounter(PACKET_REFUSALS);
  const owned: Uint8Array[] = [];
  const nextPeer = (address: Uint8Array) =>
    Buffer.compare(address, layer1Key) === 0 ? ('node:aa' as const) : null;
  const delayMsMax = () => 1_000;
  const hop = createHop({ sphinx, keys, refusals, nextPeer, delayMsMax });
  const onOwnAcknowledgement = (identifier: Uint8Array) => void owned.push(identifier);
  const shared = { hop, store, random, refusals, identityKey, delayMsMax, nextPeer };
  const mail = createProviderMail({ ...shared, onOwnAcknowledgement });
  const sphinxKey = keys.forParity(0, start)?.publicKey ?? new Uint8Array(32);
  return { identityKey, layer1Key, sphinxKey, store, hop, mail, refusals, owned };
}
