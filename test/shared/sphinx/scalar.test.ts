// One multiplication per hop stands on this: a product of clamped scalars has a representative that
// clamping leaves alone, and multiplying with it gives what multiplying factor by factor gives.
import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { drawBytes } from '../../../shared/random.ts';
import { deriveRouteKeys } from '../../../shared/sphinx/keys.ts';
import {
  clampedRepresentative,
  clampedScalar,
  multiplyScalars,
} from '../../../shared/sphinx/scalar.ts';
import { seededRandom } from '../../support/random.ts';
import { drawPath } from '../../support/sphinx.ts';

const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const random = seededRandom('scalar.test');
const drawScalar = () => clampedScalar(drawBytes(random, 32));

/** Whether the representative is clamped already and stands for plus or minus the product. */
function isSound(product: bigint): boolean {
  const bytes = clampedRepresentative(product);
  if (bytes === null) return false;
  const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const residue = value % order;
  return value === clampedScalar(bytes) && (residue === product || residue === order - product);
}

describe('a representative', () => {
  it('is there, clamped and right, for ten thousand products', () => {
    let product = 1n;
    for (let round = 0; round < 10_000; round++) {
      product = multiplyScalars(product, drawScalar());
      expect(isSound(product)).toBe(true);
    }
  });

  it('is there for all eight residues that the multiple of the order can need', () => {
    for (let low = 0n; low < 64n; low++) expect(isSound(order / 2n + low)).toBe(true);
  });

  it('is missing within 2^127 of zero and the order, and nowhere else', () => {
    expect([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n].map(isSound)).toContain(false);
    for (const near of [1n, order - 1n]) {
      const towards = near === 1n ? 1n : -1n;
      for (let low = 0n; low < 8n; low++) {
        expect(isSound(near + towards * (2n ** 128n + low))).toBe(true);
      }
    }
  });

  it('is asked only of a reduced product that is not zero', () => {
    expect(() => clampedRepresentative(0n)).toThrow('must hold');
    expect(() => clampedRepresentative(order)).toThrow('must hold');
  });
});

describe('secrets by one product per hop', () => {
  it('are those of factor by factor, for every hop count', () => {
    for (const hopCount of [1, 2, 3, 4, 5]) {
      const keys = drawPath(nobleEngine, random, hopCount).route.map((hop) => hop.publicKey);
      const secret = drawBytes(random, 32);
      const product = deriveRouteKeys(nobleEngine, keys, secret);
      expect(product).toEqual(deriveRouteKeys(nobleEngine, keys, secret, { product: false }));
      expect(product?.hops).toHaveLength(hopCount);
    }
  });

  it('are the same for a key with a small-order part, which clamping removes', () => {
    const secret = drawBytes(random, 32);
    const key = withSmallOrderPart();
    const keys = [key, key, key];
    expect(deriveRouteKeys(nobleEngine, keys, secret)).toEqual(
      deriveRouteKeys(nobleEngine, keys, secret, { product: false }),
    );
  });
});

/**
 * The u-coordinate of P + T, with P of prime order and T of order 8; added on the Edwards curve.
 */
function withSmallOrderPart(): Uint8Array {
  const torsion = ED25519_TORSION_SUBGROUP.map((point) => ed25519.Point.fromHex(point)).find(
    (point) => !point.multiplyUnsafe(4n).is0(),
  );
  if (torsion === undefined) throw new Error('no point of order 8');
  return ed25519.utils.toMontgomery(ed25519.Point.BASE.multiply(12345n).add(torsion).toBytes());
}
