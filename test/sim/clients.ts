// Client roles as hosts of a world: each with a store that outlives its crashes, writing to the
// others at random times, and an account of what became of every message. Mail that was at a
// provider has to arrive, once, whatever crashed meanwhile.
import { type ClientEffect, createClient } from '../../main/mixnet/client/client.ts';
import type { Client } from '../../main/mixnet/client/contract.ts';
import { MESSAGE_STATES, type MessageState } from '../../main/mixnet/client/store.ts';
import { createClientStore } from '../../main/store/client-store.ts';
import { profileMigrations } from '../../main/store/migrations.ts';
import { frameKindOf } from '../../shared/network/frame-sizes.ts';
import { clientPacketsPerMs, type Traffic } from '../../shared/network/traffic.ts';
import { drawBelow, drawExponential } from '../../shared/random.ts';
import { memoryDatabase } from '../support/memory-database.ts';
import { seededRandom } from '../support/random.ts';
import type { Checks } from './checks.ts';
import type { SimNetwork } from './network.ts';
import type { Hostile, Observer, SimEffect, SimRole } from './parts.ts';
import type { World } from './world.ts';

/** Clients of one run; each has a database of its own. */
export const SIM_CLIENTS_MAX = 200;
/** A message of each client, on average. */
const MESSAGE_INTERVAL_MS_MEAN = 20_000;
const MESSAGE_SIZE_MAX = 4_000;
/** Nobody writes in the end of a run, so that what is on its way can arrive. */
const QUIET_MS = 240_000;
/** How long what is at a provider may take to its client, crashes and partings included. */
const PICK_UP_MS_MAX = 180_000;
/**
 * Within what a message of a client that is there ends, whatever is lost: five tries, each of which
 * waits for eight delays, a pull and its turn; one that was away has so long in the end.
 */
const openMsMax = ({ hopDelayMsMean }: Traffic) => 100_000 + 400 * hopDelayMsMean;
/**
 * Packets of a client within one second: a Poisson stream of the fastest rate of a network is
 * beyond this once in 10^9 seconds.
 */
const burstMax = (perSecond: number) => Math.ceil(perSecond + 8 * Math.sqrt(perSecond) + 4);

export type ClientPlant =
  | 'none'
  | 'loses-mail'
  | 'takes-twice'
  | 'bursts'
  | 'forgets-state'
  | 'never-ends'
  | 'turns-state-back';

export type MessageAccount = {
  readonly sent: number;
  readonly delivered: number;
  /** At the recipient's provider for long, and never received. */
  readonly lost: number;
  readonly duplicates: number;
  /** By what their senders know of them in the end. */
  readonly states: Readonly<Record<MessageState, number>>;
};

type Message = {
  readonly from: string;
  readonly to: string;
  /** What its sender calls it, once it is durable there. */
  id: number | null;
  readonly sentAtMs: number;
  /** As it was told last. */
  state: MessageState;
  atProviderMs: number | null;
  received: number;
};

export type SimClients = {
  readonly names: readonly string[];
  /** Looks over every message, reports what is missing, and counts. */
  readonly settle: () => MessageAccount;
};

export function addClients(
  world: World,
  network: SimNetwork,
  checks: Checks,
  options: {
    readonly count: number;
    readonly seed: number;
    readonly traffic: Traffic;
    readonly untilMs: number;
    readonly plant: ClientPlant;
    /** Between two messages of a client, at a part (0 to 1) of the run. */
    readonly messageIntervalMsMean?: (share: number) => number;
  },
): SimClients {
  const { count, seed, untilMs, plant } = options;
  const intervalMsMean = options.messageIntervalMsMean ?? (() => MESSAGE_INTERVAL_MS_MEAN);
  const nextMs = () =>
    world.nowMs() + drawExponential(random, intervalMsMean(world.nowMs() / untilMs));
  const random = seededRandom(`clients ${seed}`);
  const names = Array.from({ length: count }, (_, index) => `client-${index + 1}`);
  const messages = new Map<number, Message>();
  /** What each sender calls its messages. */
  const serials = new Map<string, Map<number, number>>();
  const roles = new Map<string, () => Client>();
  const wrongs = { duplicates: 0 };

  const receive = (name: string, bytes: Uint8Array): void => {
    const message = messages.get(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0));
    if (message === undefined || message.to !== name) {
      checks.report('duplicate', name, 'a message that nobody sent to it');
      return;
    }
    message.received += 1;
    if (message.received === 1) return;
    wrongs.duplicates += 1;
    checks.report('duplicate', name, 'a message that it had taken came again');
  };
  const learn = (name: string, effect: ClientEffect): void => {
    if (effect.kind === 'queued') {
      serials.get(name)?.set(effect.id, effect.ref);
      const queued = messages.get(effect.ref);
      if (queued !== undefined) queued.id = effect.id;
    }
    if (effect.kind !== 'progress') return;
    const { id, state } = effect.progress;
    const message = messages.get(serials.get(name)?.get(id) ?? -1);
    if (message === undefined) return;
    if (MESSAGE_STATES.indexOf(state) < MESSAGE_STATES.indexOf(message.state)) {
      checks.report('state-back', name, `from ${message.state} to ${state}`);
    }
    message.state = state;
    if (state === 'at_provider') message.atProviderMs ??= world.nowMs();
  };

  for (const name of names) {
    serials.set(name, new Map());
    const host = { world, network, name, seed, receive, learn, plant };
    roles.set(name, addClient(host));
    if (plant === 'bursts') world.setHostile(name, bursting());
  }
  world.observe(watchBursts(names, checks, options.traffic));
  let serial = 0;
  const write = (name: string): void => {
    const others = names.filter((other) => other !== name);
    const to = others[drawBelow(random, others.length)] ?? '';
    const address = roles.get(to)?.().address() ?? null;
    world.at(nextMs(), () => write(name));
    if (address === null || !world.isAwake(name) || world.nowMs() > untilMs - QUIET_MS) return;
    serial += 1;
    const bytes = new Uint8Array(4 + drawBelow(random, MESSAGE_SIZE_MAX));
    new DataView(bytes.buffer).setUint32(0, serial);
    const fresh = { id: null, state: 'queued' as const, atProviderMs: null, received: 0 };
    messages.set(serial, { from: name, to, sentAtMs: world.nowMs(), ...fresh });
    world.input(name, { kind: 'send', ref: serial, address, bytes, priority: 'interactive' });
  };
  if (count > 1) for (const name of names) world.at(nextMs(), () => write(name));

  return {
    names,
    settle: () => {
      const progress = (from: string, id: number) => roles.get(from)?.().progress(id)?.state;
      const endedBeforeMs = untilMs - openMsMax(options.traffic);
      const settling = { world, checks, progress, untilMs, endedBeforeMs };
      return { ...settled([...messages.values()], settling), duplicates: wrongs.duplicates };
    },
  };
}

type Settling = {
  readonly world: World;
  readonly checks: Checks;
  /** What a sender knows of a message of its own in the end. */
  readonly progress: (from: string, id: number) => MessageState | undefined;
  readonly untilMs: number;
  /** What was sent before has to be over. */
  readonly endedBeforeMs: number;
};

function settled(
  messages: readonly Message[],
  { world, checks, progress, untilMs, endedBeforeMs }: Settling,
): Omit<MessageAccount, 'duplicates'> {
  const states = { queued: 0, in_mix: 0, not_confirmed: 0, at_provider: 0 };
  let [sent, delivered, lost] = [0, 0, 0];
  for (const { from, to, id, sentAtMs, atProviderMs, received } of messages) {
    // Its sender crashed, or refused it, before it was durable: nobody was told that it was.
    if (id === null) continue;
    sent += 1;
    const state = progress(from, id);
    if (state !== undefined) states[state] += 1;
    else checks.report('state-lost', from, 'a message that was queued has no state');
    const isOpen = state === 'queued' || state === 'in_mix';
    if (isOpen && sentAtMs < endedBeforeMs && world.isAwake(from)) {
      checks.report('never-ends', from, `${state} since ${sentAtMs} ms`);
    }
    if (received > 0) delivered += 1;
    const isOverdue = atProviderMs !== null && atProviderMs < untilMs - PICK_UP_MS_MAX;
    if (received > 0 || !isOverdue || !world.isUp(to)) continue;
    lost += 1;
    checks.report('mail-lost', to, `mail at its provider since ${atProviderMs} ms`);
  }
  return { sent, delivered, lost, states };
}

type HostOptions = {
  readonly world: World;
  readonly network: SimNetwork;
  readonly name: string;
  readonly seed: number;
  readonly receive: (name: string, bytes: Uint8Array) => void;
  readonly learn: (name: string, effect: ClientEffect) => void;
  readonly plant: ClientPlant;
};

/** Gives the role that runs now. */
function addClient({ world, network, name, seed, receive, learn, plant }: HostOptions) {
  let starts = 0;
  let role: Client | null = null;
  let received = 0;
  const db = memoryDatabase(profileMigrations);
  const taken = new Set<number>();
  world.add({
    name,
    peer: null,
    start: (now) => {
      starts += 1;
      const stream = (what: string) => seededRandom(`${name} ${what} ${seed} ${starts}`);
      const instants = {
        payload: stream('payload'),
        loop: stream('loop'),
        drop: stream('drop'),
        pull: stream('pull'),
      };
      const { engine, sphinx, file } = network;
      const store = createClientStore(db, { unixMs: () => now.unixMs });
      const parts = { engine, sphinx, random: stream('random'), instants, network: file, store };
      role = createClient(parts, now);
      if (plant === 'never-ends') neverEnd(role);
      return role as SimRole;
    },
    carryOut: (effect: SimEffect) => {
      const told = effect as ClientEffect;
      learn(name, told);
      if (plant === 'turns-state-back' && told.kind === 'progress') {
        learn(name, { kind: 'progress', progress: { ...told.progress, state: 'queued' } });
      }
      if (plant === 'forgets-state' && told.kind === 'queued' && told.id % 5 === 0) {
        world.at(world.nowMs(), () => world.input(name, { kind: 'forget', id: told.id }));
      }
      if (told.kind !== 'received') return;
      const { id, bytes } = told.message;
      received += 1;
      const isPlanted = received % 5 === 0;
      // Told again until it is taken: only what was taken may not come again.
      if (taken.has(id)) return;
      taken.add(id);
      if (plant !== 'loses-mail' || !isPlanted) receive(name, bytes);
      if (plant === 'takes-twice' && isPlanted) receive(name, bytes);
      world.at(world.nowMs(), () => world.input(name, { kind: 'taken', id }));
    },
  });
  return () => {
    if (role === null) throw new Error('must hold: a client that was added has started');
    return role;
  };
}

/** Every third message is in the mix for ever, as one whose timer was forgotten. */
function neverEnd(role: Client): void {
  const { progress } = role;
  Object.assign(role, {
    progress: (id: number) => {
      const told = progress.call(role, id);
      return told === null || id % 3 !== 0 ? told : { ...told, state: 'in_mix' };
    },
  });
}

/** Says so where a client's packets come in a burst: a second that no Poisson stream has. */
function watchBursts(names: readonly string[], checks: Checks, traffic: Traffic): Observer {
  const max = burstMax(1_000 * clientPacketsPerMs(traffic));
  const recent = new Map<string, number[]>(names.map((name) => [name, []]));
  return {
    onSend: ({ atMs, from, frame }) => {
      const times = recent.get(from);
      if (times === undefined || frameKindOf(frame[0] ?? 0) !== 'sphinx') return;
      times.push(atMs);
      while ((times[0] ?? atMs) < atMs - 1_000) times.shift();
      if (times.length > max) checks.report('burst', from, `${times.length} packets in a second`);
    },
  };
}

/** A client that gathers packets and sends them together. */
function bursting(): Hostile {
  let held: Uint8Array[] = [];
  return (frame) => {
    if (frameKindOf(frame[0] ?? 0) !== 'sphinx') return [{ frame, laterMs: 0 }];
    held.push(frame);
    if (held.length < 40) return [];
    const all = held.map((one) => ({ frame: one, laterMs: 0 }));
    held = [];
    return all;
  };
}
