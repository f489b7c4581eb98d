// What a user looks for: words, all of which have to be in a text, each as a part of it. No
// operators: every character stands for itself. From the words come what the index is asked for
// and, for a text that has them, the words around the first match with every match in it.
import { fold, foldWithStarts, isSkipped } from './text-fold.ts';

/** Sequences of a query that the search chooses from; its words are compared whole. */
export const TRIGRAMS_MAX = 24;
/** UTF-16 units of the words around a match, with the marks of what was left out. */
export const SNIPPET_LENGTH_MAX = 160;
/** Of it, at most so many before the match. */
const BEFORE_LENGTH_MAX = 40;
/** Matches shown in one snippet. */
const MATCHES_MAX = 32;

export type Query = {
  /** Folded; none for a query of blanks alone. */
  readonly words: readonly string[];
  /**
   * Sequences of three characters, as the index knows a text, each once and as it was typed, since
   * the index folds by itself. None where no word has three characters.
   */
  readonly trigrams: readonly string[];
};

/** Any text becomes a query; nothing of it is refused. */
export function parseQuery(text: string): Query {
  // The index ends a text at a NUL, so it separates words here.
  const raw = text.replace(/\p{Cs}/gu, '\ufffd').split(/[\s\0]+/u);
  const words = [...new Set(raw.map(fold))].filter((word) => word !== '');
  const trigrams = [...new Set(raw.flatMap(trigramsOf))].slice(0, TRIGRAMS_MAX);
  return { words, trigrams };
}

function trigramsOf(word: string): string[] {
  const letters = Array.from(word).filter((letter) => !isSkipped(letter.codePointAt(0) ?? 0));
  return letters.slice(2).map((letter, at) => `${letters[at]}${letters[at + 1]}${letter}`);
}

/** Whether every word is in the text. */
export function matches({ words }: Query, text: string): boolean {
  const folded = fold(text);
  return words.every((word) => folded.includes(word));
}

export type Snippet = {
  readonly snippet: string;
  /** First and length, in UTF-16 units of `snippet`; ascending, apart from each other. */
  readonly matches: [number, number][];
};

type Range = { readonly from: number; readonly to: number };

/** The words around the first match of a text that matches. */
export function snippetOf(query: Query, text: string): Snippet {
  const found = rangesOf(query, text);
  const { from, to } = windowOf(text, found[0]?.from ?? 0);
  const before = from > 0 ? '…' : '';
  const after = to < text.length ? '…' : '';
  const shown = found
    .map((range) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) }))
    .filter((range) => range.from < range.to)
    .slice(0, MATCHES_MAX);
  return {
    // One line, each unit in its place.
    snippet: before + text.slice(from, to).replace(/\s/gu, ' ') + after,
    matches: shown.map((range) => [range.from - from + before.length, range.to - range.from]),
  };
}

/** Where the words stand in the text, ascending, what overlaps or touches as one. */
function rangesOf({ words }: Query, text: string): Range[] {
  const { text: folded, starts } = foldWithStarts(text);
  const found: Range[] = [];
  for (const word of words) {
    let at = folded.indexOf(word);
    for (let count = 0; at >= 0 && count < MATCHES_MAX; count++) {
      found.push({ from: starts[at] ?? 0, to: starts[at + word.length] ?? text.length });
      at = folded.indexOf(word, at + word.length);
    }
  }
  found.sort((a, b) => a.from - b.from || a.to - b.to);
  const joined: Range[] = [];
  for (const range of found) {
    const last = joined.at(-1);
    if (last === undefined || range.from > last.to) joined.push(range);
    else joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return joined;
}

/** What of a text is shown around `first`: whole characters, from the beginning of a word. */
function windowOf(text: string, first: number): Range {
  if (text.length <= SNIPPET_LENGTH_MAX) return { from: 0, to: text.length };
  let from = Math.max(0, first - BEFORE_LENGTH_MAX);
  if (from > 0) {
    const blank = text.slice(from, first).search(/\s/u);
    from = blank >= 0 ? from + blank + 1 : Math.min(first, whole(text, from, 1));
  }
  const to = Math.min(text.length, from + SNIPPET_LENGTH_MAX - 2);
  const end = to < text.length ? whole(text, to, -1) : to;
  // A character of a hundred marks is cut rather than left out.
  return { from, to: end > first ? end : to };
}

/** The nearest place from `at` on that is between two characters. */
function whole(text: string, at: number, step: 1 | -1): number {
  let place = at;
  while (place > 0 && place < text.length && isWithin(text, place)) place += step;
  return place;
}

function isWithin(text: string, place: number): boolean {
  // Half of a pair is one of its own here.
  return /^(\p{M}|\p{Cs}|\u200d)/u.test(text.slice(place, place + 2));
}
