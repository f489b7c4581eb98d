// What a role is: a state machine without I/O. Mix, provider, authority and client are objects of
// this shape; one driver runs them on sockets, the simulator runs the same objects on virtual time.
// They are told the time with every call, draw from the source they were made with, and return what
// to do.
import type { Now } from '../../shared/time.ts';

/**
 * The other end of a link: `node:` and the hex of a node's identity key where the link's key was
 * pinned from the document, `client:` and a serial number of this process for a peer without a
 * name.
 */
export type PeerId = `node:${string}` | `client:${number}`;

/** A node that the role wants a link with: what the driver needs to dial and to pin it. */
export type Neighbour = {
  readonly peer: PeerId;
  /** `host:port`, tried in order; none where the node dials and this end accepts. */
  readonly addresses: readonly string[];
  /**
   * SHA-256 of the link key's SubjectPublicKeyInfo, 32 bytes, from the node's descriptor. Null for
   * an authority, whose link key no document lists: its certificate must carry a signature by the
   * identity key that `peer` names.
   */
  readonly linkKeyHash: Uint8Array | null;
  /**
   * Longest time in ms without a frame on a live link, of those for which this process ran: 27.6/λ
   * of the rate that cover alone brings here (by chance once in 10^12), and what the other end may
   * be held up; a link that is silent for longer is ended. Absent: none is due.
   */
  readonly silenceMsMax?: number;
};

/** What reaches any role from its links. A frame is whole; the role decodes it. */
export type LinkInput =
  | { readonly kind: 'link-up'; readonly peer: PeerId }
  | { readonly kind: 'link-down'; readonly peer: PeerId }
  | { readonly kind: 'frame'; readonly peer: PeerId; readonly frame: Uint8Array };

/** What any role asks of its links. Effects are carried out in order, at once. */
export type LinkEffect =
  /**
   * Hand over the whole frame now; the callee owns it. Without a link it is lost, and counted
   * there.
   */
  | { readonly kind: 'send'; readonly peer: PeerId; readonly frame: Uint8Array }
  /** Keep links with exactly these nodes from now on; any other peer is anonymous, or refused. */
  | { readonly kind: 'neighbours'; readonly neighbours: readonly Neighbour[] }
  /** End this link. */
  | { readonly kind: 'close'; readonly peer: PeerId };

/**
 * `receive` and `wake` run to completion, never await and never throw for what came from a network.
 * `nextWakeAt` is the earliest monotonic instant in ms at which anything is due, null where nothing
 * is; a wake that is early or repeated does nothing.
 */
export type Role<Input, Effect> = {
  readonly receive: (input: Input, now: Now) => readonly Effect[];
  readonly wake: (now: Now) => readonly Effect[];
  readonly nextWakeAt: () => number | null;
};
