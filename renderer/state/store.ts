// A value that changes and the components that watch it. Forty lines instead of a package: the
// window holds a projection of the engine's events, and no component ever writes into it
// (docs/decisions/0016).
import { useSyncExternalStore } from 'react';

export type Store<T> = {
  readonly get: () => T;
  /** Calls `watcher` after every change; returns what ends that. */
  readonly subscribe: (watcher: () => void) => () => void;
};

export type WritableStore<T> = Store<T> & {
  /** Replaces what differs; watchers are not called when nothing does. */
  readonly merge: (change: Partial<T>) => void;
};

export function createStore<T extends object>(first: T): WritableStore<T> {
  let value = first;
  const watchers = new Set<() => void>();
  return {
    get: () => value,
    subscribe: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    merge: (change) => {
      const next = { ...value, ...change };
      const keys = Object.keys(change) as (keyof T)[];
      if (keys.every((key) => Object.is(next[key], value[key]))) return;
      value = next;
      for (const watcher of watchers) watcher();
    },
  };
}

/** What `select` gives of the store, now and after every change of it. */
export function useStore<T, S>(store: Store<T>, select: (value: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
