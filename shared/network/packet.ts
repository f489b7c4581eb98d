// A whole packet as clients and nodes send it: payload table, acknowledgement header and Sphinx
// around both (design section 2, "One packet"). Mail, loop, drop and node loop are built here and
// nowhere else, so that there is one shape for all of them.
import type { RandomSource } from '../random.ts';
import { PACKET_SIZE, PAYLOAD_SIZE } from '../sphinx/geometry.ts';
import type { PacketVersion } from '../sphinx/header.ts';
import type { Sphinx, UnwrapRules } from '../sphinx/packet.ts';
import type { Path } from './path.ts';
import {
  encodePayload,
  FORWARD_DESTINATION,
  FORWARD_IDENTIFIER,
  type PayloadKind,
} from './payload.ts';

/** The one packet version of the network. */
export const PACKET_VERSION: PacketVersion = 259;

/** What every hop of the network accepts; the replay check is the hop's own. */
export function networkUnwrapRules(isReplay: UnwrapRules['isReplay']): UnwrapRules {
  return { versions: [PACKET_VERSION], packetSize: PACKET_SIZE, isReplay };
}

export type PacketParts = {
  readonly path: Path;
  readonly kind: PayloadKind;
  /** 16 bytes each. */
  readonly mailbox: Uint8Array;
  readonly token: Uint8Array;
  /** 1,627 bytes. */
  readonly content: Uint8Array;
  readonly acknowledgement: {
    readonly path: Path;
    /** Drawn by the sender; waited at the last hop of `path`. */
    readonly delayNs: bigint;
    /** `mailboxDestination` of the sender's mailbox, or a node's identity key; 32 bytes. */
    readonly destination: Uint8Array;
    /** 16 random bytes: what comes back. */
    readonly identifier: Uint8Array;
  };
};

/** 2,413 bytes for the first hop of `path`; null where a node's Sphinx key is a low-order point. */
export function buildPacket(
  sphinx: Sphinx,
  random: RandomSource,
  parts: PacketParts,
): Uint8Array | null {
  const { path, kind, mailbox, token, content, acknowledgement } = parts;
  const ready = sphinx.createHeader({
    route: acknowledgement.path.route,
    delaysNs: acknowledgement.path.delaysNs,
    destination: acknowledgement.destination,
    identifier: acknowledgement.identifier,
    version: PACKET_VERSION,
    random,
  });
  if (ready === null) return null;
  const { delayNs } = acknowledgement;
  const back = { delayNs, firstHop: ready.firstHop, header: ready.header };
  return sphinx.wrap({
    route: path.route,
    delaysNs: path.delaysNs,
    destination: FORWARD_DESTINATION,
    identifier: FORWARD_IDENTIFIER,
    version: PACKET_VERSION,
    random,
    payloadSize: PAYLOAD_SIZE,
    plaintext: encodePayload({ kind, mailbox, token, acknowledgement: back, content }),
  });
}
