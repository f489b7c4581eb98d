// The short form of `npm run -s long -- provider-blindness`, and the defects that it has to find.
import { describe, expect, it } from 'vitest';
import { type BlindnessPlant, runBlindness } from '../long/provider-blindness.ts';

const run = (plant: BlindnessPlant = 'none', perArm = 60) =>
  runBlindness({ seed: 'short', perArm, plant });

describe('providers that mean harm', () => {
  it('see no mailbox in a tagged payload and nothing in common of an acknowledgement', async () => {
    const report = await run();
    expect(report).toMatchObject({ passed: true, taggedAccepted: 0, commonRuns: 0 });
    expect(report.taggedDeviationsMax).toBeGreaterThan(2);
  });
});

describe('a planted leak is found', () => {
  it.each(['mailbox-in-header', 'malleable-payload'] as const)('%s', async (plant) => {
    const report = await run(plant);
    expect(report.passed).toBe(false);
    expect(report.taggedDeviationsMax).toBeGreaterThan(10);
  });

  it('identifier-in-header', async () => {
    expect((await run('identifier-in-header', 10)).commonRuns).toBeGreaterThan(100);
  });

  it('payload-untouched', async () => {
    const report = await run('payload-untouched', 40);
    expect(report.commonRuns).toBeGreaterThan(100);
    expect(report.markedDeviationsMax).toBeGreaterThan(6);
  });
});
