// A worker thread in which one client role runs on real sockets as the engine runs it, with a store
// in a file, and writes to itself without pause: short messages, the most that a user causes. It
// notes of each packet when it was scheduled, whether it carries a message, and of each message how
// long it took beyond what was drawn for it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { loadCryptoEngine } from '../../main/crypto/choose.ts';
import {
  type ClientEffect,
  type ClientInput,
  createClient,
} from '../../main/mixnet/client/client.ts';
import { createSchedule, type Slot } from '../../main/mixnet/client/schedule.ts';
import { Driver } from '../../main/net/drive.ts';
import { Links } from '../../main/net/links.ts';
import { createClientStore } from '../../main/store/client-store.ts';
import { openDatabase } from '../../main/store/database.ts';
import { profileMigrations } from '../../main/store/migrations.ts';
import { monotonicMs, systemRandom, unixMs } from '../../main/system.ts';
import { toHex } from '../../shared/bytes.ts';
import type { CryptoEngineName } from '../../shared/crypto.ts';
import {
  FRAME_HEADER_SIZE,
  frameKindOf,
  frameSizeOfByte,
} from '../../shared/network/frame-sizes.ts';
import { parseNetworkFile } from '../../shared/network/network-file.ts';
import { type TrafficName, trafficSets } from '../../shared/network/traffic.ts';
import type { RandomSource } from '../../shared/random.ts';
import { createSphinx, type Sphinx } from '../../shared/sphinx/packet.ts';
import { seededRandom } from './random.ts';
import { systemClockMs } from './system-clock.ts';

export type SocketClientData = {
  readonly name: string;
  readonly networkFile: string;
  /** A folder of the test's own. */
  readonly folder: string;
  readonly engine: CryptoEngineName;
  readonly traffic: TrafficName;
  /** A SOCKS5 proxy on loopback that every connection goes through, with `name` as the user. */
  readonly proxyPort: number;
  /** Packets that carry a message are written so much late: a planted leak. */
  readonly leakMs: number;
};

/** A packet that was given to the link; scheduled by `systemClockMs`. */
export type SentPacket = { readonly scheduledMs: number | null; readonly isMessage: boolean };

export type SocketClientReport = {
  readonly name: string;
  /** Of each link with the provider, in order. */
  readonly links: readonly (readonly SentPacket[])[];
  /** Beyond wait, drawn delays and half a pull interval, of each message that came back. */
  readonly addedLatencyMs: readonly number[];
  readonly forfeited: number;
};

/**
 * Fragments that wait for a slot at least: so many that the queue does not run empty while a busy
 * machine lets the thread stand. Slots of those times would all be cover, and late.
 */
const QUEUED_MIN = 60;
const FILL_MS = 20;
/** Three packets. */
const MESSAGE_SIZE = 4_000;

const data = workerData as SocketClientData;
const traffic = trafficSets[data.traffic];
const now = () => ({ monotonicMs: monotonicMs(), unixMs: unixMs() });
const clockOffsetMs = systemClockMs() - monotonicMs();
const network = parseNetworkFile(readFileSync(data.networkFile, 'utf8'));
if (!network.ok) throw new Error('must hold: the network file is one');

/** The streams of the client, and the same again for who looks at them. */
const streams = (twin: (source: RandomSource) => RandomSource) => ({
  payload: twin(seededRandom(`${data.name} payload`)),
  loop: seededRandom(`${data.name} loop`),
  drop: seededRandom(`${data.name} drop`),
  pull: seededRandom(`${data.name} pull`),
});
const twin = createSchedule(streams((source) => source));
let stepMs = monotonicMs();
let isScheduled = false;
/** The schedule begins with its first draw, at the time of the step that it is drawn in. */
const noteStart = (source: RandomSource): RandomSource => ({
  fill: (out) => {
    if (!isScheduled) twin.restart(stepMs, traffic);
    isScheduled = true;
    source.fill(out);
  },
});

/** What the packet that was built last is known by, and what was drawn for it. */
let built = { prefix: '', delaysMs: 0 };
const messages = new Map<string, { readonly id: number; readonly delaysMs: number }>();
const prefixOf = (packet: Uint8Array) => toHex(packet.subarray(0, 32));
const engine = await loadCryptoEngine(data.engine);
const plain = createSphinx(engine);
const sphinx: Sphinx = {
  ...plain,
  wrap: (options) => {
    const packet = plain.wrap(options);
    const delaysMs = options.delaysNs.reduce((sum, delayNs) => sum + Number(delayNs) / 1e6, 0);
    if (packet !== null) built = { prefix: prefixOf(packet), delaysMs };
    return packet;
  },
};
const db = openDatabase({
  file: path.join(data.folder, `${data.name}.db`),
  key: new Uint8Array(32).fill(5),
  migrations: profileMigrations,
});
const store = createClientStore(db, { unixMs });
const client = createClient(
  {
    engine,
    sphinx,
    random: systemRandom,
    instants: streams(noteStart),
    network: network.network,
    store: {
      ...store,
      reserve: (expected) => {
        store.reserve(expected);
        messages.set(built.prefix, { id: expected.id, delaysMs: built.delaysMs });
      },
    },
  },
  now(),
);

const sentOn: SentPacket[][] = [];
const addedLatencyMs: number[] = [];
/** When the last packet of a message is at the provider, by its instant and its delays. */
const dueMs = new Map<number, number>();
const idOfSerial = new Map<number, number>();
let serial = 0;

/** Slots that came due with this wake, in order. */
let slots: Slot[] = [];
const dueSlots = (nowMs: number): Slot[] => {
  slots.sort((a, b) => a.atMs - b.atMs);
  const due = slots.filter(({ atMs }) => atMs <= nowMs);
  slots = slots.slice(due.length);
  return due;
};

let jumpCount = 0;
/** One step of the client; the twin does what its schedule did in it. */
const step = <T>(run: () => T, nowMs: number): T => {
  stepMs = nowMs;
  const wasScheduled = isScheduled;
  const result = run();
  const { clock_jump: count } = client.counters().events;
  // Where the thread stood for too long, the client began anew.
  if (wasScheduled && count > jumpCount) {
    slots = [];
    twin.restart(nowMs, traffic);
  }
  jumpCount = count;
  if (isScheduled) slots.push(...twin.advance(nowMs));
  return result;
};

const packetOf = (effect: ClientEffect): Uint8Array | null => {
  const isPacket = effect.kind === 'send' && frameKindOf(effect.frame[0] ?? 0) === 'sphinx';
  return isPacket ? effect.frame.subarray(FRAME_HEADER_SIZE + 1) : null;
};

/** Pairs what a wake emits with what was due; where something was forfeited, none of them. */
const note = (effects: readonly ClientEffect[], nowMs: number): void => {
  const due = dueSlots(nowMs);
  const packets = effects.map(packetOf).filter((packet) => packet !== null);
  const isClear = due.length === packets.length;
  for (const [index, packet] of packets.entries()) {
    const message = messages.get(prefixOf(packet));
    const atMs = due[index]?.atMs ?? 0;
    const scheduledMs = isClear ? atMs + clockOffsetMs : null;
    sentOn.at(-1)?.push({ scheduledMs, isMessage: message !== undefined });
    if (message === undefined || !isClear) continue;
    dueMs.set(message.id, Math.max(dueMs.get(message.id) ?? 0, atMs + message.delaysMs));
  }
};

const role = {
  ...client,
  receive: (input: ClientInput, at: ReturnType<typeof now>) =>
    step(() => client.receive(input, at), at.monotonicMs),
  wake: (at: ReturnType<typeof now>) => {
    const effects = step(() => client.wake(at), at.monotonicMs);
    note(effects, at.monotonicMs);
    return effects;
  },
};

const driver = new Driver<
  Exclude<ClientInput, { kind: 'link-up' }>,
  Exclude<ClientEffect, { kind: 'send' | 'neighbours' | 'close' }>
>({
  role,
  now,
  links: (onInput) => {
    const links = new Links({
      frameSizes: (kind) => frameSizeOfByte(kind, client.pullMailCount()),
      key: null,
      listen: null,
      proxy: { host: '127.0.0.1', port: data.proxyPort, username: data.name, password: 'x' },
      random: systemRandom,
      nowMs: monotonicMs,
      onInput: (input) => {
        if (input.kind === 'link-up') sentOn.push([]);
        onInput(input);
      },
    });
    const send: typeof links.send = (peer, frame) => {
      const packet = frameKindOf(frame[0] ?? 0) === 'sphinx' ? frame.subarray(3) : null;
      if (data.leakMs === 0 || packet === null || !messages.has(prefixOf(packet))) {
        return links.send(peer, frame);
      }
      setTimeout(() => links.send(peer, frame), data.leakMs);
      return 'sent';
    };
    return {
      send,
      setNeighbours: (neighbours) => links.setNeighbours(neighbours),
      close: (peer) => links.close(peer),
    };
  },
  carryOut: (effect) => {
    if (effect.kind === 'queued') idOfSerial.set(effect.ref, effect.id);
    else if (effect.kind === 'progress' && effect.progress.state === 'at_provider') {
      driver.input({ kind: 'forget', id: effect.progress.id });
    } else if (effect.kind === 'received') {
      const { id, bytes } = effect.message;
      const sent = idOfSerial.get(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0));
      const due = sent === undefined ? undefined : dueMs.get(sent);
      if (due !== undefined) addedLatencyMs.push(monotonicMs() - due - traffic.pullIntervalMs / 2);
      driver.input({ kind: 'taken', id });
    }
  },
  onLost: (_peer, frame) => driver.input({ kind: 'not-sent', frame }),
});

/** Keeps the queue filled, once there is a mailbox. */
const fill = (): void => {
  const address = client.address();
  if (address === null || client.status().state !== 'online') return;
  const given = serial - idOfSerial.size;
  const queued = client.counters().outbox.fragmentsQueued + 3 * given;
  for (let left = QUEUED_MIN - queued; left > 0; left -= 3) {
    serial += 1;
    const bytes = new Uint8Array(MESSAGE_SIZE);
    new DataView(bytes.buffer).setUint32(0, serial);
    driver.input({ kind: 'send', ref: serial, address, bytes, priority: 'interactive' });
  }
};
setInterval(fill, FILL_MS);

parentPort?.on('message', (asked: 'report' | 'end') => {
  if (asked === 'end') process.exit(0);
  const { streams: counts } = client.counters();
  const forfeited = Object.values(counts).flatMap((one) => Object.values(one.forfeited));
  const report: SocketClientReport = {
    name: data.name,
    links: sentOn,
    addedLatencyMs,
    forfeited: forfeited.reduce((sum, count) => sum + count, 0),
  };
  parentPort?.postMessage(report);
});
