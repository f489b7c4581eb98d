// Frames between hosts: what a hostile one makes of them, what the links do to them, and when they
// arrive.
import type { PeerId } from '../../main/mixnet/role.ts';
import { frameKindOf } from '../../shared/network/frame-sizes.ts';
import { drawExponential, drawUnit, type RandomSource } from '../../shared/random.ts';
import type { FaultName, Link, Observer, Running } from './parts.ts';
import type { Trace } from './trace.ts';

export type CarrierOptions = {
  readonly random: RandomSource;
  readonly nowMs: () => number;
  readonly at: (atMs: number, act: () => void) => void;
  readonly observers: readonly Observer[];
  readonly faults: Record<FaultName, number>;
  readonly trace: Trace;
  readonly give: (to: Running, peer: PeerId, frame: Uint8Array) => void;
  /** The link that is up now to a peer. */
  readonly linkOf: (running: Running, peer: PeerId) => Link | null;
};

/** Sends a frame of `running` over a link that is up. */
export type Send = (link: Link, running: Running, frame: Uint8Array) => void;

export function createCarrier(options: CarrierOptions): Send {
  const { random, nowMs, observers, faults, trace } = options;
  const carry = (link: Link, running: Running, frame: Uint8Array): void => {
    const to = link.from === running ? link.to : link.from;
    for (const observer of observers) {
      observer.onSend?.({ atMs: nowMs(), from: running.host.name, to: to.host.name, frame });
    }
    // Sizes and times, not bytes: a transparent codec must leave the same trace.
    trace.add(`${nowMs().toFixed(6)} ${running.host.name} ${to.host.name} ${frame.length}\n`);
    const peerAtTarget = link.from === running ? link.peerAtTo : link.peerAtFrom;
    const { latencyMs, jitterMsMean, loss, repeat, reorder } = running.faults;
    const isPacket = frameKindOf(frame[0] ?? 0) === 'sphinx';
    const takes = (share: number) => isPacket && share > 0 && drawUnit(random) <= share;
    if (takes(loss)) {
      faults.lost += 1;
      return;
    }
    const direction = link.from === running ? 'forth' : 'back';
    let arrivesMs = nowMs() + latencyMs + drawExponential(random, jitterMsMean);
    if (takes(reorder)) {
      faults.reordered += 1;
      arrivesMs += drawExponential(random, 10 * jitterMsMean + 1);
    } else {
      arrivesMs = Math.max(arrivesMs, link.lastMs[direction]);
      link.lastMs[direction] = arrivesMs;
    }
    const { life } = to;
    const arrive = () => {
      if (to.life !== life || !link.isUp) return;
      for (const observer of observers) {
        observer.onDeliver?.({ atMs: nowMs(), from: running.host.name, to: to.host.name, frame });
      }
      options.give(to, peerAtTarget, frame.slice());
    };
    options.at(arrivesMs, arrive);
    if (takes(repeat)) {
      faults.repeated += 1;
      options.at(arrivesMs + drawExponential(random, 1_000), arrive);
    }
  };

  /** By the link that there is then: its node may have begun anew meanwhile. */
  const carryLater = (link: Link, running: Running, frame: Uint8Array): void => {
    const peer = link.from === running ? link.peerAtFrom : link.peerAtTo;
    const now = options.linkOf(running, peer);
    if (now !== null) carry(now, running, frame);
  };

  const send: Send = (link, running, frame) => {
    const to = link.from === running ? link.to : link.from;
    if (running.hostile === null) {
      carry(link, running, frame);
      return;
    }
    const outcome = running.hostile(frame, to.host.name, nowMs());
    const isHonest =
      outcome.length === 1 && outcome[0]?.frame === frame && outcome[0].laterMs === 0;
    if (!isHonest) faults.hostile += 1;
    for (const { frame: other, laterMs } of outcome) {
      if (laterMs === 0) carry(link, running, other);
      else options.at(nowMs() + laterMs, () => carryLater(link, running, other));
    }
  };
  return send;
}
