// What a catalogue is, and how a message of it becomes text: parameters in braces, plurals by the
// language's own rules, numbers by its own digits. English gives the keys and the parameters; a
// key or parameter that is not there is a type error (docs/decisions/0014).
import type { en } from './en.ts';

/**
 * A message with a number: `count` names the parameter that picks the form, by the rules of
 * counting or, where `ordinal` says so, of order (2nd).
 */
export type Plural = {
  readonly count: string;
  readonly ordinal?: 'yes';
  readonly other: string;
} & {
  readonly [F in Intl.LDMLPluralRule]?: string;
};
export type Message = string | Plural;

export type English = typeof en;
export type Key = keyof English;

/** Every language: the keys of English, texts where it has texts, plurals where it has those. */
export type Catalogue = {
  readonly [K in Key]: English[K] extends string ? string : Plural;
};

type Names<T> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Texts<M> = M extends string
  ? M
  : M extends object
    ? M[Exclude<keyof M, 'count' | 'ordinal'>]
    : never;
type Counted<M> = M extends { readonly count: infer C extends string } ? C : never;

/** The parameters that the message of a key takes: numbers where they pick a plural. */
export type Parameters<K extends Key> = {
  readonly [N in Exclude<Names<Texts<English[K]>>, Counted<English[K]>>]: string | number;
} & { readonly [N in Counted<English[K]>]: number };

/** One argument for a message without parameters, two for one with. */
export type TextArguments<K extends Key> = keyof Parameters<K> extends never
  ? []
  : [parameters: Parameters<K>];

export type Text = <K extends Key>(key: K, ...rest: TextArguments<K>) => string;

/** How the messages of `catalogue` read in `locale`. */
export function createText(catalogue: Catalogue, locale: string): Text {
  const rules = {
    cardinal: new Intl.PluralRules(locale),
    ordinal: new Intl.PluralRules(locale, { type: 'ordinal' }),
  };
  const digits = new Intl.NumberFormat(locale);
  return (key, ...rest) => {
    const given: Readonly<Record<string, string | number>> = rest[0] ?? {};
    const template = form(catalogue[key], given, rules);
    return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = given[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? digits.format(value) : value;
    });
  };
}

function form(
  message: Message,
  given: Readonly<Record<string, string | number>>,
  rules: { readonly cardinal: Intl.PluralRules; readonly ordinal: Intl.PluralRules },
): string {
  if (typeof message === 'string') return message;
  const ruled = message.ordinal === 'yes' ? rules.ordinal : rules.cardinal;
  const count = given[message.count];
  return message[ruled.select(typeof count === 'number' ? count : 0)] ?? message.other;
}

/** The parameters a text names, in order of their names; for tests and for the pseudo language. */
export function parameterNames(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}
