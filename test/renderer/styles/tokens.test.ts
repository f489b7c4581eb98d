// The promised contrasts, computed from the style sheet itself in both themes; and that every
// colour a sheet uses is a token that exists.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { contrast, readTokens, tooFaint } from '../support/contrast.ts';

const renderer = path.resolve(import.meta.dirname, '../../../renderer');
const css = readFileSync(path.join(renderer, 'styles/tokens.css'), 'utf8');
const tokens = readTokens(css);

const TEXT = 4.5;
const GRAPHICS = 3;
const AVATAR = 6.6;

/** The design's table, with what each pair carries. */
const pairs: readonly (readonly [string, string, number])[] = [
  ...['canvas', 'own', 'other', 'selected', 'side', 'surface', 'raised', 'sunken', 'hover'].map(
    (ground) => ['ink', ground, TEXT] as const,
  ),
  ...['canvas', 'side', 'own', 'other', 'selected', 'danger-tint', 'sunken', 'hover'].map(
    (ground) => ['ink-2', ground, TEXT] as const,
  ),
  ...['canvas', 'side', 'sunken'].map((ground) => ['ink-3', ground, TEXT] as const),
  ...['canvas', 'side', 'own', 'selected', 'band'].map(
    (ground) => ['accent', ground, TEXT] as const,
  ),
  ['on-accent', 'accent', TEXT],
  ['on-accent', 'accent-strong', TEXT],
  ['on-danger', 'danger', TEXT],
  ['caution', 'canvas', TEXT],
  ['caution', 'caution-tint', TEXT],
  ['ink', 'caution-tint', TEXT],
  ['danger', 'side', TEXT],
  ['danger', 'danger-tint', TEXT],
  ['line-strong', 'canvas', GRAPHICS],
  ['line-strong', 'side', GRAPHICS],
  ['caution-mark', 'surface', GRAPHICS],
  ['code-dark', 'code-light', TEXT],
  ...[0, 1, 2, 3, 4, 5].map((pair) => [`on-person-${pair}`, `person-${pair}`, AVATAR] as const),
];

function styleSheets(): { file: string; text: string }[] {
  return readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.css'))
    .map((file) => ({ file, text: readFileSync(path.join(renderer, file), 'utf8') }));
}

describe('the tokens', () => {
  it('give every pair of the design its contrast, light and dark', () => {
    expect(tooFaint(tokens, pairs)).toEqual([]);
  });

  it('would be found out with one colour a little too light', () => {
    const bad = readTokens(
      css.replace('--ink-3: light-dark(#5e6a67', '--ink-3: light-dark(#7e8a87'),
    );
    expect(tooFaint(bad, pairs).length).toBeGreaterThan(0);
  });

  it('measure as the formula says at its ends', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#777777')).toBe(1);
  });

  it('are the only colours: no sheet writes one of its own', () => {
    const own = styleSheets()
      .filter(({ file }) => !file.endsWith('tokens.css'))
      .flatMap(({ file, text }) =>
        [...text.matchAll(/#[0-9a-f]{3,8}\b(?=[^{]*[;}])/gi)].map((hit) => `${file}: ${hit[0]}`),
      );
    expect(own).toEqual([]);
  });

  it('exist wherever a sheet names one', () => {
    const all = styleSheets();
    const set = new Set(
      all.flatMap(({ text }) => [...text.matchAll(/(--[\w-]+)\s*:/g)].map((hit) => hit[1])),
    );
    const missing = all.flatMap(({ file, text }) =>
      [...text.matchAll(/var\((--[\w-]+)/g)]
        .map((hit) => hit[1])
        .filter((name) => !set.has(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('leave directions to the line: no sheet says left or right', () => {
    const sides = /\b(margin|padding|border|inset)-(left|right|top|bottom)\b/g;
    const edges = /^\s*(left|right|top|bottom|width|height|(min|max)-(width|height)):/gm;
    const found = styleSheets().flatMap(({ file, text }) =>
      [...text.matchAll(sides), ...text.matchAll(edges)].map((hit) => `${file}: ${hit[0].trim()}`),
    );
    expect(found).toEqual([]);
  });
});
