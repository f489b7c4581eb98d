// German: the settings pages.
export const settings = {
  'settings.title': 'Einstellungen',
  'settings.sections': 'Abschnitte der Einstellungen',
  'settings.profile': 'Profil',
  'settings.appearance': 'Darstellung',
  'settings.privacy': 'Privatsphäre',
  'settings.storage': 'Speicher',
  'settings.about': 'Über Eddy',

  'appearance.title': 'Darstellung',
  'appearance.detail': 'Wie Eddy auf diesem Computer aussieht. Niemand sonst erfährt davon.',
  'appearance.theme': 'Thema',
  'appearance.theme.detail': 'Hell und Dunkel haben denselben Kontrast.',
  'appearance.theme.system': 'Wie das System',
  'appearance.theme.light': 'Hell',
  'appearance.theme.dark': 'Dunkel',
  'appearance.language': 'Sprache',
  'appearance.language.detail': 'Datum und Zahlen folgen ihr.',
  'appearance.language.system': 'Wie das System ({language})',
  'appearance.language.pseudo': 'Pseudo, zum Prüfen der Anordnung',
  'appearance.unsaved':
    '**Die Einstellung wurde nicht gespeichert.** Der Kern nahm sie nicht an. Nichts hat sich ' +
    'geändert; versuche es erneut.',
  'appearance.waiting': 'Die Einstellungen erscheinen, sobald der Kern antwortet.',

  'about.title': 'Über Eddy',
  'about.detail': 'Was auf diesem Computer läuft, wie der Kern es selbst sagt.',
  'about.version': 'Version',
  'about.runtime': 'Laufzeit',
  'about.crypto': 'Kryptografie',
  'about.sqlite': 'SQLite',
  'about.cipher': 'Verschlüsselung der Datenbank',
  'about.today': 'Was heute geht',
  'about.today.detail':
    'Der Kern, seine verschlüsselte Datenbank und dieses Fenster. Netzwerk und Nachrichten ' +
    'gibt es noch nicht, also verlässt nichts diesen Computer.',
} as const;
