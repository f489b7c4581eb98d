// A desk (main/mixnet/unwrap-step.ts) that unwraps in worker threads. Packets of one turn of the
// event loop go in one message, to the worker with the least to do; a worker that ends takes what
// it had with it, named as lost, and another starts.
import { Worker } from 'node:worker_threads';
import { wipe } from '../../shared/bytes.ts';
import type { EpochKeyStore } from '../mixnet/epoch-keys.ts';
import type { UnwrapDesk, UnwrapJob, UnwrappedInput } from '../mixnet/unwrap-step.ts';
import {
  BATCH_RECORDS_MAX,
  type FromUnwrapWorker,
  type ToUnwrapWorker,
  UnwrapBatch,
  type UnwrapBatchMessage,
} from './unwrap-records.ts';

/** Between a worker's end and the next start, so that a fault at once does not take a core. */
export const WORKER_RESTART_MS = 300;
/** From here on links are not read, until `RESUME_PACKETS`: what they hold waits at the sender. */
export const PAUSE_PACKETS = 512;
export const RESUME_PACKETS = 256;
/** Buffers kept for use again: more than are under way before links are held back. */
const SPARE_BATCHES_MAX = 32;

export type UnwrapPoolOptions = {
  readonly threads: number;
  /** main/cli/unwrap-worker.ts, or what it was built into. */
  readonly workerUrl: URL;
  /** Hears of each packet, in order within a worker. */
  readonly onUnwrapped: (input: UnwrappedInput) => void;
  /** Told when links should rest, and when no more. */
  readonly onPressure: (isHigh: boolean) => void;
};

type Batch = { readonly batch: UnwrapBatch; readonly tickets: number[] };
type Slot = {
  readonly worker: Worker;
  isReady: boolean;
  /** In the order they were sent, which is that of the answers. */
  readonly sent: (readonly number[])[];
  packets: number;
};

export class UnwrapPool implements UnwrapDesk {
  readonly #options: UnwrapPoolOptions;
  readonly #keys = new Map<number, SharedArrayBuffer>();
  readonly #slots = new Set<Slot>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  readonly #spare: UnwrapBatch[] = [];
  /** The last is being filled; the others wait for a worker that is ready. */
  #waiting: Batch[] = [];
  #isFlushDue = false;
  #packets = 0;
  #isHigh = false;
  #isEnded = false;
  #lost = 0;

  /** Use `start`. */
  private constructor(options: UnwrapPoolOptions) {
    this.#options = options;
  }

  /** Ready when it resolves. Rejects where a worker cannot start; the others are ended then. */
  static async start(options: UnwrapPoolOptions): Promise<UnwrapPool> {
    const pool = new UnwrapPool(options);
    try {
      await Promise.all(Array.from({ length: options.threads }, () => pool.#startWorker()));
    } catch (error) {
      await pool.end();
      throw new Error('an unwrap worker did not start', { cause: error });
    }
    return pool;
  }

  /** Packets that were handed over and not answered. */
  get packets(): number {
    return this.#packets;
  }

  /** Workers that ended unasked. */
  get workersLost(): number {
    return this.#lost;
  }

  submit(job: UnwrapJob): void {
    let last = this.#waiting.at(-1);
    if (last === undefined || last.tickets.length === BATCH_RECORDS_MAX) {
      last = { batch: this.#spare.pop() ?? new UnwrapBatch(), tickets: [] };
      this.#waiting.push(last);
    }
    last.batch.putJob(last.tickets.length, job);
    last.tickets.push(job.ticket);
    this.#packets += 1;
    this.#notePressure();
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    // After all that sockets brought in this turn: TLS gives each frame in a call of its own.
    setImmediate(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  /** The same store; what it loads and makes is known to the workers, what it destroys is wiped. */
  keyStore(store: EpochKeyStore): EpochKeyStore {
    return {
      load: () => {
        const stored = store.load();
        for (const { epoch, privateKey } of stored) this.#addKey(epoch, privateKey);
        return stored;
      },
      create: (epoch, privateKey) => {
        store.create(epoch, privateKey);
        this.#addKey(epoch, privateKey);
      },
      remember: store.remember,
      flush: store.flush,
      destroy: (epoch) => {
        store.destroy(epoch);
        this.#dropKey(epoch);
      },
    };
  }

  /** Ends one worker as a fault would, for tests of recovery. */
  crash(): void {
    const [slot] = this.#slots;
    void slot?.worker.terminate();
  }

  /** Nothing is answered from here on; keys are wiped. */
  async end(): Promise<void> {
    this.#isEnded = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    for (const epoch of this.#keys.keys()) this.#dropKey(epoch);
    await Promise.all([...this.#slots].map(({ worker }) => worker.terminate()));
  }

  #addKey(epoch: number, privateKey: Uint8Array): void {
    const key = new SharedArrayBuffer(privateKey.length);
    new Uint8Array(key).set(privateKey);
    this.#keys.set(epoch, key);
    for (const { worker } of this.#slots) post(worker, { kind: 'key', epoch, key });
  }

  #dropKey(epoch: number): void {
    const key = this.#keys.get(epoch);
    if (key === undefined) return;
    wipe(new Uint8Array(key));
    this.#keys.delete(epoch);
    for (const { worker } of this.#slots) post(worker, { kind: 'key-gone', epoch });
  }

  /** Resolves when the worker says that it is there; rejects where it ends before. */
  #startWorker(): Promise<void> {
    const worker = new Worker(this.#options.workerUrl);
    const slot: Slot = { worker, isReady: false, sent: [], packets: 0 };
    this.#slots.add(slot);
    for (const [epoch, key] of this.#keys) post(worker, { kind: 'key', epoch, key });
    return new Promise((resolve, reject) => {
      let cause: unknown;
      worker.on('error', (error) => {
        cause = error;
      });
      worker.once('exit', () => {
        this.#exited(slot);
        reject(new Error('the worker ended', { cause }));
      });
      worker.on('message', (message: FromUnwrapWorker) => {
        if (message.kind === 'batch') return this.#answered(slot, message);
        slot.isReady = true;
        resolve();
        this.#flush();
      });
    });
  }

  #exited(slot: Slot): void {
    this.#slots.delete(slot);
    if (this.#isEnded) return;
    this.#lost += 1;
    const tickets = slot.sent.flat();
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      // Where it ends again, that is `#exited` again.
      this.#startWorker().catch(() => undefined);
    }, WORKER_RESTART_MS);
    this.#restarts.add(timer);
    this.#packets -= tickets.length;
    const outcome = { kind: 'lost' } as const;
    for (const ticket of tickets) {
      this.#options.onUnwrapped({ kind: 'unwrapped', ticket, replayTag: null, outcome });
    }
    this.#notePressure();
  }

  #flush(): void {
    if (this.#isEnded) return;
    const batches = this.#waiting;
    this.#waiting = [];
    for (const one of batches) {
      const slot = this.#leastBusy();
      if (slot === null) {
        this.#waiting.push(one);
        continue;
      }
      const { batch, tickets } = one;
      slot.sent.push(tickets);
      slot.packets += tickets.length;
      const { buffer } = batch;
      post(slot.worker, { kind: 'batch', buffer, count: tickets.length }, [buffer]);
    }
  }

  #leastBusy(): Slot | null {
    let least: Slot | null = null;
    for (const slot of this.#slots) {
      if (slot.isReady && slot.packets < (least?.packets ?? Infinity)) least = slot;
    }
    return least;
  }

  #answered(slot: Slot, { buffer, count }: UnwrapBatchMessage): void {
    slot.sent.shift();
    slot.packets -= count;
    this.#packets -= count;
    const batch = new UnwrapBatch(buffer);
    for (let index = 0; index < count && !this.#isEnded; index++) {
      this.#options.onUnwrapped(batch.result(index));
    }
    if (this.#spare.length < SPARE_BATCHES_MAX) this.#spare.push(batch);
    this.#notePressure();
  }

  #notePressure(): void {
    const isHigh = this.#packets >= (this.#isHigh ? RESUME_PACKETS : PAUSE_PACKETS);
    if (isHigh === this.#isHigh) return;
    this.#isHigh = isHigh;
    this.#options.onPressure(isHigh);
  }
}

function post(worker: Worker, message: ToUnwrapWorker, transfer: ArrayBuffer[] = []): void {
  worker.postMessage(message, transfer);
}
