// The desktop's door with a stand-in for Electron's ipcMain: who is let in, and what each wrong
// frame is refused as. The real thing is tried in test/e2e.
import type { IpcMain, WebContents } from 'electron';
import { beforeEach, describe, expect, it } from 'vitest';
import { CALL_CHANNEL, EVENT_CHANNEL, openDoor } from '../../../main/app/ipc.ts';
import type { EngineHost } from '../../../main/engine/host.ts';
import { FRAMES_PER_SECOND_MAX } from '../../../main/rate.ts';
import { calls, type EventFrame } from '../../../shared/api.ts';

type Handler = (event: unknown, ...args: unknown[]) => Promise<{ ok: boolean; code?: string }>;
type Frame = { origin: string };

/** As much of a window's contents as the door touches. */
function createContents() {
  const listeners = new Map<string, () => void>();
  const sent: unknown[][] = [];
  const mainFrame: Frame = { origin: 'app://eddy' };
  return {
    mainFrame,
    sent,
    isGone: false,
    on: (name: string, listener: () => void) => listeners.set(name, listener),
    emit: (name: string) => listeners.get(name)?.(),
    send: (...args: unknown[]) => sent.push(args),
    isDestroyed() {
      return this.isGone;
    },
  };
}

let handle: Handler;
let heard: Set<(event: EventFrame) => void>;
let contents: ReturnType<typeof createContents>;
let admit: (contents: WebContents) => void;
let nowMs: number;
const asContents = (given: unknown) => given as WebContents;
const call = (name: string, args: unknown = {}) => JSON.stringify({ id: 7, call: name, args });

beforeEach(() => {
  nowMs = 0;
  heard = new Set();
  const host: EngineHost = {
    handle: async () => ({ id: 7, ok: true, value: 'answered' }),
    listen: (listener) => {
      heard.add(listener);
      listener({ event: 'engine', value: { state: 'running', reason: null } });
      return () => heard.delete(listener);
    },
    state: () => ({ state: 'running', reason: null }),
    noteDemo: () => {},
    crash: () => {},
    close: async () => {},
  };
  const ipc = {
    handle: (channel: string, given: Handler) => {
      expect(channel).toBe(CALL_CHANNEL);
      handle = given;
    },
  } as unknown as IpcMain;
  const door = openDoor({ ipc, host, log: () => {}, now: () => nowMs });
  admit = door.admit;
  contents = createContents();
  admit(asContents(contents));
});

describe('the door of the desktop app', () => {
  const own = () => ({ sender: contents, senderFrame: contents.mainFrame });

  it('answers the top frame of an admitted window', async () => {
    expect(await handle(own(), call('about'))).toEqual({ id: 7, ok: true, value: 'answered' });
  });

  it('refuses every other sender on every call', async () => {
    const stranger = createContents();
    const senders: [string, unknown][] = [
      ['a frame that is gone', { sender: contents, senderFrame: null }],
      ['a frame inside the page', { sender: contents, senderFrame: { origin: 'app://eddy' } }],
      ['another window', { sender: stranger, senderFrame: stranger.mainFrame }],
      ['our frame in another window', { sender: stranger, senderFrame: contents.mainFrame }],
    ];
    for (const name of Object.keys(calls)) {
      for (const [who, event] of senders) {
        expect(await handle(event, call(name)), `${who}: ${name}`).toMatchObject({
          ok: false,
          code: 'foreign_sender',
        });
      }
    }
  });

  it.each(['app://other', 'https://eddy', 'null', 'app://eddy.', ''])(
    'refuses its own window once that shows %j',
    async (origin) => {
      contents.mainFrame.origin = origin;
      expect((await handle(own(), call('about'))).code).toBe('foreign_sender');
    },
  );

  it('refuses a window that was destroyed', async () => {
    contents.emit('destroyed');
    expect((await handle(own(), call('about'))).code).toBe('foreign_sender');
  });

  it('refuses extra keys, prototype keys, long texts and no text, each by name', async () => {
    const code = async (...args: unknown[]) => (await handle(own(), ...args)).code;
    for (const name of Object.keys(calls)) {
      expect(await code(call(name, { zzz: 1 })), name).toBe('bad_arguments');
      const polluted = `{"id":7,"call":"${name}","args":{"__proto__":{"theme":"dark"}}}`;
      expect(await code(polluted), name).toBe('bad_arguments');
      expect(await code(call(name, { theme: 'x'.repeat(10_000_000) })), name).toBe('too_large');
    }
    expect(await code('{"id":7,"call":"about","args":{},"constructor":1}')).toBe('bad_frame');
    expect(await code(call('__proto__'))).toBe('unknown_call');
    expect(await code(call('about'), 'more')).toBe('bad_frame');
    expect(await code()).toBe('bad_frame');
    expect(await code({ id: 7, call: 'about', args: {} })).toBe('bad_frame');
    expect(({} as Record<string, unknown>)['theme']).toBeUndefined();
  });

  it('answers its number of calls a second and refuses the next as busy', async () => {
    for (let n = 0; n < FRAMES_PER_SECOND_MAX; n++) {
      expect((await handle(own(), call('about'))).ok).toBe(true);
    }
    expect(await handle(own(), call('about'))).toMatchObject({ id: 7, code: 'busy' });
    nowMs += 1_000;
    expect((await handle(own(), call('about'))).ok).toBe(true);
  });

  it('tells events from the first load on, once after a second, none to another page', () => {
    expect(contents.sent).toEqual([]);
    contents.emit('did-finish-load');
    contents.emit('did-finish-load');
    expect(heard.size).toBe(1);
    expect(contents.sent[0]?.[0]).toBe(EVENT_CHANNEL);
    contents.mainFrame.origin = 'app://other';
    contents.emit('did-finish-load');
    expect(heard.size).toBe(0);
  });

  it('stops telling when the process of the window is gone or the window destroyed', () => {
    contents.emit('did-finish-load');
    contents.emit('render-process-gone');
    expect(heard.size).toBe(0);
    contents.emit('did-finish-load');
    contents.emit('destroyed');
    expect(heard.size).toBe(0);
  });
});
