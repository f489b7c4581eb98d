// The picture of a network's health as the contract has it, put together from what the client knows
// and what was followed of it. Reads and counts; decides nothing.
import { type Health, LOOPS_SHOWN_MAX, LOOPS_SPAN_MS } from '../../shared/api-health.ts';
import type { NetworkStatus } from '../../shared/api-network.ts';
import { type DeliveryMonitor, LOOPS_MIN, WINDOW_LOOPS_MAX } from '../../shared/health/delivery.ts';
import { historyOf, SLEEP_MS_MIN, spanOf, type Timeline } from '../../shared/health/history.ts';
import { wilson } from '../../shared/health/interval.ts';
import { expectedRoundTripMs, messageTime } from '../../shared/health/message-time.ts';
import type { NetworkView } from '../../shared/health/network-state.ts';
import { quantile } from '../../shared/health/quantile.ts';
import { frameSize } from '../../shared/network/frame-sizes.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import { isLoopbackAddress } from '../../shared/network/node-address.ts';
import { nodePeer, type Topology } from '../../shared/network/topology.ts';
import { clientPacketsPerMs, type Traffic } from '../../shared/network/traffic.ts';
import type { Now } from '../../shared/time.ts';
import type { Client } from '../mixnet/client/contract.ts';
import type { KnownLoop, KnownLoops } from './health-loops.ts';
import { namesOf, nodesOf } from './health-nodes.ts';

const DAY_MS = 24 * 3_600_000;

export type HealthParts = {
  readonly client: Client;
  readonly status: NetworkStatus;
  readonly network: NetworkFile;
  readonly delivery: DeliveryMonitor;
  readonly timeline: Timeline;
  readonly loops: KnownLoops;
  readonly view: NetworkView;
  readonly isHolding: boolean;
  /** When the network was joined. */
  readonly startUnixMs: number;
  readonly now: Now;
};

export function healthOf(parts: HealthParts): Health {
  const { client, status, delivery, view, now } = parts;
  const topology = client.document()?.topology ?? null;
  const traffic = topology?.traffic ?? null;
  const loops = parts.loops.all;
  const { startUnixMs } = parts;
  const sinceUnixMs = parts.loops.isFull ? (loops[0]?.sentUnixMs ?? startUnixMs) : startUnixMs;
  const span = spanOf(sinceUnixMs, now.unixMs);
  const inSpan = loops.filter(({ sentUnixMs }) => sentUnixMs >= now.unixMs - span.spanMs);
  const newest = loops.filter(({ sentUnixMs }) => sentUnixMs >= now.unixMs - LOOPS_SPAN_MS);
  const { counted, messages } = emissionsOf(client);
  const { state } = status;
  return {
    nowUnixMs: now.unixMs,
    state: view.state,
    forMs: Math.max(0, now.monotonicMs - view.sinceMs),
    refusal: state === 'refused' || state === 'provider_gone' ? state : null,
    isHolding: parts.isHolding,
    clockAheadMs: status.clockAheadMs,
    network: networkOf(parts, topology),
    measured: { loops: delivery.decided, needed: LOOPS_MIN },
    usual: traffic === null ? null : messageTime(waysOf(loops), traffic),
    loops: {
      ...loopsOf(newest, client.flying('loop').length, now.unixMs - sinceUnixMs),
      lastBackAgoMs: lastBackAgoMs(loops, now),
    },
    roundTrip: roundTripOf(newest),
    recent: recentOf(parts, loops),
    flight: flightOf(parts, topology),
    history: {
      spanMs: span.spanMs,
      expectedMs: traffic === null ? null : expectedOf(inSpan, traffic),
      steps: historyOf(inSpan, span, now.unixMs),
      pauses: parts.timeline.pauses.filter(
        ({ fromUnixMs, toUnixMs }) =>
          toUnixMs > now.unixMs - span.spanMs && toUnixMs - fromUnixMs >= SLEEP_MS_MIN,
      ),
    },
    pulls: pullsOf(client, traffic, now),
    queue: queueOf(messages, traffic),
    emissions: { ...counted, sinceMs: now.unixMs - parts.startUnixMs },
    days: [...client.counters().days],
    cost: traffic === null ? null : costOf(traffic),
    nodes: topology === null ? [] : nodesOf(topology, ownProvider(client), inSpan),
  };
}

/** Of a profile that has joined no network. */
export function healthWithoutNetwork(nowUnixMs: number): Health {
  const span = spanOf(nowUnixMs, nowUnixMs);
  return {
    nowUnixMs,
    state: 'none',
    forMs: 0,
    refusal: null,
    isHolding: false,
    clockAheadMs: null,
    network: null,
    measured: { loops: 0, needed: LOOPS_MIN },
    usual: null,
    loops: { ...loopsOf([], 0, 0), lastBackAgoMs: null },
    roundTrip: null,
    recent: [],
    flight: null,
    history: {
      spanMs: span.spanMs,
      expectedMs: null,
      steps: historyOf([], span, nowUnixMs),
      pauses: [],
    },
    pulls: { lastAgoMs: null, intervalMs: null, backlog: 0 },
    queue: { messages: 0, packets: 0, departureMs: null },
    emissions: { messages: 0, loops: 0, drops: 0, forfeited: 0, sinceMs: 0 },
    days: [],
    cost: null,
    nodes: [],
  };
}

function networkOf(parts: HealthParts, topology: Topology | null): Health['network'] {
  const { client, network, status } = parts;
  const nodes = topology === null ? [] : [...topology.byPeer.values()];
  const addresses = [...network.authorities, ...nodes].flatMap((one) => one.addresses);
  const own = ownProvider(client);
  return {
    name: network.name,
    traffic: topology?.traffic.name ?? null,
    isLocal: addresses.every(isLoopbackAddress),
    provider: topology === null || own === null ? null : (namesOf(topology).get(own) ?? null),
    epoch: status.epoch,
    linkGroup: status.linkGroup,
    retentionMs: status.retentionMs,
  };
}

function ownProvider(client: Client) {
  const address = client.address();
  return address === null ? null : nodePeer(address.providerKey);
}

/** How long the newest of those that came back were on their way to the provider. */
function waysOf(loops: readonly KnownLoop[]): number[] {
  return loops.slice(-WINDOW_LOOPS_MAX).flatMap(({ wayMs }) => (wayMs === null ? [] : [wayMs]));
}

function lastBackAgoMs(loops: readonly KnownLoop[], now: Now): number | null {
  const last = loops.findLast(({ roundTripMs }) => roundTripMs !== null);
  return last === undefined ? null : Math.max(0, now.unixMs - last.sentUnixMs);
}

function loopsOf(
  loops: readonly KnownLoop[],
  flying: number,
  knownMs: number,
): Omit<Health['loops'], 'lastBackAgoMs'> {
  const counts = { returned: 0, late: 0, lost: 0, void: 0 };
  const voided = { sleep: 0, reconnect: 0, key_change: 0, no_token: 0 };
  for (const { outcome, reason } of loops) {
    counts[outcome] += 1;
    if (reason !== null) voided[reason] += 1;
  }
  const { returned, late, lost } = counts;
  const rate = wilson(returned + late, returned + late + lost);
  const spanMs = Math.max(0, Math.min(LOOPS_SPAN_MS, knownMs));
  return { ...counts, spanMs, flying, voided, rate };
}

function roundTripOf(loops: readonly KnownLoop[]): Health['roundTrip'] {
  const times = loops.flatMap(({ roundTripMs }) => (roundTripMs === null ? [] : [roundTripMs]));
  if (times.length < LOOPS_MIN) return null;
  return { p50Ms: quantile(times, 0.5) ?? 0, p95Ms: quantile(times, 0.95) ?? 0 };
}

function expectedOf(loops: readonly KnownLoop[], traffic: Traffic): number | null {
  if (loops.length < LOOPS_MIN) return null;
  return expectedRoundTripMs(
    loops.map(({ delayMs }) => delayMs),
    traffic,
  );
}

function recentOf(
  { client, timeline }: HealthParts,
  loops: readonly KnownLoop[],
): Health['recent'] {
  const flying = client
    .flying('loop')
    .map(({ sentAtMs }) => ({ sentAtMs, outcome: 'flying' as const, roundTripMs: null }));
  const all = [...loops.slice(-LOOPS_SHOWN_MAX), ...flying].sort((a, b) => a.sentAtMs - b.sentAtMs);
  let id = 0;
  return all.slice(-LOOPS_SHOWN_MAX).map(({ sentAtMs, outcome, roundTripMs }) => {
    // Of two that left in one step the second is a thousandth later.
    id = Math.max(id + 1, Math.round(timeline.unixOf(sentAtMs) * 1_000));
    return { id, outcome, roundTripMs };
  });
}

/** The newest loop under way over nodes that the document has. */
function flightOf({ client, timeline }: HealthParts, topology: Topology | null): Health['flight'] {
  if (topology === null) return null;
  const places = new Map([...topology.byPeer.keys()].map((peer, index) => [peer, index]));
  const newest = client
    .flying('loop')
    .findLast(({ path }) => path.every((peer) => places.has(peer)));
  if (newest === undefined) return null;
  const path = newest.path.map((peer) => places.get(peer) ?? 0);
  return { sentUnixMs: timeline.unixOf(newest.sentAtMs), path, delaysMs: [...newest.delaysMs] };
}

function pullsOf(client: Client, traffic: Traffic | null, now: Now): Health['pulls'] {
  const atMs = client.pulledAtMs();
  return {
    lastAgoMs: atMs === null ? null : Math.max(0, now.monotonicMs - atMs),
    intervalMs: traffic?.pullIntervalMs ?? null,
    backlog: client.counters().backlog.mails,
  };
}

function queueOf(
  counts: { readonly messagesQueued: number; readonly fragmentsQueued: number },
  traffic: Traffic | null,
): Health['queue'] {
  const { messagesQueued: messages, fragmentsQueued: packets } = counts;
  const isKnown = packets > 0 && traffic !== null;
  const departureMs = isKnown ? packets * traffic.payloadIntervalMsMean : null;
  return { messages, packets, departureMs };
}

function emissionsOf(client: Client) {
  const { streams, outbox } = client.counters();
  const { payload, loop, drop } = streams;
  const forfeited = [payload, loop, drop]
    .flatMap((stream) => Object.values(stream.forfeited))
    .reduce((sum, count) => sum + count, 0);
  const messages = Math.min(outbox.packetsSent, payload.sent);
  const drops = drop.sent + payload.sent - messages;
  return { counted: { messages, loops: loop.sent, drops, forfeited }, messages: outbox };
}

/** Frames alone; what TLS and TCP add is some hundredths. */
function costOf(traffic: Traffic): Health['cost'] {
  const packetsPerMs = clientPacketsPerMs(traffic);
  const size = (kind: 'sphinx' | 'pull-request' | 'pull-answer') =>
    frameSize(kind, traffic.pullMailCount);
  const pullsPerMs = 1 / traffic.pullIntervalMs;
  return {
    packetsPerSecond: packetsPerMs * 1_000,
    bytesPerDaySent: DAY_MS * (packetsPerMs * size('sphinx') + pullsPerMs * size('pull-request')),
    bytesPerDayReceived: DAY_MS * pullsPerMs * size('pull-answer'),
    hopDelayMsMean: traffic.hopDelayMsMean,
  };
}
