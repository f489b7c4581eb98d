// On real sockets, how late a packet's bytes are against its scheduled instant says nothing of
// whether it carries a message: two samples, one distribution. Clients run as the engine runs them,
// each in a thread, in a network of processes; a proxy in a thread of its own looks at the bytes.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { CryptoEngineName } from '../../shared/crypto.ts';
import { frameSize } from '../../shared/network/frame-sizes.ts';
import { type TrafficName, trafficSets } from '../../shared/network/traffic.ts';
import { startLocalnet } from '../support/localnet.ts';
import type { TappedConnection } from '../support/record-tap.ts';
import type { SentPacket, SocketClientData, SocketClientReport } from '../support/socket-client.ts';
import { ksTwoSample } from '../support/statistics.ts';
import type { LongForm } from './long.ts';

/** What TLS 1.3 adds to a record: the kind of its content, and a tag. */
const RECORD_OVERHEAD = 17;
/** The leak that has to be found: every packet with a message is written so much late. */
export const LEAK_MS = 2;
/** Of the time that so many packets take. */
const WAIT_MAX = 15;
export const P_MIN = 0.001;
/** What a planted leak is found with. */
export const P_FOUND = 1e-6;

export type LatenessOptions = {
  readonly engine: CryptoEngineName;
  readonly traffic: TrafficName;
  /** Further options of localnet: how many nodes. */
  readonly shape: readonly string[];
  /** Clients that leak nothing, and clients that do. */
  readonly sound: number;
  readonly leaking: number;
  /** How late the leaking ones write each packet with a message. */
  readonly leakMs: number;
  /** Packets of each kind from the clients of each sort. */
  readonly perArm: number;
  /** Where the clients' stores lie: on a disk whose flushes take their time, or in memory. */
  readonly root: string;
};

export type Lateness = {
  readonly messages: number;
  readonly covers: number;
  readonly messageMsP50: number;
  readonly messageMsP99: number;
  readonly coverMsP50: number;
  readonly coverMsP99: number;
  readonly ksDistance: number;
  readonly ksPValue: number;
};

export type LatenessReport = {
  readonly engine: CryptoEngineName;
  readonly traffic: TrafficName;
  readonly sound: Lateness;
  readonly leaking: Lateness;
  /** Packets whose instant is not told for certain, since slots beside them were forfeited. */
  readonly unpaired: number;
  readonly forfeited: number;
  readonly addedLatencyMs: readonly number[];
};

/** Runs all clients at once until each sort has its packets. */
export async function measureLateness(options: LatenessOptions): Promise<LatenessReport> {
  const folder = mkdtempSync(path.join(options.root, 'eddy-lateness-'));
  const network = await startLocalnet(path.join(folder, 'network'), options.traffic, options.shape);
  const traffic = trafficSets[options.traffic];
  const recordSize = frameSize('sphinx', traffic.pullMailCount) + RECORD_OVERHEAD;
  const tap = startThread('../support/record-tap.ts', { recordSize });
  const clients: Thread[] = [];
  try {
    const { port } = await tap.next<{ port: number }>();
    for (let index = 0; index < options.sound + options.leaking; index++) {
      const isSound = index < options.sound;
      const data: SocketClientData = {
        name: `${isSound ? 'sound' : 'leaking'}-${index}`,
        networkFile: network.networkFile,
        folder,
        engine: options.engine,
        traffic: options.traffic,
        proxyPort: port,
        leakMs: isSound ? 0 : options.leakMs,
      };
      clients.push(startThread('../support/socket-client.ts', data));
    }
    return await collect(options, tap, clients);
  } finally {
    for (const thread of [tap, ...clients]) await thread.end();
    await network.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Samples by sort and kind, in ms. */
type Samples = { readonly messages: number[]; readonly covers: number[] };

async function collect(
  options: LatenessOptions,
  tap: Thread,
  clients: readonly Thread[],
): Promise<LatenessReport> {
  const { payloadIntervalMsMean } = trafficSets[options.traffic];
  const sorts = [options.sound, options.leaking].filter((count) => count > 0);
  const expectedMs = (options.perArm * payloadIntervalMsMean) / Math.min(...sorts);
  const waitMs = Math.max(1_000, expectedMs / 20);
  for (let waitedMs = 0; ; waitedMs += waitMs) {
    // Far more than it takes: a machine with much else to do sends late, and forfeits.
    if (waitedMs > WAIT_MAX * expectedMs) throw new Error('the clients send too little');
    await later(waitMs);
    const reports: SocketClientReport[] = [];
    for (const client of clients) reports.push(await client.ask<SocketClientReport>('report'));
    const { connections } = await tap.ask<{ connections: TappedConnection[] }>('report');
    const of = (sort: string) =>
      reports.filter(({ name }) => name.startsWith(sort)).map((one) => samplesOf(one, connections));
    const [sound, leaking] = [joined(of('sound')), joined(of('leaking'))];
    const isEnough = ({ messages, covers }: Samples) =>
      Math.min(messages.length, covers.length) >= options.perArm;
    if (!isEnough(sound) || !(options.leaking === 0 || isEnough(leaking))) continue;
    const packets = reports.flatMap(({ links }) => links.flat());
    return {
      engine: options.engine,
      traffic: options.traffic,
      sound: latenessOf(sound),
      leaking: latenessOf(leaking),
      unpaired: packets.filter(({ scheduledMs }) => scheduledMs === null).length,
      forfeited: reports.reduce((sum, one) => sum + one.forfeited, 0),
      addedLatencyMs: reports.flatMap((one) => one.addedLatencyMs),
    };
  }
}

/** The n-th packet that a client gave to a link is the n-th record of the connection. */
function samplesOf(report: SocketClientReport, tapped: readonly TappedConnection[]): Samples {
  const links = report.links.filter((packets) => packets.length > 0);
  const connections = tapped.filter(({ user, atMs }) => user === report.name && atMs.length > 0);
  const samples: Samples = { messages: [], covers: [] };
  let isWriting = false;
  for (const [index, packets] of links.entries()) {
    const atMs = connections[index]?.atMs ?? [];
    for (const [place, packet] of packets.entries()) {
      // A client that has only just started is late with everything, and has no message yet: from
      // the first message on, both kinds are of the same time.
      isWriting ||= packet.isMessage;
      if (isWriting) note(samples, packet, atMs[place]);
    }
  }
  return samples;
}

function note(samples: Samples, packet: SentPacket, atMs: number | undefined): void {
  if (atMs === undefined || packet.scheduledMs === null) return;
  const list = packet.isMessage ? samples.messages : samples.covers;
  list.push(atMs - packet.scheduledMs);
}

function joined(all: readonly Samples[]): Samples {
  return {
    messages: all.flatMap(({ messages }) => messages),
    covers: all.flatMap(({ covers }) => covers),
  };
}

function latenessOf({ messages, covers }: Samples): Lateness {
  const at = (values: readonly number[], share: number) => {
    const sorted = Float64Array.from(values).sort();
    return rounded(sorted[Math.floor(sorted.length * share)] ?? 0);
  };
  const { distance, pValue } = ksTwoSample(messages, covers);
  return {
    messages: messages.length,
    covers: covers.length,
    messageMsP50: at(messages, 0.5),
    messageMsP99: at(messages, 0.99),
    coverMsP50: at(covers, 0.5),
    coverMsP99: at(covers, 0.99),
    ksDistance: rounded(distance),
    ksPValue: rounded(pValue),
  };
}

const rounded = (value: number) => Number(value.toPrecision(3));

type Thread = {
  readonly next: <T>() => Promise<T>;
  readonly ask: <T>(what: string) => Promise<T>;
  readonly end: () => Promise<unknown>;
};

function startThread(file: string, workerData: unknown): Thread {
  const worker = new Worker(new URL(file, import.meta.url), { workerData });
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', reject);
  });
  // Whoever waits for an answer hears of it; nobody may be waiting.
  failed.catch(() => {});
  const next = <T>() =>
    Promise.race([failed, new Promise<T>((resolve) => worker.once('message', resolve))]);
  return {
    next,
    ask: <T>(what: string) => {
      const answer = next<T>();
      worker.postMessage(what);
      return answer;
    },
    end: () => worker.terminate(),
  };
}

/** `npm run -s long -- socket-lateness`: five thousand of each, fastest engine and slowest. */
export const longForm: LongForm = {
  run: async ({ say }) => {
    const same = { shape: [], perArm: 5_000, root: os.tmpdir(), leakMs: LEAK_MS };
    const arms: LatenessOptions[] = [
      { engine: 'native', traffic: 'test', sound: 2, leaking: 2, ...same },
      { engine: 'noble', traffic: 'demo', sound: 6, leaking: 6, ...same },
    ];
    const lines: Omit<LatenessReport, 'addedLatencyMs'>[] = [];
    for (const options of arms) {
      say(
        `${options.engine}: ${options.perArm} packets of each kind at ${options.traffic} traffic`,
      );
      const { addedLatencyMs: _, ...line } = await measureLateness(options);
      lines.push(line);
    }
    const passed = lines.every(
      ({ sound, leaking }) => sound.ksPValue > P_MIN && leaking.ksPValue < P_FOUND,
    );
    return { passed, arms: lines };
  },
};
