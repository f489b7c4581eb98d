// The German catalogue. A key that is missing here, or one too many, is a type error.
import type { Catalogue } from './catalogue.ts';
import { chat } from './de/chat.ts';
import { network } from './de/network.ts';
import { people } from './de/people.ts';
import { settings } from './de/settings.ts';
import { shell } from './de/shell.ts';
import { welcome } from './de/welcome.ts';

export const de = {
  ...shell,
  ...settings,
  ...chat,
  ...welcome,
  ...people,
  ...network,
} as const satisfies Catalogue;
