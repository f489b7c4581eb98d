// The short form of `npm run -s long -- packet-kinds`, and the defects that it has to find.
import { describe, expect, it } from 'vitest';
import { comparePacketKinds, type KindPlant } from '../long/packet-kinds.ts';

const PER_KIND = 200;
const run = (plant: KindPlant = 'none') =>
  comparePacketKinds({ seed: 'short', perKind: PER_KIND, plant });

it('packets of every kind look alike to mixes, and to providers where they may', async () => {
  const report = await run();
  expect(report).toMatchObject({ passed: true });
  // The furthest of so many bits is not near: what is compared is what was drawn.
  expect(report.mixDeviationsMax).toBeGreaterThan(3);
  expect(report.mailDeviationsMax).toBeGreaterThan(2);
  expect(report.dropDeviationsMax).toBeGreaterThan(2);
});

describe('a planted defect is found', () => {
  it('a loop that is not sealed', async () => {
    expect((await run('unsealed-loop')).mailDeviationsMax).toBeGreaterThan(8);
  });

  it('a payload that a mix did not touch', async () => {
    expect((await run('untouched-payload')).mixDeviationsMax).toBeGreaterThan(10);
  });

  it('a drop in a hurry', async () => {
    expect((await run('hurried-drop')).delayPValueMin).toBeLessThan(1e-4);
  });
});
