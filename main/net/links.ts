// All links of one process: those it dials, those it accepts, and which peer each belongs to.
// Carries out the link effects of a role and tells it what the links bring (design section 2,
// Links). A peer is up while at least one link with it stands; two nodes that dial each other have
// two, and either serves.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { toHex } from '../../shared/bytes.ts';
import type { RandomSource } from '../../shared/random.ts';
import type { LinkInput, Neighbour, PeerId } from '../mixnet/role.ts';
import type { LinkKey } from './certificate.ts';
import type { FrameSizes } from './frame-reader.ts';
import { Inbound } from './inbound.ts';
import { ALIVE_SILENCE_MS_MAX, Link } from './link.ts';
import { type LinkCloseReason, LinkCounters, type SendOutcome } from './link-counters.ts';
import { Outbound } from './outbound.ts';
import { RunningClock } from './running-clock.ts';
import type { SocksProxy } from './socks.ts';
import { createLinkTls, type LinkGroup, type LinkTls } from './tls.ts';

/** Between two looks at the deadlines of all links. */
export const SWEEP_MS = 250;
/** What passes between two looks while the process runs; the rest of a longer gap it stood. */
export const SWEEP_GAP_MS_MAX = 2 * SWEEP_MS;

export type LinksOptions = {
  /**
   * Whole size of a frame by its kind, the kind byte included; null where there is no such kind.
   */
  readonly frameSizes: FrameSizes;
  /** A node's link key; null for a client, which shows none. */
  readonly key: LinkKey | null;
  /** Where to listen, or null. Anonymous peers are links of their own, or refused as strangers. */
  readonly listen: {
    readonly host: string;
    readonly port: number;
    readonly acceptsAnonymous: boolean;
    readonly perAddressMax?: number;
  } | null;
  readonly proxy?: SocksProxy;
  readonly random: RandomSource;
  readonly nowMs: () => number;
  /**
   * Hears of links and frames, one after another; may be called from within `send` and the like.
   */
  readonly onInput: (input: LinkInput) => void;
};

/** One standing link, for those who look after the network: no key, no address. */
export type LinkNote = {
  readonly peer: PeerId;
  readonly isInbound: boolean;
  readonly group: LinkGroup;
};

/** Links by the key exchange that their ends agreed on; `other` where the runtime tells none. */
export type GroupCounts = {
  readonly x25519mlkem768: number;
  readonly x25519: number;
  readonly other: number;
};

type Standing = { readonly neighbour: Neighbour; outbound: Outbound | null };

export class Links {
  readonly counters = new LinkCounters();
  readonly #options: LinksOptions;
  readonly #clock: RunningClock;
  readonly #tls: LinkTls;
  readonly #inbound: Inbound | null;
  readonly #links = new Map<PeerId, Link[]>();
  readonly #neighbours = new Map<PeerId, Standing>();
  /** By the hex of the pinned hash. */
  #peersByKey: ReadonlyMap<string, PeerId> = new Map();
  /** Keys that anonymous peers showed: a node that came before the document that lists it. */
  readonly #shownKeys = new Map<PeerId, Uint8Array>();
  readonly #sweep: NodeJS.Timeout;
  #clientSerial = 0;
  #isHeldBack = false;
  #isEnded = false;

  constructor(options: LinksOptions) {
    this.#options = options;
    this.#clock = new RunningClock({
      nowMs: options.nowMs,
      lookMsMax: SWEEP_GAP_MS_MAX,
      sleepMsMin: ALIVE_SILENCE_MS_MAX,
    });
    this.#tls = createLinkTls(options.key);
    this.#inbound =
      options.listen === null
        ? null
        : new Inbound({
            tls: this.#tls,
            address: { host: options.listen.host, port: options.listen.port },
            ...(options.listen.perAddressMax === undefined
              ? {}
              : { perAddressMax: options.listen.perAddressMax }),
            counters: this.counters,
            clock: this.#clock,
            onLink: (socket, raw, keyHash) => this.#accept(socket, raw, keyHash),
          });
    this.#sweep = setInterval(() => this.look(), SWEEP_MS);
  }

  /** Listens where the options say; gives the port. */
  async listen(): Promise<number> {
    return (await this.#inbound?.listen()) ?? 0;
  }

  /** Writes the frame now, on the newest link with the peer. */
  send(peer: PeerId, frame: Uint8Array): SendOutcome {
    const outcome = this.#links.get(peer)?.at(-1)?.send(frame) ?? 'no-link';
    if (outcome === 'sent') this.counters.framesSent += 1;
    else if (outcome === 'no-link') this.counters.framesWithoutLink += 1;
    else this.counters.framesQueueFull += 1;
    return outcome;
  }

  /**
   * Keeps links to exactly these nodes: dials the new ones, ends the others, leaves the rest alone.
   */
  setNeighbours(neighbours: readonly Neighbour[]): void {
    if (this.#isEnded) return;
    const wanted = new Map(neighbours.map((neighbour) => [neighbour.peer, neighbour]));
    for (const [peer, { neighbour }] of this.#neighbours) {
      const next = wanted.get(peer);
      if (next === undefined || !isSameNode(next, neighbour)) this.#forget(peer);
    }
    for (const [peer, neighbour] of wanted) {
      const standing = this.#neighbours.get(peer) ?? { neighbour, outbound: null };
      this.#neighbours.set(peer, { ...standing, neighbour });
      for (const link of this.#links.get(peer) ?? []) {
        link.silenceMsMax = neighbour.silenceMsMax ?? null;
      }
      if (standing.outbound === null) this.#dial(peer);
    }
    this.#peersByKey = new Map(
      neighbours.map(({ peer, linkKeyHash }) => [hexOf(linkKeyHash), peer] as const),
    );
    // Who is listed by now comes again, under its name.
    for (const [peer, hash] of this.#shownKeys) {
      if (this.#peerOf(hash) !== null) this.close(peer, 'replaced');
    }
  }

  /** Ends the links with this peer; a neighbour is dialled again. */
  close(peer: PeerId, reason: LinkCloseReason = 'asked'): void {
    for (const link of this.#links.get(peer) ?? []) link.end(reason);
  }

  /** Reads no link while true: what comes waits at the senders, whose queues are bounded. */
  holdBack(isHeldBack: boolean): void {
    this.#isHeldBack = isHeldBack;
    for (const links of this.#links.values()) {
      for (const link of links) link.holdBack(isHeldBack);
    }
  }

  isUp(peer: PeerId): boolean {
    return this.#links.has(peer);
  }

  /** Nodes of the network that this one is to be linked with, and with how many it is. */
  standing(): { readonly neighbours: number; readonly up: number } {
    const pinned = [...this.#neighbours].filter(([, one]) => one.neighbour.linkKeyHash !== null);
    return {
      neighbours: pinned.length,
      up: pinned.filter(([peer]) => this.isUp(peer)).length,
    };
  }

  /** Bytes that wait in this process for all links, both ways. */
  get bufferedBytes(): number {
    let total = 0;
    for (const links of this.#links.values()) {
      for (const link of links) total += link.bufferedBytes;
    }
    return total;
  }

  /** Every standing link. */
  describe(): readonly LinkNote[] {
    return [...this.#links].flatMap(([peer, links]) =>
      links.map(({ isInbound, group }) => ({ peer, isInbound, group })),
    );
  }

  /** Standing links that this end dialled: the runtime tells the group to that end alone. */
  outboundGroups(): GroupCounts {
    const counts = { x25519mlkem768: 0, x25519: 0, other: 0 };
    for (const { isInbound, group } of this.describe()) {
      if (!isInbound) counts[group === null ? 'other' : groupNames[group]] += 1;
    }
    return counts;
  }

  /** Looks at the deadlines of all links; an own timer does so every `SWEEP_MS`. */
  look(): void {
    const mayJudge = this.#clock.look();
    if (mayJudge) this.#inbound?.check();
    for (const links of this.#links.values()) for (const link of links) link.check(mayJudge);
  }

  /** Stops listening and dialling, ends every link after what was written. Silent from here on. */
  async end(): Promise<void> {
    this.#isEnded = true;
    clearInterval(this.#sweep);
    for (const { outbound } of this.#neighbours.values()) outbound?.stop();
    for (const peer of this.#links.keys()) this.close(peer, 'shutdown');
    await this.#inbound?.close();
  }

  #dial(peer: PeerId): void {
    const standing = this.#neighbours.get(peer);
    if (standing === undefined || standing.neighbour.addresses.length === 0) return;
    const outbound = new Outbound({
      neighbour: standing.neighbour,
      tls: this.#tls,
      proxy: this.#options.proxy ?? null,
      random: this.#options.random,
      counters: this.counters,
      onDialled: ({ socket, raw, group }) =>
        this.#add(peer, { socket, raw, group, isInbound: false, outbound }),
    });
    standing.outbound = outbound;
  }

  #accept(socket: TLSSocket, raw: Socket, keyHash: Uint8Array | null): void {
    const known = keyHash === null ? null : this.#peerOf(keyHash);
    if (known === null && this.#options.listen?.acceptsAnonymous !== true) {
      this.counters.closed.stranger += 1;
      socket.destroy();
      return;
    }
    const peer: PeerId = known ?? `client:${this.#clientSerial++}`;
    if (known === null && keyHash !== null) this.#shownKeys.set(peer, keyHash);
    // A node that comes again has lost the link it had, whether or not this end has noticed.
    for (const link of this.#links.get(peer) ?? []) {
      if (link.isInbound) link.end('replaced');
    }
    // The end that dialled tells the group; here OpenSSL says nothing.
    this.#add(peer, { socket, raw, group: null, isInbound: true, outbound: null });
  }

  #peerOf(keyHash: Uint8Array): PeerId | null {
    return this.#peersByKey.get(toHex(keyHash)) ?? null;
  }

  #add(peer: PeerId, made: Made): void {
    if (this.#isEnded) {
      made.socket.destroy();
      return;
    }
    const { socket, raw, group, isInbound, outbound } = made;
    const link: Link = new Link({
      socket,
      raw,
      group,
      isInbound,
      isAnonymous: peer.startsWith('client:'),
      isClient: this.#options.key === null,
      frameSizes: this.#options.frameSizes,
      counters: this.counters,
      clock: this.#clock,
      onFrame: (frame) => this.#options.onInput({ kind: 'frame', peer, frame }),
      onClosed: () => {
        this.#remove(peer, link);
        outbound?.lost(this.#options.nowMs() - link.startedAtMs);
      },
    });
    link.silenceMsMax = this.#neighbours.get(peer)?.neighbour.silenceMsMax ?? null;
    link.holdBack(this.#isHeldBack);
    this.counters.linksOpened += 1;
    const links = this.#links.get(peer);
    if (links !== undefined) links.push(link);
    else {
      this.#links.set(peer, [link]);
      this.#options.onInput({ kind: 'link-up', peer });
    }
  }

  #remove(peer: PeerId, link: Link): void {
    const links = this.#links.get(peer) ?? [];
    const left = links.filter((other) => other !== link);
    if (left.length > 0) {
      this.#links.set(peer, left);
      return;
    }
    this.#links.delete(peer);
    this.#shownKeys.delete(peer);
    if (!this.#isEnded) this.#options.onInput({ kind: 'link-down', peer });
  }

  #forget(peer: PeerId): void {
    this.#neighbours.get(peer)?.outbound?.stop();
    this.#neighbours.delete(peer);
    this.close(peer, 'not-neighbour');
  }
}

type Made = {
  readonly socket: TLSSocket;
  readonly raw: Socket;
  readonly group: LinkGroup;
  readonly isInbound: boolean;
  readonly outbound: Outbound | null;
};

const groupNames = { X25519MLKEM768: 'x25519mlkem768', X25519: 'x25519' } as const;

function hexOf(hash: Uint8Array | null): string {
  return hash === null ? '' : toHex(hash);
}

function isSameNode(a: Neighbour, b: Neighbour): boolean {
  return (
    hexOf(a.linkKeyHash) === hexOf(b.linkKeyHash) && a.addresses.join(' ') === b.addresses.join(' ')
  );
}
