// The least that can use a running network: one mailbox at one provider, over real links, driven by
// a test and not by a schedule. It has no cover and is no client of the program.
import { Links } from '../../main/net/links.ts';
import { monotonicMs, systemRandom, unixMs } from '../../main/system.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';
import { epochAt, parityOf } from '../../shared/network/epoch.ts';
import { frameSizeOfByte } from '../../shared/network/frame-sizes.ts';
import { decodeFrame, encodeFrame, type Frame, type Hello } from '../../shared/network/frames.ts';
import { CONTENT_SIZE } from '../../shared/network/geometry.ts';
import {
  type PullAnswer,
  pullProofMessage,
  type RegistrationAnswer,
  registrationProofMessage,
  type WireTokenCommand,
} from '../../shared/network/mailbox-frames.ts';
import { buildPacket } from '../../shared/network/packet.ts';
import {
  drawAcknowledgementPath,
  drawForwardPath,
  drawHopDelayNs,
} from '../../shared/network/path.ts';
import { mailboxDestination } from '../../shared/network/payload.ts';
import type { Topology, TopologyNode } from '../../shared/network/topology.ts';
import { drawBytes } from '../../shared/random.ts';
import { createSphinx } from '../../shared/sphinx/packet.ts';

const engine = nobleEngine;
const sphinx = createSphinx(engine);
const WAIT_MS = 10_000;

export type MailAddress = {
  readonly provider: TopologyNode;
  readonly mailbox: Uint8Array;
  readonly token: Uint8Array;
};

export type PlainClient = {
  readonly mailbox: Uint8Array;
  readonly group: () => string | null;
  /** One pull; acknowledges what the ones before brought. */
  readonly pull: (command?: WireTokenCommand) => Promise<PullAnswer>;
  /** Builds a mail and sends it; gives the identifier of its acknowledgement. */
  readonly mail: (to: MailAddress, content: Uint8Array) => Uint8Array;
  readonly end: () => Promise<void>;
};

export type Keys = { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };

export function drawAuthKeys(): Keys {
  const keys = { publicKey: new Uint8Array(32), secretKey: new Uint8Array(64) };
  engine.ed25519KeyPair(keys.publicKey, keys.secretKey, drawBytes(systemRandom, 32));
  return keys;
}

/** Dials `provider`, greets and registers with `keys`. */
export async function openPlainClient(
  topology: Topology,
  provider: TopologyNode,
  keys: Keys,
): Promise<PlainClient> {
  const { pullMailCount } = topology.traffic;
  const frames: Frame[] = [];
  let isUp = false;
  const links = new Links({
    frameSizes: (kind) => frameSizeOfByte(kind, pullMailCount),
    key: null,
    listen: null,
    random: systemRandom,
    nowMs: monotonicMs,
    onInput: (input) => {
      isUp = input.kind === 'link-up' || (input.kind === 'frame' && isUp);
      if (input.kind !== 'frame') return;
      const decoded = decodeFrame(input.frame, pullMailCount);
      if (decoded.ok) frames.push(decoded.frame);
    },
  });
  const { peer, addresses, linkKeyHash } = provider;
  links.setNeighbours([{ peer, addresses, linkKeyHash }]);
  const send = (frame: Frame) => {
    if (links.send(peer, encodeFrame(frame, pullMailCount)) !== 'sent') throw new Error('no link');
  };
  const next = async <Kind extends Frame['kind']>(kind: Kind) => {
    const until = monotonicMs() + WAIT_MS;
    for (;;) {
      const index = frames.findIndex((frame) => frame.kind === kind);
      if (index >= 0) return frames.splice(index, 1)[0] as Extract<Frame, { kind: Kind }>;
      if (monotonicMs() > until) throw new Error(`no ${kind} came`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  const hello: Hello = await next('hello');
  const context = {
    networkHash: topology.networkHash,
    providerKey: provider.identityKey,
    challenge: hello.challenge,
  };
  const sign = (message: Uint8Array) => {
    const signature = new Uint8Array(64);
    engine.ed25519Sign(signature, message, keys.secretKey);
    return signature;
  };
  send(ownHello(topology, hello.protocolVersion));
  const proof = sign(registrationProofMessage(context, keys.publicKey, null));
  send({ kind: 'registration-request', authKey: keys.publicKey, proof, invite: null });
  const answer: RegistrationAnswer = await next('registration-answer');
  if (answer.result !== 'registered' && answer.result !== 'known') throw new Error(answer.result);
  const { mailbox } = answer;
  const instance = drawBytes(systemRandom, 8);
  let serial = 0;
  let mailSequence = 0;
  let acknowledgementSequence = 0;

  return {
    mailbox,
    group: () => links.describe()[0]?.group ?? null,
    pull: async (command) => {
      serial += 1;
      send({
        kind: 'pull-request',
        mailbox,
        proof: sign(pullProofMessage(context, mailbox)),
        instance,
        serial,
        mailSequence,
        acknowledgementSequence,
        command: command ?? null,
      });
      const pulled: PullAnswer = await next('pull-answer');
      mailSequence = pulled.mails.at(-1)?.sequence ?? mailSequence;
      acknowledgementSequence = pulled.acknowledgements.at(-1)?.sequence ?? acknowledgementSequence;
      return pulled;
    },
    mail: (to, content) => {
      const { identifier, ...frame } = buildMail(topology, { provider, mailbox }, to, content);
      send(frame);
      return identifier;
    },
    end: () => links.end(),
  };
}

function ownHello(topology: Topology, protocolVersion: number): Hello {
  return {
    kind: 'hello',
    protocolVersion,
    networkHash: topology.networkHash,
    epoch: topology.epoch,
    documentHash: topology.hash,
    challenge: drawBytes(systemRandom, 32),
    unixMs: Math.floor(unixMs()),
  };
}

function buildMail(
  topology: Topology,
  from: Pick<MailAddress, 'provider' | 'mailbox'>,
  to: MailAddress,
  content: Uint8Array,
) {
  const epoch = epochAt(topology.times, unixMs()) ?? 0;
  const options = { topology, epoch, random: systemRandom };
  const path = drawForwardPath(options, from.provider, to.provider);
  const back = drawAcknowledgementPath(options, from.provider);
  const identifier = drawBytes(systemRandom, 16);
  if (path === null || back === null || content.length !== CONTENT_SIZE) throw new Error('no path');
  const packet = buildPacket(sphinx, systemRandom, {
    path,
    kind: 'mail',
    mailbox: to.mailbox,
    token: to.token,
    content,
    acknowledgement: {
      path: back,
      delayNs: drawHopDelayNs(systemRandom, topology.traffic),
      destination: mailboxDestination(from.mailbox),
      identifier,
    },
  });
  if (packet === null) throw new Error('no packet');
  return { kind: 'sphinx', parity: parityOf(epoch), packet, identifier } as const;
}
