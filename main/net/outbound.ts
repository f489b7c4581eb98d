// Keeps one link to one neighbour: dials, takes the next address after a failure, waits longer
// after each.

import { fromHex } from '../../shared/bytes.ts';
import { parseNodeAddress } from '../../shared/network/node-address.ts';
import { drawUnit, type RandomSource } from '../../shared/random.ts';
import type { Neighbour } from '../mixnet/role.ts';
import { type Dialled, dial } from './dial.ts';
import type { LinkCounters } from './link-counters.ts';
import type { SocksProxy } from './socks.ts';
import type { LinkTls, Pin } from './tls.ts';

/**
 * The wait after a first failure is between a half and the whole of this; each further one doubles
 * it …
 */
export const RECONNECT_MS_MIN = 250;
/** … up to this, so that a node that is back is found within half a minute. */
export const RECONNECT_MS_MAX = 30_000;
/**
 * A link that stood for so long was a success; a peer that closes at once is not asked faster for
 * it.
 */
export const RECONNECT_RESET_MS = 10_000;

export type OutboundOptions = {
  readonly neighbour: Neighbour;
  readonly tls: LinkTls;
  readonly proxy: SocksProxy | null;
  readonly random: RandomSource;
  readonly counters: LinkCounters;
  readonly onDialled: (dialled: Dialled & { kind: 'up' }) => void;
};

export class Outbound {
  readonly #options: OutboundOptions;
  #attempts = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | null = null;
  #cancel: (() => void) | null = null;
  #isStopped = false;

  /** Dials at once. */
  constructor(options: OutboundOptions) {
    this.#options = options;
    this.#dial();
  }

  /** The link that came of this ended, after `stoodMs`: dials again after a wait. */
  lost(stoodMs: number): void {
    if (stoodMs >= RECONNECT_RESET_MS) this.#failures = 0;
    this.#retry();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#cancel?.();
  }

  #dial(): void {
    this.#timer = null;
    const { neighbour, tls, proxy, counters } = this.#options;
    const text = neighbour.addresses[this.#attempts % neighbour.addresses.length];
    this.#attempts += 1;
    const to = parseNodeAddress(text ?? '');
    if (!to.ok) {
      counters.closed.unreachable += 1;
      this.#retry();
      return;
    }
    this.#cancel = dial({ to: to.address, tls, proxy, pin: pinOf(neighbour) }, (dialled) => {
      this.#cancel = null;
      if (dialled.kind === 'up') return this.#options.onDialled(dialled);
      counters.closed[dialled.reason] += 1;
      this.#retry();
    });
  }

  #retry(): void {
    if (this.#isStopped || this.#timer !== null) return;
    const wait = reconnectMs(this.#failures, this.#options.random);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#dial(), wait);
  }
}

function pinOf({ peer, linkKeyHash }: Neighbour): Pin {
  if (linkKeyHash !== null) return { kind: 'link-key', hash: linkKeyHash };
  const key = fromHex(peer.slice('node:'.length)) ?? new Uint8Array(0);
  return { kind: 'identity-key', key };
}

/** How long to wait after that many failures before: jittered, so that a restart meets no crowd. */
export function reconnectMs(failures: number, random: RandomSource): number {
  const whole = Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** Math.min(failures, 16));
  return (whole / 2) * (1 + drawUnit(random));
}
