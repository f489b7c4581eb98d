// The route as React sees it.
import { useSyncExternalStore } from 'react';
import { formatRoute, parseRoute, type Route } from './route.ts';

/** The place the window is at, and the way to another. */
export function useRoute(): readonly [route: Route, go: (route: Route) => void] {
  const fragment = useSyncExternalStore(subscribe, () => window.location.hash);
  return [parseRoute(fragment), go];
}

function go(route: Route): void {
  window.location.hash = formatRoute(route);
}

function subscribe(watcher: () => void): () => void {
  window.addEventListener('hashchange', watcher);
  return () => window.removeEventListener('hashchange', watcher);
}
