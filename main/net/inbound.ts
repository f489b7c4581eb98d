// The listening side: who may connect at all, and the handshake within its time. What a peer can
// cost before it has said who it is, is bounded here.
import net from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { LEAVING_MS_MAX } from './link.ts';
import type { LinkCounters } from './link-counters.ts';
import type { RunningClock } from './running-clock.ts';
import { type LinkTls, peerKeyHash } from './tls.ts';

/** Connections in all, established or not; one more is closed unanswered. */
export const INBOUND_MAX = 16_384;
/**
 * Connections of one remote address; one more is closed unanswered. A household or a small office.
 */
export const INBOUND_PER_ADDRESS_MAX = 64;
/** Handshakes under way; one more is closed unanswered. Each costs about 50 kB. */
export const HANDSHAKES_MAX = 256;
/** From the connection to the end of the handshake, by the running time of this process. */
export const HANDSHAKE_MS_MAX = 10_000;

export type InboundOptions = {
  readonly tls: LinkTls;
  readonly address: { readonly host: string; readonly port: number };
  /**
   * Where all peers come from one address (a network on one machine) the bound of one is the total.
   */
  readonly perAddressMax?: number;
  readonly counters: LinkCounters;
  readonly clock: RunningClock;
  /** A finished handshake, with the proven key hash or null, to take over. */
  readonly onLink: (socket: TLSSocket, raw: net.Socket, keyHash: Uint8Array | null) => void;
};

export class Inbound {
  readonly #options: InboundOptions;
  readonly #server: net.Server;
  readonly #tlsServer: Server;
  readonly #open = new Set<net.Socket>();
  readonly #perAddress = new Map<string, number>();
  /** By the port of the other end, which a TLS socket and the connection below it share. */
  readonly #shaking = new Map<string, { readonly raw: net.Socket; readonly sinceMs: number }>();

  constructor(options: InboundOptions) {
    this.#options = options;
    this.#tlsServer = createServer({
      ...options.tls.options,
      requestCert: true,
      // A peer proves to hold the key it shows; whether that key is anybody's is for the caller.
      rejectUnauthorized: false,
    });
    this.#tlsServer.on('secureConnection', (socket) => this.#establish(socket));
    // Counted where the connection below closes.
    this.#tlsServer.on('tlsClientError', (_, socket) => socket.destroy());
    this.#server = net.createServer({ noDelay: true }, (raw) => this.#accept(raw));
  }

  /** Listens; gives the port, which the system chose where the given one is 0. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.address, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as net.AddressInfo).port);
      });
    });
  }

  /**
   * Stops listening and breaks off handshakes. Links that were handed over are their owner's to
   * end; a connection that is left after `LEAVING_MS_MAX` is destroyed.
   */
  close(): Promise<void> {
    for (const { raw } of this.#shaking.values()) raw.destroy();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        for (const raw of this.#open) raw.destroy();
      }, LEAVING_MS_MAX);
      this.#server.close(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Ends the handshakes that take too long; called several times a second. */
  check(): void {
    const { runningMs } = this.#options.clock;
    for (const [end, { raw, sinceMs }] of this.#shaking) {
      if (runningMs - sinceMs <= HANDSHAKE_MS_MAX) continue;
      this.#shaking.delete(end);
      this.#options.counters.closed['handshake-slow'] += 1;
      raw.destroy();
    }
  }

  #accept(raw: net.Socket): void {
    const address = raw.remoteAddress ?? '';
    const ofAddress = this.#perAddress.get(address) ?? 0;
    const isFull =
      this.#open.size >= INBOUND_MAX ||
      this.#shaking.size >= HANDSHAKES_MAX ||
      ofAddress >= (this.#options.perAddressMax ?? INBOUND_PER_ADDRESS_MAX);
    if (isFull) {
      this.#options.counters.closed['too-many'] += 1;
      raw.destroy();
      return;
    }
    this.#open.add(raw);
    this.#perAddress.set(address, ofAddress + 1);
    const end = endOf(raw);
    this.#shaking.set(end, { raw, sinceMs: this.#options.clock.runningMs });
    raw.once('close', () => {
      this.#open.delete(raw);
      if (this.#shaking.get(end)?.raw === raw) {
        this.#shaking.delete(end);
        this.#options.counters.closed.protocol += 1;
      }
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#perAddress.delete(address);
      else this.#perAddress.set(address, left);
    });
    raw.on('error', () => raw.destroy());
    this.#tlsServer.emit('connection', raw);
  }

  #establish(socket: TLSSocket): void {
    const end = endOf(socket);
    const shaking = this.#shaking.get(end);
    this.#shaking.delete(end);
    if (shaking === undefined) socket.destroy();
    else this.#options.onLink(socket, shaking.raw, peerKeyHash(socket));
  }
}

function endOf(socket: net.Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
