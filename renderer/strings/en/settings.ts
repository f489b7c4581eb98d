// English: the settings pages.
export const settings = {
  'settings.title': 'Settings',
  'settings.sections': 'Sections of the settings',
  'settings.profile': 'Profile',
  'settings.appearance': 'Appearance',
  'settings.privacy': 'Privacy',
  'settings.storage': 'Storage',
  'settings.about': 'About',

  'appearance.title': 'Appearance',
  'appearance.detail': 'How Eddy looks on this computer. Nobody else learns of it.',
  'appearance.theme': 'Theme',
  'appearance.theme.detail': 'Light and dark carry the same contrast.',
  'appearance.theme.system': 'As the system',
  'appearance.theme.light': 'Light',
  'appearance.theme.dark': 'Dark',
  'appearance.language': 'Language',
  'appearance.language.detail': 'Dates and numbers follow it.',
  'appearance.language.system': 'As the system ({language})',
  'appearance.language.pseudo': 'Pseudo, for tests of the layout',
  'appearance.unsaved':
    '**The setting was not saved.** The engine did not take it. Nothing changed; try again.',
  'appearance.waiting': 'The settings show when the engine answers.',

  'about.title': 'About Eddy',
  'about.detail': 'What runs on this computer, as the engine itself says.',
  'about.version': 'Version',
  'about.runtime': 'Runtime',
  'about.crypto': 'Cryptography',
  'about.sqlite': 'SQLite',
  'about.cipher': 'Database cipher',
  'about.today': 'What works today',
  'about.today.detail':
    'The engine, its encrypted database and this window. There is no network and no message ' +
    'yet, so nothing leaves this computer.',
} as const;
