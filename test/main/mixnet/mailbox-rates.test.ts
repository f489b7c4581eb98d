// One client's rate for each mailbox, whatever links its owner comes on.
import { describe, expect, it } from 'vitest';
import {
  createRateTable,
  RATE_DEPTH_PACKETS,
  RATE_DEPTH_PULLS,
  RATE_SLACK,
} from '../../../main/mixnet/mailbox-rates.ts';
import { clientPacketsPerMs, trafficSets } from '../../../shared/network/traffic.ts';
import { drawExponential } from '../../../shared/random.ts';
import { seededRandom } from '../../support/random.ts';

const { standard } = trafficSets;
const PACKETS_PER_MS = clientPacketsPerMs(standard);
const DAY_MS = 24 * 3_600_000;
const mailbox = (name: number) => new Uint8Array(16).fill(name);

describe('a mailbox', () => {
  it('has one rate over all its links', () => {
    const table = createRateTable(() => standard);
    const links = Array.from({ length: 64 }, () => table.hold(mailbox(1), 0));
    const taken = links.flatMap(({ packets }) => Array.from({ length: 64 }, () => packets.take(0)));
    expect(taken.filter(Boolean)).toHaveLength(RATE_DEPTH_PACKETS);
    const pulled = links.map(({ pulls }) => pulls.take(0));
    expect(pulled.filter(Boolean)).toHaveLength(RATE_DEPTH_PULLS);
    expect(table.hold(mailbox(2), 0).packets.take(0)).toBe(true);
  });

  it('gets no burst by coming again', () => {
    const table = createRateTable(() => standard);
    let taken = 0;
    const [gapMs, times] = [500, 2_000];
    for (let time = 0; time < times; time++) {
      const nowMs = time * gapMs;
      const { packets } = table.hold(mailbox(1), nowMs);
      for (let packet = 0; packet < RATE_DEPTH_PACKETS; packet++) {
        if (packets.take(nowMs)) taken += 1;
      }
      table.release(mailbox(1), nowMs);
    }
    expect(taken).toBeLessThanOrEqual(
      RATE_DEPTH_PACKETS + times * gapMs * PACKETS_PER_MS * RATE_SLACK,
    );
  });

  it('of an honest client that loses its link all the time is refused nothing', () => {
    const table = createRateTable(() => standard);
    const random = seededRandom('mailbox rates');
    let refused = 0;
    let [nowMs, linkEndsAtMs] = [0, 0];
    let rates = table.hold(mailbox(1), 0);
    for (let packet = 0; packet < 50_000; packet++) {
      nowMs += drawExponential(random, 1 / PACKETS_PER_MS);
      if (nowMs >= linkEndsAtMs) {
        table.release(mailbox(1), nowMs);
        rates = table.hold(mailbox(1), nowMs);
        linkEndsAtMs = nowMs + drawExponential(random, 5_000);
      }
      if (!rates.packets.take(nowMs)) refused += 1;
    }
    expect(refused).toBe(0);
  });
});

describe('the table', () => {
  it('forgets who left once his buckets would be full, and not before', () => {
    const table = createRateTable(() => standard);
    const { packets } = table.hold(mailbox(1), 0);
    while (packets.take(0));
    table.release(mailbox(1), 0);
    const fullMs = RATE_DEPTH_PACKETS / (PACKETS_PER_MS * RATE_SLACK);
    table.hold(mailbox(2), fullMs - 1);
    expect(table.size()).toBe(2);
    const again = table.hold(mailbox(1), fullMs - 1).packets;
    const taken = Array.from({ length: RATE_DEPTH_PACKETS }, () => again.take(fullMs - 1));
    expect(taken.filter(Boolean)).toHaveLength(RATE_DEPTH_PACKETS - 1);
    table.release(mailbox(1), fullMs);
    table.hold(mailbox(3), DAY_MS);
    expect(table.size()).toBe(2);
  });

  it('keeps so many of those that left, the last ones', () => {
    const leftMax = 20;
    const table = createRateTable(() => standard, leftMax);
    for (let index = 0; index < leftMax + 10; index++) {
      table.hold(mailbox(index), 0).packets.take(0);
      table.release(mailbox(index), 0);
    }
    expect(table.size()).toBe(leftMax);
    const left = (index: number) => {
      const { packets } = table.hold(mailbox(index), 0);
      return Array.from({ length: 65 }, () => packets.take(0)).filter(Boolean).length;
    };
    expect([left(0), left(leftMax + 9)]).toEqual([64, 63]);
  });
});
