// Links between hosts: dialled where a role wants them, cut where something breaks, dialled again
// by whoever still wants them.
import type { LinkInput, PeerId } from '../../main/mixnet/role.ts';
import { drawExponential, drawUnit, type RandomSource } from '../../shared/random.ts';
import type { Link, Observer, Running } from './parts.ts';

const DIAL_RETRY_MS = 1_000;

export type DialerOptions = {
  readonly random: RandomSource;
  readonly nowMs: () => number;
  readonly later: (ms: number, act: () => void) => void;
  readonly byPeer: ReadonlyMap<PeerId, Running>;
  readonly isParted: (a: Running, b: Running) => boolean;
  readonly give: (running: Running, input: LinkInput) => void;
  readonly observers: readonly Observer[];
};

export type Dialer = {
  readonly linkOf: (running: Running, peer: PeerId) => Link | null;
  /** Keeps links to exactly these peers. */
  readonly setWanted: (running: Running, wanted: Set<PeerId>) => void;
  /** Both ends learn of it after `noticedMs`; who wanted the link dials again. */
  readonly cut: (link: Link, noticedMs?: number) => void;
};

export function createDialer(options: DialerOptions): Dialer {
  const { random, nowMs, later, byPeer, isParted, give, observers } = options;
  let clientSerial = 0;

  const linkOf = (running: Running, peer: PeerId): Link | null => running.links.get(peer) ?? null;
  const setWanted = (running: Running, wanted: Set<PeerId>): void => {
    running.wanted = wanted;
    for (const link of running.links.values()) {
      if (link.from === running && !wanted.has(link.peerAtFrom)) cut(link);
    }
    for (const peer of wanted) dial(running, peer);
  };
  const dial = (running: Running, peer: PeerId): void => {
    const { life } = running;
    const handshakeMs = 3 * running.faults.latencyMs + drawExponential(random, 5);
    later(handshakeMs, () => {
      if (running.life !== life || running.role === null || !running.wanted.has(peer)) return;
      if (linkOf(running, peer) !== null) return;
      const to = byPeer.get(peer);
      if (to === undefined || to.role === null || running.isAsleep || isParted(running, to)) {
        later(DIAL_RETRY_MS * (0.5 + drawUnit(random)), () => dial(running, peer));
        return;
      }
      const peerAtTo: PeerId = running.host.peer ?? `client:${clientSerial++}`;
      const lastMs = { forth: nowMs(), back: nowMs() };
      const link = { from: running, to, peerAtFrom: peer, peerAtTo, isUp: true, lastMs };
      running.links.set(peer, link);
      to.links.set(peerAtTo, link);
      give(to, { kind: 'link-up', peer: peerAtTo } satisfies LinkInput);
      give(running, { kind: 'link-up', peer } satisfies LinkInput);
    });
  };
  const cut = (link: Link, noticedMs = 0): void => {
    if (!link.isUp) return;
    link.isUp = false;
    link.from.links.delete(link.peerAtFrom);
    link.to.links.delete(link.peerAtTo);
    for (const { onCut } of observers) onCut?.(link.from.host.name, link.to.host.name);
    const tell = (running: Running, peer: PeerId) => {
      const { life } = running;
      later(noticedMs, () => {
        if (running.life !== life) return;
        give(running, { kind: 'link-down', peer } satisfies LinkInput);
        if (running === link.from && running.wanted.has(peer)) dial(running, peer);
      });
    };
    tell(link.from, link.peerAtFrom);
    tell(link.to, link.peerAtTo);
  };
  return { linkOf, setWanted, cut };
}
