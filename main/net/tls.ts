// TLS as every link speaks it: 1.3 alone, the hybrid group where the runtime has it, no certificate
// authority, no names, no resumption. Who the other end is follows from the hash of its key alone.
import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  type TLSSocket,
} from 'node:tls';
import { equalBytes } from '../../shared/bytes.ts';
import { certificateKeyHash, isVouchedFor, type LinkKey } from './certificate.ts';

const HYBRID_GROUP = 'X25519MLKEM768';
const CLASSIC_GROUP = 'X25519';

/** The negotiated group; null where the runtime does not tell. */
export type LinkGroup = 'X25519MLKEM768' | 'X25519' | null;

export type LinkTls = {
  /** For connections that are dialled. */
  readonly context: SecureContext;
  /** The same, for a server, which makes its own context. */
  readonly options: SecureContextOptions;
  /** Whether this runtime can offer the hybrid group at all. */
  readonly hasHybrid: boolean;
};

/** `key` null for a client, which shows no certificate. */
export function createLinkTls(key: LinkKey | null): LinkTls {
  const shared: SecureContextOptions = {
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    // An empty list: nothing is trusted by name, and the runtime's own list is not even loaded.
    ca: key === null ? [] : [key.certificatePem],
    // A server takes no ticket back, so that no two connections of a client can be linked by one.
    secureOptions: constants.SSL_OP_NO_TICKET,
    ...(key === null ? {} : { key: key.keyPem, cert: key.certificatePem }),
  };
  const hybrid = { ...shared, ecdhCurve: `${HYBRID_GROUP}:${CLASSIC_GROUP}` };
  const classic = { ...shared, ecdhCurve: CLASSIC_GROUP };
  try {
    return { context: createSecureContext(hybrid), options: hybrid, hasHybrid: true };
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_CRYPTO_OPERATION_FAILED') throw error;
    return { context: createSecureContext(classic), options: classic, hasHybrid: false };
  }
}

/** The hash of the key that the other end proved to hold; null where it showed no certificate. */
export function peerKeyHash(socket: TLSSocket): Uint8Array | null {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? null : certificateKeyHash(certificate);
}

/** How a dialled node is known: by the hash of its link key, or by who vouches for that key. */
export type Pin =
  | { readonly kind: 'link-key'; readonly hash: Uint8Array }
  | { readonly kind: 'identity-key'; readonly key: Uint8Array };

/** Whether the other end proved to hold the pinned key. */
export function isPinnedPeer(socket: TLSSocket, pin: Pin): boolean {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return false;
  if (pin.kind === 'identity-key') return isVouchedFor(certificate, pin.key);
  const hash = certificateKeyHash(certificate);
  return hash !== null && equalBytes(hash, pin.hash);
}

/**
 * Smallest answer of a server, up to the end of its handshake, that holds the hybrid group's share:
 * 1,120 bytes of it against 32, beside about 800 that all nodes' answers have in common.
 */
export const HYBRID_ANSWER_SIZE_MIN = 1_600;

/**
 * Called when the handshake is done, by the end that dialled. BoringSSL (Electron) tells no group;
 * there it is read off the size of the answer, which is a constant but for the group.
 */
export function negotiatedGroup(socket: TLSSocket, raw: Socket): LinkGroup {
  const info = socket.getEphemeralKeyInfo() as { name?: string } | null;
  if (info?.name === HYBRID_GROUP || info?.name === CLASSIC_GROUP) return info.name;
  if (info?.name !== undefined) return null;
  return raw.bytesRead >= HYBRID_ANSWER_SIZE_MIN ? HYBRID_GROUP : CLASSIC_GROUP;
}
