// The spool of a locked profile: what was appended is read by whoever has the secret key, a record
// that was cut off is left out, and one that was changed is noticed.
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { endSpool, readSpool, type SpoolWrite, startSpool } from '../../../main/store/spool.ts';
import { toUtf8 } from '../../../shared/bytes.ts';
import { nobleEngine as engine } from '../../../shared/crypto-noble.ts';
import { seededRandom } from '../../support/random.ts';
import { codeThrownBy, scratchFolder } from '../../support/store-files.ts';

const pairOf = (fill: number) => {
  const secretKey = new Uint8Array(32).fill(fill);
  const publicKey = new Uint8Array(32);
  engine.x25519Base(publicKey, secretKey);
  return { publicKey, secretKey };
};
const pair = pairOf(3);
const steps: SpoolWrite[][] = [
  [['setState', 1, 'in_mix']],
  [
    ['addPart', { messageId: toUtf8('heron-heron'), size: 2 ** 40, isLast: true, partial: null }],
    ['setSequences', { mailSequence: 7, acknowledgementSequence: 9 }],
  ],
  [['acknowledged', 12, 0]],
];

/** Its sizes are those after each step: one record is not always as long as another of its step. */
function writtenSpool(written: SpoolWrite[][]): { file: string; sizes: number[] } {
  const file = path.join(scratchFolder(), 'spool');
  const spool = startSpool(engine, seededRandom('spool'), file, pair.publicKey);
  const sizes = written.map((step) => {
    spool.append(step);
    return spool.size();
  });
  expect(spool.size()).toBe(readFileSync(file).length);
  spool.close();
  return { file, sizes };
}
const spoolOf = (written: SpoolWrite[][]) => writtenSpool(written).file;

describe('a spool', () => {
  it('gives back every step in order, and shows nothing of it in the file', () => {
    const file = spoolOf(steps);
    expect(readSpool(engine, file, pair)).toMatchObject({ steps, isDamaged: false });
    expect(readFileSync(file).includes('heron')).toBe(false);
    expect(readFileSync(file).includes('setState')).toBe(false);
  });

  it('says why it cannot be begun', () => {
    const file = path.join(scratchFolder(), 'missing', 'spool');
    const begin = () => startSpool(engine, seededRandom('spool'), file, pair.publicKey);
    expect(codeThrownBy(begin)).toBe('store_access');
  });

  it('is nothing without the secret key', () => {
    expect(readSpool(engine, spoolOf(steps), pairOf(4))).toMatchObject({
      steps: [],
      isDamaged: true,
    });
  });

  it('leaves out a record that a crash cut off, wherever it was cut', () => {
    const { file, sizes } = writtenSpool(steps);
    const bytes = readFileSync(file);
    for (let size = sizes[1] ?? 0; size < (sizes[2] ?? 0); size++) {
      writeFileSync(file, bytes.subarray(0, size));
      const expected = { steps: steps.slice(0, 2), isDamaged: false };
      expect(readSpool(engine, file, pair)).toMatchObject(expected);
    }
    const head = spoolOf([]);
    truncateSync(head, 10);
    expect(readSpool(engine, head, pair)).toMatchObject({ steps: [], isDamaged: false });
  });

  it('notices a changed byte, keeps what came before it, and is kept beside the profile', () => {
    const { file, sizes } = writtenSpool(steps);
    const bytes = readFileSync(file);
    const at = (sizes[0] ?? 0) + 30;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const read = readSpool(engine, file, pair);
    expect(read).toMatchObject({ steps: steps.slice(0, 1), isDamaged: true });
    endSpool(file, true, 17);
    expect(readSpool(engine, file, pair)).toBeNull();
    expect(readFileSync(`${file}.damaged-17`)).toEqual(bytes);
  });

  it('takes no record from a place where it did not stand', () => {
    const file = spoolOf(steps.slice(0, 1));
    const head = readFileSync(spoolOf([])).length;
    appendFileSync(file, readFileSync(file).subarray(head));
    expect(readSpool(engine, file, pair)).toMatchObject({
      steps: steps.slice(0, 1),
      isDamaged: true,
    });
  });
});
