// A node's loops: when they leave depends on the instants' source alone, and the ledger says what
// became of each. The rest of the network is played here, with real packets and real keys.
import { describe, expect, it } from 'vitest';
import {
  createNodeLoops,
  LOOP_LAG_MS_MAX,
  LOOP_LATE_MS_MAX,
  LOOP_PREPARE_MS,
  LOOP_SLACK_MS,
  LOOP_SLEEP_MS_MIN,
  LOOP_WINDOW,
  type LoopPacket,
  type NodeLoops,
  type NodeLoopsOptions,
} from '../../../main/mixnet/node-loops.ts';
import { concatBytes } from '../../../shared/bytes.ts';
import { networkUnwrapRules } from '../../../shared/network/packet.ts';
import { decodePayload, readDestination } from '../../../shared/network/payload.ts';
import { nodePeer, type TopologyNode } from '../../../shared/network/topology.ts';
import type { RandomSource } from '../../../shared/random.ts';
import { PAYLOAD_SIZE } from '../../../shared/sphinx/geometry.ts';
import { createSphinx } from '../../../shared/sphinx/packet.ts';
import { unpadPayload } from '../../../shared/sphinx/payload.ts';
import type { Now } from '../../../shared/time.ts';
import { fastestEngine } from '../../support/engines.ts';
import { at, testTraffic } from '../../support/mix.ts';
import { makeNetwork, makeTopology, secretsOf } from '../../support/network.ts';
import { seededRandom } from '../../support/random.ts';
import { exponentialCumulative, ksOneSample } from '../../support/statistics.ts';

const engine = await fastestEngine();
const made = makeNetwork({ engine });
const topology = makeTopology(made);
const sphinx = createSphinx(engine);
const mean = testTraffic.nodeLoopIntervalMsMean;

function start(node: TopologyNode | undefined, change: Partial<NodeLoopsOptions> = {}): NodeLoops {
  if (node === undefined) throw new Error('a node to loop from');
  return createNodeLoops(
    {
      engine,
      sphinx,
      instants: seededRandom('instants'),
      random: seededRandom('contents'),
      intervalMsMean: mean,
      ground: () => ({ topology, epoch: 0, node }),
      isLinked: () => true,
      ...change,
    },
    at(0),
  );
}

/** Wakes whenever asked for until `untilMs`; the packets with their instants. */
function run(loops: NodeLoops, untilMs: number): (LoopPacket & { readonly atMs: number })[] {
  const sent: (LoopPacket & { readonly atMs: number })[] = [];
  for (let ms = loops.nextWakeAtMs(); ms <= untilMs; ms = loops.nextWakeAtMs()) {
    for (const packet of loops.wake(at(ms))) sent.push({ ...packet, atMs: ms });
  }
  return sent;
}

/** The nodes a packet passes from `first` on, and what its last one reads. */
function travel(first: string, packet: Uint8Array) {
  const nodes: string[] = [];
  let [peer, on] = [first, packet];
  for (;;) {
    nodes.push(peer);
    const { sphinxKeys, identity } = secretsOf(made, peer);
    const rules = networkUnwrapRules(() => false);
    const unwrapped = sphinx.unwrap(on, sphinxKeys[0].secretKey, rules);
    if (unwrapped.kind === 'refused') throw new Error(unwrapped.reason);
    if (unwrapped.kind === 'final') return { nodes, identity, ...unwrapped };
    [peer, on] = [nodePeer(unwrapped.nextAddress), unwrapped.packet];
  }
}

/** Takes a loop through the network and back; the identifier that arrives at its node. */
function goRound(loop: LoopPacket) {
  const out = travel(loop.peer, loop.packet);
  const plaintext = unpadPayload(out.payload);
  const decoded = decodePayload(plaintext ?? new Uint8Array(0));
  if (!decoded.ok) throw new Error(decoded.reason);
  const { kind, acknowledgement } = decoded.payload;
  const ready = concatBytes(acknowledgement.header, new Uint8Array(PAYLOAD_SIZE));
  const back = travel(nodePeer(acknowledgement.firstHop), ready);
  const destination = readDestination(back.destination, back.identity.publicKey);
  return { kind, out: out.nodes, back: back.nodes, identifier: back.identifier, destination };
}

describe('a loop', () => {
  const layered = [topology.providers[0], ...topology.layers.map(([mix]) => mix)];

  it.each(layered.map((node, index) => [index === 0 ? 'provider' : `layer ${index}`, node]))(
    'from a %s is a drop, and its acknowledgement ends there',
    (_, node) => {
      if (node === undefined || typeof node === 'string') throw new Error('a node');
      const [loop] = run(start(node), 2_000);
      if (loop === undefined) throw new Error('a loop within two seconds');
      const went = goRound(loop);
      expect(went.kind).toBe('drop');
      expect(went.destination).toEqual({ kind: 'self' });
      expect(went.back.at(-1)).toBe(node.peer);
      const layers = (peers: string[]) => peers.map((peer) => secretsOf(made, peer).layer);
      const all = [1, 2, 3];
      expect(layers(went.out)).toEqual([...all.filter((layer) => layer > node.layer), 0]);
      const before = node.layer === 0 ? all : all.filter((layer) => layer < node.layer);
      expect(layers(went.back)).toEqual([...before, node.layer]);
    },
  );
});

describe('the ledger', () => {
  const node = topology.layers[0]?.[0];

  it('tells returned, late, and lost; what comes after it was lost counts as late', () => {
    if (node === undefined) throw new Error('a node');
    // Nothing leaves after half a second; the instants go on, and with them the ledger.
    const ground = (now: Now) => (now.monotonicMs < 500 ? { topology, epoch: 0, node } : null);
    const loops = start(node, { ground });
    const sent = run(loops, 600);
    const [first, second, third] = sent;
    if (first === undefined || second === undefined || third === undefined) {
      throw new Error('three loops in half a second');
    }
    const identifier = (loop: LoopPacket) => goRound(loop).identifier;
    expect(loops.acknowledged(identifier(first), at(600))).toBe(true);
    expect(loops.acknowledged(identifier(first), at(600))).toBe(false);
    expect(loops.acknowledged(new Uint8Array(16), at(600))).toBe(false);
    expect(loops.counts()).toMatchObject({ returned: 1, late: 0, lost: 0 });
    // Beyond any delay that was drawn, and before anything expired it.
    const lateMs = 500 + LOOP_SLACK_MS + 8 * 40 * testTraffic.hopDelayMsMean;
    expect(loops.acknowledged(identifier(second), at(lateMs))).toBe(true);
    expect(loops.counts()).toMatchObject({ returned: 1, late: 1, lost: 0 });
    run(loops, lateMs + 1_000);
    const { lost } = loops.counts();
    expect(lost).toBeGreaterThanOrEqual(1);
    expect(loops.acknowledged(identifier(third), at(lateMs + 1_000))).toBe(true);
    expect(loops.counts()).toMatchObject({ late: 2, lost: lost - 1 });
    const outcomes = loops.decided().map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'late')).toHaveLength(2);
  }, 120_000);

  it('voids what a lost link or a node that left makes worthless, and counts it', () => {
    const cut = start(node);
    const sent = run(cut, 400);
    const first = sent[0]?.peer;
    if (first === undefined) throw new Error('a loop');
    cut.linkDown(first);
    const gone = sent.filter(({ peer }) => peer === first).length;
    expect(cut.counts()).toMatchObject({ void: gone, pending: sent.length - gone });
    cut.topologyChanged(() => true);
    expect(cut.counts().void).toBe(gone);
    cut.topologyChanged(() => false);
    expect(cut.counts()).toMatchObject({ void: sent.length, pending: 0 });
  });

  it('balances: every loop that was sent is in one column', () => {
    const loops = start(node);
    const sent = run(loops, 600);
    for (const loop of sent.slice(0, 3)) loops.acknowledged(goRound(loop).identifier, at(700));
    const { returned, late, lost, pending, void: voided } = loops.counts();
    expect(loops.counts().sent).toBe(returned + late + lost + pending + voided);
    expect(loops.decided().length).toBeLessThanOrEqual(LOOP_WINDOW);
    expect(LOOP_LATE_MS_MAX).toBeGreaterThan(LOOP_SLACK_MS);
  });
});

describe('instants', () => {
  /** The instants alone: without a place in the network every loop is forfeited. */
  function instants(count: number, change: Partial<NodeLoopsOptions> = {}): number[] {
    const loops = start(topology.layers[0]?.[0], { ground: () => null, ...change });
    const seen: number[] = [];
    for (let ms = loops.nextWakeAtMs(); seen.length < count; ms = loops.nextWakeAtMs()) {
      const before = loops.counts().forfeited + loops.counts().sent;
      loops.wake(at(ms));
      if (loops.counts().forfeited + loops.counts().sent > before) seen.push(ms);
    }
    return seen;
  }

  it('have exponential gaps with the mean of the traffic', () => {
    const seen = instants(4_001);
    const gaps = seen.slice(1).map((ms, index) => ms - (seen[index] ?? 0));
    const pValue = (sample: number[]) => ksOneSample(sample, exponentialCumulative(mean)).pValue;
    expect(pValue(gaps)).toBeGreaterThan(0.01);
    expect(pValue(gaps.map((gap) => Math.min(gap, 3 * mean)))).toBeLessThan(1e-6);
  });

  it('are the same whether packets are built, links stand, or wakes come at odd times', () => {
    const node = topology.layers[2]?.[0];
    if (node === undefined) throw new Error('a node');
    const plain = instants(20);
    const busy = instants(20, { ground: () => ({ topology, epoch: 0, node }) });
    const cut = instants(20, {
      ground: () => ({ topology, epoch: 0, node }),
      isLinked: () => false,
    });
    expect(busy).toEqual(plain);
    expect(cut).toEqual(plain);
    const odd = start(node);
    const sent: number[] = [];
    for (let ms = 0; ms < 1_000; ms += 0.5) for (const _ of odd.wake(at(ms))) sent.push(ms);
    const expected = plain.filter((ms) => ms < 1_000);
    expect(sent.length).toBe(expected.length);
    for (const [index, ms] of sent.entries()) {
      expect(ms - (expected[index] ?? 0)).toBeLessThan(0.5);
    }
    // The defect: one source for instants and contents.
    const shared = (): { instants: RandomSource; random: RandomSource } => {
      const random = seededRandom('instants');
      return { instants: random, random };
    };
    const leaky = instants(20, { ...shared(), ground: () => ({ topology, epoch: 0, node }) });
    expect(leaky).not.toEqual(instants(20, shared()));
  }, 120_000);

  it('that were slept through are not made up for', () => {
    const loops = start(topology.layers[2]?.[0]);
    run(loops, 300);
    const { sent } = loops.counts();
    const wakesMs = 300 + LOOP_SLEEP_MS_MIN + 10_000;
    expect(loops.wake(at(wakesMs))).toEqual([]);
    expect(loops.counts().sent).toBe(sent);
    expect(loops.counts().pending).toBe(0);
    expect(loops.nextWakeAtMs()).toBeGreaterThan(wakesMs);
    expect(run(loops, wakesMs + 1_000).length).toBeGreaterThan(0);
  });

  it('are not lost for the time in which their node stood', () => {
    const loops = start(topology.layers[2]?.[0]);
    run(loops, 300);
    const { pending } = loops.counts();
    expect(pending).toBeGreaterThan(0);
    // Held up for longer than a loop has, and what came back is not read yet.
    const stoodMs = LOOP_SLEEP_MS_MIN - 10;
    expect(stoodMs).toBeGreaterThan(LOOP_SLACK_MS);
    loops.wake(at(300 + stoodMs));
    run(loops, 300 + stoodMs + LOOP_SLACK_MS / 2);
    expect(loops.counts()).toMatchObject({ lost: 0, void: 0 });
    // They are, once the node runs.
    run(loops, 300 + stoodMs + 2 * LOOP_SLACK_MS);
    expect(loops.counts().lost).toBeGreaterThanOrEqual(pending);
  });

  it('build nothing for a slot that was missed', () => {
    let grounds = 0;
    const loops = start(topology.layers[2]?.[0], {
      ground: () => {
        grounds += 1;
        return null;
      },
    });
    loops.wake(at(loops.nextWakeAtMs()));
    grounds = 0;
    loops.wake(at(4_000));
    // About eighty were missed. The first was built before, the last may still be in time.
    expect(loops.counts().forfeited).toBeGreaterThan(40);
    expect(grounds).toBeLessThan(20);
  });

  it('that come too late are forfeited, one by one', () => {
    const loops = start(topology.layers[2]?.[0]);
    loops.wake(at(loops.nextWakeAtMs()));
    const dueMs = loops.nextWakeAtMs();
    loops.wake(at(dueMs + LOOP_LAG_MS_MAX + 1));
    expect(loops.counts().forfeited).toBeGreaterThanOrEqual(1);
    expect(LOOP_PREPARE_MS).toBe(100);
  });
});
