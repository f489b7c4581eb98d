// A user of the demo network as a shell runs one, without its windows: engine and demo network of
// one profile, both as built.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type DemoHost, startDemoHost } from '../../main/engine/demo-host.ts';
import { type EngineHost, startEngineHost } from '../../main/engine/host.ts';
import { forkDemo } from '../../main/shell/demo-process.ts';
import type { CallArgs, CallName, CallValue, EventFrame } from '../../shared/api.ts';
import type { ChatMessage } from '../../shared/api-chat.ts';
import type { Demo } from '../../shared/api-profile.ts';
import { root } from './source.ts';

const LOOK_MS = 20;
const built = (name: string) => new URL(`file://${path.join(root, 'dist/main', name)}`);

/** What a shell is without its windows: engine and demo network of one profile. */
export class Eddy {
  readonly engine: EngineHost;
  readonly #demoHost: DemoHost;
  readonly events: EventFrame[] = [];
  demo: Demo | null = null;

  constructor(dataDir: string, profile: string) {
    const log = () => {};
    const profileDir = path.join(dataDir, 'profiles', profile);
    const isNew = !existsSync(path.join(profileDir, 'profile.db'));
    this.engine = startEngineHost({
      workerUrl: built('engine-worker.js'),
      profileDir,
      version: '1.2.3',
      log,
    });
    this.#demoHost = startDemoHost({
      engine: this.engine,
      folder: path.join(dataDir, 'demo'),
      start: forkDemo(built('demo.js')),
      isNew,
      log,
    });
    this.engine.listen((frame) => {
      this.events.push(frame);
      if (frame.event === 'demo') this.demo = frame.value as Demo;
    });
  }

  async call<N extends CallName>(call: N, args: CallArgs<N>): Promise<CallValue<N>> {
    const reply = await this.engine.handle({ id: 1, call, args });
    if (!reply.ok) throw new Error(`${call}: ${reply.code} ${reply.message}`);
    return reply.value as CallValue<N>;
  }

  /** The next text that comes. */
  answer(): Promise<ChatMessage> {
    return new Promise((resolve) => {
      const unlisten = this.engine.listen(({ event, value }) => {
        if (event !== 'chat.message') return;
        const message = value as ChatMessage;
        if (message.isOwn || message.note !== null) return;
        queueMicrotask(() => unlisten());
        resolve(message);
      });
    });
  }

  /** From a profile without a name to the first answer. */
  async meet(name: string) {
    const greeted = this.answer();
    await this.call('profile.create', { name, avatar: null });
    const hello = await greeted;
    const helloAtMs = performance.now();
    const answered = this.answer();
    await this.call('chat.send', { contact: hello.contact, text: 'Is anybody there?' });
    return { hello, helloAtMs, answer: await answered };
  }

  /** The engine takes calls. */
  async running(): Promise<void> {
    while (this.engine.state().state !== 'running') {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** The demo network once all of it is up. */
  ready(): Promise<Demo> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.demo?.state === 'ready') resolve(this.demo);
        else setTimeout(look, LOOK_MS);
      };
      look();
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.engine.close(), this.#demoHost.close()]);
  }
}
