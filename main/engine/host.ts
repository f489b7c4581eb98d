// Keeps one engine worker alive and carries frames between it and any number of windows. When the
// worker ends unasked, open calls are refused by name, windows are told, and a new worker is
// started.
import { Worker } from 'node:worker_threads';
import {
  CALLS_OPEN_MAX,
  type EngineState,
  type EventFrame,
  isRefusal,
  parseAnswer,
  parseRequest,
  type Reply,
  refusal,
} from '../../shared/api.ts';
import type { Log } from '../log.ts';
import { monotonicMs } from '../system.ts';
import { answerKeychain, type Keychain, type KeychainAsk } from './keychain.ts';
import type { DemoNote } from './program.ts';
import {
  type HostMessage,
  keychainNoteSchema,
  startNoteSchema,
  type WorkerData,
} from './worker-messages.ts';

/** Restarts within `RESTART_WINDOW_MS`; at one more the host gives up and says so. */
export const RESTARTS_MAX = 5;
export const RESTART_WINDOW_MS = 60_000;
/** Between an end and the next start, so that a fault at once does not take a core. */
export const RESTART_DELAY_MS = 300;
/** How long a worker may take to close its store before it is ended. */
export const CLOSE_WAIT_MS = 3_000;
/** Memory of one worker's JavaScript. Past it the worker alone ends, and is started anew. */
export const HEAP_MB_MAX = 1_024;

export type HostOptions = WorkerData & {
  readonly workerUrl: URL;
  readonly log: Log;
  /**
   * Looks for the system's keychain; none where absent. Where it finds none it is asked again when
   * a user wants that.
   */
  readonly keychain?: () => Promise<Keychain | null>;
  /** Smaller limits, for tests of what happens at them. */
  readonly limits?: {
    readonly restartsMax?: number;
    readonly restartDelayMs?: number;
    readonly heapMbMax?: number;
  };
};

export type EngineHost = {
  /** Answers one frame of a window; never throws, never hangs past the worker's life. */
  readonly handle: (frame: unknown) => Promise<Reply>;
  /** Hears every event; returns what ends that. The engine's state is told at once. */
  readonly listen: (listener: (event: EventFrame) => void) => () => void;
  readonly state: () => EngineState;
  /** Tells the engine, and each that follows it, what is known of the demo network. */
  readonly noteDemo: (note: DemoNote) => void;
  /** Ends the worker as a fault would, for tests of recovery. */
  readonly crash: () => void;
  /** Ends worker and restarts; the store is closed when it resolves. Once more: the same end. */
  readonly close: () => Promise<void>;
};

type OpenCall = { readonly frameId: number; readonly settle: (reply: Reply) => void };

/** Starts the worker; the host is usable at once, and says `engine_unavailable` until it runs. */
export function startEngineHost(options: HostOptions): EngineHost {
  const host = new WorkerHost(options);
  host.start();
  let closed: Promise<void> | null = null;
  return {
    handle: (frame) => host.handle(frame),
    listen: (listener) => host.listen(listener),
    state: () => host.state,
    noteDemo: (note) => host.noteDemo(note),
    crash: () => void host.worker?.terminate(),
    close: () => {
      closed ??= host.close();
      return closed;
    },
  };
}

class WorkerHost {
  readonly #options: HostOptions;
  readonly #listeners = new Set<(event: EventFrame) => void>();
  readonly #open = new Map<number, OpenCall>();
  readonly #restartsAtMs: number[] = [];
  #nextId = 0;
  #isClosing = false;
  #restartTimer: NodeJS.Timeout | null = null;
  #demo: DemoNote | null = null;
  #keychain: Promise<Keychain | null> | null = null;
  state: EngineState = { state: 'starting', reason: null };
  worker: Worker | null = null;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  start(): void {
    this.#restartTimer = null;
    const { profileDir, version, nativeBinding, network, workerUrl, limits } = this.#options;
    const data: WorkerData = { profileDir, version, nativeBinding, network };
    const worker = new Worker(workerUrl, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: limits?.heapMbMax ?? HEAP_MB_MAX },
    });
    this.worker = worker;
    worker.on('message', (frame: unknown) => this.#take(worker, frame));
    worker.on('error', (error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : null;
      const name = error instanceof Error ? error.name : 'unknown';
      this.#options.log('error', 'engine_fault', { error: name, code });
    });
    worker.on('exit', (code) => this.#ended(worker, code));
    if (this.#demo !== null) this.#post(worker, { kind: 'demo', note: this.#demo });
    void this.#findKeychain().then((keychain) => {
      if (keychain !== null) this.#post(worker, { kind: 'keychain' });
    });
  }

  noteDemo(note: DemoNote): void {
    this.#demo = note;
    if (this.worker !== null) this.#post(this.worker, { kind: 'demo', note });
  }

  handle(frame: unknown): Promise<Reply> {
    const request = parseRequest(frame);
    if (isRefusal(request)) return Promise.resolve(request);
    const { worker } = this;
    if (worker === null || this.#isClosing || this.state.state !== 'running') {
      const message = `the engine is ${this.#isClosing ? 'ending' : this.state.state}`;
      return Promise.resolve(refusal(request.id, 'engine_unavailable', message));
    }
    if (this.#open.size >= CALLS_OPEN_MAX) {
      const message = `calls: expected at most ${CALLS_OPEN_MAX} under way`;
      return Promise.resolve(refusal(request.id, 'busy', message));
    }
    const id = this.#nextId++;
    return new Promise((settle) => {
      this.#open.set(id, { frameId: request.id, settle });
      this.#post(worker, { kind: 'call', frame: { ...request, id } });
    });
  }

  listen(listener: (event: EventFrame) => void): () => void {
    this.#listeners.add(listener);
    listener({ event: 'engine', value: this.state });
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    const { worker } = this;
    if (worker === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#options.log('warn', 'engine_close_late', { waitMs: CLOSE_WAIT_MS });
        void worker.terminate();
      }, CLOSE_WAIT_MS);
      worker.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#post(worker, { kind: 'close' });
    });
  }

  #take(worker: Worker, frame: unknown): void {
    const note = startNoteSchema.safeParse(frame);
    if (note.success) {
      const reason = note.data.start;
      this.#become({ state: reason === null ? 'running' : 'failed', reason });
      return;
    }
    const asked = keychainNoteSchema.safeParse(frame);
    if (asked.success) {
      void this.#askKeychain(worker, asked.data.keychain);
      return;
    }
    const answer = parseAnswer(frame);
    if (answer === null) {
      this.#options.log('error', 'engine_frame_refused');
      return;
    }
    if ('event' in answer) {
      this.#tell(answer);
      this.#post(worker, { kind: 'seen', count: 1 });
      return;
    }
    const call = this.#open.get(answer.id);
    this.#open.delete(answer.id);
    call?.settle({ ...answer, id: call.frameId });
  }

  #ended(worker: Worker, code: number): void {
    if (this.worker === worker) this.worker = null;
    for (const call of this.#open.values()) {
      call.settle(refusal(call.frameId, 'engine_unavailable', 'the engine stopped'));
    }
    this.#open.clear();
    // A store that cannot be opened is not opened by trying again.
    if (this.#isClosing || this.state.state === 'failed') return;
    this.#options.log('warn', 'engine_stopped', { code });
    const now = monotonicMs();
    const limits = this.#options.limits ?? {};
    while ((this.#restartsAtMs[0] ?? now) < now - RESTART_WINDOW_MS) this.#restartsAtMs.shift();
    if (this.#restartsAtMs.length >= (limits.restartsMax ?? RESTARTS_MAX)) {
      this.#become({ state: 'failed', reason: 'stopped' });
      return;
    }
    this.#restartsAtMs.push(now);
    this.#become({ state: 'restarting', reason: 'stopped' });
    this.#restartTimer = setTimeout(() => this.start(), limits.restartDelayMs ?? RESTART_DELAY_MS);
  }

  async #askKeychain(worker: Worker, question: KeychainAsk): Promise<void> {
    let keychain = await this.#findKeychain();
    if (keychain === null && question.op === 'find') {
      this.#keychain = null;
      keychain = await this.#findKeychain();
    }
    const bytes = await answerKeychain(keychain, question);
    this.#post(worker, { kind: 'keychain-answer', id: question.id, bytes });
  }

  /** One that was found is kept. */
  #findKeychain(): Promise<Keychain | null> {
    this.#keychain ??= (this.#options.keychain?.() ?? Promise.resolve(null)).catch(() => null);
    return this.#keychain;
  }

  #post(worker: Worker, message: HostMessage): void {
    worker.postMessage(message);
  }

  #become(state: EngineState): void {
    this.state = state;
    this.#tell({ event: 'engine', value: state });
  }

  #tell(event: EventFrame): void {
    for (const listener of this.#listeners) listener(event);
  }
}
