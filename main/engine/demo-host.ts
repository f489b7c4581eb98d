// Has the demo network of a data folder run while this Eddy needs it: starts its process, or
// follows the one that another Eddy runs and takes over when that ends; starts it again after a
// fault, and tells the engine all that is known. Which process runs the network is settled by the
// lock of its folder alone.
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { CallName } from '../../shared/api.ts';
import { networkStatusSchema } from '../../shared/api-network.ts';
import { type Demo, lockSchema } from '../../shared/api-profile.ts';
import { toHex } from '../../shared/bytes.ts';
import { NETWORK_HASH_SIZE } from '../../shared/network/geometry.ts';
import { canonicalNetworkFile } from '../../shared/network/network-file.ts';
import type { Log } from '../log.ts';
import { monotonicMs } from '../system.ts';
import { DEMO_IN_USE, demoNetworkOf, demoReportSchema, noteOf, readDemoFile } from './demo-file.ts';
import type { EngineHost } from './host.ts';
import type { DemoNote } from './program.ts';

/** How often a running network of another Eddy is looked at. */
export const DEMO_FOLLOW_MS = 500;
/** Wait before a start after a fault: doubles with each in the window. */
export const DEMO_RESTART_MS = 500;
export const DEMO_RESTARTS_MAX = 5;
export const DEMO_RESTART_WINDOW_MS = 120_000;
/** How long the process may take to end in order before it is killed. */
export const DEMO_END_MS_MAX = 5_000;

export type DemoProcess = {
  /** Asks it to end. */
  readonly end: () => void;
  readonly kill: () => void;
};
/** Starts the process of main/cli/demo.ts on `folder`. `onExit` comes once, whatever happened. */
export type StartDemoProcess = (
  folder: string,
  heard: {
    readonly onMessage: (message: unknown) => void;
    readonly onExit: (code: number | null) => void;
  },
) => DemoProcess;

export type DemoHostOptions = {
  readonly engine: Pick<EngineHost, 'handle' | 'listen' | 'noteDemo'>;
  /** Of the demo network: `demo` in the data folder. */
  readonly folder: string;
  readonly start: StartDemoProcess;
  readonly log: Log;
  /** The profile is not made yet and is to join no other network: nothing has to be asked first. */
  readonly isNew?: boolean;
  /** Shorter waits, for tests of what happens after them. */
  readonly limits?: { readonly followMs?: number; readonly restartMs?: number };
};

export type DemoHost = {
  /** Ends the process, if this Eddy runs it. Once more: the same end. */
  readonly close: () => Promise<void>;
};

const OFF: Demo = { state: 'off', nodes: [], hasCorrespondent: false };

/** Runs the demo network as soon as the engine's profile turns out to need it. */
export function startDemoHost(options: DemoHostOptions): DemoHost {
  const supervisor = new Supervisor(options);
  const unlisten = options.engine.listen(({ event, value }) => {
    if (event === 'network') {
      const status = networkStatusSchema.safeParse(value);
      if (status.success) supervisor.decide(status.data.network?.hash ?? null);
    } else if (event === 'engine' || event === 'lock' || event === 'profile') {
      void askHash(options.engine).then((hash) => {
        if (hash !== undefined) supervisor.decide(hash);
      });
    }
  });
  if (options.isNew === true) supervisor.decide(null);
  let closed: Promise<void> | null = null;
  return {
    close: () => {
      unlisten();
      closed ??= supervisor.close();
      return closed;
    },
  };
}

/** The hash of the joined network, null for none; undefined where the engine cannot say. */
async function askHash(engine: DemoHostOptions['engine']): Promise<string | null | undefined> {
  const status = await ask(engine, 'network.status', networkStatusSchema);
  if (status === null || status.network !== null) return status?.network?.hash;
  // A profile that has not been opened since the start says the same as one that has joined none.
  const lock = await ask(engine, 'lock.get', lockSchema);
  return lock?.state === 'open' ? null : undefined;
}

async function ask<T>(
  engine: DemoHostOptions['engine'],
  call: CallName,
  schema: z.core.$ZodType<T>,
): Promise<T | null> {
  const reply = await engine.handle({ id: 0, call, args: {} });
  if (!reply.ok) return null;
  const value = z.safeParse(schema, reply.value);
  return value.success ? value.data : null;
}

class Supervisor {
  readonly #options: DemoHostOptions;
  readonly #faultsAtMs: number[] = [];
  #isWanted = false;
  #isClosing = false;
  #process: DemoProcess | null = null;
  #onExit: () => void = () => {};
  #timer: NodeJS.Timeout | null = null;
  #inUseCount = 0;
  #note: DemoNote = { state: OFF, network: null, correspondent: null };
  #told = '';

  constructor(options: DemoHostOptions) {
    this.#options = options;
  }

  /** By the network that the profile has joined: wanted where it is none, or this one. */
  decide(hash: string | null): void {
    if (this.#isClosing) return;
    const isWanted = hash === null || hash === demoHash(this.#options.folder);
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    if (isWanted) this.#attempt();
    else {
      this.#stopWaiting();
      this.#process?.end();
      this.#tell({ state: OFF, network: null, correspondent: null });
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#stopWaiting();
    const running = this.#process;
    if (running === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => running.kill(), DEMO_END_MS_MAX);
      this.#onExit = () => {
        clearTimeout(timer);
        resolve();
      };
      running.end();
    });
  }

  /** Follows the network that runs, or starts it. */
  #attempt(): void {
    this.#timer = null;
    if (this.#isClosing || !this.#isWanted || this.#process !== null) return;
    const report = readDemoFile(this.#options.folder);
    if (report === null) {
      this.#start();
      return;
    }
    this.#inUseCount = 0;
    this.#tell(noteOf(report));
    this.#later(this.#followMs);
  }

  #start(): void {
    const { folder, start, log } = this.#options;
    if (this.#note.state.state !== 'starting') this.#tellState('starting');
    this.#process = start(folder, {
      onMessage: (message) => {
        const report = demoReportSchema.safeParse(message);
        if (!report.success) log('error', 'demo_report_refused');
        else if (this.#isWanted) this.#tell(noteOf(report.data));
      },
      onExit: (code) => this.#ended(code),
    });
  }

  #ended(code: number | null): void {
    this.#process = null;
    this.#onExit();
    if (this.#isClosing || !this.#isWanted) return;
    if (code === DEMO_IN_USE) {
      // Another one has just begun, or just not ended yet.
      this.#inUseCount += 1;
      this.#later(this.#followMs * Math.min(this.#inUseCount, 10));
      return;
    }
    this.#options.log('warn', 'demo_ended', { code });
    const now = monotonicMs();
    while ((this.#faultsAtMs[0] ?? now) < now - DEMO_RESTART_WINDOW_MS) this.#faultsAtMs.shift();
    if (this.#faultsAtMs.length >= DEMO_RESTARTS_MAX) {
      this.#tellState('failed');
      return;
    }
    this.#tellState('starting');
    const restartMs = this.#options.limits?.restartMs ?? DEMO_RESTART_MS;
    this.#later(restartMs * 2 ** this.#faultsAtMs.length);
    this.#faultsAtMs.push(now);
  }

  get #followMs(): number {
    return this.#options.limits?.followMs ?? DEMO_FOLLOW_MS;
  }

  #later(waitMs: number): void {
    this.#stopWaiting();
    this.#timer = setTimeout(() => this.#attempt(), waitMs);
  }

  #stopWaiting(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Another state, in which no node is up. */
  #tellState(state: Demo['state']): void {
    const nodes = this.#note.state.nodes.map((node) => ({ ...node, isReady: false }));
    this.#tell({ ...this.#note, state: { ...this.#note.state, state, nodes } });
  }

  #tell(note: DemoNote): void {
    this.#note = note;
    const { state, network, correspondent } = note;
    const text = JSON.stringify([state, network?.epoch0UnixMs ?? null, correspondent]);
    if (text === this.#told) return;
    this.#told = text;
    this.#options.engine.noteDemo(note);
  }
}

/** Hex of the hash of the demo network in `folder`; null where none was made yet. */
function demoHash(folder: string): string | null {
  const network = demoNetworkOf(folder);
  if (network === null) return null;
  const hash = createHash('sha256').update(canonicalNetworkFile(network)).digest();
  return toHex(hash.subarray(0, NETWORK_HASH_SIZE));
}
