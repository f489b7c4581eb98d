// Which mix stands in which layer (design section 2, "Directory"): dealt out by randomness that
// nobody could choose, the mixes of one operator together in one layer, and kept while the set of
// mixes is the same, so that nobody can wait for a deal he likes.
import { assert } from '../../shared/assert.ts';
import { compareBytes, concatBytes, toHex, toUtf8 } from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { Layer } from '../../shared/network/document.ts';
import { HASH_SIZE } from '../../shared/network/geometry.ts';

export type LayerCandidate = {
  /** 32 bytes. */
  readonly identityKey: Uint8Array;
  /** Empty for a mix of its own. */
  readonly operator: string;
};

export type LayerDeal = {
  /** 32 bytes: what it was dealt from. */
  readonly layerRandom: Uint8Array;
  /** By the hex of the identity key. */
  readonly layers: ReadonlyMap<string, Layer>;
};

/**
 * Deals mixes into `layerCount` layers, as evenly as the operators allow. Keeps `before` where it
 * covers the same mixes. Null where a layer would stay empty.
 */
export function dealLayers(
  engine: CryptoEngine,
  mixes: readonly LayerCandidate[],
  layerCount: number,
  layerRandom: Uint8Array,
  before: LayerDeal | null,
): LayerDeal | null {
  assert(layerCount >= 1 && layerCount <= 3, 'a network has one to three layers');
  const isSame =
    before !== null &&
    before.layers.size === mixes.length &&
    mixes.every(({ identityKey }) => before.layers.has(toHex(identityKey)));
  if (isSame) return before;

  const groups = new Map<string, LayerCandidate[]>();
  for (const mix of mixes) {
    const name = mix.operator === '' ? toHex(mix.identityKey) : `operator ${mix.operator}`;
    groups.set(name, [...(groups.get(name) ?? []), mix]);
  }
  const shuffled = Array.from(groups, ([name, members]) => {
    const order = new Uint8Array(HASH_SIZE);
    engine.sha256(order, concatBytes(layerRandom, toUtf8(name)));
    return { order, members };
  }).sort((a, b) => compareBytes(a.order, b.order));
  const sizes = Array.from({ length: layerCount }, () => 0);
  const layers = new Map<string, Layer>();
  for (const { members } of shuffled) {
    const least = sizes.indexOf(Math.min(...sizes));
    for (const { identityKey } of members) layers.set(toHex(identityKey), (least + 1) as Layer);
    sizes[least] = (sizes[least] ?? 0) + members.length;
  }
  return sizes.every((size) => size > 0) ? { layerRandom, layers } : null;
}
