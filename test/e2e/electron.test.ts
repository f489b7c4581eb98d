// The window in Electron. Where there is none, the runner says whether that is a failure.
import { describe, it } from 'vitest';
import { electronTarget } from './support/electron.ts';
import { describeWindow } from './support/window-spec.ts';

const program = process.env['EDDY_TEST_ELECTRON'];

if (program !== undefined && process.platform === 'linux') {
  describeWindow('Electron', () => electronTarget(program));
} else {
  describe('a window in Electron', () => {
    it.skip("is shown (there is no Electron, or no display of the tests' own)", () => {});
  });
}
