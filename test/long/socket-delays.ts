// The time that packets spend in a mix on real sockets: as its header says, never less, and
// exponential over the whole node, whose driver and timer add what they add. One mix as production
// runs it, a sender before it and a receiver after it, TLS on loopback.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { createMix } from '../../main/mixnet/mix.ts';
import type { LinkEffect, LinkInput } from '../../main/mixnet/role.ts';
import { Driver } from '../../main/net/drive.ts';
import { Links } from '../../main/net/links.ts';
import { monotonicMs, systemRandom, unixMs } from '../../main/system.ts';
import { concatBytes, toHex } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { decodeFrame, encodeFrame } from '../../shared/network/frames.ts';
import { PACKET_VERSION } from '../../shared/network/packet.ts';
import { FORWARD_DESTINATION, FORWARD_IDENTIFIER } from '../../shared/network/payload.ts';
import { nodePeer } from '../../shared/network/topology.ts';
import { drawBytes, drawExponential, type RandomSource } from '../../shared/random.ts';
import { PAYLOAD_SIZE } from '../../shared/sphinx/geometry.ts';
import { createSphinx, type Sphinx } from '../../shared/sphinx/packet.ts';
import {
  benchDocument,
  benchNetwork,
  frameSizes,
  linkKeyAt,
  nodeAt,
  PLACES,
  PREFIX_SIZE,
  type Setup,
  traffic,
} from '../bench/mix-setup.ts';
import { fastestEngine } from '../support/engines.ts';
import { keyStoreOf, memoryDocumentStore } from '../support/mix.ts';
import type { TestNetwork } from '../support/network.ts';
import { freePorts } from '../support/ports.ts';
import { seededRandom } from '../support/random.ts';
import { NETWORK_RULES } from '../support/sphinx.ts';
import { exponentialCumulative, ksOneSample } from '../support/statistics.ts';
import type { LongForm } from './long.ts';

const DELAY_MS_MEAN = 200;
const PACKETS_PER_SECOND = 200;
const LINK_MS_MAX = 20_000;
/** Clocks of one process agree; a timer is not early by more than its own rounding. */
const EARLY_MS_MAX = 0.5;
const P_MIN = 0.001;
const K = traffic.pullMailCount;

export type SocketDelays = {
  readonly packets: number;
  readonly arrived: number;
  /** Left before the header said so. */
  readonly early: number;
  readonly addedMsP50: number;
  readonly addedMsP99: number;
  /** Of the time spent, less the median of what was added, against the exponential. */
  readonly ksDistance: number;
  readonly ksPValue: number;
};

export async function measureSocketDelays(options: {
  readonly seed: string;
  readonly packets: number;
  /** Delays in the mix are cut at this, as a node that hurries would. */
  readonly truncateMs?: number;
}): Promise<SocketDelays> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'eddy-delays-'));
  const ports = await freePorts(Object.keys(PLACES).length);
  const setup: Setup = { folder, ports, epoch0UnixMs: unixMs() - 60_000 };
  for (const place of Object.values(PLACES)) linkKeyAt(setup, place);
  const engine = await fastestEngine();
  const made = benchNetwork(setup, engine);
  const ends: (() => Promise<void>)[] = [];
  try {
    const random = seededRandom(`socket delays ${options.seed}`);
    const packets = Array.from({ length: options.packets }, () => buildPacket(made, random));
    ends.push(await runMix(setup, made, engine, options.truncateMs ?? Infinity));
    const spent = await sendThrough(setup, made, packets, ends);
    return summary(packets, spent);
  } finally {
    for (const end of ends) await end();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Packet = { readonly packet: Uint8Array; readonly delayMs: number; readonly prefix: string };

/** A packet for the mix of layer 2, with what it begins with once the mix has unwrapped it. */
function buildPacket(made: TestNetwork, random: RandomSource): Packet {
  const sphinx = createSphinx(made.engine);
  const [mix, after] = [nodeAt(made, PLACES.mix), nodeAt(made, PLACES.after)];
  const delayMs = drawExponential(random, DELAY_MS_MEAN);
  const ready = sphinx.createHeader({
    route: [mix, after].map(({ identity, sphinxKeys }) => ({
      address: identity.publicKey,
      publicKey: sphinxKeys[0].publicKey,
    })),
    delaysNs: [BigInt(Math.round(delayMs * 1e6)), 0n],
    destination: FORWARD_DESTINATION,
    identifier: FORWARD_IDENTIFIER,
    version: PACKET_VERSION,
    random,
  });
  if (ready === null) throw new Error('must hold: honest keys make a header');
  const packet = concatBytes(ready.header, drawBytes(random, PAYLOAD_SIZE));
  const passed = sphinx.unwrap(packet, mix.sphinxKeys[0].secretKey, NETWORK_RULES);
  if (passed.kind !== 'forward') throw new Error('must hold: the mix passes it on');
  return { packet, delayMs, prefix: toHex(passed.packet.subarray(0, PREFIX_SIZE)) };
}

/** Gives what ends it. */
async function runMix(
  setup: Setup,
  made: TestNetwork,
  engine: CryptoEngine,
  truncateMs: number,
): Promise<() => Promise<void>> {
  const node = nodeAt(made, PLACES.mix);
  const now = () => ({ monotonicMs: monotonicMs(), unixMs: unixMs() });
  const role = createMix(
    {
      engine,
      sphinx: truncating(createSphinx(engine), truncateMs),
      random: systemRandom,
      loopInstants: systemRandom,
      network: made.network,
      identity: node.identity,
      linkKeyHash: node.descriptor.linkKeyHash,
      operator: node.descriptor.operator,
      addresses: node.descriptor.addresses,
      traffic: traffic.name,
      keyStore: keyStoreOf(node),
      documentStore: memoryDocumentStore([benchDocument(made)]),
    },
    now(),
  );
  const held: { links?: Links } = {};
  const driver = new Driver<LinkInput, LinkEffect>({
    role,
    now,
    links: (onInput) => {
      held.links = openLinks(setup, PLACES.mix, onInput);
      return held.links;
    },
    carryOut: () => undefined,
  });
  await held.links?.listen();
  return async () => {
    driver.end();
    await held.links?.end();
  };
}

function truncating(sphinx: Sphinx, truncateMs: number): Sphinx {
  if (truncateMs === Infinity) return sphinx;
  const delayNsMax = BigInt(truncateMs * 1e6);
  return {
    ...sphinx,
    unwrap: (...given) => {
      const unwrapped = sphinx.unwrap(...given);
      if (unwrapped.kind !== 'forward' || unwrapped.delayNs < delayNsMax) return unwrapped;
      return { ...unwrapped, delayNs: delayNsMax };
    },
  };
}

/** Sends all packets at an even pace; gives the time that each took, by its prefix. */
async function sendThrough(
  setup: Setup,
  made: TestNetwork,
  packets: readonly Packet[],
  ends: (() => Promise<void>)[],
): Promise<ReadonlyMap<string, number>> {
  const mix = nodeAt(made, PLACES.mix);
  const peer = nodePeer(mix.identity.publicKey);
  const { linkKeyHash, addresses } = mix.descriptor;
  const sentMs = new Map<string, number>();
  const spentMs = new Map<string, number>();
  const after = openLinks(setup, PLACES.after, (input) => {
    const arrivedMs = monotonicMs();
    const decoded = input.kind === 'frame' ? decodeFrame(input.frame, K) : null;
    if (decoded?.ok !== true || decoded.frame.kind !== 'sphinx') return;
    const prefix = toHex(decoded.frame.packet.subarray(0, PREFIX_SIZE));
    const from = sentMs.get(prefix);
    if (from !== undefined) spentMs.set(prefix, arrivedMs - from);
  });
  const before = openLinks(setup, PLACES.before, () => undefined);
  for (const links of [before, after]) {
    ends.push(() => links.end());
    await links.listen();
  }
  before.setNeighbours([{ peer, addresses, linkKeyHash }]);
  after.setNeighbours([{ peer, addresses: [], linkKeyHash }]);
  const until = monotonicMs() + LINK_MS_MAX;
  while (!(before.isUp(peer) && after.isUp(peer))) {
    if (monotonicMs() > until) throw new Error('the mix has no links');
    await later(20);
  }
  const startedMs = monotonicMs();
  for (const [index, { packet, prefix }] of packets.entries()) {
    const dueMs = startedMs + (1_000 * index) / PACKETS_PER_SECOND;
    while (monotonicMs() < dueMs) await later(1);
    const frame = encodeFrame({ kind: 'sphinx', parity: 0, packet }, K);
    sentMs.set(prefix, monotonicMs());
    if (before.send(peer, frame) !== 'sent') throw new Error('the link takes no packet');
  }
  const drainedMs = monotonicMs() + 30 * DELAY_MS_MEAN;
  while (spentMs.size < packets.length && monotonicMs() < drainedMs) await later(20);
  return spentMs;
}

function openLinks(setup: Setup, place: number, onInput: (input: LinkInput) => void): Links {
  return new Links({
    frameSizes,
    key: linkKeyAt(setup, place),
    listen: { host: '127.0.0.1', port: setup.ports[place] ?? 0, acceptsAnonymous: false },
    random: systemRandom,
    nowMs: monotonicMs,
    onInput,
  });
}

function summary(packets: readonly Packet[], spent: ReadonlyMap<string, number>): SocketDelays {
  const times = packets.flatMap(({ prefix, delayMs }) => {
    const spentMs = spent.get(prefix);
    return spentMs === undefined ? [] : [{ spentMs, addedMs: spentMs - delayMs }];
  });
  const added = Float64Array.from(times, ({ addedMs }) => addedMs).sort();
  const at = (share: number) => added[Math.floor(added.length * share)] ?? 0;
  const realised = times.map(({ spentMs }) => spentMs - at(0.5));
  const { distance, pValue } = ksOneSample(realised, exponentialCumulative(DELAY_MS_MEAN));
  const rounded = (value: number) => Number(value.toPrecision(3));
  return {
    packets: packets.length,
    arrived: times.length,
    early: times.filter(({ addedMs }) => addedMs < -EARLY_MS_MAX).length,
    addedMsP50: rounded(at(0.5)),
    addedMsP99: rounded(at(0.99)),
    ksDistance: rounded(distance),
    ksPValue: rounded(pValue),
  };
}

/** `npm run -s long -- socket-delays`: five thousand packets. */
export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    say('five thousand packets through a mix on real sockets');
    const delays = await measureSocketDelays({ seed, packets: 5_000 });
    const isWhole = delays.arrived === delays.packets && delays.early === 0;
    return { passed: isWhole && delays.ksPValue > P_MIN, ...delays };
  },
};
