// Writes theme, language and direction onto the root element, where the style sheets and screen
// readers read them.
import type { Settings } from '../../shared/api.ts';
import type { Direction } from '../strings/language.ts';

export type Look = {
  readonly theme: Settings['theme'];
  readonly locale: string;
  readonly direction: Direction;
};

export function applyLook(look: Look): void {
  const root = document.documentElement;
  root.lang = look.locale;
  root.dir = look.direction;
  if (look.theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = look.theme;
}
