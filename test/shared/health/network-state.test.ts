// What is told of the network as a whole: a link lost for a moment changes nothing, one that never
// stood is told at once, and what needs a hand is named.
import { describe, expect, it } from 'vitest';
import {
  createNetworkMonitor,
  HOLD_MS,
  OFFLINE_AFTER_MS,
} from '../../../shared/health/network-state.ts';

describe('the state of the network', () => {
  it('is connecting from the start, and offline when that takes too long', () => {
    const monitor = createNetworkMonitor(0);
    expect(monitor.look(1, 'coming', 'measuring')).toEqual({ state: 'connecting', sinceMs: 0 });
    expect(monitor.look(OFFLINE_AFTER_MS - 1, 'coming', 'measuring').state).toBe('connecting');
    expect(monitor.look(OFFLINE_AFTER_MS, 'coming', 'measuring')).toEqual({
      state: 'offline',
      sinceMs: OFFLINE_AFTER_MS,
    });
    expect(monitor.look(40_000, 'online', 'measuring')).toEqual({
      state: 'measuring',
      sinceMs: 40_000,
    });
    expect(monitor.onlineSinceMs()).toBe(40_000);
  });

  it('holds what was told for five seconds, and counts from when the link was lost', () => {
    const monitor = createNetworkMonitor(0);
    monitor.look(1_000, 'online', 'good');
    monitor.look(10_000, 'coming', 'good');
    expect(monitor.look(10_000 + HOLD_MS - 1, 'coming', 'good').state).toBe('good');
    expect(monitor.onlineSinceMs()).toBeNull();
    const told = monitor.look(10_000 + HOLD_MS + 1_000, 'coming', 'good');
    expect(told).toEqual({ state: 'connecting', sinceMs: 10_000 });
    expect(monitor.look(17_000, 'online', 'good').state).toBe('good');
  });

  it('is what delivery says while the link stands', () => {
    const monitor = createNetworkMonitor(0);
    for (const delivery of ['measuring', 'good', 'slow', 'degraded', 'failing'] as const) {
      expect(monitor.look(1, 'online', delivery).state).toBe(delivery);
    }
  });

  it('names at once what waiting does not mend', () => {
    const monitor = createNetworkMonitor(0);
    monitor.look(1_000, 'online', 'good');
    expect(monitor.look(1_001, 'clock_wrong', 'good').state).toBe('clock_wrong');
    expect(monitor.look(1_002, 'stale', 'good').state).toBe('stale');
    expect(monitor.look(1_003, 'refused', 'good').state).toBe('offline');
  });
});
