// The kinds of tests: `core` (Node, pure and roles), `ui` (components in jsdom), `e2e` (real
// processes, real windows, real sockets), `quiet` (what measures milliseconds on the wire: it runs
// when nothing else does). Files of core and ui share modules and jsdom (a third of
// the time), so a test leaves nothing behind in a module that others use.
import os from 'node:os';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** On two cores, too, two at a time: half of the tests wait for clocks and sockets. */
const maxWorkers = Math.max(2, os.availableParallelism() - 1);

/** What takes longest, of each kind: begun first, nothing waits for it alone in the end. */
const LONGEST = [
  'e2e/delivery.test.ts',
  'e2e/messenger.test.ts',
  'e2e/people-chromium.test.ts',
  'e2e/demo.test.ts',
  'e2e/people-electron.test.ts',
  'main/engine/host.test.ts',
  'sim/clients.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}`));
      return at === -1 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  root: '.',
  test: {
    maxWorkers,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'core',
          environment: 'node',
          include: ['test/{shared,main,scripts,stats,sim}/**/*.test.ts', 'test/*.test.ts'],
          exclude: ['test/stats/socket-*.test.ts'],
          pool: 'threads',
          maxWorkers,
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'ui',
          environment: 'jsdom',
          maxWorkers,
          isolate: false,
          include: ['test/renderer/**/*.test.{ts,tsx}'],
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'quiet',
          environment: 'node',
          include: ['test/stats/socket-*.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
        },
      },
    ],
  },
});
