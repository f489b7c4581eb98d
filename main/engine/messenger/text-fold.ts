// Texts as the search compares them: case apart, and Latin letters without their accents. The same
// as the index folds them (SQLite's trigram tokenizer with remove_diacritics), or finer, so that
// what matches here is found there. Each folded unit knows where it came from, so that a match can
// be shown in the text as it was written.

/** Combining marks that the index passes over: those of U+0300 to U+0331 that are common. */
const skipped = new Set<number>();
const ranges = '300-304 306-30c 30f 311 31b 323-328 32d-32e 330-331';
for (const range of ranges.split(' ')) {
  const [first = 0, last = first] = range.split('-').map((hex) => Number.parseInt(hex, 16));
  for (let code = first; code <= last; code++) skipped.add(code);
}
/** Whether the search passes over this code point. */
export const isSkipped = (code: number) => skipped.has(code);

/** Folded units of the basic plane; `UNKNOWN` where none was asked for yet, `NONE` for a mark. */
const UNKNOWN = 0xffff;
const NONE = 0xfffe;
const table = new Uint16Array(0x10000).fill(UNKNOWN);

function foldUnit(unit: number): number {
  const known = table[unit] ?? UNKNOWN;
  if (known !== UNKNOWN) return known;
  const folded = isSkipped(unit) ? NONE : foldLetter(String.fromCharCode(unit));
  table[unit] = folded;
  return folded;
}

/** Letters that are written in two ways where they are small. */
const small: Readonly<Record<string, string>> = { ς: 'σ', ſ: 's' };

function foldLetter(letter: string): number {
  const [lower = letter, ...rest] = letter.toLowerCase();
  const isOne = rest.every((mark) => /^\p{Mn}$/u.test(mark));
  const [base = lower, ...marks] = (isOne ? lower : letter).normalize('NFD');
  const isAccented = /^[a-z]$/.test(base) && marks.every((mark) => /^[\u0300-\u036f]$/.test(mark));
  const folded = isAccented ? base : isOne ? lower : letter;
  return (small[folded] ?? folded).charCodeAt(0);
}

export type Folded = {
  readonly text: string;
  /** For each unit of `text` where it begins in the original, and the original's length. */
  readonly starts: Uint32Array;
};

/** A text as it is compared. */
export function fold(original: string): string {
  return foldInto(original, null);
}

/** The same, with where each unit came from. */
export function foldWithStarts(original: string): Folded {
  const starts = new Uint32Array(original.length + 1);
  const text = foldInto(original, starts);
  starts[text.length] = original.length;
  return { text, starts: starts.subarray(0, text.length + 1) };
}

function isPairAt(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}

/** Units of a piece that is made at once: a call takes no arbitrary number of arguments. */
const PIECE = 4_096;

function foldInto(original: string, starts: Uint32Array | null): string {
  let text = '';
  const units: number[] = [];
  let count = 0;
  for (let at = 0; at < original.length; at++) {
    let unit = original.charCodeAt(at);
    if (isPairAt(original, at)) {
      // Letters with case beyond the basic plane stay pairs of units.
      const pair = original.slice(at, at + 2).toLowerCase();
      if (starts !== null) starts[count] = at;
      count += 1;
      units.push(pair.charCodeAt(0));
      at += 1;
      unit = pair.charCodeAt(1);
    } else {
      unit = foldUnit(unit);
      if (unit === NONE) continue;
    }
    if (starts !== null) starts[count] = at;
    count += 1;
    units.push(unit);
    if (units.length >= PIECE) text += String.fromCharCode(...units.splice(0));
  }
  return text + String.fromCharCode(...units);
}
