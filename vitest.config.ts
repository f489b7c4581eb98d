// The kinds of tests: `core` (Node, pure and roles), `ui` (components in jsdom), `e2e` (real
// processes, real windows, real sockets). Files of core and ui share modules and jsdom (a third of
// the time), so a test leaves nothing behind in a module that others use.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: '.',
  test: {
    projects: [
      {
        test: {
          name: 'core',
          environment: 'node',
          include: ['test/{shared,main,scripts,stats,sim}/**/*.test.ts', 'test/*.test.ts'],
          exclude: ['test/stats/socket-*.test.ts'],
          pool: 'threads',
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'ui',
          environment: 'jsdom',
          isolate: false,
          include: ['test/renderer/**/*.test.{ts,tsx}'],
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts', 'test/stats/socket-*.test.ts'],
          pool: 'forks',
          // They wait for clocks and sockets more than they compute.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
