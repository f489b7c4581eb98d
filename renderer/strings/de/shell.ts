// German: the frame of the window, what it says of its engine, and its faults.
export const shell = {
  'app.name': 'Eddy',
  'shell.skip': 'Zur Seite springen',
  'shell.conversations': 'Unterhaltungen',
  'shell.settings': 'Einstellungen',
  'shell.back': 'Zurück',
  'shell.resize': 'Breite der Liste',
  'shell.width': {
    count: 'pixels',
    one: '{pixels} Pixel',
    other: '{pixels} Pixel',
  },

  'page.empty': 'Nichts ist geöffnet',
  'page.empty.detail': 'Wähle eine Unterhaltung aus der Liste oder beginne eine neue.',
  'page.empty.alone': 'Eine Unterhaltung beginnt mit einem Code, den einer dem anderen gibt.',
  'page.empty.action': 'Kontakt hinzufügen',

  'page.waiting': 'Dein Profil wird geöffnet',
  'page.waiting.detail': 'Der Kern hat noch nicht geantwortet.',
  'page.failed': 'Dein Profil ist nicht offen',
  'page.failed.detail':
    'Nichts wird gesendet, und nichts davon gezeigt. Was zu tun ist, steht bei der Liste.',

  'network.none': 'Noch kein Netzwerk',
  'network.none.detail': 'nichts wird gesendet',
  'network.title': 'Netzwerk',
  'new_contact.title': 'Neuer Kontakt',
  'requests.title': 'Kontaktanfragen',

  'about.line': 'Eddy {version}, {runtime}, Krypto {cryptoEngine}, SQLite {sqlite}, {cipher}',
  'about.unknown': 'Der Kern hat noch nicht geantwortet.',
  'loading.engine': 'Der Kern startet',

  'engine.connecting': 'Verbinde mit dem Kern',
  'engine.lost':
    '**Die Verbindung zu Eddy ist unterbrochen.** Dieses Fenster versucht es von selbst erneut.',
  'engine.restarting':
    '**Der Kern hat angehalten und startet neu.** Gespeichertes ist sicher; es dauert einen ' +
    'Moment.',
  'engine.failed.stopped':
    '**Der Kern hält immer wieder an.** Schließe Eddy und starte es neu. Hilft das nicht, ' +
    'starte den Computer neu.',
  'engine.failed.profile_in_use':
    '**Dieses Profil ist in einem anderen Eddy geöffnet.** Schließe das andere und starte ' +
    'dieses erneut.',
  'engine.failed.store_newer':
    '**Dieses Profil stammt von einem neueren Eddy.** Starte jene Version oder wähle ein ' +
    'anderes Profil. Nichts wurde geändert.',
  'engine.failed.store_damaged':
    '**Die Datenbank dieses Profils ist beschädigt.** Sie wurde so belassen. Setze eine ' +
    'Sicherung an ihre Stelle oder starte ein anderes Profil.',
  'engine.failed.store_key':
    '**Der Schlüssel öffnet dieses Profil nicht.** Schlüsseldatei und Datenbank gehören nicht ' +
    'zusammen. Lege die Schlüsseldatei zurück, die mit ihr entstand.',
  'engine.failed.store_access':
    '**Das Profil kann nicht gelesen und geschrieben werden.** Prüfe, wem sein Ordner gehört, ' +
    'und starte Eddy erneut.',
  'engine.failed.store_full':
    '**Der Datenträger ist voll.** Schaffe Platz und starte Eddy erneut. Nichts ging verloren.',
  'engine.failed.store_migration':
    '**Das Profil ließ sich nicht auf diese Version bringen.** Starte die Version davor. ' +
    'Nichts wurde geändert.',
  'engine.failed.other_network':
    '**Dieses Profil gehört zu einem anderen Netz.** Starte Eddy, ohne ein Netz zu nennen, oder ' +
    'nimm für dieses Netz ein anderes Profil. Nichts wurde geändert.',
  'engine.failed.bad_network':
    '**Das Netz, das Eddy bekam, lässt sich nicht lesen.** Lass dir Link oder Datei noch einmal ' +
    'geben. Nichts wurde geändert.',
  'engine.failed.internal':
    '**Der Kern konnte nicht starten.** Schließe Eddy und starte es neu; sein Protokoll nennt ' +
    'die Ursache.',

  'fault.title': 'Diese Seite hielt bei einem Fehler an',
  'fault.detail':
    'Der Kern läuft ohne sie weiter: Nichts ging verloren, und der Verkehr bleibt gleich. ' +
    'Lade das Fenster neu, um fortzufahren.',
  'fault.what': 'Was geschah',
  'fault.reload': 'Neu laden',
  'fault.back': 'Zurück zum Anfang',
} as const;
