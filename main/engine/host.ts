// Keeps one engine worker alive and carries frames between it and any number of windows. When the
// worker ends unasked, open calls are refused by name, windows are told, and a new worker is
// started.
import { Worker } from 'node:worker_threads';
import type { EngineState, EventFrame, FailureCode, Reply } from '../../shared/api.ts';
import { CALLS_OPEN_MAX, isRefusal, parseAnswer, parseRequest, refusal } from '../../shared/api.ts';
import type { Log } from '../log.ts';
import { monotonicMs } from '../system.ts';

/** Starts within `RESTART_WINDOW_MS` after which the host gives up and says so. */
export const RESTARTS_MAX = 5;
export const RESTART_WINDOW_MS = 60_000;
export const RESTART_DELAY_MS = 300;
/** How long a worker may take to close its store before it is ended. */
export const CLOSE_WAIT_MS = 3_000;

export type HostOptions = {
  readonly workerUrl: URL;
  readonly profileDir: string;
  readonly version: string;
  readonly nativeBinding?: string | undefined;
  readonly log: Log;
};

export type EngineHost = {
  /** Answers one frame of a window; never throws, never hangs past the worker's life. */
  readonly handle: (frame: unknown) => Promise<Reply>;
  /** Hears every event; returns what ends that. The engine's state is told at once. */
  readonly listen: (listener: (event: EventFrame) => void) => () => void;
  readonly state: () => EngineState;
  /** Ends the worker as a fault would, for tests of recovery. */
  readonly crash: () => void;
  readonly close: () => Promise<void>;
};

type OpenCall = { readonly frameId: number; readonly settle: (reply: Reply) => void };

/** Starts the worker; the host is usable at once, and says `engine_unavailable` until it runs. */
export function startEngineHost(options: HostOptions): EngineHost {
  const listeners = new Set<(event: EventFrame) => void>();
  const open = new Map<number, OpenCall>();
  const startedAtMs: number[] = [];
  let state: EngineState = { state: 'starting', reason: null };
  let worker: Worker | null = null;
  let nextId = 0;
  let closing = false;
  let restartTimer: NodeJS.Timeout | null = null;

  const tell = (event: EventFrame) => {
    for (const listener of listeners) listener(event);
  };
  const become = (next: EngineState) => {
    state = next;
    tell({ event: 'engine', value: state });
  };
  const refuseOpen = (code: FailureCode) => {
    for (const call of open.values())
      call.settle(refusal(call.frameId, code, 'the engine stopped'));
    open.clear();
  };

  const start = () => {
    restartTimer = null;
    startedAtMs.push(monotonicMs());
    const current = new Worker(options.workerUrl, {
      workerData: {
        profileDir: options.profileDir,
        version: options.version,
        nativeBinding: options.nativeBinding,
      },
    });
    worker = current;
    let refusedToStart = false;
    current.on('message', (frame: unknown) => {
      const note = frame as { started?: true; startFailed?: EngineState['reason'] };
      if (note.started === true) return become({ state: 'running', reason: null });
      if (note.startFailed !== undefined) {
        refusedToStart = true;
        return become({ state: 'failed', reason: note.startFailed });
      }
      const answer = parseAnswer(frame);
      if (answer === null) return options.log('error', 'engine_frame_refused');
      if ('event' in answer) return tell(answer);
      const call = open.get(answer.id);
      open.delete(answer.id);
      call?.settle({ ...answer, id: call.frameId });
    });
    current.on('error', (error) => {
      options.log('error', 'engine_fault', {
        error: error instanceof Error ? error.name : 'unknown',
      });
    });
    current.on('exit', (code) => {
      if (worker === current) worker = null;
      refuseOpen('engine_unavailable');
      if (closing || refusedToStart) return;
      options.log('warn', 'engine_stopped', { code });
      const recent = startedAtMs.filter((at) => monotonicMs() - at < RESTART_WINDOW_MS);
      if (recent.length > RESTARTS_MAX) return become({ state: 'failed', reason: 'stopped' });
      become({ state: 'restarting', reason: 'stopped' });
      restartTimer = setTimeout(start, RESTART_DELAY_MS);
    });
  };
  start();

  return {
    handle: (frame) => {
      const request = parseRequest(frame);
      if (isRefusal(request)) return Promise.resolve(request);
      if (worker === null || state.state !== 'running') {
        return Promise.resolve(
          refusal(request.id, 'engine_unavailable', `the engine is ${state.state}`),
        );
      }
      if (open.size >= CALLS_OPEN_MAX) {
        return Promise.resolve(
          refusal(request.id, 'busy', `calls: expected at most ${CALLS_OPEN_MAX} under way`),
        );
      }
      const id = nextId++;
      const current = worker;
      return new Promise((resolve) => {
        open.set(id, { frameId: request.id, settle: resolve });
        current.postMessage({ ...request, id });
      });
    },
    listen: (listener) => {
      listeners.add(listener);
      listener({ event: 'engine', value: state });
      return () => listeners.delete(listener);
    },
    state: () => state,
    crash: () => {
      void worker?.terminate();
    },
    close: async () => {
      closing = true;
      if (restartTimer !== null) clearTimeout(restartTimer);
      const current = worker;
      if (current === null) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => void current.terminate(), CLOSE_WAIT_MS);
        current.once('exit', () => {
          clearTimeout(timer);
          resolve();
        });
        current.postMessage('close');
      });
    },
  };
}
