// An engine's door that a test holds in its hand: answers from what it is told, sends events, loses
// the connection.
import type { Api, Connection } from '../../../renderer/api.ts';
import { CallError } from '../../../renderer/api.ts';
import type { About, CallName, EventFrame, Settings } from '../../../shared/api.ts';

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
  readonly emit: (frame: EventFrame) => void;
  readonly connect: (connection: Connection) => void;
  /** From now on every call is refused. */
  readonly refuse: () => void;
};

export function fakeApi(): FakeApi {
  let settings: Settings = {
    theme: 'system',
    language: 'en',
    sidebarWidth: 320,
    tellsRead: false,
    autoLockMinutes: 0,
    enterSends: true,
  };
  let connection: Connection = 'open';
  let refusing = false;
  const calls: { name: CallName; args: unknown }[] = [];
  const listeners = new Set<(frame: EventFrame) => void>();
  const watchers = new Set<(connection: Connection) => void>();
  const answer = (name: CallName, args: unknown): unknown => {
    if (name === 'about') return about;
    if (name === 'settings.set') settings = { ...settings, ...(args as Partial<Settings>) };
    return settings;
  };
  return {
    api: {
      call: async (name, args) => {
        calls.push({ name, args });
        if (refusing) throw new CallError('engine_unavailable', 'the engine cannot be reached');
        return answer(name, args) as never;
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
