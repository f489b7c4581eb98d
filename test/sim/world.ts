// Virtual time for the production roles: one queue of events, one seed, links that delay, lose,
// repeat, reorder and part, hosts that crash, sleep and come back with what their disk has. Nothing
// here knows what a role does; the same objects run on sockets under main/net/drive.ts.
import { createDelayPool } from '../../main/mixnet/delay-pool.ts';
import type { LinkInput, PeerId } from '../../main/mixnet/role.ts';
import type { RandomSource } from '../../shared/random.ts';
import type { Now } from '../../shared/time.ts';
import { seededRandom } from '../support/random.ts';
import { createCarrier } from './carrier.ts';
import { createDialer, type Dialer } from './dialer.ts';
import {
  CALM,
  type FaultName,
  type Hostile,
  type Link,
  type LinkFaults,
  newRunning,
  noFaults,
  type Observer,
  type Running,
  type SimEffect,
  type SimHost,
} from './parts.ts';
import { createRunner } from './runner.ts';
import { createTrace } from './trace.ts';

/** How long until the other end of a dead link notices. */
const DEAD_LINK_MS = 2_000;

export type World = {
  readonly random: RandomSource;
  readonly nowMs: () => number;
  readonly add: (host: SimHost) => void;
  readonly input: (name: string, input: unknown) => void;
  /** Runs until `untilMs` of virtual time; gives the number of events. */
  readonly run: (untilMs: number) => number;
  readonly at: (atMs: number, act: () => void) => void;
  readonly crash: (name: string) => void;
  readonly restart: (name: string) => void;
  readonly sleep: (name: string, forMs: number) => void;
  /** Cuts every link between the two groups until healed. */
  readonly part: (group: readonly string[], others: readonly string[]) => () => void;
  readonly setFaults: (name: string, faults: LinkFaults) => void;
  readonly setHostile: (name: string, hostile: Hostile | null) => void;
  readonly observe: (observer: Observer) => void;
  readonly isUp: (name: string) => boolean;
  /** Up, and not asleep. */
  readonly isAwake: (name: string) => boolean;
  readonly faults: () => Readonly<Record<FaultName, number>>;
  readonly traceHash: () => string;
};

export function createWorld(seed: number | string, calm: LinkFaults = CALM): World {
  const random = seededRandom(`world ${seed}`);
  const queue = createDelayPool<() => void>(Number.POSITIVE_INFINITY);
  const hosts = new Map<string, Running>();
  const byPeer = new Map<PeerId, Running>();
  const parted = new Set<Parting>();
  const observers: Observer[] = [];
  const trace = createTrace();
  const faults = noFaults();
  let nowMs = 0;

  const later = (ms: number, act: () => void) => queue.add(nowMs + ms, act);
  const find = (name: string): Running => {
    const running = hosts.get(name);
    if (running === undefined) throw new Error(`must hold: a host is called ${name}`);
    return running;
  };
  const isParted = (a: Running, b: Running) => [...parted].some((one) => isCut(one, a, b));

  const clock = { nowMs: () => nowMs, at: (atMs: number, act: () => void) => queue.add(atMs, act) };
  const told = { observers, faults, trace };
  const runner = createRunner({
    ...clock,
    observers,
    send: (link, running, frame) => send(link, running, frame),
    dialer: () => dialer,
  });
  const { give, start } = runner;
  const deliver = (to: Running, peer: PeerId, frame: Uint8Array) =>
    give(to, { kind: 'frame', peer, frame } satisfies LinkInput);
  const linkOf: Dialer['linkOf'] = (running, peer) => dialer.linkOf(running, peer);
  const send = createCarrier({ ...clock, ...told, random, give: deliver, linkOf });
  const dialer = createDialer({ ...clock, random, later, byPeer, isParted, give, observers });
  const mishaps = { hosts, parted, faults, find, later, isParted, ...runner, cut: dialer.cut };
  const run = (untilMs: number): number => {
    let events = 0;
    for (;;) {
      const next = queue.nextReleaseAtMs();
      if (next === null || next > untilMs) break;
      nowMs = Math.max(nowMs, next);
      for (const act of queue.takeDue(next)) {
        act();
        events += 1;
      }
    }
    nowMs = Math.max(nowMs, untilMs);
    return events;
  };

  return {
    random,
    nowMs: () => nowMs,
    add: (host) => {
      const running = newRunning(host, calm);
      hosts.set(host.name, running);
      if (host.peer !== null) byPeer.set(host.peer, running);
      start(running);
    },
    input: (name, input) => give(find(name), input),
    run,
    at: (atMs, act) => {
      queue.add(Math.max(atMs, nowMs), act);
    },
    ...createMishaps(mishaps),
    setFaults: (name, changed) => {
      find(name).faults = changed;
    },
    setHostile: (name, hostile) => {
      find(name).hostile = hostile;
    },
    observe: (observer) => observers.push(observer),
    isUp: (name) => find(name).role !== null,
    isAwake: (name) => find(name).role !== null && !find(name).isAsleep,
    faults: () => ({ ...faults }),
    traceHash: () => trace.digest(),
  };
}

type Parting = { readonly group: Set<string>; readonly others: Set<string> };

type MishapOptions = {
  readonly hosts: ReadonlyMap<string, Running>;
  readonly parted: Set<Parting>;
  readonly faults: Record<FaultName, number>;
  readonly find: (name: string) => Running;
  readonly later: (ms: number, act: () => void) => void;
  readonly cut: (link: Link, noticedMs?: number) => void;
  readonly start: (running: Running) => void;
  readonly step: (running: Running, effects: readonly SimEffect[]) => void;
  readonly give: (running: Running, input: unknown) => void;
  readonly timeOf: (running: Running) => Now;
  readonly isParted: (a: Running, b: Running) => boolean;
};

/** What can befall a host. */
function createMishaps(
  options: MishapOptions,
): Pick<World, 'crash' | 'restart' | 'sleep' | 'part'> {
  const { hosts, parted, faults, find, later, cut, start, step, give, timeOf, isParted } = options;
  return {
    crash: (name) => {
      const running = find(name);
      if (running.role === null) return;
      faults.crashed += 1;
      running.role = null;
      running.life += 1;
      running.held.length = 0;
      running.isAsleep = false;
      for (const link of running.links.values()) cut(link, DEAD_LINK_MS);
    },
    restart: (name) => {
      const running = find(name);
      if (running.role !== null) return;
      faults.restarted += 1;
      start(running);
    },
    sleep: (name, forMs) => {
      const running = find(name);
      if (running.role === null || running.isAsleep) return;
      faults.slept += 1;
      running.isAsleep = true;
      const { life } = running;
      later(forMs, () => {
        if (running.life !== life || running.role === null) return;
        running.isAsleep = false;
        step(running, running.role.wake(timeOf(running)));
        for (const input of running.held.splice(0)) give(running, input);
      });
    },
    part: (group, others) => {
      faults.parted += 1;
      const cutting = { group: new Set(group), others: new Set(others) };
      parted.add(cutting);
      for (const running of hosts.values()) {
        for (const link of running.links.values()) {
          if (isParted(link.from, link.to)) cut(link, DEAD_LINK_MS);
        }
      }
      return () => parted.delete(cutting);
    },
  };
}

function isCut({ group, others }: Parting, a: Running, b: Running): boolean {
  const [from, to] = [a.host.name, b.host.name];
  return (group.has(from) && others.has(to)) || (group.has(to) && others.has(from));
}
