// An engine's door that a test holds in its hand: answers from what it is told, sends events, loses
// the connection. A call that it was told nothing of is refused.
import type { Api, Connection } from '../../../renderer/api.ts';
import { CallError } from '../../../renderer/api.ts';
import type {
  About,
  CallArgs,
  CallName,
  CallValue,
  EventFrame,
  Settings,
} from '../../../shared/api.ts';

export const about: About = {
  version: '0.1.0',
  runtime: 'Node 24.21.0',
  cryptoEngine: 'native',
  sqlite: '3.53.4',
  cipher: 'SQLite3 Multiple Ciphers 2.4.0',
};

export type FakeApi = {
  readonly api: Api;
  readonly calls: { readonly name: CallName; readonly args: unknown }[];
  /** What a call answers from now on; a function of its arguments that may throw `CallError`. */
  readonly answer: <N extends CallName>(
    name: N,
    how: (args: CallArgs<N>) => CallValue<N> | Promise<CallValue<N>>,
  ) => void;
  readonly emit: (frame: EventFrame) => void;
  readonly connect: (connection: Connection) => void;
  /** From now on every call is refused. */
  readonly refuse: () => void;
};

export const firstSettings: Settings = {
  theme: 'system',
  language: 'en',
  sidebarWidth: 320,
  tellsRead: false,
  autoLockMinutes: 0,
  enterSends: true,
};

export function fakeApi(): FakeApi {
  let settings = firstSettings;
  let connection: Connection = 'open';
  let refusing = false;
  const calls: { name: CallName; args: unknown }[] = [];
  const listeners = new Set<(frame: EventFrame) => void>();
  const watchers = new Set<(connection: Connection) => void>();
  const answers = new Map<CallName, (args: never) => unknown>([
    ['about', () => about],
    ['settings.get', () => settings],
    [
      'settings.set',
      (change: Partial<Settings>) => {
        settings = { ...settings, ...change };
        return settings;
      },
    ],
  ]);
  return {
    api: {
      call: async (name, args) => {
        calls.push({ name, args });
        if (refusing) throw new CallError('engine_unavailable', 'the engine cannot be reached');
        const how = answers.get(name);
        if (how === undefined) throw new CallError('unknown_call', `${name}: no answer was given`);
        return (await how(args as never)) as never;
      },
      listen: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      connection: () => connection,
      onConnection: (watcher) => {
        watchers.add(watcher);
        return () => watchers.delete(watcher);
      },
    },
    calls,
    answer: (name, how) => answers.set(name, how as (args: never) => unknown),
    emit: (frame) => {
      for (const listener of listeners) listener(frame);
    },
    connect: (next) => {
      connection = next;
      for (const watcher of watchers) watcher(next);
    },
    refuse: () => {
      refusing = true;
    },
  };
}
