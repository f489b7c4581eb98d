// What providers that mean harm can see. One: a payload that the sender's provider altered shows
// the recipient's provider nothing that depends on the mailbox. Two: of an acknowledgement and its
// mail, the two providers together hold no bytes in common, and a payload that one of them chose
// for the acknowledgement looks like any other to the other one. Every byte that each sees is
// compared, on real packets; each proof also meets a defect that it must find.
import { concatBytes } from '../../shared/bytes.ts';
import { buildPacket, PACKET_VERSION } from '../../shared/network/packet.ts';
import { drawAcknowledgementPath, drawForwardPath, type Path } from '../../shared/network/path.ts';
import { decodePayload, mailboxDestination } from '../../shared/network/payload.ts';
import type { Topology, TopologyNode } from '../../shared/network/topology.ts';
import { drawBelow, drawBytes, type RandomSource } from '../../shared/random.ts';
import { HEADER_SIZE, PAYLOAD_SIZE } from '../../shared/sphinx/geometry.ts';
import { createSphinx, type Sphinx } from '../../shared/sphinx/packet.ts';
import { unpadPayload } from '../../shared/sphinx/payload.ts';
import { fastestEngine } from '../support/engines.ts';
import { makeNetwork, makeTopology, secretsOf, type TestNetwork } from '../support/network.ts';
import { seededRandom } from '../support/random.ts';
import { NETWORK_RULES } from '../support/sphinx.ts';
import { createBitCounts, furthestBit } from '../support/statistics.ts';
import type { LongForm } from './long.ts';

/** Shortest run of bytes that both may not hold: by chance, once in 10^11 pairs. */
const COMMON_BYTES = 8;
/** Standard deviations of the furthest of 20,000 bits: less but once in 10^4 honest runs. */
const DEVIATIONS_MAX = 6;

export type BlindnessPlant =
  | 'none'
  /** The header names the mailbox. */
  | 'mailbox-in-header'
  /** A payload cipher that garbles what was altered alone. */
  | 'malleable-payload'
  /** The acknowledgement's header shows the identifier. */
  | 'identifier-in-header'
  /** A payload that mixes pass on as it is. */
  | 'payload-untouched';

export type BlindnessReport = {
  readonly tagged: number;
  /** The bit that tells two mailboxes apart best, over everything the recipient's provider sees. */
  readonly taggedDeviationsMax: number;
  /** Tagged packets whose payload was taken for whole. */
  readonly taggedAccepted: number;
  readonly acknowledgements: number;
  /** Runs of 8 bytes that both providers hold of one exchange. */
  readonly commonRuns: number;
  readonly markedDeviationsMax: number;
  readonly passed: boolean;
};

export type BlindnessOptions = {
  readonly seed: string;
  /** Packets for each of two mailboxes, and acknowledgements with each of two payloads. */
  readonly perArm: number;
  readonly plant?: BlindnessPlant;
};

export async function runBlindness(options: BlindnessOptions): Promise<BlindnessReport> {
  const { perArm, plant = 'none' } = options;
  const stage = await setStage(options.seed);
  const mailboxes = [drawBytes(stage.random, 16), drawBytes(stage.random, 16)] as const;
  let taggedAccepted = 0;
  const taggedView = (mailbox: Uint8Array) => {
    const exchange = sendMail(stage, mailbox, plant, (packet) => tag(stage.random, packet));
    if (exchange.back !== null) taggedAccepted += 1;
    return exchange.recipientSees;
  };
  const taggedDeviationsMax = deviationsMax(perArm, [
    () => taggedView(mailboxes[0]),
    () => taggedView(mailboxes[1]),
  ]);

  let commonRuns = 0;
  const marks = [new Uint8Array(PAYLOAD_SIZE), null];
  const returned = (mark: Uint8Array | null) => {
    const { recipientSees, back } = sendMail(stage, mailboxes[0], plant, (packet) => packet);
    if (back === null) throw new Error('must hold: an honest packet arrives');
    const seen = acknowledge(stage, back, mark, plant);
    const held = [recipientSees, back.plaintext, seen.sent];
    commonRuns += commonRunsOf(concatBytes(...held), seen.senderSees);
    return seen.senderSees;
  };
  const markedDeviationsMax = deviationsMax(perArm, [
    () => returned(marks[0] ?? null),
    () => returned(marks[1] ?? null),
  ]);
  return {
    tagged: 2 * perArm,
    taggedDeviationsMax,
    taggedAccepted,
    acknowledgements: 2 * perArm,
    commonRuns,
    markedDeviationsMax,
    passed:
      taggedDeviationsMax < DEVIATIONS_MAX &&
      markedDeviationsMax < DEVIATIONS_MAX &&
      taggedAccepted === 0 &&
      commonRuns === 0,
  };
}

type Stage = {
  readonly made: TestNetwork;
  readonly sphinx: Sphinx;
  readonly random: RandomSource;
  readonly topology: Topology;
  /** The sender's provider and the recipient's. */
  readonly from: TopologyNode;
  readonly to: TopologyNode;
  readonly senderMailbox: Uint8Array;
};

async function setStage(seed: string): Promise<Stage> {
  const made = makeNetwork({ seed: `blindness ${seed}`, engine: await fastestEngine() });
  const topology = makeTopology(made);
  const [from, to] = topology.providers;
  if (from === undefined || to === undefined) throw new Error('must hold: two providers');
  const random = seededRandom(`blindness ${seed}`);
  const sphinx = createSphinx(made.engine);
  return { made, sphinx, random, topology, from, to, senderMailbox: drawBytes(random, 16) };
}

/** What the recipient's provider has in hand to acknowledge a mail with. */
type Back = {
  readonly plaintext: Uint8Array;
  readonly header: Uint8Array;
  readonly path: Path;
};

/** One mail, altered by the sender's provider; everything that the recipient's provider sees. */
function sendMail(
  stage: Stage,
  mailbox: Uint8Array,
  plant: BlindnessPlant,
  alter: (packet: Uint8Array) => Uint8Array,
): { readonly recipientSees: Uint8Array; readonly back: Back | null } {
  const { random, sphinx, topology, from, to } = stage;
  const options = { topology, epoch: 0, random };
  const path = drawForwardPath(options, from, to);
  const ackPath = drawAcknowledgementPath(options, from);
  const identifier = drawBytes(random, 16);
  if (path === null || ackPath === null) throw new Error('must hold: every node has a key');
  const packet = buildPacket(sphinx, random, {
    path,
    kind: 'mail',
    mailbox,
    token: drawBytes(random, 16),
    content: drawBytes(random, 1_627),
    acknowledgement: {
      path: ackPath,
      delayNs: 0n,
      destination: mailboxDestination(stage.senderMailbox),
      identifier,
    },
  });
  if (packet === null) throw new Error('must hold: honest keys are not of low order');
  const [firstHop, ...others] = path.nodes;
  const left = alter(pass(stage, packet, firstHop ? [firstHop] : []));
  const arrived = pass(stage, left, others.slice(0, -1));
  const { destination, identifier: shown, payload } = endAt(stage, to, arrived);
  const seenDestination = plant === 'mailbox-in-header' ? mailboxDestination(mailbox) : destination;
  const seenPayload = plant === 'malleable-payload' ? concatBytes(payload, mailbox) : payload;
  const recipientSees = concatBytes(arrived, seenDestination, shown, seenPayload);
  const plaintext = unpadPayload(payload);
  const decoded = plaintext === null ? null : decodePayload(plaintext);
  if (plaintext === null || decoded?.ok !== true) return { recipientSees, back: null };
  const { header } = decoded.payload.acknowledgement;
  const shownToo = plant === 'identifier-in-header' ? identifier : new Uint8Array(0);
  const sees = concatBytes(recipientSees, shownToo);
  return { recipientSees: sees, back: { plaintext, header, path: ackPath } };
}

/** The acknowledgement sent off with `mark` for a payload, and what the sender's provider sees. */
function acknowledge(
  stage: Stage,
  back: Back,
  mark: Uint8Array | null,
  plant: BlindnessPlant,
): { readonly sent: Uint8Array; readonly senderSees: Uint8Array } {
  const payload = mark ?? drawBytes(stage.random, PAYLOAD_SIZE);
  const sent = concatBytes(back.header, payload);
  const arrived = pass(stage, sent, back.path.nodes.slice(0, -1));
  if (plant === 'payload-untouched') arrived.set(payload, HEADER_SIZE);
  const final = endAt(stage, stage.from, arrived);
  // The destination is the sender's mailbox in every run: a constant of this provider's client.
  return { sent, senderSees: concatBytes(arrived, final.identifier, final.payload) };
}

/** The packet after these nodes passed it on. */
function pass(stage: Stage, packet: Uint8Array, nodes: readonly TopologyNode[]): Uint8Array {
  return nodes.reduce((current, node) => {
    const result = stage.sphinx.unwrap(current, keyOf(stage, node), NETWORK_RULES);
    if (result.kind !== 'forward') throw new Error(`expected forward, got ${result.kind}`);
    return result.packet;
  }, packet);
}

function endAt(stage: Stage, node: TopologyNode, packet: Uint8Array) {
  const result = stage.sphinx.unwrap(packet, keyOf(stage, node), NETWORK_RULES);
  if (result.kind !== 'final') throw new Error(`version ${PACKET_VERSION}: got ${result.kind}`);
  return result;
}

function keyOf({ made }: Stage, node: TopologyNode): Uint8Array {
  return secretsOf(made, node.peer).sphinxKeys[0].secretKey;
}

/** Flips one bit of the payload. */
function tag(random: RandomSource, packet: Uint8Array): Uint8Array {
  const tagged = packet.slice();
  const at = HEADER_SIZE + drawBelow(random, PAYLOAD_SIZE);
  tagged[at] = (tagged[at] ?? 0) ^ (1 << drawBelow(random, 8));
  return tagged;
}

/** How far apart the two are in the bit that differs most, in standard deviations. */
function deviationsMax(
  perArm: number,
  arms: readonly [() => Uint8Array, () => Uint8Array],
): number {
  const [first, second] = arms.map((view) => {
    const counts = createBitCounts();
    for (let draw = 0; draw < perArm; draw++) counts.add(view());
    return counts;
  });
  if (first === undefined || second === undefined) throw new Error('must hold: two arms');
  return furthestBit(first, second);
}

/** How many runs of 8 bytes of `second` are in `first`, but for runs of one repeated byte. */
function commonRunsOf(first: Uint8Array, second: Uint8Array): number {
  const runs = new Set<string>();
  const read = (bytes: Uint8Array, at: number) =>
    Buffer.from(bytes.buffer, bytes.byteOffset + at, COMMON_BYTES).toString('latin1');
  for (let at = 0; at + COMMON_BYTES <= first.length; at++) runs.add(read(first, at));
  let common = 0;
  for (let at = 0; at + COMMON_BYTES <= second.length; at++) {
    const isConstant = second.subarray(at, at + COMMON_BYTES).every((byte) => byte === second[at]);
    if (!isConstant && runs.has(read(second, at))) common += 1;
  }
  return common;
}

/** `npm run -s long -- provider-blindness`: a thousand of each. */
export const longForm: LongForm = {
  run: async ({ seed, say }) => {
    say('tagged payloads and acknowledgements, a thousand of each');
    const { passed, ...report } = await runBlindness({ seed, perArm: 1_000 });
    return { passed, ...report };
  },
};
