// How well delivery works, asked for while somebody looks: once a second at most, and not while the
// window is hidden.
import type { Health } from '../../shared/api-health.ts';
import type { Api } from '../api.ts';
import { createStore, type Store } from './store.ts';

/** The contract's own bound. */
export const HEALTH_MS = 1_000;

export type HealthKnown = {
  /** Null before the first answer. */
  readonly health: Health | null;
  /** Whether the newest question was refused. */
  readonly isRefused: boolean;
};

/** Asks while it has watchers. */
export function watchHealth(api: Api): Store<HealthKnown> {
  const store = createStore<HealthKnown>({ health: null, isRefused: false });
  let watchers = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = () => {
    clearTimeout(timer);
    if (watchers > 0) timer = setTimeout(ask, HEALTH_MS);
  };
  const ask = () => {
    if (document.visibilityState === 'hidden') return again();
    api
      .call('health.get', {})
      .then(
        (health) => store.merge({ health, isRefused: false }),
        () => store.merge({ isRefused: true }),
      )
      .then(again, again);
  };
  return {
    get: store.get,
    subscribe: (watcher) => {
      const end = store.subscribe(watcher);
      watchers += 1;
      if (watchers === 1) ask();
      return () => {
        end();
        watchers -= 1;
        if (watchers === 0) clearTimeout(timer);
      };
    },
  };
}
