// Unwrapping in worker threads: the same packets come to the same as without; every ticket is
// answered whatever happens to a worker; keys are gone where the store destroyed them.
import { afterEach, describe, expect, it } from 'vitest';
import type { MixCounters } from '../../../main/mixnet/mix.ts';
import { UNWRAP_WAITING_MAX, type UnwrappedInput } from '../../../main/mixnet/unwrap-step.ts';
import { PAUSE_PACKETS, RESUME_PACKETS, UnwrapPool } from '../../../main/net/unwrap-pool.ts';
import { BATCH_RECORDS_MAX, BATCH_SIZE, UnwrapBatch } from '../../../main/net/unwrap-records.ts';
import { toHex } from '../../../shared/bytes.ts';
import { networkUnwrapRules } from '../../../shared/network/packet.ts';
import { drawBelow, drawBytes } from '../../../shared/random.ts';
import { HEADER_SIZE, PACKET_SIZE } from '../../../shared/sphinx/geometry.ts';
import { createSphinx, SPHINX_REFUSALS } from '../../../shared/sphinx/packet.ts';
import { fastestEngine } from '../../support/engines.ts';
import {
  at,
  give,
  keyStoreOf,
  openMix,
  packetFor,
  packetsIn,
  packetThrough,
  type TestMix,
} from '../../support/mix.ts';
import { makeNetwork } from '../../support/network.ts';
import { seededRandom } from '../../support/random.ts';

const made = makeNetwork({ engine: await fastestEngine() });
const silent = { loopInstants: { fill: (out: Uint8Array) => void out.fill(0) } };
const workerUrl = new URL('../../../main/cli/unwrap-worker.ts', import.meta.url);
const node = made.nodes.find(({ layer }) => layer === 2);
if (node === undefined) throw new Error('the network has a layer 2');
const MS = 1_000_000n;

let pool: UnwrapPool | null = null;
afterEach(async () => {
  await pool?.end();
  pool = null;
});

type Pooled = {
  readonly pool: UnwrapPool;
  readonly pressure: boolean[];
  readonly answers: UnwrappedInput[];
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>;
};

async function startPool(threads: number, hear: (input: UnwrappedInput) => void = () => {}) {
  const answers: UnwrappedInput[] = [];
  const pressure: boolean[] = [];
  const started = await UnwrapPool.start({
    threads,
    workerUrl,
    onUnwrapped: (input) => {
      answers.push(input);
      hear(input);
    },
    onPressure: (isHigh) => pressure.push(isHigh),
  });
  pool = started;
  const idle = () => expect.poll(() => started.packets, { timeout: 20_000 }).toBe(0);
  return { pool: started, answers, pressure, idle } satisfies Pooled;
}

/** A mix whose packets are unwrapped by `threads` workers. */
async function openPooled(threads: number) {
  let open: TestMix | null = null;
  const pooled = await startPool(threads, (input) => void open?.mix.receive(input, at(NOW_MS)));
  if (node === undefined) throw new Error('the network has a layer 2');
  const kept = keyStoreOf(node);
  const keyStore = pooled.pool.keyStore(kept);
  open = openMix(made, { ...silent, keyStore, desk: pooled.pool });
  return { ...pooled, open, kept };
}
const NOW_MS = 5;

/**
 * Everything that can come: sound, replayed, garbled within its first bytes, foreign, too slow, for
 * the mix.
 */
function drawPackets(
  one: TestMix,
  seed: string,
  count: number,
  garbledSize = PACKET_SIZE,
): Uint8Array[] {
  const random = seededRandom(seed);
  const packets: Uint8Array[] = [];
  const sound = () => {
    const delayNs = BigInt(drawBelow(random, 50)) * MS;
    return packetThrough(made, one, random, { delayNs });
  };
  while (packets.length < count) {
    const earlier = packets[drawBelow(random, packets.length + 1)] ?? sound();
    const garbled = earlier.slice();
    const place = drawBelow(random, garbledSize);
    garbled[place] = (garbled[place] ?? 0) ^ (1 + drawBelow(random, 255));
    const choices = [
      sound,
      sound,
      () => earlier,
      () => garbled,
      () => drawBytes(random, PACKET_SIZE),
      () => new Uint8Array(PACKET_SIZE),
      () => packetThrough(made, one, random, { delayNs: 1n << 63n }),
      () => packetThrough(made, one, random, { delayNs: MS, next: drawBytes(random, 32) }),
      () => packetThrough(made, one, random, { delayNs: MS, epoch: 1 }),
      () => {
        const identifier = drawBytes(random, 16);
        return packetFor(made, one, random, { destination: drawBytes(random, 32), identifier });
      },
    ];
    const choice = choices[drawBelow(random, choices.length)] ?? sound;
    packets.push(choice());
  }
  return packets;
}

/** What left the mix, instant by instant, in no order within one. */
function leavings({ mix }: TestMix): string[] {
  return [NOW_MS, 20, 30, 100].map((ms) =>
    packetsIn(mix.wake(at(ms)))
      .map(({ peer, parity, packet }) => `${peer} ${parity} ${digest(packet)}`)
      .sort()
      .join('\n'),
  );
}

/** Short, so that a failure can be read. */
function digest(packet: Uint8Array): string {
  const hash = new Uint8Array(32);
  made.engine.sha256(hash, packet);
  return toHex(hash).slice(0, 16);
}

const sumOf = ({ forwarded, acknowledged, unwrapping, poolSize, refusals }: MixCounters) =>
  Object.values(refusals).reduce((sum, count) => sum + count, 0) +
  forwarded +
  acknowledged +
  unwrapping +
  poolSize;

describe('a mix with workers', () => {
  it('does the same with the same packets as one without', async () => {
    // Of two packets with one header whichever worker is done first decides, so that several are
    // given no such pair but exact copies.
    for (const [threads, garbledSize] of [
      [1, PACKET_SIZE],
      [2, HEADER_SIZE],
      [3, HEADER_SIZE],
    ] as const) {
      const plain = openMix(made, silent);
      const { open, idle } = await openPooled(threads);
      for (const packet of drawPackets(plain, `threads ${threads}`, 200, garbledSize)) {
        give(plain, packet, at(NOW_MS));
        give(open, packet, at(NOW_MS));
      }
      expect(open.mix.counters().unwrapping).toBe(200);
      expect(sumOf(open.mix.counters())).toBe(200);
      await idle();
      expect(sumOf(open.mix.counters())).toBe(200);
      const expected = leavings(plain);
      expect(expected.join('').length).toBeGreaterThan(0);
      expect(leavings(open)).toEqual(expected);
      const counted = plain.mix.counters();
      expect(open.mix.counters()).toEqual(counted);
      const { mac, replay, delay } = counted.refusals;
      for (const count of [mac, replay, delay, counted.refusals['next-hop']]) {
        expect(count).toBeGreaterThan(0);
      }
      await pool?.end();
    }
  }, 60_000);

  it('finds a desk that answers for another packet', async () => {
    // The defect: the tag of every packet is that of the first.
    const plain = openMix(made, silent);
    const packets = drawPackets(plain, 'defect', 60);
    for (const packet of packets) give(plain, packet, at(NOW_MS));
    const sphinx = createSphinx(made.engine);
    const answers: UnwrappedInput[] = [];
    let first: Uint8Array | null = null;
    const key = plain.node.sphinxKeys[0].secretKey;
    const defective = openMix(made, {
      ...silent,
      desk: {
        submit: ({ ticket, packet }) => {
          let replayTag: Uint8Array | null = null;
          const rules = networkUnwrapRules((tag) => {
            first ??= tag;
            replayTag = first;
            return false;
          });
          const outcome = sphinx.unwrap(packet, key, rules);
          answers.push({ kind: 'unwrapped', ticket, replayTag, outcome });
        },
      },
    });
    for (const packet of packets) give(defective, packet, at(NOW_MS));
    for (const answer of answers) defective.mix.receive(answer, at(NOW_MS));
    expect(leavings(defective)).not.toEqual(leavings(plain));
    expect(sumOf(defective.mix.counters())).toBe(60);
  });

  it('refuses one packet more than may wait, by name', () => {
    const jobs: number[] = [];
    const one = openMix(made, { ...silent, desk: { submit: ({ ticket }) => jobs.push(ticket) } });
    for (let index = 0; index < UNWRAP_WAITING_MAX; index++) {
      give(one, new Uint8Array(PACKET_SIZE), at(0));
    }
    expect(one.mix.counters().refusals['unwrap-full']).toBe(0);
    give(one, new Uint8Array(PACKET_SIZE), at(0));
    expect(one.mix.counters().refusals['unwrap-full']).toBe(1);
    expect(one.mix.counters().unwrapping).toBe(UNWRAP_WAITING_MAX);
    expect(new Set(jobs).size).toBe(UNWRAP_WAITING_MAX);
  });

  it('forwards nothing whose key was destroyed while it was away', async () => {
    const { open, idle, kept } = await openPooled(1);
    const packet = packetThrough(made, open, seededRandom('gone'), { delayNs: MS });
    const { times } = open.topology;
    // Taken within grace, answered after it.
    const lastMs = times.epochMs + times.graceMs - 1;
    give(open, packet, at(lastMs));
    open.mix.wake(at(lastMs + 1));
    await idle();
    expect(open.mix.counters().refusals.epoch).toBe(1);
    expect(kept.epochs()).not.toContain(0);
  });

  it('counts what a worker had when it ended, and goes on with another', async () => {
    const { open, idle, pool: crashing } = await openPooled(1);
    const random = seededRandom('crash');
    // More than a worker unwraps before it can be ended.
    const count = 400;
    const packets = Array.from({ length: count }, () =>
      packetThrough(made, open, random, { delayNs: MS }),
    );
    for (const packet of packets) give(open, packet, at(NOW_MS));
    await new Promise((resolve) => setImmediate(resolve));
    crashing.crash();
    await idle();
    const { refusals, poolSize, unwrapping } = open.mix.counters();
    const lost = refusals['unwrap-lost'];
    expect(lost).toBeGreaterThan(0);
    expect([lost + poolSize, unwrapping, crashing.workersLost]).toEqual([count, 0, 1]);
    for (const packet of packets) give(open, packet, at(NOW_MS));
    await idle();
    // The tags of the lost ones were never seen; the others are replays.
    expect(open.mix.counters()).toMatchObject({ poolSize: count });
    expect(open.mix.counters().refusals.replay).toBe(count - lost);
  });
});

describe('a pool', () => {
  it('says when links should rest, at the limit and not before', async () => {
    const { pool: busy, pressure, idle, answers } = await startPool(1);
    const packet = new Uint8Array(PACKET_SIZE);
    for (let ticket = 0; ticket < PAUSE_PACKETS - 1; ticket++) {
      busy.submit({ ticket, epoch: 0, packet });
    }
    expect(pressure).toEqual([]);
    busy.submit({ ticket: PAUSE_PACKETS - 1, epoch: 0, packet });
    expect(pressure).toEqual([true]);
    await idle();
    expect(pressure).toEqual([true, false]);
    expect(PAUSE_PACKETS).toBeLessThan(UNWRAP_WAITING_MAX);
    expect(RESUME_PACKETS).toBeLessThan(PAUSE_PACKETS);
    // No key was ever given for the epoch.
    expect(new Set(answers.map(({ outcome }) => outcome.kind))).toEqual(new Set(['lost']));
    expect(answers.map(({ ticket }) => ticket)).toEqual(answers.map((_, index) => index));
  });

  it('does not start where its worker cannot', async () => {
    const starting = UnwrapPool.start({
      threads: 2,
      workerUrl: new URL('./no-such-worker.ts', import.meta.url),
      onUnwrapped: () => {},
      onPressure: () => {},
    });
    await expect(starting).rejects.toThrow('did not start');
  });
});

describe('a batch', () => {
  it('carries every outcome there is', () => {
    const random = seededRandom('records');
    const batch = new UnwrapBatch();
    expect(batch.buffer.byteLength).toBe(BATCH_SIZE);
    const replayTag = drawBytes(random, 32);
    const outcomes: Omit<UnwrappedInput, 'kind' | 'ticket'>[] = [
      { replayTag: null, outcome: { kind: 'lost' } },
      ...SPHINX_REFUSALS.map((reason) => ({
        replayTag,
        outcome: { kind: 'refused', reason } as const,
      })),
      {
        replayTag,
        outcome: {
          kind: 'forward',
          version: 259,
          replayTag,
          nextAddress: drawBytes(random, 32),
          delayNs: (1n << 64n) - 1n,
          packet: drawBytes(random, PACKET_SIZE),
        },
      },
      {
        replayTag,
        outcome: {
          kind: 'final',
          version: 259,
          replayTag,
          destination: drawBytes(random, 32),
          identifier: drawBytes(random, 16),
          payload: drawBytes(random, 2_065),
        },
      },
    ];
    expect(outcomes.length).toBeLessThanOrEqual(BATCH_RECORDS_MAX);
    for (const [index, result] of outcomes.entries()) {
      const packet = drawBytes(random, PACKET_SIZE);
      const job = { ticket: 0xffffffff - index, epoch: index - 3, packet };
      batch.putJob(index, job);
      expect(batch.job(index)).toEqual(job);
      batch.putResult(index, result);
    }
    const same = new UnwrapBatch(batch.buffer);
    for (const [index, result] of outcomes.entries()) {
      const ticket = 0xffffffff - index;
      expect(same.result(index)).toEqual({ kind: 'unwrapped', ticket, ...result });
    }
  });
});
