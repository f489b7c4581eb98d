// From a slot to a packet that waits for it: what goes into the slot, what is expected back, and
// what follows from its leaving or its being destroyed (design section 2, "Traffic").
import { toHex } from '../../../shared/bytes.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { parityOf } from '../../../shared/network/epoch.ts';
import { encodeFrame } from '../../../shared/network/frames.ts';
import { nodePeer } from '../../../shared/network/topology.ts';
import type { RandomSource } from '../../../shared/random.ts';
import type { Sphinx } from '../../../shared/sphinx/packet.ts';
import type { Now } from '../../../shared/time.ts';
import type { Counter } from '../refusal.ts';
import { isStoreFull } from '../store-full.ts';
import type { ClientEvent } from './contract.ts';
import type { Directory } from './directory.ts';
import type { Ledger, Probe } from './ledger.ts';
import type { Outbox } from './outbox.ts';
import type { Taken } from './outbox-message.ts';
import {
  type BuiltPacket,
  buildFor,
  type Errand,
  isRecipient,
  type Leg,
  legDelayMs,
  type PacketGround,
} from './packets.ts';
import type { Slot } from './schedule.ts';
import type { Prepared } from './slots.ts';
import type { ClientAccount, ClientStore } from './store.ts';
import type { StoreRoom } from './store-room.ts';

/** Links, batches and queues of a path beyond the delays that were drawn; late after that. */
export const ARRIVAL_SLACK_MS = 1_500;

export type PreparationOptions = {
  readonly engine: CryptoEngine;
  readonly sphinx: Sphinx;
  readonly random: RandomSource;
  readonly store: ClientStore;
  readonly directory: Directory;
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly account: ClientAccount;
  readonly mailbox: Uint8Array;
  readonly isTokenThere: () => boolean;
  readonly room: StoreRoom;
  /** Keeps a write for a moment when no emission is near. */
  readonly later: (write: () => void) => void;
  readonly events: Counter<ClientEvent>;
  /** The first packet of a message has left. */
  readonly onLeft: (id: number) => void;
  /** No packet can be made for a message, though one can for others. */
  readonly onUnbuildable: (id: number) => void;
};

type Ground = Pick<PacketGround, 'topology' | 'epoch'>;

/** Builds the packet of a slot; null where none can be built now. */
export type Prepare = (slot: Slot, now: Now, isHeld: boolean) => Prepared | null;

export function createPreparation(options: PreparationOptions): Prepare {
  const { engine, sphinx, random, store, outbox, ledger, account, mailbox, room } = options;

  const errandOf = (slot: Slot, ground: Ground, now: Now, isHeld: boolean): Errand => {
    if (slot.stream !== 'payload') return { kind: slot.stream };
    const isStill = isHeld || room.isFull();
    const taken = isStill ? null : outbox.take(now.monotonicMs, isRecipient(ground));
    if (taken === null) return { kind: 'drop' };
    return { kind: 'message', taken, ciphertext: store.fragment(taken.id, taken.index) };
  };

  const expect = (slot: Slot, epoch: number, built: BuiltPacket, sentAtMs: number): void => {
    const probe = (kind: Probe['kind'], leg: Leg): Probe => {
      const deadlineMs = sentAtMs + legDelayMs(leg) + ARRIVAL_SLACK_MS;
      const { path, delaysMs } = leg;
      return { kind, stream: slot.stream, epoch, path, delaysMs, sentAtMs, deadlineMs };
    };
    ledger.expect(toHex(built.identifier), probe('acknowledgement', built.roundTrip));
    if (built.loopId === null) return;
    const key = toHex(built.loopId);
    ledger.expect(key, probe('loop', built.forward));
    if (!options.isTokenThere()) ledger.voidOne(key, 'no_token');
  };

  /** False where the disk has no room for it: the fragment waits on. */
  const reserve = (taken: Taken, identifier: Uint8Array): boolean => {
    try {
      outbox.reserve(taken, identifier);
      return true;
    } catch (error) {
      if (!isStoreFull(error)) throw error;
      room.setFull();
      outbox.returned(taken, null);
      return false;
    }
  };

  const prepare: Prepare = (slot, now, isHeld) => {
    const atUnixMs = now.unixMs + slot.atMs - now.monotonicMs;
    const ground = options.directory.groundAt(atUnixMs);
    if (ground === null) return null;
    const { topology, epoch } = ground;
    const errand = errandOf(slot, ground, now, isHeld);
    const built = buildFor({ engine, sphinx, random, topology, epoch, account, mailbox }, errand);
    const taken = errand.kind === 'message' ? errand.taken : null;
    // The slot is not left empty for a message: that would tell of it.
    if (built === null) {
      options.events.count('packet_unbuildable');
      if (taken === null) return null;
      outbox.returned(taken, null);
      const instead = prepare(slot, now, true);
      if (instead !== null) options.onUnbuildable(taken.id);
      return instead;
    }
    const { identifier, packet } = built;
    if (taken !== null && !reserve(taken, identifier)) return prepare(slot, now, true);
    const parity = parityOf(epoch);
    return {
      peer: nodePeer(account.providerKey),
      frame: encodeFrame({ kind: 'sphinx', parity, packet }, topology.traffic.pullMailCount),
      onSent: (at) => {
        expect(slot, epoch, built, at.monotonicMs);
        if (taken === null) return;
        const deadlineMs = at.monotonicMs + legDelayMs(built.roundTrip) + ARRIVAL_SLACK_MS;
        if (outbox.sent(taken, deadlineMs)) options.onLeft(taken.id);
      },
      onForfeit: () => {
        ledger.forget(toHex(identifier));
        if (built.loopId !== null) ledger.forget(toHex(built.loopId));
        if (taken === null) return;
        outbox.recall(taken);
        options.later(() => outbox.returned(taken, identifier));
      },
    };
  };
  return prepare;
}
