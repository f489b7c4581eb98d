// The short form of `npm run -s long -- socket-lateness`: what carries a message and what does not
// are written equally late, with the fastest engine and the slowest, and a leak is found.
import { describe, expect, it } from 'vitest';
import { LEAK_MS, measureLateness, P_FOUND, P_MIN } from '../long/socket-lateness.ts';
import { memoryRoot } from '../support/memory-root.ts';

/**
 * In so few packets two milliseconds drown where the machine has much else to do, and then a larger
 * leak is looked for. A sound client is unlucky once in a thousand times, not twice.
 */
const LEAKS_MS = [LEAK_MS, 4 * LEAK_MS, 16 * LEAK_MS];
const TIMEOUT_MS = 900_000;

const few = {
  shape: ['--layers', '1', '--mixes', '1', '--providers', '1'],
  root: memoryRoot,
};
const arms = [
  { engine: 'native', traffic: 'test', sound: 1, leaking: 1, perArm: 300, ...few },
  { engine: 'noble', traffic: 'demo', sound: 3, leaking: 3, perArm: 90, ...few },
] as const;

describe('bytes on the wire', () => {
  it.each(arms)(
    'of $engine are as late with a message as without, and a leak is found',
    async (arm) => {
      const sound: number[] = [];
      const leaking: number[] = [];
      for (const leakMs of LEAKS_MS) {
        const measured = await measureLateness({ ...arm, leakMs });
        sound.push(measured.sound.ksPValue);
        leaking.push(measured.leaking.ksPValue);
        if (Math.max(...sound) > P_MIN && Math.min(...leaking) < P_FOUND) break;
      }
      expect(sound.filter((p) => p > P_MIN).length, `sound: p = ${sound.join()}`).toBeGreaterThan(
        0,
      );
      expect(Math.min(...leaking), `leaking: p = ${leaking.join()}`).toBeLessThan(P_FOUND);
    },
    TIMEOUT_MS,
  );
});
