// Loops over time: in the step of the wall clock in which they left, across sleeps and clocks that
// were set, and the pauses between.
import { describe, expect, it } from 'vitest';
import {
  historyOf,
  PAUSES_MAX,
  SPANS,
  spanOf,
  type TimedLoop,
  Timeline,
} from '../../../shared/health/history.ts';

const MINUTE_MS = 60_000;
const NOON = Date.UTC(2026, 10, 23, 12, 0, 30);
const hour = spanOf(0, NOON);
const loop = (agoMs: number, roundTripMs: number | null = 3_000): TimedLoop => ({
  outcome: roundTripMs === null ? 'lost' : 'returned',
  sentUnixMs: NOON - agoMs,
  roundTripMs,
});

describe('the history', () => {
  it('takes the shortest span that holds what is known', () => {
    expect(SPANS.map(({ spanMs }) => spanMs)).toEqual([300_000, 900_000, 3_600_000]);
    expect(spanOf(NOON - 200_000, NOON).spanMs).toBe(300_000);
    expect(spanOf(NOON - 300_001, NOON).spanMs).toBe(900_000);
    expect(hour.spanMs).toBe(3_600_000);
  });

  it('puts every loop of the span into one step, and none twice', () => {
    const loops = Array.from({ length: 59 }, (_, index) => loop(index * MINUTE_MS));
    const steps = historyOf([...loops, loop(62 * MINUTE_MS)], hour, NOON);
    expect(steps.length).toBe(60);
    expect(steps.map(({ returned }) => returned)).toEqual([0, ...loops.map(() => 1)]);
    expect(steps.at(-1)?.fromUnixMs).toBe(NOON - 30_000);
  });

  it('counts outcomes, and gives quantiles of those that came back alone', () => {
    const steps = historyOf([loop(0, 1_000), loop(1, 3_000), loop(2, null)], hour, NOON);
    expect(steps.at(-1)).toMatchObject({ returned: 2, lost: 1, p50Ms: 2_000, p95Ms: 2_900 });
    expect(steps.at(-2)).toMatchObject({ returned: 0, lost: 0, p50Ms: null, p95Ms: null });
  });

  it('does not move a loop from step to step while time passes', () => {
    const stepOf = (nowMs: number) => {
      const steps = historyOf([loop(90_000)], hour, nowMs);
      return steps.find(({ returned }) => returned === 1)?.fromUnixMs;
    };
    expect(new Set([0, 1_000, 29_000, 31_000, 600_000].map((ms) => stepOf(NOON + ms))).size).toBe(
      1,
    );
  });
});

describe('the timeline', () => {
  it('knows a sleep through which the monotonic clock stood still', () => {
    const timeline = new Timeline();
    timeline.look({ monotonicMs: 1_000, unixMs: NOON }, true);
    timeline.look({ monotonicMs: 3_000, unixMs: NOON + 2_000 }, true);
    timeline.look({ monotonicMs: 5_000, unixMs: NOON + 3_604_000 }, true);
    expect(timeline.pauses).toEqual([
      { kind: 'slept', fromUnixMs: NOON + 2_000, toUnixMs: NOON + 3_604_000 },
    ]);
    expect(timeline.unixOf(2_000)).toBe(NOON + 1_000);
    expect(timeline.unixOf(6_000)).toBe(NOON + 3_605_000);
  });

  it('knows a process that stood still, and nothing of a busy moment', () => {
    const timeline = new Timeline();
    timeline.look({ monotonicMs: 0, unixMs: NOON }, true);
    timeline.look({ monotonicMs: 9_000, unixMs: NOON + 9_000 }, true);
    expect(timeline.pauses).toEqual([]);
    timeline.look({ monotonicMs: 30_000, unixMs: NOON + 30_000 }, true);
    expect(timeline.pauses).toHaveLength(1);
    expect(timeline.unixOf(9_000)).toBe(NOON + 9_000);
  });

  it('joins looks without a link to one pause, and keeps so many', () => {
    const timeline = new Timeline();
    const look = (second: number, isOnline: boolean) =>
      timeline.look({ monotonicMs: second * 1_000, unixMs: NOON + second * 1_000 }, isOnline);
    look(0, true);
    for (const second of [2, 4, 6]) look(second, false);
    look(8, true);
    expect(timeline.pauses).toEqual([
      { kind: 'offline', fromUnixMs: NOON + 2_000, toUnixMs: NOON + 6_000 },
    ]);
    for (let index = 0; index < 2 * PAUSES_MAX; index++) {
      look(20 + 30 * index, true);
      look(22 + 30 * index, true);
    }
    expect(timeline.pauses).toHaveLength(PAUSES_MAX);
  });
});
