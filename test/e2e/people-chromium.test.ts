// Two people in Chromium, from their first start to a chat. Where there is none, the runner says
// whether that is a failure.
import { describe, it } from 'vitest';
import { chromiumTarget } from './support/chromium.ts';
import { describePeople } from './support/people-spec.ts';

const program = process.env['EDDY_TEST_CHROMIUM'];

if (program !== undefined && process.platform === 'linux') {
  describePeople('Chromium', () => chromiumTarget(program));
} else {
  describe('two people in Chromium', () => {
    it.skip("find each other (there is no Chromium, or no display of the tests' own)", () => {});
  });
}
