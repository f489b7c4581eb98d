// Messages become text as their language says, and no language is missing a parameter.
import { describe, expect, it } from 'vitest';
import {
  type Catalogue,
  createText,
  type Message,
  parameterNames,
} from '../../../renderer/strings/catalogue.ts';
import { de } from '../../../renderer/strings/de.ts';
import { en } from '../../../renderer/strings/en.ts';
import { createFormats } from '../../../renderer/strings/formats.ts';
import { chooseLanguage, speak } from '../../../renderer/strings/language.ts';
import { GROWTH, pseudo, pseudoText } from '../../../renderer/strings/pseudo.ts';

const texts = (message: Message): string[] =>
  typeof message === 'string'
    ? [message]
    : Object.entries(message).flatMap(([form, text]) =>
        form === 'count' || form === 'ordinal' ? [] : [text],
      );

/** Keys whose texts do not name the same parameters as the English ones. */
function strayParameters(other: Catalogue): string[] {
  const names = (message: Message) =>
    JSON.stringify([...new Set(texts(message).flatMap(parameterNames))].sort());
  return Object.entries(en)
    .filter(([key, message]) => names(message) !== names(other[key as keyof Catalogue]))
    .map(([key]) => key);
}

describe('a message', () => {
  it('takes its parameters, numbers in the digits of its language', () => {
    expect(createText(en, 'en')('shell.width', { pixels: 1320 })).toBe('1,320 pixels');
    expect(createText(de, 'de')('shell.width', { pixels: 1320 })).toBe('1.320 Pixel');
  });

  it('picks its plural by the rules of its language', () => {
    expect(createText(en, 'en')('shell.width', { pixels: 1 })).toBe('1 pixel');
  });

  it('counts in order where it says so', () => {
    const text = createText(en, 'en');
    const tries = [1, 2, 3, 4, 11, 22].map((n) => text('delivery.retrying', { try: n }));
    expect(tries.map((words) => words.split(', ')[1])).toEqual([
      '1st try',
      '2nd try',
      '3rd try',
      '4th try',
      '11th try',
      '22nd try',
    ]);
    expect(createText(de, 'de')('delivery.retrying', { try: 2 })).toContain('2. Versuch');
  });

  it('is a type error without its parameter, or with a key that is not there', () => {
    const text = createText(en, 'en');
    // @ts-expect-error the message has a parameter that must be given
    expect(text('shell.width')).toContain('{pixels}');
    // @ts-expect-error no such key exists in the catalogue
    expect(() => text('shell.nothing')).toThrow();
  });
});

describe('the languages', () => {
  it.each([
    ['German', de],
    ['pseudo', pseudo],
  ])('%s names the parameters that English names', (_name, catalogue) => {
    expect(strayParameters(catalogue)).toEqual([]);
  });

  it('would be found out with a parameter lost in translation', () => {
    const bad = { ...de, 'about.line': 'Eddy {version}' } as Catalogue;
    expect(strayParameters(bad)).toEqual(['about.line']);
  });

  it('have balanced marks of strong text', () => {
    const odd = [en, de].flatMap((catalogue) =>
      Object.entries(catalogue)
        .filter(([, message]) => texts(message).some((t) => t.split('**').length % 2 === 0))
        .map(([key]) => key),
    );
    expect(odd).toEqual([]);
  });

  it('follow the setting, else the system, else English', () => {
    expect(chooseLanguage('de', ['en-GB'])).toBe('de');
    expect(chooseLanguage('system', ['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(chooseLanguage('system', ['fr', 'ja'])).toBe('en');
  });
});

describe('pseudo', () => {
  it('grows, brackets and accents, and keeps parameters', () => {
    const made = pseudoText('Width {pixels}');
    expect(made.startsWith('[Ŵîðţĥ {pixels}')).toBe(true);
    expect(made.endsWith(']')).toBe(true);
    expect(made.length).toBeGreaterThanOrEqual('Width {pixels}'.length + 6 * GROWTH);
  });

  it('is not English anywhere', () => {
    const same = Object.entries(en).filter(
      ([key, message]) => pseudo[key as keyof Catalogue] === message,
    );
    expect(same).toEqual([]);
  });
});

describe('formats', () => {
  const noon = Date.UTC(2026, 10, 23, 12, 4);
  const { time, stamp, day, languageName } = createFormats('en-GB', 'UTC');
  it('write times, days and languages as people do', () => {
    expect(time(noon)).toBe('12:04');
    expect(day(noon, noon)).toBe('23 November');
    expect(day(Date.UTC(2025, 10, 3), noon)).toBe('3 November 2025');
    expect(languageName('de')).toBe('German');
    expect(speak('de').formats.languageName('de')).toBe('Deutsch');
  });

  it('stamp a list with the time today, the day before, a weekday, else the date', () => {
    const days = (count: number) => noon - count * 86_400_000;
    expect(stamp(noon - 60_000, noon)).toBe('12:03');
    expect(stamp(days(1), noon)).toBe('Yesterday');
    expect(stamp(days(4), noon)).toBe('Thu');
    // The sixth day before is one from its first minute to its last, at every time of today.
    const early = days(6) - 12 * 3_600_000;
    expect([stamp(early, noon), stamp(early, noon + 11 * 3_600_000)]).toEqual(['Tue', 'Tue']);
    expect(stamp(days(7) + 11 * 3_600_000, noon - 11 * 3_600_000)).toBe('16 Nov');
    expect(stamp(days(30), noon)).toBe('24 Oct');
  });
});
