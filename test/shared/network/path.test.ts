// Traffic sets, epochs, paths and whole packets: the numbers of the design, and packets that real
// hops unwrap in the order of the layers.
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../../shared/bytes.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { epochAt, epochOfParity, epochTimes, parityOf } from '../../../shared/network/epoch.ts';
import { buildPacket, networkUnwrapRules } from '../../../shared/network/packet.ts';
import {
  drawAcknowledgementPath,
  drawForwardPath,
  drawHopDelayNs,
  drawNodeLoop,
  drawProvider,
  pathDelayMs,
} from '../../../shared/network/path.ts';
import { decodePayload, mailboxDestination } from '../../../shared/network/payload.ts';
import type { TopologyNode } from '../../../shared/network/topology.ts';
import {
  clientPacketsPerMs,
  hopDelayMsMax,
  isTrafficAllowed,
  pullLoad,
  trafficNames,
  trafficSets,
} from '../../../shared/network/traffic.ts';
import { drawBytes } from '../../../shared/random.ts';
import { PAYLOAD_SIZE } from '../../../shared/sphinx/geometry.ts';
import { createSphinx } from '../../../shared/sphinx/packet.ts';
import { unpadPayload } from '../../../shared/sphinx/payload.ts';
import { makeNetwork, makeTopology, secretsOf } from '../../support/network.ts';
import { seededRandom } from '../../support/random.ts';

const made = makeNetwork();
const topology = makeTopology(made);

describe('traffic', () => {
  it('is that of the design', () => {
    const rates = trafficNames.map((name) => {
      const set = trafficSets[name];
      const perSecond = (intervalMs: number) => 1_000 / intervalMs;
      return [
        name,
        perSecond(set.payloadIntervalMsMean),
        perSecond(set.loopIntervalMsMean),
        perSecond(set.dropIntervalMsMean),
        set.hopDelayMsMean,
        perSecond(set.nodeLoopIntervalMsMean),
        set.pullIntervalMs,
        set.pullMailCount,
        set.epochMs,
      ];
    });
    expect(rates).toEqual([
      ['demo', 2, 1, 1, 200, 2, 500, 2, 600_000],
      ['standard', 1, 0.25, 0.25, 500, 0.5, 2_000, 3, 3_600_000],
      ['low-bandwidth', 0.25, 0.1, 0.1, 1_000, 0.5, 5_000, 3, 3_600_000],
      ['test', 20, 10, 10, 20, 20, 50, 2, 20_000],
    ]);
  });

  it('leaves the pulls the room that the design says', () => {
    const loads = trafficNames.map((name) => Math.round(pullLoad(trafficSets[name]) * 100) / 100);
    expect(loads).toEqual([0.75, 0.83, 0.58, 0.75]);
    expect(clientPacketsPerMs(trafficSets.demo)).toBeCloseTo(0.004);
  });

  it('of demo and test keeps to this computer', () => {
    const abroad = ['127.0.0.1:1', '192.0.2.1:1'];
    expect(trafficNames.filter((name) => isTrafficAllowed(name, abroad))).toEqual([
      'standard',
      'low-bandwidth',
    ]);
    expect(trafficNames.every((name) => isTrafficAllowed(name, ['[::1]:1']))).toBe(true);
  });

  it('accepts every delay that the sampler can draw', () => {
    const zeros = { fill: (out: Uint8Array) => void out.fill(0) };
    const longestMs = Number(drawHopDelayNs(zeros, trafficSets.standard)) / 1e6;
    expect(longestMs).toBeGreaterThan(36 * 500);
    expect(longestMs).toBeLessThan(hopDelayMsMax(trafficSets.standard));
  });
});

describe('epochs', () => {
  const times = epochTimes(1_000_000, trafficSets.standard);
  const start = 1_000_000 + times.epochMs;

  it('are counted from the first, and there is none before it', () => {
    expect(epochAt(times, 999_999)).toBeNull();
    expect(epochAt(times, 1_000_000)).toBe(0);
    expect(epochAt(times, start - 1)).toBe(0);
    expect(epochAt(times, start)).toBe(1);
  });

  it('a parity means the one before within its grace, the next within the skew, else none', () => {
    expect(times).toMatchObject({ skewMs: 120_000, graceMs: 129_800 });
    const meant = (parity: 0 | 1, unixMs: number) => epochOfParity(times, parity, unixMs);
    expect(meant(1, start)).toBe(1);
    expect(meant(0, start)).toBe(0);
    expect(meant(0, start + times.graceMs - 1)).toBe(0);
    expect(meant(0, start + times.graceMs)).toBeNull();
    const end = start + times.epochMs;
    expect(meant(0, end - times.skewMs - 1)).toBeNull();
    expect(meant(0, end - times.skewMs)).toBe(2);
    expect(meant(1, 1_000_000)).toBeNull();
    expect(meant(0, 0)).toBeNull();
    expect([4, 5].map(parityOf)).toEqual([0, 1]);
  });
});

describe('paths', () => {
  const random = seededRandom('paths');
  const options = { topology, epoch: 0, random };
  const [own, other] = topology.providers;
  if (own === undefined || other === undefined) throw new Error('two providers');
  const layers = (nodes: readonly TopologyNode[]) => nodes.map((node) => node.layer);

  it('go from provider through the layers to provider, acknowledgements from layer 1', () => {
    const path = drawForwardPath(options, own, other);
    expect(path && layers(path.nodes)).toEqual([0, 1, 2, 3, 0]);
    expect([path?.nodes[0], path?.nodes[4]]).toEqual([own, other]);
    expect(path?.delaysNs.map((delayNs) => delayNs > 0n)).toEqual([true, true, true, true, false]);
    const back = drawAcknowledgementPath(options, own);
    expect(back && layers(back.nodes)).toEqual([1, 2, 3, 0]);
    expect(back?.delaysNs.map((delayNs) => delayNs > 0n)).toEqual([true, true, true, false]);
  });

  it('of node loops pass the layers that follow and end at the node', () => {
    const shapes = [own, ...topology.layers.map(([mix]) => mix)].map((node) => {
      const loop = node === undefined ? null : drawNodeLoop(options, node);
      expect(loop?.back.nodes.at(-1)).toBe(node);
      return [layers(loop?.out.nodes ?? []), layers(loop?.back.nodes ?? [])];
    });
    expect(shapes).toEqual([
      [
        [1, 2, 3, 0],
        [1, 2, 3, 0],
      ],
      [[2, 3, 0], [1]],
      [
        [3, 0],
        [1, 2],
      ],
      [[0], [1, 2, 3]],
    ]);
  });

  it('use every node alike, and every path is drawn anew', () => {
    const counts = new Map<string, number>();
    const seen = new Set<string>();
    for (let run = 0; run < 800; run++) {
      const path = drawForwardPath(options, own, drawProvider(topology, random));
      for (const node of path?.nodes.slice(1) ?? []) {
        counts.set(node.peer, (counts.get(node.peer) ?? 0) + 1);
      }
      seen.add(path?.nodes.map((node) => node.peer).join() ?? '');
    }
    expect(seen.size).toBe(16);
    // 400 of 800 each; five standard deviations are 71.
    for (const count of counts.values()) expect(Math.abs(count - 400)).toBeLessThan(71);
    expect(counts.size).toBe(8);
  });

  it('have no hop without a key for their epoch', () => {
    expect(drawForwardPath({ ...options, epoch: 2 }, own, other)).not.toBeNull();
    expect(drawForwardPath({ ...options, epoch: 3 }, own, other)).toBeNull();
    expect(drawNodeLoop({ ...options, epoch: 3 }, own)).toBeNull();
  });
});

it('a packet passes five real hops, and its acknowledgement comes back by four', () => {
  const random = seededRandom('packet');
  const sphinx = createSphinx(nobleEngine);
  const options = { topology, epoch: 0, random };
  const [own, other] = topology.providers;
  if (own === undefined || other === undefined) throw new Error('two providers');
  const path = drawForwardPath(options, own, other);
  const back = drawAcknowledgementPath(options, own);
  if (path === null || back === null) throw new Error('every node has a key');
  const mailbox = drawBytes(random, 16);
  const identifier = drawBytes(random, 16);
  const parts = {
    path,
    kind: 'mail' as const,
    mailbox,
    token: drawBytes(random, 16),
    content: drawBytes(random, 1_627),
    acknowledgement: {
      path: back,
      delayNs: 5_000_000n,
      destination: mailboxDestination(mailbox),
      identifier,
    },
  };
  const packet = buildPacket(sphinx, random, parts);
  expect(packet).toHaveLength(2_413);

  const travel = (first: Uint8Array, nodes: readonly TopologyNode[]) => {
    let at = first;
    const delays: bigint[] = [];
    for (const [index, node] of nodes.entries()) {
      const { secretKey } = secretsOf(made, node.peer).sphinxKeys[0];
      const unwrapped = sphinx.unwrap(
        at,
        secretKey,
        networkUnwrapRules(() => false),
      );
      if (unwrapped.kind === 'refused') throw new Error(unwrapped.reason);
      if (unwrapped.kind === 'final') return { ...unwrapped, delays };
      expect(unwrapped.nextAddress).toEqual(nodes[index + 1]?.identityKey);
      delays.push(unwrapped.delayNs);
      at = unwrapped.packet;
    }
    throw new Error('the last node is the last hop');
  };

  const arrived = travel(packet ?? new Uint8Array(0), path.nodes);
  expect(arrived.delays).toEqual(path.delaysNs.slice(0, 4));
  expect(pathDelayMs(path)).toBeCloseTo(
    arrived.delays.reduce((sum, delayNs) => sum + Number(delayNs) / 1e6, 0),
  );
  const plaintext = unpadPayload(arrived.payload);
  const decoded = decodePayload(plaintext ?? new Uint8Array(0));
  if (!decoded.ok) throw new Error(decoded.reason);
  const { payload } = decoded;
  expect([payload.mailbox, payload.content]).toEqual([mailbox, parts.content]);
  expect(payload.acknowledgement.firstHop).toEqual(back.nodes[0]?.identityKey);

  const ready = concatBytes(payload.acknowledgement.header, drawBytes(random, PAYLOAD_SIZE));
  const acknowledged = travel(ready, back.nodes);
  expect(acknowledged.identifier).toEqual(identifier);
  expect(acknowledged.destination).toEqual(mailboxDestination(mailbox));
  expect(unpadPayload(acknowledged.payload)).toBeNull();
});
