// One run: a network on a world, a story, the invariants, and what is said of it in the end.

import type { MessageState } from '../../main/mixnet/client/store.ts';
import type { TrafficName } from '../../shared/network/traffic.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import {
  type Checks,
  createChecks,
  unaccountedByMix,
  unaccountedByProvider,
  type Violation,
} from './checks.ts';
import { addClients, type ClientPlant } from './clients.ts';
import { addNetwork, type CodecName, type SimNetwork } from './network.ts';
import type { FaultName } from './parts.ts';
import { scenarios } from './scenarios.ts';
import { createWorld, type World } from './world.ts';

const HOUR_MS = 3_600_000;

export type SimOptions = {
  readonly seed: number;
  readonly hours: number;
  readonly scenario: string;
  readonly codec: CodecName;
  readonly traffic: TrafficName;
  /** Clients that write to each other; none where absent. */
  readonly clients?: number;
  readonly clientPlant?: ClientPlant;
  /** Virtual time at which the trace is noted besides. */
  readonly markHours?: number;
  /** After each whole hour of virtual time. */
  readonly onHour?: (hour: number) => void;
  /** For tests of the invariants: makes one of them fail. */
  readonly plant?: (world: World, network: SimNetwork) => void;
};

export type SimResult = {
  readonly seed: number;
  readonly hours: number;
  /** Messages that clients sent; without clients, loops of nodes. */
  readonly packets: number;
  /** Messages that arrived, never did, or came twice; without clients, loops. */
  readonly delivered: number;
  readonly lost: number;
  readonly duplicates: number;
  /** Messages by what their senders know of them in the end. */
  readonly states: Readonly<Record<MessageState, number>>;
  /** What became of the loops of nodes. */
  readonly loops: { readonly sent: number; readonly returned: number; readonly lost: number };
  readonly faults: Readonly<Record<FaultName, number>>;
  /** Refusals of all nodes, by reason; those that never happened are left out. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
  /** The trace up to `markHours`; null where that is not asked for. */
  readonly traceHashAtMark: string | null;
  readonly traceHash: string;
};

/** Runs it to its end; the same options give the same result. */
export async function simulate(options: SimOptions): Promise<SimResult> {
  const { world, network, clients, checks, untilMs } = await build(options);
  const { markHours, onHour } = options;
  if (markHours !== undefined) world.run(markHours * HOUR_MS);
  const traceHashAtMark = markHours === undefined ? null : world.traceHash();
  for (let hour = Math.floor(markHours ?? 0) + 1; hour * HOUR_MS <= untilMs; hour++) {
    world.run(hour * HOUR_MS);
    onHour?.(hour);
  }
  world.run(untilMs);
  const { loops, refusals } = lookOver(network, checks);
  const messages = clients.settle();
  const hasClients = clients.names.length > 0;
  return {
    seed: options.seed,
    hours: options.hours,
    packets: hasClients ? messages.sent : loops.sent,
    delivered: hasClients ? messages.delivered : loops.returned,
    lost: hasClients ? messages.lost : loops.lost,
    duplicates: messages.duplicates,
    states: messages.states,
    loops,
    faults: world.faults(),
    refusals,
    violations: checks.violations(),
    traceHashAtMark,
    traceHash: world.traceHash(),
  };
}

/** The trace of the first `hours` of such a run. */
export async function traceHashAt(options: SimOptions, hours: number): Promise<string> {
  const { world } = await build(options);
  world.run(hours * HOUR_MS);
  return world.traceHash();
}

/** Everything as it is before the first event. */
async function build(options: SimOptions) {
  const scenario = scenarios[options.scenario];
  if (scenario === undefined) {
    throw new RangeError(`scenario: expected one of ${Object.keys(scenarios).join(', ')}`);
  }
  const untilMs = options.hours * HOUR_MS;
  const world = createWorld(options.seed);
  const checks = createChecks(trafficSets[options.traffic]);
  world.observe(checks.observer);
  const { seed, codec, traffic } = options;
  const shape = { layers: 3, mixesPerLayer: 2, providers: 2 };
  const network = await addNetwork(world, { seed, codec, traffic, ...shape });
  const clients = addClients(world, network, checks, {
    count: options.clients ?? 0,
    seed,
    traffic: trafficSets[traffic],
    untilMs,
    plant: options.clientPlant ?? 'none',
    ...(scenario.messageIntervalMsMean === undefined
      ? {}
      : { messageIntervalMsMean: scenario.messageIntervalMsMean }),
  });
  for (const name of scenario.exempt(network)) checks.exempt(name);
  scenario.apply(world, network, untilMs, clients.names);
  options.plant?.(world, network);
  return { world, network, clients, checks, untilMs };
}

/** Whether every packet is accounted for; what nodes counted over all their lives. */
function lookOver(network: SimNetwork, checks: Checks) {
  const loops = { sent: 0, returned: 0, lost: 0 };
  const refusals: Record<string, number> = {};
  const received = new Map<string, number>();
  for (const life of network.lives) {
    const unaccounted =
      life.kind === 'mix'
        ? unaccountedByMix(life.role.counters())
        : unaccountedByProvider(life.role.counters());
    if (unaccounted !== 0) {
      checks.report('conservation', life.name, `${unaccounted} packets unaccounted for`);
    }
    const counters = life.role.counters();
    received.set(life.name, (received.get(life.name) ?? 0) + counters.received);
    loops.sent += counters.loops.sent;
    loops.returned += counters.loops.returned + counters.loops.late;
    loops.lost += counters.loops.lost;
    for (const [reason, count] of Object.entries(counters.refusals)) {
      if (count > 0) refusals[reason] = (refusals[reason] ?? 0) + count;
    }
  }
  for (const name of network.nodeNames) {
    const missing = checks.packetsAt(name) - (received.get(name) ?? 0);
    if (missing !== 0) checks.report('conservation', name, `${missing} packets never looked at`);
  }
  return { loops, refusals };
}
