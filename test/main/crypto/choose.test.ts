// The choice at start: an engine that gets one bit wrong anywhere is refused, and the next is
// taken.
import { describe, expect, test } from 'vitest';
import {
  chooseCryptoEngine,
  type EngineLoader,
  engineLoaders,
  loadCryptoEngine,
} from '../../../main/crypto/choose.ts';
import { createNativeEngine } from '../../../main/crypto/native.ts';
import { failedPrimitives, type Primitive, primitives } from '../../../main/crypto/self-test.ts';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { nobleEngine } from '../../../shared/crypto-noble.ts';
import { everyEngine } from '../../support/engines.ts';

const native = await createNativeEngine();
const noble: EngineLoader = { name: 'noble', load: () => Promise.resolve(nobleEngine) };

test('takes native where it loads, and passes over nothing', async () => {
  const { engine, refused } = await chooseCryptoEngine();
  expect(engine.name).toBe('native');
  expect(refused).toEqual([]);
});

test('asks every primitive of the interface', () => {
  const all = Object.keys(nobleEngine).filter((name) => name !== 'name');
  expect([...primitives].sort()).toEqual(all.sort());
});

test('every engine answers rightly', async () => {
  for (const engine of await everyEngine()) expect(await failedPrimitives(engine)).toEqual([]);
});

test('takes the next engine where one does not load, and says why', async () => {
  const missing: EngineLoader = {
    name: 'native',
    load: () => Promise.reject(Object.assign(new Error('no addon'), { code: 'MODULE_NOT_FOUND' })),
  };
  const { engine, refused } = await chooseCryptoEngine([missing, ...engineLoaders.slice(1)]);
  expect(engine.name).toBe('wasm');
  expect(refused).toEqual([{ name: 'native', reason: 'not_loaded', detail: 'MODULE_NOT_FOUND' }]);
});

test('throws where no engine is left', async () => {
  await expect(chooseCryptoEngine([])).rejects.toThrow('no crypto engine');
});

test('loads one engine by name, for benchmarks', async () => {
  expect((await loadCryptoEngine('wasm')).name).toBe('wasm');
});

describe('an engine with one defect is refused', () => {
  test.for(primitives)('one bit wrong in %s', async (primitive) => {
    const planted: EngineLoader = {
      name: 'native',
      load: () => Promise.resolve({ ...native, [primitive]: oneBitWrong(native, primitive) }),
    };
    const { engine, refused } = await chooseCryptoEngine([planted, noble]);
    expect(engine.name).toBe('noble');
    expect(refused).toEqual([{ name: 'native', reason: 'wrong_answers', detail: primitive }]);
  });

  test.for([
    ['ed25519Verify', true],
    ['ed25519Verify', false],
    ['x25519', true],
    ['x25519', false],
    ['chacha20Poly1305Open', false],
    ['xchacha20Poly1305Open', false],
  ] as const)('%s always says %s', async ([primitive, answer]) => {
    const lying = (...given: never[]) => {
      (native[primitive] as (...args: never[]) => boolean)(...given);
      return answer;
    };
    expect(await failedPrimitives({ ...native, [primitive]: lying })).toEqual([primitive]);
  });

  test('a seal that opens what was forged', async () => {
    const open: CryptoEngine['chacha20Poly1305Open'] = (out, key, nonce, associated, sealed) => {
      if (!native.chacha20Poly1305Open(out, key, nonce, associated, sealed)) {
        out.set(Uint8Array.from({ length: out.length }, (_, index) => index));
      }
      return true;
    };
    const failed = await failedPrimitives({ ...native, chacha20Poly1305Open: open });
    expect(failed).toEqual(['chacha20Poly1305Open']);
  });

  test('a primitive that throws', async () => {
    const broken = () => {
      throw new Error('not here');
    };
    expect(await failedPrimitives({ ...native, sha512: broken })).toEqual(['sha512']);
  });
});

/** The primitive as it is, but for the last bit of what it gives. */
function oneBitWrong(engine: CryptoEngine, primitive: Primitive): unknown {
  const work = engine[primitive] as (...given: unknown[]) => unknown;
  return (...given: unknown[]) => {
    const result = work(...given);
    if (result instanceof Promise) return result.then(flipLast);
    if (result instanceof Uint8Array) return flipLast(result);
    if (typeof result === 'object' && result !== null) {
      const [name, part] = Object.entries(result)[0] ?? [];
      return { ...result, [name ?? '']: flipLast(part) };
    }
    // Verification has no output but its answer; everything else writes into its first argument.
    if (primitive === 'ed25519Verify') return result !== true;
    flipLast(given[0]);
    return result;
  };
}

function flipLast(bytes: unknown): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new Error('no bytes to flip');
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) ^ 1;
  return bytes;
}
