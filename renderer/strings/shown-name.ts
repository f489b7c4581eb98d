// What somebody is called in the window. Who has not answered yet has said no name: until then he
// goes by the day on which he became known.
import type { Speech } from './language.ts';

/** A contact, or the conversation with one. */
export type Nameable =
  | { readonly name: string; readonly knownSinceUnixMs: number }
  | { readonly name: string; readonly begunUnixMs: number };

/** His name, or else "Unnamed, 12 October 2026". */
export function shownName({ text, formats }: Speech, who: Nameable): string {
  if (who.name !== '') return who.name;
  const sinceUnixMs = 'begunUnixMs' in who ? who.begunUnixMs : who.knownSinceUnixMs;
  return text('name.unnamed', { date: formats.date(sinceUnixMs) });
}

/** The same with the name that is shown, for whatever says it. */
export function named<T extends Nameable>(speech: Speech, who: T): T {
  return who.name === '' ? { ...who, name: shownName(speech, who) } : who;
}
