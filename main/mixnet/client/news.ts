// What is told of a client as a whole: whom it wants to be linked with, and how it stands. Looked
// at after every step, told where it changed.
import { equalBytes } from '../../../shared/bytes.ts';
import type { MailboxAddress } from '../../../shared/network/address.ts';
import { nodeOf } from '../../../shared/network/topology.ts';
import type { Traffic } from '../../../shared/network/traffic.ts';
import type { Now } from '../../../shared/time.ts';
import type { Neighbour } from '../role.ts';
import type { ClientEffect, ClientForecast, ClientStatus, ConnectionState } from './contract.ts';
import type { Directory } from './directory.ts';
import type { Home } from './home.ts';
import type { LinkState } from './session.ts';
import type { StoreRoom } from './store-room.ts';

export type News = {
  readonly status: (home: Home | null, room: StoreRoom, now: Now) => ClientStatus;
  readonly take: (home: Home | null, room: StoreRoom, now: Now) => readonly ClientEffect[];
};

const connectionStates: Record<LinkState, ConnectionState> = {
  down: 'connecting',
  greeting: 'connecting',
  registering: 'registering',
  online: 'online',
  foreign: 'refused',
  refused: 'refused',
};

/** Nobody is told anew of a clock that differs by less than before. */
const SHOWN_MS = 100;

export function createNews(directory: Directory): News {
  let toldNeighbours: readonly Neighbour[] | null = null;
  let toldStatus: ClientStatus | null = null;

  const status = (home: Home | null, room: StoreRoom, now: Now): ClientStatus => {
    const ground = directory.groundAt(now.unixMs);
    const wrongByMs = directory.clockWrongByMs(now);
    const clockAheadMs = wrongByMs === null ? null : Math.round(wrongByMs / SHOWN_MS) * SHOWN_MS;
    let state: ConnectionState = connectionStates[home?.session.state() ?? 'down'];
    if (ground === null) state = 'no_document';
    else if (home !== null && nodeOf(ground.topology, home.account.providerKey) === null) {
      state = 'provider_gone';
    }
    if (clockAheadMs !== null) state = 'clock_wrong';
    return {
      state,
      refusal: home?.session.refusal() ?? null,
      clockAheadMs,
      epoch: ground?.epoch ?? null,
      terms: home?.session.terms() ?? null,
      isStoreFull: room.isFull(),
    };
  };

  return {
    status,
    take: (home, room, now) => {
      const effects: ClientEffect[] = [];
      const neighbours = directory.neighbours(now);
      if (toldNeighbours === null || !areSame(neighbours, toldNeighbours)) {
        toldNeighbours = neighbours;
        effects.push({ kind: 'neighbours', neighbours });
      }
      const next = status(home, room, now);
      if (toldStatus === null || !isSameStatus(next, toldStatus)) {
        toldStatus = next;
        effects.push({ kind: 'status', status: next });
      }
      return effects;
    },
  };
}

/** The client's own mailbox as others send to it. */
export function addressOf(home: Home, networkHash: Uint8Array): MailboxAddress {
  const { account, mailbox } = home;
  const { providerKey, token, mailboxPublicKey: mailboxKey } = account;
  return { networkHash, providerKey, mailbox, token, mailboxKey };
}

/** What a number of payload slots means in time, on average; null where either is not known. */
export function forecastOf(slots: number | null, traffic: Traffic | null): ClientForecast | null {
  if (slots === null || traffic === null) return null;
  const departureMs = slots * traffic.payloadIntervalMsMean;
  return { slots, departureMs, arrivalMs: departureMs + DELAYED_HOPS * traffic.hopDelayMsMean };
}
const DELAYED_HOPS = 4;

/** Looked at after every step: compares what it can, and makes no texts. */
function areSame(some: readonly Neighbour[], others: readonly Neighbour[]): boolean {
  if (some.length !== others.length) return false;
  return some.every((one, index) => {
    const other = others[index];
    return other !== undefined && isSameNeighbour(one, other);
  });
}

function isSameNeighbour(one: Neighbour, other: Neighbour): boolean {
  const [hash, otherHash] = [one.linkKeyHash, other.linkKeyHash];
  const isSameKey =
    hash === otherHash || (hash !== null && otherHash !== null && equalBytes(hash, otherHash));
  const { peer, addresses, silenceMsMax } = one;
  const isSameWay =
    addresses === other.addresses || addresses.join(' ') === other.addresses.join(' ');
  return isSameKey && isSameWay && peer === other.peer && silenceMsMax === other.silenceMsMax;
}

/** By how much a clock is wrong changes with every look at it, and is no news. */
function isSameStatus(one: ClientStatus, other: ClientStatus): boolean {
  const isSameClock = (one.clockAheadMs === null) === (other.clockAheadMs === null);
  const { state, refusal, epoch, terms } = one;
  const isSameTerms =
    terms?.retentionMs === other.terms?.retentionMs && terms?.mailsMax === other.terms?.mailsMax;
  const isSame = state === other.state && refusal === other.refusal && epoch === other.epoch;
  const isSameRoom = one.isStoreFull === other.isStoreFull;
  return isSame && isSameClock && isSameTerms && isSameRoom;
}
