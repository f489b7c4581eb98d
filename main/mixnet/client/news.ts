// What is told of a client as a whole: whom it wants to be linked with, and how it stands. Looked
// at after every step, told where it changed.
import { toHex } from '../../../shared/bytes.ts';
import type { MailboxAddress } from '../../../shared/network/address.ts';
import { nodeOf } from '../../../shared/network/topology.ts';
import type { Traffic } from '../../../shared/network/traffic.ts';
import type { Now } from '../../../shared/time.ts';
import type { Neighbour } from '../role.ts';
import type { ClientEffect, ClientForecast, ClientStatus, ConnectionState } from './contract.ts';
import type { Directory } from './directory.ts';
import type { Home } from './home.ts';
import type { LinkState } from './session.ts';

export type News = {
  readonly status: (home: Home | null, now: Now) => ClientStatus;
  readonly take: (home: Home | null, now: Now) => readonly ClientEffect[];
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
  let toldNeighbours: string | null = null;
  let toldStatus = '';

  const status = (home: Home | null, now: Now): ClientStatus => {
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
    };
  };

  return {
    status,
    take: (home, now) => {
      const effects: ClientEffect[] = [];
      const neighbours = directory.neighbours(now);
      const described = neighbours.map(describe).join('\n');
      if (described !== toldNeighbours) {
        toldNeighbours = described;
        effects.push({ kind: 'neighbours', neighbours });
      }
      const next = status(home, now);
      // By how much a clock is wrong changes with every look at it.
      const told = JSON.stringify({ ...next, clockAheadMs: next.clockAheadMs !== null });
      if (told !== toldStatus) {
        toldStatus = told;
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

/** What a number of payload slots means in time, on average. */
export function forecastOf(slots: number, traffic: Traffic): ClientForecast {
  const departureMs = slots * traffic.payloadIntervalMsMean;
  return { slots, departureMs, arrivalMs: departureMs + DELAYED_HOPS * traffic.hopDelayMsMean };
}
const DELAYED_HOPS = 4;

function describe({ peer, addresses, linkKeyHash, silenceMsMax }: Neighbour): string {
  const hash = linkKeyHash === null ? '' : toHex(linkKeyHash);
  return [peer, addresses.join(' '), hash, silenceMsMax].join();
}
