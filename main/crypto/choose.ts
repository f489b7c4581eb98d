// Chooses the crypto engine at start: the fastest one that loads here and answers every known
// question rightly. An engine that fails is named with the primitives it failed at and never used
// in part: half an engine that lies is worse than a slow one.
import type { CryptoEngine, CryptoEngineName } from '../../shared/crypto.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';
import { createNativeEngine } from './native.ts';
import { failedPrimitives } from './self-test.ts';
import { createWasmEngine } from './wasm.ts';

/** Makes one engine; rejects where this machine cannot. */
export type EngineLoader = {
  readonly name: CryptoEngineName;
  readonly load: () => Promise<CryptoEngine>;
};

/** An engine that was tried before the chosen one, and why it was passed over. */
export type RefusedEngine = {
  readonly name: CryptoEngineName;
  readonly reason: 'not_loaded' | 'wrong_answers';
  /** The kind of the error, or the primitives that answered wrongly. */
  readonly detail: string;
};

export type ChosenEngine = {
  readonly engine: CryptoEngine;
  readonly refused: readonly RefusedEngine[];
};

/** Fastest first. */
export const engineLoaders: readonly EngineLoader[] = [
  { name: 'native', load: createNativeEngine },
  { name: 'wasm', load: createWasmEngine },
  { name: 'noble', load: () => Promise.resolve(nobleEngine) },
];

/**
 * The first engine of `loaders` that passes the self-test. Throws where none does: without one
 * there is no private word to be said.
 */
export async function chooseCryptoEngine(
  loaders: readonly EngineLoader[] = engineLoaders,
): Promise<ChosenEngine> {
  const refused: RefusedEngine[] = [];
  for (const { name, load } of loaders) {
    let engine: CryptoEngine;
    try {
      engine = await load();
    } catch (error) {
      refused.push({ name, reason: 'not_loaded', detail: kindOf(error) });
      continue;
    }
    const failed = await failedPrimitives(engine);
    if (failed.length === 0) return { engine, refused };
    refused.push({ name, reason: 'wrong_answers', detail: failed.join(' ') });
  }
  const reasons = refused
    .map(({ name, reason, detail }) => `${name} ${reason} ${detail}`)
    .join('; ');
  throw new Error(`no crypto engine can be used: ${reasons}`);
}

/** The engine of that name alone, self-tested: for benchmarks and tests. */
export async function loadCryptoEngine(name: CryptoEngineName): Promise<CryptoEngine> {
  const { engine } = await chooseCryptoEngine(
    engineLoaders.filter((loader) => loader.name === name),
  );
  return engine;
}

/** Its code or name: a message may carry a path, which names a user. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
