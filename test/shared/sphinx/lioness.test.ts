// The wide-block cipher: its values stand in the vector file; here that one bit changes everything.
import { expect, it } from 'vitest';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { drawBytes } from '../../../shared/random.ts';
import { createLioness, lionessKey } from '../../../shared/sphinx/lioness.ts';
import { seededRandom } from '../../support/random.ts';

const lioness = createLioness(nobleEngine);
const random = seededRandom('lioness.test');
const key = lionessKey(drawBytes(random, 192));

it('decrypts what it encrypted, in both orders, from the shortest block on', () => {
  for (const size of [33, 64, 65, 2065]) {
    const block = drawBytes(random, size);
    const work = block.slice();
    lioness.encrypt(work, key);
    expect(work).not.toEqual(block);
    lioness.decrypt(work, key);
    expect(work).toEqual(block);
    lioness.decrypt(work, key);
    lioness.encrypt(work, key);
    expect(work).toEqual(block);
  }
});

it('turns one flipped bit into noise over the whole block', () => {
  const block = drawBytes(random, 2065);
  const plain = block.slice();
  lioness.decrypt(plain, key);
  for (const offset of [0, 31, 32, 1000, 2064]) {
    const work = block.with(offset, (block[offset] ?? 0) ^ 1);
    lioness.decrypt(work, key);
    const equal = work.filter((byte, index) => byte === plain[index]).length;
    expect(equal).toBeLessThan(40);
  }
});

it('asserts its sizes', () => {
  expect(() => lioness.encrypt(new Uint8Array(32), key)).toThrow('must hold');
  expect(() => lioness.decrypt(new Uint8Array(0), key)).toThrow('must hold');
  expect(() => lionessKey(new Uint8Array(191))).toThrow('must hold');
});
