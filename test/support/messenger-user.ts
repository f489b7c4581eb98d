// A user of the messenger without a window, as a process: what it was told, and what it asks for.
import type {
  CallArgs,
  CallName,
  CallValue,
  EventFrame,
  EventName,
  EventValue,
} from '../../shared/api.ts';
import { type EngineProcess, startEngine } from './localnet.ts';

export type HeardEvent = { [N in EventName]: { event: N; value: EventValue<N> } }[EventName];

const killInside = new URL('./kill-inside.ts', import.meta.url);

export class MessengerUser {
  readonly name: string;
  /** Everything that was told, over all starts. */
  readonly heard: HeardEvent[] = [];
  /** Lines on stderr, and refusals. */
  readonly said: string[] = [];
  readonly dataDir: string;
  readonly #networkFile: string;
  /** Times it ended amid a transaction. */
  killedInside = 0;
  killedOutside = 0;
  /** What is done after that, before it starts again. */
  onKilledInside: () => void = () => {};
  #killWrite = 0;
  #isAsked = false;
  #engine: EngineProcess;
  #listeners = new Set<() => void>();

  constructor(name: string, dataDir: string, networkFile: string) {
    this.name = name;
    this.dataDir = dataDir;
    this.#networkFile = networkFile;
    this.#engine = this.#start();
  }

  #start(): EngineProcess {
    const say = (line: string) => this.said.push(line);
    const hear = (event: EventFrame) => {
      this.heard.push(event as HeardEvent);
      for (const listener of this.#listeners) listener();
    };
    const writes = this.#killWrite;
    return startEngine(this.dataDir, this.#networkFile, hear, {
      onLog: say,
      onRefusal: say,
      preload: writes === 0 ? [] : [killInside.href],
      env: { EDDY_TEST_KILL_WRITE: String(writes) },
      onExit: (signal) => {
        if (this.#isAsked) return;
        if (signal !== 'SIGKILL' || writes === 0) throw new Error(`${this.name} ended unasked`);
        this.killedInside += 1;
        this.onKilledInside();
        this.#engine = this.#start();
      },
    });
  }

  async call<N extends CallName>(call: N, args: CallArgs<N>): Promise<CallValue<N>> {
    return (await this.#engine.call(call, args)) as CallValue<N>;
  }

  /** The first event from `from` on that fits; rejects after `waitMs`. */
  async hear<N extends EventName>(
    event: N,
    fits: (value: EventValue<N>) => boolean,
    waitMs = 60_000,
  ): Promise<EventValue<N>> {
    const find = () =>
      this.heard.find((one) => one.event === event && fits(one.value as EventValue<N>));
    const known = find();
    if (known !== undefined) return known.value as EventValue<N>;
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(listener);
        reject(new Error(`${this.name} heard no ${event} that fits`));
      }, waitMs);
      const listener = () => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(found.value as EventValue<N>);
      };
      this.#listeners.add(listener);
    });
  }

  async restart(how: 'kill' | 'end'): Promise<void> {
    this.#isAsked = true;
    await (how === 'kill' ? this.#engine.kill() : this.#engine.end());
    this.#isAsked = false;
    this.#engine = this.#start();
  }

  /** A SIGKILL from outside, at any moment. */
  async killOutside(): Promise<void> {
    this.killedOutside += 1;
    await this.restart('kill');
  }

  /** From the next start on it ends amid a transaction, after so many writes; 0 for never. */
  killWrite(writes: number): void {
    this.#killWrite = writes;
  }

  /** Asks until an engine that lives has answered. */
  async ask<N extends CallName>(call: N, args: CallArgs<N>): Promise<CallValue<N>> {
    for (;;) {
      try {
        return await this.call(call, args);
      } catch (error) {
        if (!isEnded(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  end(): Promise<void> {
    this.#isAsked = true;
    return this.#engine.end();
  }
}

export function isEnded(error: unknown): boolean {
  return error instanceof Error && error.message === 'the engine ended';
}
