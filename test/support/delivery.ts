// Two users exchange messages over a network that loses, while its nodes and their own engines are
// killed: every message arrives once or ends as not confirmed, and no state goes back. Real
// processes, real sockets, real SQLite.
import path from 'node:path';
import type { EventFrame } from '../../shared/api.ts';
import { MESSAGES_LISTED_MAX, type MessageStatus } from '../../shared/api-network.ts';
import { drawBelow, drawUnit, type RandomSource } from '../../shared/random.ts';
import {
  type EngineProcess,
  type RunningLocalnet,
  startEngine,
  startLocalnet,
} from './localnet.ts';

export type DeliveryOptions = {
  /** A fresh folder. */
  readonly folder: string;
  readonly random: RandomSource;
  /** Messages of both together. */
  readonly messages: number;
  /** SIGKILLs of each engine. */
  readonly kills: number;
  /** Pause between two messages of one user. */
  readonly pauseMs: number;
  readonly untilMs: number;
  readonly nowMs: () => number;
  readonly say: (text: string) => void;
};

export type DeliveryResult = {
  readonly sent: number;
  readonly arrived: number;
  readonly duplicates: number;
  readonly notConfirmed: number;
  readonly resent: number;
  readonly arrivedAfterResend: number;
  readonly kills: number;
  readonly statesThatWentBack: number;
  /** Told to be at the provider and never seen by the recipient. */
  readonly untrue: number;
};

const rank = { queued: 0, in_mix: 1, not_confirmed: 2, at_provider: 3 } as const;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

class User {
  readonly name: string;
  /** Text → how often it arrived, each under an id of its own. */
  readonly received = new Map<string, Set<number>>();
  readonly states = new Map<number, MessageStatus['state']>();
  /** Id → text, for what was durably queued. */
  readonly texts = new Map<number, string>();
  kills = 0;
  wentBack = 0;
  readonly #dataDir: string;
  readonly #networkFile: string;
  #engine: EngineProcess;

  constructor(name: string, folder: string, networkFile: string) {
    this.name = name;
    this.#dataDir = path.join(folder, name);
    this.#networkFile = networkFile;
    this.#engine = this.#start();
  }

  #start(): EngineProcess {
    const engine = startEngine(this.#dataDir, this.#networkFile, (event) => this.#hear(event));
    return engine;
  }

  #hear(event: EventFrame): void {
    if (event.event === 'message') this.#note(event.value as MessageStatus);
    if (event.event !== 'received') return;
    const { id, bytes } = event.value as { id: number; bytes: string };
    const text = Buffer.from(bytes, 'base64url').toString();
    const ids = this.received.get(text) ?? new Set<number>();
    this.received.set(text, ids.add(id));
    void this.#engine.call('received.take', { id }).catch(() => {});
  }

  #note({ id, state }: MessageStatus): void {
    const before = this.states.get(id);
    if (before !== undefined && rank[state] < rank[before]) this.wentBack += 1;
    this.states.set(id, state);
  }

  async kill(): Promise<void> {
    this.kills += 1;
    await this.#engine.kill();
    this.#engine = this.#start();
  }

  end(): Promise<void> {
    return this.#engine.end();
  }

  /** Asks until an engine that lives has answered. */
  async ask(call: string, args: unknown = {}): Promise<unknown> {
    for (;;) {
      try {
        return await this.#engine.call(call, args);
      } catch (error) {
        if (!(error instanceof Error) || error.message !== 'the engine ended') throw error;
        await pause(50);
      }
    }
  }

  async address(): Promise<string> {
    for (;;) {
      const { address } = (await this.ask('address')) as { address: string | null };
      if (address !== null) return address;
      await pause(200);
    }
  }

  async refresh(): Promise<void> {
    for (const message of await this.#list()) this.#note(message);
  }

  /** Every message that the engine has, answer by answer. */
  async #list(): Promise<readonly MessageStatus[]> {
    const all: MessageStatus[] = [];
    for (;;) {
      const args = { after: all.at(-1)?.id ?? 0 };
      const page = (await this.ask('message.list', args)) as MessageStatus[];
      all.push(...page);
      if (page.length < MESSAGES_LISTED_MAX) return all;
    }
  }

  /** Sends once: where the answer was lost with the engine, the store says whether it was taken. */
  async send(to: string, text: string): Promise<void> {
    const args = { address: to, bytes: Buffer.from(text).toString('base64url') };
    for (;;) {
      const known = new Set(this.texts.keys());
      const engine = this.#engine;
      try {
        const { id } = (await engine.call('send', args)) as { id: number };
        this.texts.set(id, text);
        return;
      } catch (error) {
        if (!(error instanceof Error) || error.message !== 'the engine ended') throw error;
      }
      await pause(50);
      const list = await this.#list();
      const taken = list.find(({ id }) => !known.has(id));
      if (taken === undefined) continue;
      this.texts.set(taken.id, text);
      return;
    }
  }
}

export async function runDelivery(options: DeliveryOptions): Promise<DeliveryResult> {
  const net = await startLocalnet(path.join(options.folder, 'net'));
  const users = [new User('ann', options.folder, net.networkFile)];
  users.push(new User('ben', options.folder, net.networkFile));
  const [ann, ben] = users as [User, User];
  const stopFaults = startFaults(net);
  try {
    const [toAnn, toBen] = [await ann.address(), await ben.address()];
    options.say('both have an address');
    await Promise.all([
      talk(ann, toBen, options),
      talk(ben, toAnn, options),
      killAtTimes(ann, options),
      killAtTimes(ben, options),
    ]);
    options.say('all is sent');
    await settle(users, options);
    stopFaults();
    const before = count(ann, ben);
    const resent = await resend(users);
    await settle(users, options);
    const after = count(ann, ben);
    return { ...before, resent, arrivedAfterResend: after.arrived, duplicates: after.duplicates };
  } finally {
    stopFaults();
    await Promise.all(users.map((user) => user.end()));
    await net.end();
  }
}

/** One mix loses three in ten, another is killed every twenty seconds. */
function startFaults(net: RunningLocalnet): () => void {
  const [loser, victim] = net.nodeNames.filter((name) => name.startsWith('mix'));
  if (loser === undefined || victim === undefined) throw new Error('must hold: there are mixes');
  net.fault({ node: loser, drop: 0.3 });
  const timer = setInterval(() => net.fault({ node: victim, kill: true }), 20_000);
  return () => {
    clearInterval(timer);
    net.fault({ node: loser, drop: 0 });
  };
}

async function talk(from: User, to: string, { messages, pauseMs, random }: DeliveryOptions) {
  for (let index = 0; index < messages / 2; index++) {
    await from.send(to, `${from.name} ${index}`);
    await pause(2 * pauseMs * drawUnit(random));
  }
}

async function killAtTimes(user: User, { messages, pauseMs, kills, random }: DeliveryOptions) {
  const spanMs = (messages / 2) * pauseMs;
  for (let index = 0; index < kills; index++) {
    await pause(spanMs / kills / 2 + drawBelow(random, Math.max(1, Math.round(spanMs / kills))));
    await user.kill();
  }
}

/** Waits until nothing is on its way any more. */
async function settle(users: readonly User[], { nowMs, untilMs, say }: DeliveryOptions) {
  let quietSince = nowMs();
  while (nowMs() < untilMs) {
    await pause(500);
    for (const user of users) await user.refresh();
    const open = users.flatMap((user) => [...user.states.values()]);
    if (open.some((state) => state === 'queued' || state === 'in_mix')) quietSince = nowMs();
    // Mail that is at the provider is pulled within moments; what an engine was killed over is told
    // again after half a minute. A little longer shows what comes twice.
    const [ann, ben] = users as [User, User];
    const waitMs = count(ann, ben).untrue === 0 ? 4_000 : 35_000;
    if (nowMs() - quietSince > waitMs) return;
  }
  say('time is over, something is still on its way');
  for (const user of users) {
    const status = (await user.ask('network.status')) as { state: string };
    say(`${user.name} is ${status.state}, its messages: ${[...user.states.values()].join(' ')}`);
  }
}

async function resend(users: readonly User[]): Promise<number> {
  let resent = 0;
  for (const user of users) {
    for (const [id, state] of user.states) {
      const text = user.texts.get(id);
      if (state !== 'not_confirmed' || text === undefined) continue;
      const { id: again } = (await user.ask('message.resend', { id })) as { id: number };
      user.texts.set(again, text);
      user.states.delete(id);
      resent += 1;
    }
  }
  return resent;
}

function count(ann: User, ben: User) {
  const pairs = [
    [ann, ben],
    [ben, ann],
  ] as const;
  const result = { sent: 0, arrived: 0, duplicates: 0, notConfirmed: 0, untrue: 0 };
  for (const [from, to] of pairs) {
    const texts = new Set(from.texts.values());
    result.sent += texts.size;
    for (const text of texts) {
      const times = to.received.get(text)?.size ?? 0;
      if (times > 0) result.arrived += 1;
      if (times > 1) result.duplicates += 1;
    }
    for (const [id, state] of from.states) {
      const text = from.texts.get(id) ?? '';
      if (state === 'not_confirmed') result.notConfirmed += 1;
      if (state === 'at_provider' && !to.received.has(text)) result.untrue += 1;
    }
  }
  const both = { kills: ann.kills + ben.kills, statesThatWentBack: ann.wentBack + ben.wentBack };
  return { ...result, ...both };
}
