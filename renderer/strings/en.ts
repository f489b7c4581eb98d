// The English catalogue, and with it the keys and parameters that every other language must have.
import { chat } from './en/chat.ts';
import { network } from './en/network.ts';
import { people } from './en/people.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { welcome } from './en/welcome.ts';

export const en = { ...shell, ...settings, ...chat, ...welcome, ...people, ...network } as const;
