// The clock that others are judged by stands while this process does.
import { beforeEach, describe, expect, it } from 'vitest';
import { RunningClock } from '../../../main/net/running-clock.ts';

describe('the running clock', () => {
  let nowMs = 1_000;
  let clock: RunningClock;
  beforeEach(() => {
    nowMs = 1_000;
    clock = new RunningClock({ nowMs: () => nowMs, lookMsMax: 500, sleepMsMin: 32_000 });
  });
  const pass = (ms: number) => {
    nowMs += ms;
  };

  it('goes with the time while looks come in time', () => {
    for (let look = 1; look <= 100; look++) {
      pass(500);
      expect(clock.runningMs).toBe(look * 500);
      expect(clock.look()).toBe(true);
      expect([clock.runningMs, clock.nowMs]).toEqual([look * 500, 1_000 + look * 500]);
    }
  });

  it('stands after what may pass between two looks, and lets nobody be judged at the next', () => {
    pass(400);
    clock.look();
    pass(10_000);
    expect([clock.runningMs, clock.nowMs]).toEqual([900, 11_400]);
    expect(clock.look()).toBe(false);
    pass(250);
    expect(clock.runningMs).toBe(1_150);
    expect(clock.look()).toBe(true);
  });

  it('lets others be judged at the second of two late looks: the loop has read between them', () => {
    const mayJudge = [600, 600, 600, 600, 100].map((ms) => {
      pass(ms);
      return clock.look();
    });
    expect(mayJudge).toEqual([false, true, false, true, true]);
    expect(clock.runningMs).toBe(4 * 500 + 100);
  });

  it('counts a sleep in full, and judges by it one look later', () => {
    pass(32_001);
    expect(clock.look()).toBe(false);
    expect(clock.runningMs).toBe(32_001);
    pass(250);
    expect(clock.look()).toBe(true);
  });
});
