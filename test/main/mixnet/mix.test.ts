// The mix on virtual time, with real packets: what it forwards, when, what it refuses and by which
// reason, and that nothing is unaccounted for. Each invariant also meets a defect that it must
// find.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOOP_SLEEP_MS_MIN } from '../../../main/mixnet/node-loops.ts';
import type { PacketRefusal } from '../../../main/mixnet/refusal.ts';
import type { PeerId } from '../../../main/mixnet/role.ts';
import { FORWARD_DESTINATION, FORWARD_IDENTIFIER } from '../../../shared/network/payload.ts';
import { nodePeer } from '../../../shared/network/topology.ts';
import { hopDelayMsMax } from '../../../shared/network/traffic.ts';
import { drawBytes } from '../../../shared/random.ts';
import { isConserved, proveConservation, proveDelays, proveRestarts } from '../../long/mix.ts';
import { fastestEngine } from '../../support/engines.ts';
import { memoryEpochKeyStore } from '../../support/memory-epoch-keys.ts';
import {
  at,
  give,
  keyStoreOf,
  openMix,
  packetFor,
  packetsIn,
  packetThrough,
  sphinxFrame,
  type TestMix,
  testTraffic,
} from '../../support/mix.ts';
import { makeNetwork } from '../../support/network.ts';
import { seededRandom } from '../../support/random.ts';

const made = makeNetwork({ engine: await fastestEngine() });
const MS = 1_000_000n;
/** Nothing but packets: loops wait for longer than any test runs. */
const silent = { loopInstants: { fill: (out: Uint8Array) => void out.fill(0) } };
const open = (change: Parameters<typeof openMix>[1] = {}) =>
  openMix(made, { ...silent, ...change });

/** Reasons that were counted, and how often. */
function refusedBy({ mix }: TestMix): Partial<Record<PacketRefusal, number>> {
  return Object.fromEntries(
    Object.entries(mix.counters().refusals).filter(([, count]) => count > 0),
  );
}

describe('a packet', () => {
  const random = seededRandom('packet');

  it('leaves at the instant its header says, fractions kept, and not before', () => {
    const one = open();
    const packet = packetThrough(made, one, random, { delayNs: 12_345_678n });
    expect(give(one, packet, at(5))).toEqual([]);
    expect(one.mix.nextWakeAt()).toBeCloseTo(17.345678, 9);
    for (const early of [5, 5, 17, 17.345]) {
      expect(packetsIn(one.mix.wake(at(early)))).toEqual([]);
    }
    const [out, ...more] = packetsIn(one.mix.wake(at(17.345679)));
    expect(more).toEqual([]);
    expect(out).toMatchObject({ peer: one.after, parity: 0 });
    expect(out?.packet).toHaveLength(packet.length);
    expect(out?.packet).not.toEqual(packet);
    expect(packetsIn(one.mix.wake(at(17.4)))).toEqual([]);
    expect(one.mix.counters()).toMatchObject({ received: 1, forwarded: 1, poolSize: 0 });
  });

  it('is forwarded once: the second of two is refused, under the same key at any later time', () => {
    const one = open();
    const packet = packetThrough(made, one, random, { delayNs: MS });
    give(one, packet, at(0));
    give(one, packet, at(0));
    expect(packetsIn(one.mix.wake(at(50)))).toHaveLength(1);
    give(one, packet, at(19_000));
    expect(refusedBy(one)).toEqual({ replay: 2 });
    expect(packetsIn(one.mix.wake(at(19_100)))).toEqual([]);
  });

  it('with another payload under the same header is a replay too', () => {
    const one = open();
    const packet = packetThrough(made, one, random, { delayNs: MS });
    give(one, packet, at(0));
    const other = packet.slice();
    other.set(drawBytes(random, 100), 1_000);
    give(one, other, at(0));
    expect(refusedBy(one)).toEqual({ replay: 1 });
  });

  it('has its tag on disk before it leaves, in one write with those that came with it', () => {
    const keyStore = keyStoreOf(open().node);
    let flushes = 0;
    const counted = {
      ...keyStore,
      flush: () => {
        flushes += 1;
        keyStore.flush();
      },
    };
    const one = open({ keyStore: counted });
    for (const delayMs of [10n, 11n, 12n, 40n]) {
      give(one, packetThrough(made, one, random, { delayNs: delayMs * MS }), at(0));
    }
    one.mix.wake(at(9));
    expect(flushes).toBe(0);
    expect(packetsIn(one.mix.wake(at(10)))).toHaveLength(1);
    expect(flushes).toBe(1);
    expect(keyStore.load()[0]?.tags).toHaveLength(4 * 16);
    // These had theirs written with the first.
    one.mix.wake(at(11));
    one.mix.wake(at(12));
    expect(flushes).toBe(1);
    give(one, packetThrough(made, one, random, { delayNs: MS }), at(20));
    one.mix.wake(at(21));
    expect(flushes).toBe(2);
  });

  it('stays a replay after a restart with the same key', () => {
    const one = open();
    const packet = packetThrough(made, one, random, { delayNs: MS });
    give(one, packet, at(0));
    one.mix.wake(at(5));
    const again = open({ keyStore: one.keyStore });
    give(again, packet, at(10));
    expect(refusedBy(again)).toEqual({ replay: 1 });
    // The defect: a store that keeps the key and forgets what it saw.
    const forgetful = { ...memoryEpochKeyStore(), load: () => keyStoreOf(one.node).load() };
    const defective = open({ keyStore: forgetful });
    give(defective, packet, at(10));
    expect(packetsIn(defective.mix.wake(at(50)))).toHaveLength(1);
  });

  it('keeps its parity: for the epoch before within grace, the next within skew, else none', () => {
    const one = open();
    const { times } = one.topology;
    const next = packetThrough(made, one, random, { delayNs: MS, epoch: 1 });
    give(one, next, at(times.epochMs - times.skewMs - 1), one.before, 1);
    expect(refusedBy(one)).toEqual({ epoch: 1 });
    give(one, next, at(times.epochMs - times.skewMs), one.before, 1);
    const [out] = packetsIn(one.mix.wake(at(times.epochMs - times.skewMs + 2)));
    expect(out?.parity).toBe(1);

    const late = () => packetThrough(made, one, random, { delayNs: MS });
    one.mix.wake(at(times.epochMs));
    give(one, late(), at(times.epochMs + times.graceMs - 1));
    expect(packetsIn(one.mix.wake(at(times.epochMs + times.graceMs)))).toHaveLength(1);
    give(one, late(), at(times.epochMs + times.graceMs));
    expect(refusedBy(one)).toEqual({ epoch: 2 });
    expect(one.keyStore.epochs()).not.toContain(0);
  });
});

describe('is refused by name', () => {
  const random = seededRandom('refused');
  const dueMs = 100;

  it('what does not come from the layer before', () => {
    const one = open();
    const packet = packetThrough(made, one, random, { delayNs: MS });
    const provider = one.topology.providers[0]?.peer;
    const strangers: PeerId[] = [one.after, provider ?? one.after, 'client:7', 'node:00'];
    for (const peer of strangers) give(one, packet, at(0), peer);
    expect(refusedBy(one)).toEqual({ 'previous-hop': 4 });
  });

  it('what goes anywhere but to the layer after', () => {
    const one = open();
    const others = [...one.topology.byPeer.values()].filter(({ layer }) => layer !== 3);
    for (const { identityKey } of others) {
      give(one, packetThrough(made, one, random, { delayNs: MS, next: identityKey }), at(0));
    }
    give(one, packetThrough(made, one, random, { delayNs: MS, next: new Uint8Array(32) }), at(0));
    expect(refusedBy(one)).toEqual({ 'next-hop': others.length + 1 });
    expect(packetsIn(one.mix.wake(at(dueMs)))).toEqual([]);
  });

  it('a delay that no honest sender draws, and not the longest one', () => {
    const one = open();
    const longest = BigInt(hopDelayMsMax(testTraffic)) * MS;
    for (const delayNs of [longest, longest + 1n, 0xffffffffffffffffn]) {
      give(one, packetThrough(made, one, random, { delayNs }), at(0));
    }
    expect(refusedBy(one)).toEqual({ delay: 2 });
    expect(packetsIn(one.mix.wake(at(Number(longest / MS) - 1)))).toEqual([]);
    expect(packetsIn(one.mix.wake(at(Number(longest / MS))))).toHaveLength(1);
  });

  it('the newest where the pool is full; what is in it stays', () => {
    const one = open({ poolPacketsMax: 2 });
    for (let count = 0; count < 3; count++) {
      give(one, packetThrough(made, one, random, { delayNs: MS }), at(0));
    }
    expect(refusedBy(one)).toEqual({ 'pool-full': 1 });
    expect(packetsIn(one.mix.wake(at(dueMs)))).toHaveLength(2);
  });

  it('a packet whose next node has no link when it is due', () => {
    const one = open();
    give(one, packetThrough(made, one, random, { delayNs: MS }), at(0));
    one.mix.receive({ kind: 'link-down', peer: one.after }, at(0));
    expect(packetsIn(one.mix.wake(at(dueMs)))).toEqual([]);
    expect(refusedBy(one)).toEqual({ 'no-link': 1 });
  });

  it('mail and acknowledgements of others: a mix is the last hop of neither', () => {
    const one = open();
    const ends: [Uint8Array, Uint8Array][] = [
      [FORWARD_DESTINATION, FORWARD_IDENTIFIER],
      [new Uint8Array(32), new Uint8Array(16)],
      [one.node.identity.publicKey, new Uint8Array(16)],
    ];
    for (const [destination, identifier] of ends) {
      give(one, packetFor(made, one, random, { destination, identifier }), at(0));
    }
    expect(refusedBy(one)).toEqual({ destination: 2, acknowledgement: 1 });
    expect(isConserved(one.mix.counters())).toBe(true);
  });
});

describe('whatever comes', () => {
  it('nothing throws, nothing is answered, and every packet is accounted for', () => {
    const random = seededRandom('garbage');
    const one = open({ poolPacketsMax: 8 });
    const packets = Array.from({ length: 12 }, (_, index) =>
      packetThrough(made, one, random, { delayNs: BigInt(index) * 30n * MS }),
    );
    let clockMs = 0;
    const frames = fc.oneof(
      fc.uint8Array({ maxLength: 3_000 }),
      fc.nat(packets.length - 1).map((index) => sphinxFrame(packets[index] ?? new Uint8Array(0))),
      fc
        .tuple(fc.nat(packets.length - 1), fc.nat(2_415), fc.nat(255))
        .map(([index, place, byte]) => {
          const frame = sphinxFrame(packets[index] ?? new Uint8Array(0));
          frame[place] = byte;
          return frame;
        }),
    );
    fc.assert(
      fc.property(
        frames,
        fc.constantFrom<PeerId>(one.before, one.after, 'client:1'),
        (frame, peer) => {
          clockMs += 1;
          const effects = one.mix.receive({ kind: 'frame', peer, frame }, at(clockMs));
          expect(effects).toEqual([]);
          one.mix.wake(at(clockMs));
          expect(isConserved(one.mix.counters())).toBe(true);
        },
      ),
      { numRuns: 2_000, seed: 1 },
    );
    const counters = one.mix.counters();
    expect(Object.keys(refusedBy(one))).toEqual(
      expect.arrayContaining(['mac', 'replay', 'previous-hop']),
    );
    expect(counters.forwarded).toBeGreaterThan(0);
    // The defect: one packet that nobody counted.
    expect(isConserved({ ...counters, forwarded: counters.forwarded - 1 })).toBe(false);
  });
});

describe('the proofs of the long form, shortened', () => {
  const proof = { made, seed: 'short', packets: 1_000, restarts: 5, garbage: 1_000 };

  it('delays are exponential as they are spent; caps, steps and other means are found', () => {
    expect(proveDelays(proof)).toMatchObject({ passed: true });
  });
  it('a mix killed again and again forwards no replay; one that forgets is found', () => {
    expect(proveRestarts(proof)).toMatchObject({ passed: true, replays: 80, forwarded: 0 });
  });
  it('every packet is accounted for under garbage', () => {
    expect(proveConservation(proof)).toMatchObject({ passed: true, violations: 0, answers: 0 });
  });
});

it('keeps links with the layers beside it and the authorities, and dials only onwards', () => {
  const one = open();
  const [effect, ...more] = one.first;
  expect(more).toEqual([]);
  if (effect?.kind !== 'neighbours') throw new Error('the first effect names the neighbours');
  const dialled = effect.neighbours.filter(({ addresses }) => addresses.length > 0);
  const accepted = effect.neighbours.filter(({ addresses }) => addresses.length === 0);
  const layer = (index: number) => (one.topology.layers[index] ?? []).map(({ peer }) => peer);
  const authorities = made.network.authorities.map(({ key }) => nodePeer(key));
  expect(new Set(dialled.map(({ peer }) => peer))).toEqual(new Set([...authorities, ...layer(2)]));
  expect(new Set(accepted.map(({ peer }) => peer))).toEqual(new Set(layer(0)));
  // 27.6 mean intervals of one node's loops, of which half come here, and a node held up before.
  expect(accepted[0]?.silenceMsMax).toBeCloseTo(27.6 * 50 * 2 + LOOP_SLEEP_MS_MIN);
  expect(one.mix.wake(at(1))).toEqual([]);
});
