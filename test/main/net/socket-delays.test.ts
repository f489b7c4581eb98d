// Packets through a mix on real sockets, and one that cuts delays short. How much the machine adds
// is told by `npm run -s long -- socket-delays`; here nothing that is timed fails.
import { describe, expect, it } from 'vitest';
import { measureSocketDelays } from '../../long/socket-delays.ts';

describe('a mix on real sockets', () => {
  it('passes every packet on, and none before its header says so', async () => {
    const { arrived, early, addedMsP50 } = await measureSocketDelays({ seed: 'a', packets: 300 });
    expect({ arrived, early }).toEqual({ arrived: 300, early: 0 });
    expect(addedMsP50).toBeGreaterThanOrEqual(0);
  });

  it('that cuts delays short is found', async () => {
    const truncateMs = 200;
    const delays = await measureSocketDelays({ seed: 'a', packets: 300, truncateMs });
    expect(delays.early).toBeGreaterThan(30);
    expect(delays.ksPValue).toBeLessThan(0.001);
  });
});
