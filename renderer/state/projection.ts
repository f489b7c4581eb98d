// What the window knows of the engine: connection, the engine's state, its settings, what it says
// of itself. A projection of calls and events; the truth stays with the engine.
import type { About, EngineState, EventFrame, Settings } from '../../shared/api.ts';
import { events } from '../../shared/api.ts';
import type { Api, Connection } from '../api.ts';
import { createStore, type Store } from './store.ts';

export type Projection = {
  readonly connection: Connection;
  readonly engine: EngineState | null;
  readonly settings: Settings | null;
  readonly about: About | null;
};

export type Session = {
  readonly store: Store<Projection>;
  /** Saves settings; rejects with `CallError` where the engine did not take them. */
  readonly saveSettings: (change: Partial<Settings>) => Promise<void>;
  readonly close: () => void;
};

/** Asks the engine, listens to it, and asks again whenever it or the way to it has come back. */
export function openSession(api: Api): Session {
  const store = createStore<Projection>({
    connection: api.connection(),
    engine: null,
    settings: null,
    about: null,
  });
  const ask = () => {
    // A refusal leaves what is known: the engine's own event says what is wrong.
    api.call('settings.get', {}).then(
      (settings) => store.merge({ settings }),
      () => {},
    );
    api.call('about', {}).then(
      (about) => store.merge({ about, engine: { state: 'running', reason: null } }),
      () => {},
    );
  };
  const take = (frame: EventFrame) => {
    if (frame.event === 'settings') {
      const settings = events.settings.safeParse(frame.value);
      if (settings.success) store.merge({ settings: settings.data });
    } else if (frame.event === 'engine') {
      const engine = events.engine.safeParse(frame.value);
      if (!engine.success) return;
      store.merge({ engine: engine.data });
      if (engine.data.state === 'running') ask();
    } else {
      // Events were left out: what was missed is asked for anew.
      ask();
    }
  };
  const endEvents = api.listen(take);
  const endConnection = api.onConnection((connection) => {
    store.merge({ connection });
    if (connection === 'open') ask();
  });
  ask();
  return {
    store,
    saveSettings: async (change) => {
      store.merge({ settings: await api.call('settings.set', change) });
    },
    close: () => {
      endEvents();
      endConnection();
    },
  };
}
