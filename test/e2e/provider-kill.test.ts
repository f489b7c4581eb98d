// Five kills of a provider's process; a hundred are `npm run -s long -- provider-kill`.
import { describe, expect, it } from 'vitest';
import { runProviderKill } from '../long/provider-kill.ts';

const KILLS = 5;

describe('a provider that is killed', () => {
  it('loses nothing that it acknowledged and gives nothing out twice', async () => {
    const report = await runProviderKill({ kills: KILLS, seed: 'short' });
    expect(report.faultsTold).toEqual([]);
    expect(report.killsInsideTransaction).toBeGreaterThanOrEqual(KILLS / 2);
    expect(report.acknowledged).toBeGreaterThan(10);
    expect(report.pulled).toBeGreaterThanOrEqual(report.acknowledged);
  });
});

describe('a planted defect is found', () => {
  it('acknowledging before the commit', async () => {
    const report = await runProviderKill({ kills: KILLS, seed: 'short', plant: 'early' });
    expect(report.faultsTold.join()).toContain('was acknowledged and never given out');
  });

  it('a commit that is done twice', async () => {
    const report = await runProviderKill({ kills: 2, seed: 'short', plant: 'twice' });
    expect(report.faultsTold.join()).toMatch(/mail \d+ at \d \d+ and at \d \d+/);
  });
});
