// What the specification of a window (test/e2e/support/window-spec.ts) asks of the place it runs
// in.
import type { Page } from 'playwright-core';
import type { Faults } from './faults.ts';

export type Running = {
  /** The first window or tab. */
  readonly page: Page;
  /** One more window or tab of the same user. */
  readonly another: () => Promise<Page>;
  readonly faults: Faults;
  /** The process that holds the engine. */
  readonly hostPid: number;
  /** The root of the processes that draw the windows. */
  readonly browserPid: number;
  /** What a window is painted with before its page is, where the place says. */
  readonly backgroundBehind?: () => Promise<string | undefined>;
  /** Ends it as its user would. */
  readonly close: () => Promise<void>;
};

export type Target = {
  /** Whether the place itself, and not only the page's policy, denies these. */
  readonly deniesWindows: boolean;
  readonly deniesNavigation: boolean;
  /** The path of a profile folder that does not exist yet. */
  readonly profile: (name: string) => string;
  /** With the demo network of the target's own data folder, or with none. */
  readonly open: (profile: string, network?: 'demo') => Promise<Running>;
  readonly close: () => Promise<void>;
};
