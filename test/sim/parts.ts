// What a simulated network is made of: hosts, links, faults, and those who look on.
import type { LinkInput, PeerId, Role } from '../../main/mixnet/role.ts';
import type { Now } from '../../shared/time.ts';

export type SimEffect = { readonly kind: string };
export type SimRole = Role<unknown, SimEffect>;

export type SimHost = {
  readonly name: string;
  /** A node's peer name; null for a client, which is anonymous. */
  readonly peer: PeerId | null;
  /** What this host's clock is ahead of the world's. */
  readonly clockOffsetMs?: number;
  /** Builds the role from what is durable. Called at every start. */
  readonly start: (now: Now) => SimRole;
  /** Effects that are not for links. */
  readonly carryOut?: (effect: SimEffect, now: Now) => void;
};

/**
 * What happens to Sphinx packets between two hosts; other frames are lost with their link alone.
 */
export type LinkFaults = {
  readonly latencyMs: number;
  readonly jitterMsMean: number;
  readonly loss: number;
  readonly repeat: number;
  /** Share of packets that others may overtake. */
  readonly reorder: number;
};

export const CALM: LinkFaults = {
  latencyMs: 10,
  jitterMsMean: 5,
  loss: 0,
  repeat: 0,
  reorder: 0,
};

export type FaultName =
  | 'lost'
  | 'repeated'
  | 'reordered'
  | 'parted'
  | 'crashed'
  | 'restarted'
  | 'slept'
  | 'hostile';

export type FrameEvent = {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly frame: Uint8Array;
};

/** Looks on and never changes anything: what the invariants are checked with. */
export type Observer = {
  readonly onSend?: (event: FrameEvent) => void;
  readonly onDeliver?: (event: FrameEvent) => void;
  readonly onEffect?: (host: string, effect: SimEffect, atMs: number) => void;
  /** The link between two hosts is gone, and what was on it. */
  readonly onCut?: (from: string, to: string) => void;
};

/**
 * Changes what a hostile host sends: the frames that leave instead, and how much later each does.
 */
export type Hostile = (
  frame: Uint8Array,
  to: string,
  atMs: number,
) => readonly { readonly frame: Uint8Array; readonly laterMs: number }[];

/** A host and what it is doing. */
export type Running = {
  readonly host: SimHost;
  role: SimRole | null;
  isAsleep: boolean;
  /** What came while it slept: links are not cut, the machine just does not look. */
  readonly held: LinkInput[];
  faults: LinkFaults;
  hostile: Hostile | null;
  wanted: Set<PeerId>;
  /** By the name that the other end has here. */
  readonly links: Map<PeerId, Link>;
  wakeSerial: number;
  /** Counts the starts; what was scheduled for an earlier one is void. */
  life: number;
};

export type Link = {
  readonly from: Running;
  readonly to: Running;
  readonly peerAtFrom: PeerId;
  readonly peerAtTo: PeerId;
  isUp: boolean;
  /** Last arrival in each direction: bytes stay in order unless reordering is drawn. */
  readonly lastMs: { forth: number; back: number };
};

export function noFaults(): Record<FaultName, number> {
  return {
    lost: 0,
    repeated: 0,
    reordered: 0,
    parted: 0,
    crashed: 0,
    restarted: 0,
    slept: 0,
    hostile: 0,
  };
}

/** A host that has not been started. */
export function newRunning(host: SimHost, faults: LinkFaults): Running {
  return {
    host,
    role: null,
    isAsleep: false,
    held: [],
    faults,
    hostile: null,
    wanted: new Set(),
    links: new Map(),
    wakeSerial: 0,
    life: 0,
  };
}
