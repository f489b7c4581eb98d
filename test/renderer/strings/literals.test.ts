// No text for people outside the catalogue.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { literalFindings } from '../support/literals.ts';

const renderer = path.resolve(import.meta.dirname, '../../../renderer');
const files = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  // The page of parts shows samples to developers and is not in what a user gets.
  .filter((file) => file.endsWith('.tsx') && !file.startsWith('gallery/'))
  .map((file) => ({ path: file, text: readFileSync(path.join(renderer, file), 'utf8') }));

const planted = (text: string) => literalFindings({ path: 'planted.tsx', text });

describe('components', () => {
  it('are there to be looked at', () => {
    expect(files.length).toBeGreaterThan(15);
  });
  it('take every text from the catalogue', () => {
    expect(files.flatMap(literalFindings)).toEqual([]);
  });
});

describe('a literal is found', () => {
  it.each([
    ['as text', 'const a = <p>Hello</p>;'],
    ['as an expression', "const a = <p>{'Hello'}</p>;"],
    ['in a branch', "const a = <p>{b ? 'Hello' : null}</p>;"],
    ['after a condition', "const a = <p>{b && 'Hello'}</p>;"],
    ['in a template', 'const a = <p>{`Hello`}</p>;'],
    ['as an aria-label', '<button aria-label="Close" />;'],
    ['as a title', "<button title={b ? 'Close' : undefined} />;"],
    ['as a placeholder', '<input placeholder="Search" />;'],
    ['as the words of a part of ours', '<IconButton words="Search" />;'],
    ['deep inside', 'const a = () => <p><b>{c.map(() => <i>Hello</i>)}</b></p>;'],
  ])('%s', (_where, text) => {
    expect(planted(text)).toHaveLength(1);
  });

  it('and what is no text is let through', () => {
    expect(planted("<p className=\"a\" data-x='b'>{text('key')}: {1} · </p>;")).toEqual([]);
    expect(planted("<Button kind={a === 'b' ? 'filled' : 'text'} />;")).toEqual([]);
  });
});
