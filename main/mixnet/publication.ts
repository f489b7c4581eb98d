// A node's keys as the epochs pass, and the descriptor that makes them known: a new one whenever
// the published keys change (design section 2, "Directory").
import type { CryptoEngine } from '../../shared/crypto.ts';
import {
  type NodeDescriptor,
  type NodeKind,
  signDescriptor,
} from '../../shared/network/descriptor.ts';
import { type EpochTimes, epochAt } from '../../shared/network/epoch.ts';
import { PROTOCOL_VERSION } from '../../shared/network/frame-sizes.ts';
import type { Now } from '../../shared/time.ts';
import type { EpochKeys } from './epoch-keys.ts';

/** What a node says of itself, and what it signs that with. */
export type PublicationOptions = {
  readonly engine: CryptoEngine;
  readonly kind: NodeKind;
  /** Ed25519: 32 and 64 bytes. */
  readonly identity: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  readonly linkKeyHash: Uint8Array;
  readonly operator: string;
  readonly addresses: readonly string[];
  readonly isRegistrationOpen: boolean;
};

export type Publication = {
  /** Makes and destroys keys where that is due. True where the descriptor is a new one. */
  readonly advance: (now: Now) => boolean;
  readonly isDue: (now: Now) => boolean;
  /** The descriptor in force; null before the network's first epoch. */
  readonly descriptor: () => Uint8Array | null;
  readonly nextAtMs: () => number;
};

export function createPublication(
  options: PublicationOptions,
  keys: EpochKeys,
  times: EpochTimes,
  start: Now,
): Publication {
  let descriptor: Uint8Array | null = null;
  let nextAtMs = start.monotonicMs;
  let epoch: number | null = null;
  return {
    advance: (now) => {
      epoch = epochAt(times, now.unixMs);
      if (epoch === null) {
        nextAtMs = now.monotonicMs + (times.epoch0UnixMs - now.unixMs);
        return false;
      }
      const isChanged = keys.advance(now);
      nextAtMs = now.monotonicMs + Math.max(1, keys.nextAdvanceAtUnixMs(now) - now.unixMs);
      if (!isChanged && descriptor !== null) return false;
      descriptor = signOwn(options, keys, now);
      return true;
    },
    // A clock that was set is followed at the next wake, whatever was planned by the old one.
    isDue: (now) => now.monotonicMs >= nextAtMs || epochAt(times, now.unixMs) !== epoch,
    descriptor: () => descriptor,
    nextAtMs: () => nextAtMs,
  };
}

function signOwn(options: PublicationOptions, keys: EpochKeys, now: Now): Uint8Array {
  const [first, second, third] = keys.published(now);
  if (first === undefined || second === undefined || third === undefined) {
    throw new Error('must hold: keys for this epoch and two more exist after advance');
  }
  const descriptor: NodeDescriptor = {
    identityKey: options.identity.publicKey,
    kind: options.kind,
    isRegistrationOpen: options.isRegistrationOpen,
    protocolVersion: PROTOCOL_VERSION,
    publishedUnixMs: Math.floor(now.unixMs),
    linkKeyHash: options.linkKeyHash,
    firstEpoch: first.epoch,
    sphinxKeys: [first.publicKey, second.publicKey, third.publicKey],
    operator: options.operator,
    addresses: options.addresses,
  };
  return signDescriptor(options.engine, descriptor, options.identity.secretKey);
}
