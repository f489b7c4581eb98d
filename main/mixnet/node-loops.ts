// A node's own loops (λM): drop packets through the layers that follow it, whose acknowledgement
// ends at the node. To everybody else they are a client's packets. Their ledger tells what became
// of each: a node that is cut off, or fed selected packets only, sees its loops fail (design
// section 2, "Traffic" and "Health").
import { concatBytes, toHex } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { parityOf } from '../../shared/network/epoch.ts';
import type { EpochParity } from '../../shared/network/frames.ts';
import {
  FRAGMENT_SIZE,
  IDENTIFIER_SIZE,
  KEY_SIZE,
  MAILBOX_SIZE,
  TOKEN_SIZE,
} from '../../shared/network/geometry.ts';
import { buildPacket } from '../../shared/network/packet.ts';
import { drawHopDelayNs, drawNodeLoop, pathDelayMs } from '../../shared/network/path.ts';
import { sealContent } from '../../shared/network/seal.ts';
import type { NodePeer, Topology, TopologyNode } from '../../shared/network/topology.ts';
import { drawBytes, drawExponential, type RandomSource } from '../../shared/random.ts';
import type { Sphinx } from '../../shared/sphinx/packet.ts';
import type { Now } from '../../shared/time.ts';

/** A packet is complete so long before its instant. */
export const LOOP_PREPARE_MS = 100;
/** A loop that would leave later than this is forfeited: late bytes would show the load. */
export const LOOP_LAG_MS_MAX = 250;
/** A wake so late was a sleep: what was on its way then says nothing about anybody. */
export const LOOP_SLEEP_MS_MIN = 5_000;
/** Beyond the drawn delays: links, queues, the last hop's batches. */
export const LOOP_SLACK_MS = 3_000;
/** How long a lost loop is remembered, so that one that comes after all counts as late. */
export const LOOP_LATE_MS_MAX = 60_000;
/** Loops in the ledger: 13 minutes of the fastest traffic. At the limit the oldest is void. */
export const LOOPS_PENDING_MAX = 16_384;
/** What was decided last, for estimates (design section 2, "Health"). */
export const LOOP_WINDOW = 150;

export type LoopOutcome = 'returned' | 'late' | 'lost';
export type LoopCounts = Readonly<
  Record<LoopOutcome | 'sent' | 'void' | 'forfeited' | 'pending', number>
>;
export type DecidedLoop = {
  /** Every node it passed, out and back. */
  readonly nodes: readonly NodePeer[];
  readonly outcome: LoopOutcome;
};

export type LoopPacket = {
  readonly peer: NodePeer;
  readonly parity: EpochParity;
  readonly packet: Uint8Array;
};

/** What a loop is built on now; null where the node is in no document, or has nobody to send to. */
export type LoopGround = {
  readonly topology: Topology;
  readonly epoch: number;
  readonly node: TopologyNode;
};

export type NodeLoopsOptions = {
  readonly engine: CryptoEngine;
  readonly sphinx: Sphinx;
  /** For the instants alone, so that nothing else a node does can move one. */
  readonly instants: RandomSource;
  /** For paths, keys and contents. */
  readonly random: RandomSource;
  readonly intervalMsMean: number;
  readonly ground: (now: Now) => LoopGround | null;
  readonly isLinked: (peer: NodePeer) => boolean;
};

export type NodeLoops = {
  /** The packets whose instant is now. */
  readonly wake: (now: Now) => readonly LoopPacket[];
  readonly nextWakeAtMs: () => number;
  /** An acknowledgement for this node arrived; false where no loop has that identifier. */
  readonly acknowledged: (identifier: Uint8Array, now: Now) => boolean;
  /** The link that a loop left by is gone: what is on its way is void. */
  readonly linkDown: (peer: NodePeer) => void;
  /** Documents changed: what is on its way through a node that is gone is void. */
  readonly topologyChanged: (isListed: (peer: NodePeer) => boolean) => void;
  readonly counts: () => LoopCounts;
  /** The last decided loops, oldest first. */
  readonly decided: () => readonly DecidedLoop[];
};

type Loop = {
  readonly packet: LoopPacket;
  readonly epoch: number;
  readonly identifier: string;
  readonly nodes: readonly NodePeer[];
  readonly delayMs: number;
};
type Decided = { readonly nodes: readonly NodePeer[]; outcome: LoopOutcome };
/** `lost` is the decision that an acknowledgement which comes after all still changes. */
type Pending = { readonly loop: Loop; deadlineMs: number; lost: Decided | null };

export function createNodeLoops(options: NodeLoopsOptions, start: Now): NodeLoops {
  const { instants, intervalMsMean } = options;
  const drawGap = () => drawExponential(instants, intervalMsMean);
  const ledger = createLedger();
  let dueAtMs = start.monotonicMs + LOOP_PREPARE_MS + drawGap();
  let prepared: Loop | null = null;
  let isPrepared = false;
  let forfeited = 0;
  let sent = 0;

  const isLate = (now: Now): boolean => now.monotonicMs - dueAtMs > LOOP_LAG_MS_MAX;
  const nextWakeAtMs = () => (isPrepared ? dueAtMs : dueAtMs - LOOP_PREPARE_MS);

  const prepare = (now: Now): void => {
    isPrepared = true;
    ledger.expire(now);
    // A slot that was missed is forfeited whatever is in it.
    const ground = isLate(now) ? null : options.ground(now);
    prepared = ground === null ? null : buildLoop(options, ground);
  };

  const leave = (now: Now): LoopPacket | null => {
    const loop = prepared;
    const isForfeited = isLate(now);
    prepared = null;
    isPrepared = false;
    if (now.monotonicMs - dueAtMs > LOOP_SLEEP_MS_MIN) {
      // The next instant is drawn from now: slots that were slept through are not made up for.
      ledger.voidWhere(() => true);
      dueAtMs = now.monotonicMs + LOOP_PREPARE_MS;
    }
    dueAtMs += drawGap();
    const isCurrent = loop !== null && options.ground(now)?.epoch === loop.epoch;
    if (loop === null || isForfeited || !isCurrent || !options.isLinked(loop.packet.peer)) {
      forfeited += 1;
      return null;
    }
    sent += 1;
    ledger.add(loop, now);
    return loop.packet;
  };

  return {
    wake: (now) => {
      const due: LoopPacket[] = [];
      // What came back meanwhile is not read yet: the time in which this node stood does not count.
      const heldUpMs = now.monotonicMs - nextWakeAtMs();
      if (heldUpMs > LOOP_LAG_MS_MAX) ledger.postpone(heldUpMs);
      while (now.monotonicMs >= dueAtMs - LOOP_PREPARE_MS) {
        if (!isPrepared) prepare(now);
        if (now.monotonicMs < dueAtMs) break;
        const packet = leave(now);
        if (packet !== null) due.push(packet);
      }
      return due;
    },
    nextWakeAtMs,
    acknowledged: ledger.acknowledged,
    linkDown: (peer) => ledger.voidWhere((loop) => loop.packet.peer === peer),
    topologyChanged: (isListed) => {
      ledger.voidWhere((loop) => !loop.nodes.every(isListed));
    },
    counts: () => ({ ...ledger.counts(), sent, forfeited }),
    decided: ledger.decided,
  };
}

/** Null where a node on the way has no key for the epoch. */
function buildLoop(options: NodeLoopsOptions, ground: LoopGround): Loop | null {
  const { engine, sphinx, random } = options;
  const { topology, epoch, node } = ground;
  const drawn = drawNodeLoop({ topology, epoch, random }, node);
  const [first] = drawn?.out.nodes ?? [];
  // Sealed to nobody, as a client's drop is: random bytes are no key of a seal, and would show.
  const fragment = drawBytes(random, FRAGMENT_SIZE);
  const content = sealContent(engine, random, drawBytes(random, KEY_SIZE), fragment);
  if (drawn === null || first === undefined || content === null) return null;
  const identifier = drawBytes(random, IDENTIFIER_SIZE);
  const delayNs = drawHopDelayNs(random, topology.traffic);
  const packet = buildPacket(sphinx, random, {
    path: drawn.out,
    kind: 'drop',
    mailbox: drawBytes(random, MAILBOX_SIZE),
    token: drawBytes(random, TOKEN_SIZE),
    content,
    acknowledgement: {
      path: drawn.back,
      delayNs,
      destination: concatBytes(node.identityKey),
      identifier,
    },
  });
  if (packet === null) return null;
  const delayMs = pathDelayMs(drawn.out) + Number(delayNs) / 1e6 + pathDelayMs(drawn.back);
  return {
    packet: { peer: first.peer, parity: parityOf(epoch), packet },
    epoch,
    identifier: toHex(identifier),
    nodes: [...drawn.out.nodes, ...drawn.back.nodes.slice(0, -1)].map(({ peer }) => peer),
    delayMs,
  };
}

/** What became of each loop. Expiry is looked at whenever a further loop is prepared. */
function createLedger() {
  /** In the order they were sent. */
  const pending = new Map<string, Pending>();
  const counts = { returned: 0, late: 0, lost: 0, void: 0 };
  const window: Decided[] = [];

  const decide = (loop: Loop, outcome: LoopOutcome): Decided => {
    counts[outcome] += 1;
    const decided = { nodes: loop.nodes, outcome };
    window.push(decided);
    if (window.length > LOOP_WINDOW) window.shift();
    return decided;
  };
  const remove = (entry: Pending): void => {
    pending.delete(entry.loop.identifier);
    if (entry.lost === null) counts.void += 1;
  };
  const voidWhere = (isVoid: (loop: Loop) => boolean): void => {
    for (const entry of pending.values()) {
      if (entry.lost === null && isVoid(entry.loop)) remove(entry);
    }
  };

  return {
    add: (loop: Loop, now: Now): void => {
      const [oldest] = pending.values();
      if (pending.size >= LOOPS_PENDING_MAX && oldest !== undefined) remove(oldest);
      const deadlineMs = now.monotonicMs + loop.delayMs + LOOP_SLACK_MS;
      pending.set(loop.identifier, { loop, deadlineMs, lost: null });
    },
    acknowledged: (identifier: Uint8Array, now: Now): boolean => {
      const entry = pending.get(toHex(identifier));
      if (entry === undefined) return false;
      pending.delete(entry.loop.identifier);
      if (entry.lost === null) {
        decide(entry.loop, now.monotonicMs <= entry.deadlineMs ? 'returned' : 'late');
      } else {
        counts.lost -= 1;
        counts.late += 1;
        entry.lost.outcome = 'late';
      }
      return true;
    },
    expire: (now: Now): void => {
      for (const entry of pending.values()) {
        if (now.monotonicMs <= entry.deadlineMs) continue;
        if (entry.lost === null) entry.lost = decide(entry.loop, 'lost');
        else if (now.monotonicMs > entry.deadlineMs + LOOP_LATE_MS_MAX) remove(entry);
      }
    },
    postpone: (ms: number): void => {
      for (const entry of pending.values()) if (entry.lost === null) entry.deadlineMs += ms;
    },
    voidWhere,
    counts: () => {
      let open = 0;
      for (const entry of pending.values()) if (entry.lost === null) open += 1;
      return { ...counts, pending: open };
    },
    decided: (): readonly DecidedLoop[] => window.map((decided) => ({ ...decided })),
  };
}
