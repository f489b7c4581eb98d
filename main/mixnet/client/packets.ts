// One packet for one slot: message, loop and drop are built by the same steps and differ in what is
// random, so that neither bytes nor the time that building takes tell them apart (design section 2,
// "Plaintext" and "Acknowledgement").
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { sphinxKeyFor } from '../../../shared/network/descriptor.ts';
import { encodeFragment, LOOP_CONTACT_TAG } from '../../../shared/network/fragment.ts';
import {
  FRAGMENT_BODY_SIZE,
  FRAGMENT_SIZE,
  IDENTIFIER_SIZE,
  KEY_SIZE,
  MAILBOX_SIZE,
  MESSAGE_ID_SIZE,
  TOKEN_SIZE,
} from '../../../shared/network/geometry.ts';
import { buildPacket } from '../../../shared/network/packet.ts';
import {
  drawAcknowledgementPath,
  drawForwardPath,
  drawHopDelayNs,
  drawProvider,
  type Path,
} from '../../../shared/network/path.ts';
import { mailboxDestination } from '../../../shared/network/payload.ts';
import { sealContent } from '../../../shared/network/seal.ts';
import {
  type NodePeer,
  nodeOf,
  type Topology,
  type TopologyNode,
} from '../../../shared/network/topology.ts';
import { drawBytes, type RandomSource } from '../../../shared/random.ts';
import type { Sphinx } from '../../../shared/sphinx/packet.ts';
import type { Accepts, Taken } from './outbox-message.ts';
import type { ClientAccount, Recipient } from './store.ts';

/** What a packet is for. */
export type Errand =
  | { readonly kind: 'message'; readonly taken: Taken; readonly ciphertext: Uint8Array }
  | { readonly kind: 'loop' }
  | { readonly kind: 'drop' };

export type PacketGround = {
  readonly engine: CryptoEngine;
  readonly sphinx: Sphinx;
  /** For contents, paths and delays; never for instants. */
  readonly random: RandomSource;
  readonly topology: Topology;
  /** Of the instant at which the packet leaves. */
  readonly epoch: number;
  readonly account: ClientAccount;
  /** The mailbox of `account`, 16 bytes. */
  readonly mailbox: Uint8Array;
};

export type BuiltPacket = {
  readonly packet: Uint8Array;
  readonly identifier: Uint8Array;
  /** What a loop is known by when it comes back; null for others. */
  readonly loopId: Uint8Array | null;
  readonly forward: Leg;
  /** From the sender's provider to the acknowledgement's arrival there. */
  readonly roundTrip: Leg;
};

export type Leg = { readonly path: readonly NodePeer[]; readonly delaysMs: readonly number[] };

/** The provider that a packet for `epoch` can end at under this key; null for anybody else. */
function recipientNode(
  { topology, epoch }: Pick<PacketGround, 'topology' | 'epoch'>,
  providerKey: Uint8Array,
): TopologyNode | null {
  const node = nodeOf(topology, providerKey);
  return node?.kind === 'provider' && sphinxKeyFor(node, epoch) !== null ? node : null;
}

/** Whether packets can be made for a recipient on this ground; for nobody where there is none. */
export function isRecipient(ground: Pick<PacketGround, 'topology' | 'epoch'> | null): Accepts {
  return ({ providerKey }) => ground !== null && recipientNode(ground, providerKey) !== null;
}

/** Null where a node has no key, or none that can be agreed with. */
export function buildFor(ground: PacketGround, errand: Errand): BuiltPacket | null {
  const { engine, sphinx, random, topology, epoch, account } = ground;
  const own = nodeOf(topology, account.providerKey);
  if (own === null) return null;
  const to = recipientOf(ground, errand, own);
  if (to === null) return null;
  const { recipient, node } = to;
  const loopId = errand.kind === 'loop' ? drawBytes(random, MESSAGE_ID_SIZE) : null;
  const fragment = fragmentOf(random, errand, loopId);
  const content = sealContent(engine, random, recipient.mailboxKey, fragment);
  const path = drawForwardPath({ topology, epoch, random }, own, node);
  const back = drawAcknowledgementPath({ topology, epoch, random }, own);
  if (content === null || path === null || back === null) return null;
  const identifier = drawBytes(random, IDENTIFIER_SIZE);
  const delayNs = drawHopDelayNs(random, topology.traffic);
  const destination = mailboxDestination(ground.mailbox);
  const packet = buildPacket(sphinx, random, {
    path,
    kind: errand.kind === 'drop' ? 'drop' : 'mail',
    mailbox: recipient.mailbox,
    token: recipient.token,
    content,
    acknowledgement: { path: back, delayNs, destination, identifier },
  });
  if (packet === null) return null;
  const forward = legOf(path);
  const returning = legOf(back);
  const delaysMs = [...forward.delaysMs.slice(0, -1), Number(delayNs) / 1e6, ...returning.delaysMs];
  const roundTrip = { path: [...forward.path, ...returning.path], delaysMs };
  return { packet, identifier, loopId, forward, roundTrip };
}

export function legDelayMs(leg: Leg): number {
  return leg.delaysMs.reduce((sum, delayMs) => sum + delayMs, 0);
}

function recipientOf(
  ground: PacketGround,
  errand: Errand,
  own: TopologyNode,
): { readonly recipient: Recipient; readonly node: TopologyNode } | null {
  const { random, topology, account, mailbox } = ground;
  switch (errand.kind) {
    case 'message': {
      const { recipient } = errand.taken;
      const node = recipientNode(ground, recipient.providerKey);
      return node === null ? null : { recipient, node };
    }
    case 'loop': {
      const { providerKey, token, mailboxPublicKey: mailboxKey } = account;
      return { recipient: { providerKey, mailbox, token, mailboxKey }, node: own };
    }
    case 'drop': {
      const node = drawProvider(topology, random);
      const recipient = {
        providerKey: node.identityKey,
        mailbox: drawBytes(random, MAILBOX_SIZE),
        token: drawBytes(random, TOKEN_SIZE),
        mailboxKey: drawBytes(random, KEY_SIZE),
      };
      return { recipient, node };
    }
  }
}

function fragmentOf(random: RandomSource, errand: Errand, loopId: Uint8Array | null): Uint8Array {
  if (errand.kind === 'message') {
    const { messageId, contactTag, index, fragmentCount: count } = errand.taken;
    return encodeFragment({ messageId, contactTag, index, count, ciphertext: errand.ciphertext });
  }
  if (loopId === null) return drawBytes(random, FRAGMENT_SIZE);
  const ciphertext = drawBytes(random, FRAGMENT_BODY_SIZE);
  const contactTag = LOOP_CONTACT_TAG;
  return encodeFragment({ messageId: loopId, index: 0, count: 1, contactTag, ciphertext });
}

function legOf(path: Path): Leg {
  const delaysMs = path.delaysNs.map((delayNs) => Number(delayNs) / 1e6);
  return { path: path.nodes.map((node) => node.peer), delaysMs };
}
