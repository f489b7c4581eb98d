// The pseudo language: English with accents, a third longer, in brackets. What is not accented on
// a picture did not come through the catalogue; what is cut off would be cut off in a longer
// language.
import type { Catalogue, Message } from './catalogue.ts';
import { en } from './en.ts';

const accents: Readonly<Record<string, string>> = {
  a: 'å',
  b: 'ƀ',
  c: 'ç',
  d: 'ð',
  e: 'é',
  f: 'ƒ',
  g: 'ğ',
  h: 'ĥ',
  i: 'î',
  j: 'ĵ',
  k: 'ķ',
  l: 'ļ',
  m: 'ɱ',
  n: 'ñ',
  o: 'ö',
  p: 'þ',
  q: 'ɋ',
  r: 'ŕ',
  s: 'š',
  t: 'ţ',
  u: 'û',
  v: 'ṽ',
  w: 'ŵ',
  x: 'ẋ',
  y: 'ý',
  z: 'ž',
  A: 'Å',
  B: 'Ɓ',
  C: 'Ç',
  D: 'Ð',
  E: 'É',
  F: 'Ƒ',
  G: 'Ğ',
  H: 'Ĥ',
  I: 'Î',
  J: 'Ĵ',
  K: 'Ķ',
  L: 'Ļ',
  M: 'Ṁ',
  N: 'Ñ',
  O: 'Ö',
  P: 'Þ',
  Q: 'Ɋ',
  R: 'Ŕ',
  S: 'Š',
  T: 'Ţ',
  U: 'Û',
  V: 'Ṽ',
  W: 'Ŵ',
  X: 'Ẋ',
  Y: 'Ý',
  Z: 'Ž',
};

/** Letters that a text grows by, as a share of its own; German comes to about this. */
export const GROWTH = 0.35;

/** One text in pseudo: parameters and the marks of strong text stay as they are. */
export function pseudoText(text: string): string {
  const accented = text
    .split(/(\{\w+\})/)
    .map((part) => (part.startsWith('{') ? part : part.replace(/[a-z]/gi, (l) => accents[l] ?? l)))
    .join('');
  const letters = text.replace(/\{\w+\}/g, '').length;
  const filler = ' one two three four five six seven eight nine ten'.repeat(12);
  return `[${accented}${filler.slice(0, Math.ceil(letters * GROWTH))}]`;
}

function pseudoMessage(message: Message): Message {
  if (typeof message === 'string') return pseudoText(message);
  const forms = Object.entries(message).map(([name, text]) => [
    name,
    name === 'count' || name === 'ordinal' ? text : pseudoText(text),
  ]);
  return Object.fromEntries(forms) as Message;
}

export const pseudo = Object.fromEntries(
  Object.entries(en).map(([key, message]) => [key, pseudoMessage(message)]),
) as Catalogue;
