// Paths, keys and packets for tests of the packet, drawn from one source.
import type { CryptoEngine } from '../../shared/crypto.ts';
import { drawBytes, type RandomSource } from '../../shared/random.ts';
import { PAYLOAD_SIZE } from '../../shared/sphinx/geometry.ts';
import type { Hop, PacketVersion } from '../../shared/sphinx/header.ts';
import { createSphinx, type UnwrapRules, type WrapOptions } from '../../shared/sphinx/packet.ts';

/** Takes every version and size, and nothing for a replay. */
export const ANY_RULES: UnwrapRules = {
  versions: 'any',
  packetSize: 'any',
  isReplay: () => false,
};

/** What a network's node accepts. */
export const NETWORK_RULES: UnwrapRules = {
  versions: [259],
  packetSize: 348 + PAYLOAD_SIZE,
  isReplay: () => false,
};

export type TestPath = {
  readonly route: readonly Hop[];
  readonly privateKeys: readonly Uint8Array[];
  readonly delaysNs: readonly bigint[];
};

/** A path of nodes with fresh keys, and a delay for each. */
export function drawPath(engine: CryptoEngine, random: RandomSource, hopCount: number): TestPath {
  const privateKeys = Array.from({ length: hopCount }, () => drawBytes(random, 32));
  const route = privateKeys.map((privateKey) => {
    const publicKey = new Uint8Array(32);
    engine.x25519Base(publicKey, privateKey);
    return { address: drawBytes(random, 32), publicKey };
  });
  const delaysNs = privateKeys.map(() => new DataView(drawBytes(random, 8).buffer).getBigUint64(0));
  return { route, privateKeys, delaysNs };
}

/** Inputs for a packet on this path, with a plaintext of the given size. */
export function drawWrapOptions(
  path: TestPath,
  random: RandomSource,
  sizes: { readonly plaintext: number; readonly payload: number; readonly version?: PacketVersion },
): WrapOptions {
  return {
    route: path.route,
    delaysNs: path.delaysNs,
    destination: drawBytes(random, 32),
    identifier: drawBytes(random, 16),
    version: sizes.version ?? 259,
    payloadSize: sizes.payload,
    plaintext: drawBytes(random, sizes.plaintext),
    random,
  };
}

/** The packet as each hop of the path receives it. */
export function packetAtEachHop(
  engine: CryptoEngine,
  options: WrapOptions,
  privateKeys: readonly Uint8Array[],
): Uint8Array[] {
  const sphinx = createSphinx(engine);
  const first = sphinx.wrap(options);
  if (first === null) throw new Error('the path has a low-order key');
  const packets = [first];
  for (const privateKey of privateKeys.slice(0, -1)) {
    const result = sphinx.unwrap(packets.at(-1) ?? first, privateKey, ANY_RULES);
    if (result.kind !== 'forward') throw new Error(`expected forward, got ${result.kind}`);
    packets.push(result.packet);
  }
  return packets;
}

/** An engine that counts its scalar multiplications. */
export function countingEngine(engine: CryptoEngine): {
  readonly engine: CryptoEngine;
  /** How many since the last call. */
  readonly takeCount: () => number;
} {
  let count = 0;
  return {
    engine: {
      ...engine,
      x25519: (out, scalar, point) => {
        count += 1;
        return engine.x25519(out, scalar, point);
      },
      x25519Base: (out, scalar) => {
        count += 1;
        engine.x25519Base(out, scalar);
      },
    },
    takeCount: () => {
      const taken = count;
      count = 0;
      return taken;
    },
  };
}
