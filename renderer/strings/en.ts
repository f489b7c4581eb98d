// The English catalogue, and with it the keys and parameters that every other language must have.
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';

export const en = { ...shell, ...settings } as const;
