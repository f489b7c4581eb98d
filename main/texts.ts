// The catalogue of what is said outside the window: menu, error box, refusals of the browser shell.
// The window's own (renderer/strings) is of another process and may not be imported here. English
// gives the keys; a language that lacks one is a type error.
import type { Settings } from '../shared/api.ts';

const en = {
  /** For `lang`. */
  language: 'en',
  'menu.file': 'File',
  'menu.edit': 'Edit',
  'menu.view': 'View',
  'menu.newWindow': 'New window',
  'menu.lock': 'Lock Eddy',
  'window.notLoaded': 'The window could not be loaded. Build or install Eddy again.',
  'refusal.title': 'Eddy is not shown here',
  'refusal.again':
    'Start Eddy with this profile once more: it prints a new address, also while it runs.',
  'refusal.foreign_host': 'This address is not the one that Eddy listens on.',
  'refusal.foreign_origin': 'Another page asked; only the page that Eddy serves may.',
  'refusal.foreign_site': 'Another site led here. Open the address that Eddy printed.',
  'refusal.method_refused': 'Only GET is answered.',
  'refusal.no_token': 'Open the address that Eddy printed; it carries a token that is needed once.',
  'refusal.old_token': 'The token in this address was used or is too old.',
  'refusal.old_session': 'This tab belongs to an earlier start of Eddy, which ended.',
  'refusal.too_many_tabs': 'Too many tabs are open. Close one and load this one anew.',
  'refusal.unknown_path': 'Not found.',
} as const;

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;

const de: Texts = {
  language: 'de',
  'menu.file': 'Datei',
  'menu.edit': 'Bearbeiten',
  'menu.view': 'Ansicht',
  'menu.newWindow': 'Neues Fenster',
  'menu.lock': 'Eddy sperren',
  'window.notLoaded':
    'Das Fenster konnte nicht geladen werden. Eddy muss neu gebaut oder installiert werden.',
  'refusal.title': 'Eddy wird hier nicht gezeigt',
  'refusal.again':
    'Eddy mit diesem Profil noch einmal starten: Es nennt eine neue Adresse, auch wenn es läuft.',
  'refusal.foreign_host': 'Diese Adresse ist nicht die, auf der Eddy antwortet.',
  'refusal.foreign_origin':
    'Eine andere Seite hat gefragt; nur die Seite von Eddy selbst darf das.',
  'refusal.foreign_site':
    'Eine andere Seite hat hierher geführt. Die Adresse öffnen, die Eddy genannt hat.',
  'refusal.method_refused': 'Nur GET wird beantwortet.',
  'refusal.no_token':
    'Die Adresse öffnen, die Eddy genannt hat; in ihr steht ein Schlüsselwort, das einmal gilt.',
  'refusal.old_token': 'Das Schlüsselwort in dieser Adresse wurde benutzt oder ist zu alt.',
  'refusal.old_session': 'Dieser Tab gehört zu einem früheren Start von Eddy, der zu Ende ist.',
  'refusal.too_many_tabs': 'Zu viele Tabs sind offen. Einen schließen und diesen neu laden.',
  'refusal.unknown_path': 'Nicht gefunden.',
};

/** The texts of a language's tag or of a list of them (`Accept-Language`); else English. */
export function textsOf(tags: string): Texts {
  for (const tag of tags.toLowerCase().split(',')) {
    const language = tag.trim().split(/[-;]/)[0];
    if (language === 'en') return en;
    if (language === 'de') return de;
  }
  return en;
}

/** The texts of the setting, where it leaves it to the system those of `systemTag`. */
export function textsOfSetting(setting: Settings['language'], systemTag: string): Texts {
  return textsOf(setting === 'system' ? systemTag : setting);
}
