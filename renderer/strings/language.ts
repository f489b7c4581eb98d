// Which language the window speaks: the setting, else the first of the system's languages that
// there is a catalogue for, else English; and with it `lang`, `dir` and the formats of dates and
// numbers.
import type { Settings } from '../../shared/api.ts';
import { type Catalogue, createText, type Text } from './catalogue.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { createFormats, type Formats } from './formats.ts';
import { pseudo } from './pseudo.ts';

export type Language = 'en' | 'de' | 'pseudo';
export type Direction = 'ltr' | 'rtl';

export type Speech = {
  readonly language: Language;
  /** BCP 47; for `lang` and for Intl. */
  readonly locale: string;
  readonly direction: Direction;
  readonly text: Text;
  readonly formats: Formats;
};

const catalogues: Readonly<Record<Language, Catalogue>> = { en, de, pseudo };
const locales: Readonly<Record<Language, string>> = { en: 'en', de: 'de', pseudo: 'en-XA' };

/** The language of a setting, given the system's languages in order of preference. */
export function chooseLanguage(
  setting: Settings['language'],
  systemLanguages: readonly string[],
): Language {
  if (setting !== 'system') return setting;
  for (const tag of systemLanguages) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'en' || primary === 'de') return primary;
  }
  return 'en';
}

/** Texts and formats of a language. A region of the system's (en-GB, de-AT) refines the formats. */
export function speak(language: Language, systemLanguages: readonly string[] = []): Speech {
  const locale = locales[language];
  const regional = systemLanguages.find((tag) => tag.toLowerCase().split('-')[0] === locale);
  return {
    language,
    locale,
    direction: 'ltr',
    text: createText(catalogues[language], locale),
    formats: createFormats(regional ?? locale),
  };
}
