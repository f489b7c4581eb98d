// A user's process is killed between two writes of it, in a life of the messenger from the invite
// to receipts both ways. Here at some places; `npm run -s long -- messenger-crash` takes them all.
import { beforeAll, describe, expect, it } from 'vitest';
import type { CryptoEngine } from '../../../../shared/crypto.ts';
import { fastestEngine } from '../../../support/engines.ts';
import { liveOnce } from '../../../support/messenger-life.ts';
import { installFailpoint } from '../../../support/messenger-run.ts';
import { memoryFolder } from '../../../support/store-files.ts';

let engine: CryptoEngine;
beforeAll(async () => {
  engine = await fastestEngine();
  installFailpoint();
});

const live = (kill: { who: 'ada' | 'bob'; write: number } | null) =>
  liveOnce({ engine, folder: memoryFolder(), seed: 'life', kill, texts: 2, loss: 0.02 });

describe('a life of two users', () => {
  const kills = [
    ['ada', 9], // within the step that makes the invite
    ['bob', 14], // within the step that uses it
    ['ada', 40],
    ['ada', 75],
    ['bob', 60],
    ['ada', 120],
    ['bob', 130],
  ] as const;
  it.each(kills)('goes on where %s is killed after write %i', async (who, write) => {
    const life = await live({ who, write });
    expect(life.violations).toEqual([]);
    expect(life.wasKilled).toBe(true);
  });
});
