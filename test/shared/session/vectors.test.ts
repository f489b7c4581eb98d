// The vectors of test/vectors/session.json: every engine makes exactly these bytes.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { CryptoEngine } from '../../../shared/crypto.ts';
import { everyEngine } from '../../support/engines.ts';
import { makeSessionVectors } from '../../support/session-vectors.ts';

const file = new URL('../../vectors/session.json', import.meta.url);
const kept = JSON.parse(readFileSync(file, 'utf8')) as unknown;

it.each((await everyEngine()).map((engine) => [engine.name, engine] as const))(
  '%s makes the bytes that are kept',
  (_, engine) => {
    expect(makeSessionVectors(engine)).toEqual(kept);
  },
);

it('an engine that hashes otherwise makes others', async () => {
  const [engine] = await everyEngine();
  if (engine === undefined) throw new Error('no crypto engine');
  const wrong: CryptoEngine = {
    ...engine,
    hmacSha256: (out, key, data) => {
      engine.hmacSha256(out, key, data);
      out[0] = (out[0] ?? 0) ^ 1;
    },
  };
  expect(makeSessionVectors(wrong)).not.toEqual(kept);
});
