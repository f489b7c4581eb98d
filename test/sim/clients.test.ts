// Clients in the simulator: mail that was at a provider arrives, once, whatever breaks, and each
// invariant about it has a planted defect that trips it.
import { afterAll, describe, expect, it } from 'vitest';
import { removeMailboxes } from '../support/provider.ts';
import type { ClientPlant } from './clients.ts';
import { type SimOptions, simulate } from './simulate.ts';

afterAll(removeMailboxes);

const run = (options: Partial<SimOptions>) =>
  simulate({
    seed: 3,
    hours: 8 / 60,
    scenario: 'calm',
    codec: 'plain',
    traffic: 'standard',
    clients: 3,
    ...options,
  });

describe('clients that write to each other', () => {
  it('get every message once', async () => {
    const result = await run({});
    expect(result).toMatchObject({ violations: [], lost: 0, duplicates: 0 });
    expect(result.delivered).toBeGreaterThan(10);
  });

  it('get what was at a provider, through crashes, partings, loss and repeats', async () => {
    const result = await run({ scenario: 'faults', hours: 12 / 60 });
    expect(result).toMatchObject({ violations: [], lost: 0, duplicates: 0 });
    expect(result.delivered).toBeGreaterThan(20);
    expect(result.faults.crashed).toBeGreaterThan(0);
    expect(result.faults.lost).toBeGreaterThan(0);
  });

  it('get what a night has left and what a provider kept that was down', async () => {
    const day = { scenario: 'day', hours: 0.7, clients: 8, traffic: 'low-bandwidth' } as const;
    const result = await run(day);
    expect(result).toMatchObject({ violations: [], lost: 0, duplicates: 0 });
    expect(result.delivered).toBeGreaterThan(30);
    expect(result.faults.slept).toBeGreaterThan(0);
    expect(result.states.at_provider).toBeGreaterThan(0.8 * result.delivered);
  });

  it.each(['withhold', 'repeat'])(
    'get no message twice where a provider means to %s',
    async (name) => {
      const result = await run({ scenario: `acknowledgements-${name}` });
      expect(result).toMatchObject({ violations: [], lost: 0, duplicates: 0 });
    },
  );
});

describe('a planted defect is found', () => {
  it.each<[ClientPlant, string]>([
    ['loses-mail', 'mail-lost'],
    ['takes-twice', 'duplicate'],
    ['bursts', 'burst'],
    ['forgets-state', 'state-lost'],
    ['never-ends', 'never-ends'],
    ['turns-state-back', 'state-back'],
  ])('%s', async (clientPlant, invariant) => {
    const { violations } = await run({ clientPlant });
    expect([...new Set(violations.map((one) => one.invariant))]).toContain(invariant);
  });
});
