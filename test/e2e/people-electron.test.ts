// Two people in Electron, from their first start to a chat. Where there is none, the runner says
// whether that is a failure.
import { describe, it } from 'vitest';
import { electronTarget } from './support/electron.ts';
import { describePeople } from './support/people-spec.ts';

const program = process.env['EDDY_TEST_ELECTRON'];

if (program !== undefined && process.platform === 'linux') {
  describePeople('Electron', () => electronTarget(program));
} else {
  describe('two people in Electron', () => {
    it.skip("find each other (there is no Electron, or no display of the tests' own)", () => {});
  });
}
