// The only file that touches the way to the engine: Electron's preload where it is there, else the
// WebSocket of the server that this page came from. Both carry the frames of shared/api.ts.
import {
  type CallArgs,
  type CallName,
  type CallValue,
  calls,
  type EventFrame,
  type FailureCode,
  FRAME_LENGTH_MAX,
  parseAnswer,
  parseAnswerText,
  type Reply,
} from '../shared/api.ts';

declare global {
  interface Window {
    readonly eddy?: {
      readonly call: (text: string) => Promise<unknown>;
      readonly listen: (listener: (frame: unknown) => void) => () => void;
    };
  }
}

/** A call that was refused or could not be carried out. */
export class CallError extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type Connection = 'connecting' | 'open' | 'lost';

export type Api = {
  /** Rejects with `CallError`. */
  readonly call: <N extends CallName>(name: N, args: CallArgs<N>) => Promise<CallValue<N>>;
  readonly listen: (listener: (frame: EventFrame) => void) => () => void;
  readonly connection: () => Connection;
  readonly onConnection: (listener: (connection: Connection) => void) => () => void;
};

export const RECONNECT_MS_MIN = 250;
export const RECONNECT_MS_MAX = 5_000;

type Send = (id: number, text: string, settle: (reply: Reply) => void) => void;

export function connect(): Api {
  return window.eddy === undefined ? connectSocket() : connectPreload(window.eddy);
}

function connectPreload(eddy: NonNullable<Window['eddy']>): Api {
  const send: Send = (id, text, settle) => {
    eddy.call(text).then(
      (answer) => settle(asReply(answer, id)),
      () => settle(unavailable(id)),
    );
  };
  const listeners = new Set<(frame: EventFrame) => void>();
  eddy.listen((frame) => deliver(parseAnswer(frame), listeners));
  return {
    call: caller(send),
    listen: (listener) => subscribe(listeners, listener),
    connection: () => 'open',
    onConnection: () => () => {},
  };
}

function connectSocket(): Api {
  const listeners = new Set<(frame: EventFrame) => void>();
  const watchers = new Set<(connection: Connection) => void>();
  const open = new Map<number, (reply: Reply) => void>();
  let connection: Connection = 'connecting';
  let socket: WebSocket | null = null;
  let waitMs = RECONNECT_MS_MIN;

  const become = (next: Connection) => {
    connection = next;
    for (const watcher of watchers) watcher(next);
  };
  const dial = () => {
    // Beside the page, since the session's cookie is sent below the page's own path alone.
    const address = new URL('api', window.location.href);
    address.protocol = 'ws:';
    const fresh = new WebSocket(address);
    socket = fresh;
    fresh.onopen = () => {
      waitMs = RECONNECT_MS_MIN;
      become('open');
    };
    fresh.onmessage = (message) => {
      const answer = deliver(parseAnswerText(String(message.data)), listeners);
      if (answer === null) return;
      open.get(answer.id)?.(answer);
      open.delete(answer.id);
    };
    fresh.onclose = () => {
      for (const [id, settle] of open) settle(unavailable(id));
      open.clear();
      become('lost');
      setTimeout(dial, waitMs);
      waitMs = Math.min(RECONNECT_MS_MAX, waitMs * 2);
    };
  };
  dial();
  return {
    call: caller((id, text, settle) => {
      if (socket?.readyState !== WebSocket.OPEN) return settle(unavailable(id));
      open.set(id, settle);
      socket.send(text);
    }),
    listen: (listener) => subscribe(listeners, listener),
    connection: () => connection,
    onConnection: (watcher) => subscribe(watchers, watcher),
  };
}

function caller(send: Send): Api['call'] {
  let nextId = 1;
  return (name, args) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      const text = JSON.stringify({ id, call: name, args });
      // The door would refuse it without knowing whose it is, so nobody would learn.
      if (text.length > FRAME_LENGTH_MAX) {
        reject(new CallError('too_large', `frame: expected at most ${FRAME_LENGTH_MAX}`));
        return;
      }
      send(id, text, (reply) => {
        if (!reply.ok) return reject(new CallError(reply.code, reply.message));
        const value = calls[name].value.safeParse(reply.value);
        if (!value.success)
          return reject(new CallError('internal', 'reply: not as the contract says'));
        resolve(value.data as CallValue<typeof name>);
      });
    });
}

/** Hands an event to its listeners; gives back a reply for whoever waits for it. */
function deliver(
  answer: Reply | EventFrame | null,
  listeners: Set<(frame: EventFrame) => void>,
): Reply | null {
  if (answer === null) return null;
  if ('ok' in answer) return answer;
  for (const listener of listeners) listener(answer);
  return null;
}

function asReply(answer: unknown, id: number): Reply {
  const reply = parseAnswer(answer);
  return reply !== null && 'ok' in reply ? reply : unavailable(id);
}

function unavailable(id: number): Reply {
  return { id, ok: false, code: 'engine_unavailable', message: 'the engine cannot be reached' };
}

function subscribe<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => set.delete(listener);
}
