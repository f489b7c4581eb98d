// The German catalogue. A key that is missing here, or one too many, is a type error.
import type { Catalogue } from './catalogue.ts';
import { chat } from './de/chat.ts';
import { settings } from './de/settings.ts';
import { shell } from './de/shell.ts';

export const de = { ...shell, ...settings, ...chat } as const satisfies Catalogue;
