// The window in Debian's Chromium (or any in PATH), fed by the browser shell. Where there is none,
// the runner says whether that is a failure.
import { describe, it } from 'vitest';
import { chromiumTarget } from './support/chromium.ts';
import { describeWindow } from './support/window-spec.ts';

const program = process.env['EDDY_TEST_CHROMIUM'];

if (program !== undefined && process.platform === 'linux') {
  describeWindow('Chromium', () => chromiumTarget(program));
} else {
  describe('a window in Chromium', () => {
    it.skip('is shown (there is no Chromium or Chrome in PATH)', () => {});
  });
}
