// Layers are even, keep an operator's mixes together, follow from the randomness alone, and stay
// while the mixes do.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealLayers, type LayerCandidate } from '../../../main/mixnet/layers.ts';
import { toHex } from '../../../shared/bytes.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { drawBytes } from '../../../shared/random.ts';
import { seededRandom } from '../../support/random.ts';

const mixesOf = (operators: readonly string[]): LayerCandidate[] =>
  operators.map((operator, index) => ({
    identityKey: drawBytes(seededRandom(`mix ${index}`), 32),
    operator,
  }));
const random = (name: string) => drawBytes(seededRandom(name), 32);
const deal = (mixes: readonly LayerCandidate[], layerRandom = random('a'), before = null) =>
  dealLayers(nobleEngine, mixes, 3, layerRandom, before);

describe('a deal', () => {
  it('puts every mix in a layer, one operator in one layer, and leaves no layer empty', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('', 'ann', 'ben', 'cat', 'dan'), { minLength: 1, maxLength: 20 }),
        fc.string(),
        (operators, name) => {
          const mixes = mixesOf(operators);
          const groups = new Set(operators.filter((operator) => operator !== '')).size;
          const alone = operators.filter((operator) => operator === '').length;
          const dealt = deal(mixes, random(name));
          if (groups + alone < 3) {
            expect(dealt).toBeNull();
            return;
          }
          const layerOf = (mix: LayerCandidate) => dealt?.layers.get(toHex(mix.identityKey));
          expect(new Set(mixes.map(layerOf))).toEqual(new Set([1, 2, 3]));
          for (const operator of ['ann', 'ben', 'cat', 'dan']) {
            const layers = new Set(mixes.filter((mix) => mix.operator === operator).map(layerOf));
            expect(layers.size).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  it('is even where every mix stands alone', () => {
    const dealt = deal(mixesOf(Array(9).fill('')));
    const sizes = [1, 2, 3].map(
      (layer) => [...(dealt?.layers.values() ?? [])].filter((one) => one === layer).length,
    );
    expect(sizes).toEqual([3, 3, 3]);
  });

  it('follows from the randomness, and is kept while the mixes are the same', () => {
    const mixes = mixesOf(Array(12).fill(''));
    const first = deal(mixes);
    expect(deal(mixes)).toEqual(first);
    expect(deal(mixes, random('b'))?.layers).not.toEqual(first?.layers);
    const again = dealLayers(nobleEngine, mixes.toReversed(), 3, random('b'), first);
    expect(again).toBe(first);
    const fewer = dealLayers(nobleEngine, mixes.slice(1), 3, random('b'), first);
    expect(fewer?.layerRandom).toEqual(random('b'));
  });
});
