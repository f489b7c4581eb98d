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

export class MessengerUser {
  readonly name: string;
  /** Everything that was told, over all starts. */
  readonly heard: HeardEvent[] = [];
  /** Lines on stderr, and refusals. */
  readonly said: string[] = [];
  readonly dataDir: string;
  readonly #networkFile: string;
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
    return startEngine(this.dataDir, this.#networkFile, hear, { onLog: say, onRefusal: say });
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
    await (how === 'kill' ? this.#engine.kill() : this.#engine.end());
    this.#engine = this.#start();
  }

  end(): Promise<void> {
    return this.#engine.end();
  }
}
