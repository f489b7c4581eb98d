// Two seconds of garbage on every port; ten are `npm run -s long -- garbage`.
import { describe, expect, it } from 'vitest';
import { faultsOf, loopFaults, runGarbage } from '../long/garbage.ts';

describe('garbage on every port of a running network', () => {
  it('changes nothing but counters', async () => {
    const report = await runGarbage(2);
    expect(report.faults).toEqual([]);
    expect(report.peers).toBeGreaterThan(50);
    expect(Object.keys(report.closed)).toEqual(
      expect.arrayContaining(['protocol', 'stranger', 'frame_unknown']),
    );
  });
});

describe('a planted change is found', () => {
  const before = { neighbours_up: 2, resident_bytes: 1e8, wakes: 10, link_closed_protocol: 0 };
  const after = { ...before, wakes: 20, link_closed_protocol: 5 };

  it.each([
    ['a link that is down', { neighbours_up: 1 }],
    ['a link that was ended', { link_closed_silent: 1 }],
    ['memory that grew', { resident_bytes: 2e8 }],
    ['a node that began anew', { wakes: 3 }],
    ['garbage in a mailbox', { mail_mails_stored: 1 }],
    ['garbage that nobody counted', { link_closed_protocol: 0 }],
  ])('%s', (_what, change) => {
    expect(faultsOf('node', before, after)).toEqual([]);
    expect(faultsOf('node', before, { ...after, ...change })).toHaveLength(1);
  });

  it('loops that no longer return', () => {
    const counts = { loops_returned: 90, loops_late: 5, loops_lost: 5 };
    expect(loopFaults([{}], [counts]).faults).toEqual([]);
    expect(loopFaults([{}], [{ ...counts, loops_lost: 200 }]).faults).toHaveLength(1);
  });
});
