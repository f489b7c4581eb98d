// Everything a window complains of: console errors, uncaught errors, and violations of its policy
// as the page's own event and as the browser's report. A test of a window ends with none left.
import type { BrowserContext, Page } from 'playwright-core';

export type Faults = {
  /** What was complained of since the last call. */
  readonly take: () => string[];
  /** Waits until something was complained of that `pattern` matches, then takes all. */
  readonly waitFor: (pattern: RegExp) => Promise<string[]>;
};

const FAULT_WAIT_MS = 5_000;

/** Listens to every page of `context`, those to come as well. Pages that stand are loaded anew. */
export async function watchFaults(context: BrowserContext): Promise<Faults> {
  let seen: string[] = [];
  const watch = (page: Page) => {
    page.on('pageerror', (error) => seen.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') seen.push(`console error: ${message.text()}`);
    });
  };
  context.on('page', watch);
  for (const page of context.pages()) watch(page);
  await context.exposeBinding('eddyTestFault', (_source, text: string) => {
    seen.push(text);
  });
  await context.addInitScript(reportViolations);
  for (const page of context.pages()) {
    if (page.url() === 'about:blank') continue;
    // A load that is cut off by the next one counts as failed for whoever began it.
    await page.waitForLoadState();
    await page.reload();
  }
  const take = () => {
    const taken = seen;
    seen = [];
    return taken;
  };
  return {
    take,
    waitFor: async (pattern) => {
      const endMs = performance.now() + FAULT_WAIT_MS;
      while (!seen.some((text) => pattern.test(text))) {
        if (performance.now() > endMs)
          throw new Error(`no fault like ${pattern} in ${JSON.stringify(seen)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return take();
    },
  };
}

/** Runs in the page, before anything of it. */
function reportViolations(): void {
  const tell = (globalThis as unknown as { eddyTestFault: (text: string) => void }).eddyTestFault;
  document.addEventListener('securitypolicyviolation', (event) => {
    tell(`violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
  });
  const observer = new ReportingObserver(
    (reports) => {
      for (const report of reports) tell(`report: ${report.type}`);
    },
    { types: ['csp-violation'], buffered: true },
  );
  observer.observe();
}
