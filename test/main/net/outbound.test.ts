// Waits between attempts at a link.
import { expect, it } from 'vitest';
import { RECONNECT_MS_MAX, RECONNECT_MS_MIN, reconnectMs } from '../../../main/net/outbound.ts';
import { systemRandom } from '../../../main/system.ts';

it('waits longer after each failure, never regularly, and never longer than the maximum', () => {
  for (const [failures, whole] of [
    [0, RECONNECT_MS_MIN],
    [1, 2 * RECONNECT_MS_MIN],
    [4, 16 * RECONNECT_MS_MIN],
    [7, RECONNECT_MS_MAX],
    [1_000_000, RECONNECT_MS_MAX],
  ] as const) {
    const waits = Array.from({ length: 200 }, () => reconnectMs(failures, systemRandom));
    expect(Math.min(...waits)).toBeGreaterThan(whole / 2);
    expect(Math.max(...waits)).toBeLessThanOrEqual(whole);
    expect(new Set(waits).size).toBeGreaterThan(190);
  }
});
