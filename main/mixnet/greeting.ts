// The first frame on every link, both ways: which network, which protocol version, which document
// (design section 2, "Directory"). An end of another network or version is not talked to further.
import { equalBytes, isAllZero } from '../../shared/bytes.ts';
import { PROTOCOL_VERSION } from '../../shared/network/frame-sizes.ts';
import type { Hello } from '../../shared/network/frames.ts';
import { HASH_SIZE } from '../../shared/network/geometry.ts';
import type { Now } from '../../shared/time.ts';
import type { Documents } from './documents.ts';

export function makeHello(
  networkHash: Uint8Array,
  documents: Documents,
  challenge: Uint8Array,
  now: Now,
): Hello {
  const newest = documents.newest()?.topology;
  return {
    kind: 'hello',
    protocolVersion: PROTOCOL_VERSION,
    networkHash,
    epoch: newest?.epoch ?? 0,
    documentHash: newest?.hash ?? new Uint8Array(HASH_SIZE),
    challenge,
    unixMs: Math.max(0, Math.floor(now.unixMs)),
  };
}

export type HelloRefusal = 'hello_network' | 'hello_protocol';

/** Why the other end is not talked to; null where it belongs here. */
export function refusalOfHello(hello: Hello, networkHash: Uint8Array): HelloRefusal | null {
  if (!equalBytes(hello.networkHash, networkHash)) return 'hello_network';
  return hello.protocolVersion === PROTOCOL_VERSION ? null : 'hello_protocol';
}

/** Whether the other end names another document for an epoch than the one held here. */
export function isOtherDocument(hello: Hello, documents: Documents): boolean {
  const own = documents.held(hello.epoch)?.topology.hash;
  if (own === undefined || isAllZero(hello.documentHash)) return false;
  return !equalBytes(own, hello.documentHash);
}
