// The vector file holds, on every engine; and the check is worth something: every field that it
// compares is altered, one at a time, and each alteration must be noticed on every engine.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  checkFile,
  computeVector,
  differences,
  expectedOf,
  isLeftOut,
  isLegacyForward,
} from '../../../main/cli/vector-check.ts';
import {
  COUNT_MAX,
  isList,
  isObject,
  type Json,
  parseVectorFile,
  type Vector,
} from '../../../main/cli/vector-file.ts';
import { everyEngine } from '../../support/engines.ts';

const text = readFileSync(new URL('../../vectors/nym-sphinx.json', import.meta.url), 'utf8');
const parsed = parseVectorFile(text);
if (typeof parsed === 'string') throw new Error(parsed);
const file = parsed;
const engines = await everyEngine();

describe('the vectors of the crate', () => {
  it('all hold but for the two legacy builds', () => {
    const report = checkFile(file, engines);
    expect(report.failures).toEqual([]);
    expect([report.passed, report.failed]).toEqual([205, 0]);
    expect(report.leftOut.map((item) => item.split(':')[0])).toEqual([
      'build-3hop-v257',
      'build-2hop-v1',
      'neg-version-forward-257',
    ]);
  });

  it('are met more strictly in these places, for these reasons, and in no other', () => {
    const report = checkFile(file, engines.slice(0, 1));
    const reasons = Object.fromEntries(report.stricter.map((item) => [item.id, ...item.reasons]));
    expect(reasons).toEqual({
      // The shared secret is zero for every node, so anybody can make a valid MAC.
      'neg-alpha-zero': 'low-order key',
      'neg-alpha-one': 'low-order key',
      // Nobody sends these versions; taking them would let a sender mark packets.
      'neg-version-final-0': 'version',
      'neg-version-forward-0': 'version',
      'neg-version-final-257': 'version',
      'neg-version-forward-257': 'version',
      'neg-version-final-261': 'version',
      'neg-version-forward-261': 'version',
      'neg-version-final-65535': 'version',
      'neg-version-forward-65535': 'version',
      // A payload has one reading.
      'neg-rec-trailing-junk': 'bytes after the end marker',
      // No path has six hops.
      'neg-surb-1152': 'too many keys',
    });
  });
});

describe('an altered vector', () => {
  for (const engine of engines) {
    it(`never passes on ${engine.name}`, () => {
      const unnoticed: string[] = [];
      let count = 0;
      for (const vector of file.vectors) {
        if (isLeftOut(vector)) continue;
        const { computed } = computeVector(engine, vector);
        expect(differences(expectedOf(vector), computed)).toEqual([]);
        for (const [what, altered] of alterations(vector)) {
          count += 1;
          if (differences(expectedOf(altered), computed).length === 0) {
            unnoticed.push(`${vector.id}: ${what}`);
          }
        }
      }
      expect(unnoticed).toEqual([]);
      expect(count).toBeGreaterThan(9000);
    });
  }

  it('is noticed as a whole: one missing, one of an unknown kind, one without a field', () => {
    const [first, ...rest] = file.vectors;
    if (first === undefined) throw new Error('no vectors');
    const missing = checkFile({ ...file, vectors: rest.slice(0, 3) }, engines.slice(0, 1));
    expect(missing.failures).toContain('build: 3 vectors, the file says 36');
    const strange: Vector = { id: 'strange', kind: 'constructor' };
    const report = checkFile({ counts: { constructor: 1 }, vectors: [strange] }, engines);
    expect([report.passed, report.failed]).toEqual([0, 1]);
    const { packet: _, ...bare } = { ...first };
    const short = checkFile({ counts: { build: 1 }, vectors: [bare as Vector] }, engines);
    expect([short.passed, short.failed]).toEqual([0, 1]);
    // A size that would take all the memory there is.
    const vast = { ...first, payload_size: COUNT_MAX + 1 };
    const refused = checkFile({ counts: { build: 1 }, vectors: [vast] }, engines.slice(0, 1));
    expect(refused.failures.join()).toContain('payload_size: expected a whole number of at most');
  });
});

describe('what is no vector file', () => {
  it.each([
    ['not JSON', '{'],
    ['not an object', '[]'],
    ['not nym-sphinx-vectors, schema 1', '{"format":"other","schema":1}'],
    ['counts or vectors missing', '{"format":"nym-sphinx-vectors","schema":1}'],
  ])('%s', (reason, content) => {
    expect(parseVectorFile(content)).toBe(reason);
  });
});

/** Every vector that differs from this one in one compared place, with that place. */
function* alterations(vector: Vector): Generator<[string, Vector]> {
  const compared = Object.keys(expectedOf(vector));
  for (const name of compared) {
    const isLegacy = vector.kind === 'negative' && isLegacyForward(vector['verdict']);
    const skipped = isLegacy ? ['next_packet'] : [];
    for (const [path, value] of alteredValues(vector[name] ?? null, skipped)) {
      yield [`${name}${path}`, { ...vector, [name]: value }];
    }
    const { [name]: _, ...without } = vector;
    yield [`${name} removed`, without as Vector];
  }
  yield ['a field more', { ...vector, surplus: 1 }];
}

/** Text about where the crate refuses: never compared. */
const ABOUT = new Set(['message', 'stage', 'error_kind']);

function* alteredValues(value: Json, skipped: readonly string[]): Generator<[string, Json]> {
  if (isList(value)) {
    yield [' longer', [...value, value[0] ?? {}]];
    if (value.length > 0) yield [' shorter', value.slice(1)];
    for (const [index, item] of value.entries()) {
      for (const [path, altered] of alteredValues(item, skipped)) {
        yield [`[${index}]${path}`, value.with(index, altered)];
      }
    }
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      if (ABOUT.has(name) || skipped.includes(name)) continue;
      for (const [path, altered] of alteredValues(item, skipped)) {
        yield [`.${name}${path}`, { ...value, [name]: altered }];
      }
    }
  } else if (typeof value === 'number') yield [' + 1', value + 1];
  else if (typeof value === 'boolean') yield [' negated', !value];
  else if (typeof value === 'string') yield* alteredTexts(value);
}

const OTHER_RESULT: Readonly<Record<string, string>> = {
  forward: 'final',
  final: 'error',
  error: 'ok',
  ok: 'error',
};

function* alteredTexts(text: string): Generator<[string, string]> {
  const result = OTHER_RESULT[text] ?? (text.startsWith('error (') ? 'ok' : undefined);
  if (result !== undefined) return yield [` ${result}`, result];
  yield [' longer', `${text}00`];
  for (const at of new Set([0, text.length >> 1, text.length - 1])) {
    const digit = text[at];
    if (digit === undefined) continue;
    const flipped = /[0-9a-f]/.test(digit) ? (Number.parseInt(digit, 16) ^ 1).toString(16) : '?';
    yield [` at ${at}`, text.slice(0, at) + flipped + text.slice(at + 1)];
  }
}
