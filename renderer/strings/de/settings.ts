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

  'own.title': 'Profil',
  'own.detail': 'Was Menschen, denen du schreibst, von dir wissen. Es bleibt bei ihnen und dir.',
  'own.name': 'Name',
  'own.name.hint': 'Nur wem du schreibst, sieht ihn. Eine Änderung reist mit dem, was du sendest.',
  'own.save': 'Speichern',
  'own.waiting': 'Dein Profil erscheint, sobald der Kern antwortet.',
  'own.identity': 'Identität',
  'own.identity.detail':
    'Einige Schlüssel, auf diesem Computer gemacht und in seiner verschlüsselten Datenbank ' +
    'verwahrt. Keine Nummer, kein Konto, und niemand, der sie noch einmal ausgeben könnte: Eine ' +
    'Sicherung machst du selbst.',
  'own.made': 'Gemacht',
  'own.network': 'Netzwerk',
  'own.network.none': 'noch keines',
  'own.network.demo': '„{network}“: Nichts verlässt ihn',

  'privacy.title': 'Privatsphäre',
  'privacy.detail':
    'Was dieser Computer und die Menschen, denen du schreibst, erfahren können. Was reist, ' +
    'schützt das Netzwerk, für alle gleich.',
  'privacy.here': 'Auf diesem Computer',
  'privacy.lock': 'Eddy sperren',
  'privacy.lock.detail': 'Nachrichten kommen weiter an; gezeigt wird nichts.',
  'privacy.lock.none': 'Nur mit Passphrase: Ohne sie gibt es nichts zum Entsperren.',
  'privacy.lock.never': 'Nie von selbst',
  'privacy.lock.minutes': {
    count: 'minutes',
    one: 'Nach {minutes} Minute',
    other: 'Nach {minutes} Minuten',
  },
  'privacy.lock.now': 'Jetzt sperren',
  'privacy.passphrase': 'Passphrase',
  'privacy.passphrase.none':
    'Nicht gesetzt. Wer die Platte dieses Computers hat, kann deine Nachrichten lesen.',
  'privacy.passphrase.only_keychain':
    'Nicht gesetzt. Nur der Schlüsselbund dieses Computers öffnet das Profil; geht er verloren, ' +
    'dann auch deine Nachrichten.',
  'privacy.passphrase.keychain':
    'Gesetzt. Auch der Schlüsselbund des Systems hält den Schlüssel, sodass Eddy ohne Frage ' +
    'öffnet.',
  'privacy.passphrase.alone': 'Gesetzt. Eddy fragt bei jedem Start danach.',
  'privacy.keychain': 'Den Schlüssel auch im Schlüsselbund des Systems halten',
  'privacy.keychain.detail':
    'Dann öffnet Eddy, wenn du dich anmeldest. Wer sich als du anmelden kann, kann das auch.',
  'privacy.keychain.alone':
    'Keine Passphrase ist gesetzt: Dann öffnet nur der Schlüsselbund dieses Computers das ' +
    'Profil. Setze zuerst eine Passphrase.',
  'privacy.keychain.warning':
    '**Ohne Passphrase öffnet nur der Schlüsselbund dieses Computers das Profil.** Ein Browser ' +
    'erreicht ihn nicht, und geht der Schlüsselbund verloren, dann auch deine Nachrichten.',
  'privacy.keychain.anyway': 'Nur den Schlüsselbund nutzen',
  'privacy.people': 'Gegenüber denen, denen du schreibst',
  'privacy.tells': 'Ihnen sagen, wenn ich gelesen habe',
  'privacy.tells.detail':
    'Aus, wenn du es nicht willst. Es gilt in beide Richtungen; jeder Kontakt kann abweichen.',
  'privacy.cover':
    '**Einen Schalter für weniger Deckverkehr gibt es nicht.** Eine eigene Rate würde dich ' +
    'verraten. Die Rate ist die des Netzwerks. Links werden nie abgerufen, und niemand sieht ' +
    'dich tippen.',
  'strangers.title': 'Blockierte Fremde',
  'strangers.detail':
    'Ihre Anfragen werden verworfen, und es wird ihnen nicht gesagt. Blockierte Kontakte stehen ' +
    'in der Liste der Gespräche.',
  'strangers.none': 'Niemand ist blockiert.',
  'strangers.waiting': 'Die Blockierten werden gelesen',
  'strangers.nameless': 'Name unbekannt',
  'strangers.since': 'Blockiert am {day}',
  'strangers.unblock': 'Freigeben',
  'strangers.unblocked': '**{name} ist freigegeben.** Eine neue Anfrage von dort wird gezeigt.',
  'privacy.waiting': 'Die Einstellungen erscheinen, sobald der Kern antwortet.',

  'passphrase.set': 'Setzen',
  'passphrase.change': 'Ändern',
  'passphrase.remove': 'Entfernen',
  'passphrase.current': 'Bisherige Passphrase',
  'passphrase.next': 'Neue Passphrase',
  'passphrase.repeat': 'Dieselbe noch einmal',
  'passphrase.differ':
    'Die beiden sind nicht gleich. Nichts hat sich geändert; gib beide noch einmal ein.',
  'passphrase.empty': 'Noch ist nichts eingegeben.',
  'passphrase.hint':
    'Kein Messgerät kann sagen, wie gut sie ist. Sechs gewürfelte Wörter lassen sich nicht ' +
    'durchprobieren; ein Spruch, ein Name mit Jahr oder eine, die du anderswo nimmst, schon.',
  'passphrase.short':
    '{count} Zeichen. Wer eine Kopie dieser Platte hat, kann alles so Kurze durchprobieren. Nimm ' +
    'sechs gewürfelte Wörter.',
  'passphrase.forgotten':
    '**Niemand kann sie zurückholen.** Ist sie vergessen und hält der Schlüsselbund den ' +
    'Schlüssel nicht, sind deine Nachrichten verloren.',
  'passphrase.working': 'In Arbeit; das dauert etwa eine Sekunde.',
  'passphrase.was_set': 'Die Passphrase ist gesetzt.',
  'passphrase.was_changed': 'Die Passphrase ist geändert. Die alte öffnet nichts mehr.',
  'passphrase.was_removed': 'Die Passphrase ist entfernt.',
  'passphrase.remove.explained':
    '**Ohne Passphrase kann, wer die Platte dieses Computers hat, deine Nachrichten lesen.**',
  'passphrase.cancel': 'Abbrechen',

  'storage.title': 'Speicher',
  'storage.detail':
    'Eine verschlüsselte Datei auf diesem Computer hält alles, was zu diesem Profil gehört.',
  'storage.file': 'Größe der Datei',
  'storage.messages': 'Nachrichten',
  'storage.contacts': 'Kontakte',
  'storage.backups': 'Kopien vor einer Aktualisierung',
  'storage.backups.none': 'keine',
  'storage.backups.some': {
    count: 'count',
    one: '{count}, {size}',
    other: '{count}, zusammen {size}',
  },
  'storage.check': 'Letzte Prüfung',
  'storage.check.none': 'keine nötig: Eddy hat immer sauber geendet',
  'storage.check.whole': 'unversehrt, {moment}',
  'storage.check.damaged': 'beschädigt, {moment}',
  'storage.check.damaged.detail':
    '**Die Prüfung fand Schaden in der Datei.** Sie blieb, wie sie ist. Setze eine Sicherung an ' +
    'ihre Stelle.',
  'storage.rekey': 'Die Datei neu verschlüsseln',
  'storage.rekey.detail':
    'Unter einem neuen Schlüssel, falls jemand den alten gesehen hat. Die Passphrase bleibt.',
  'storage.rekey.action': 'Neu verschlüsseln',
  'storage.rekey.working':
    '{size} werden neu geschrieben. Lass Eddy offen; es sendet und empfängt weiter und zeigt ' +
    'Nachrichten etwas später.',
  'storage.rekey.done': 'Die Datei ist unter einem neuen Schlüssel verschlüsselt.',
  'storage.waiting': 'Wird gezählt',

  'appearance.enter': 'Enter sendet',
  'appearance.enter.detail': 'Sonst macht Enter eine neue Zeile, und Strg Enter sendet.',

  'about.title': 'Über Eddy',
  'about.detail': 'Was auf diesem Computer läuft, wie der Kern es selbst sagt.',
  'about.version': 'Version',
  'about.runtime': 'Laufzeit',
  'about.crypto': 'Kryptografie',
  'about.sqlite': 'SQLite',
  'about.cipher': 'Verschlüsselung der Datenbank',
  'about.today': 'Was heute geht',
  'about.today.detail':
    'Zwei Menschen finden einander durch eine Einladung und schreiben sich durch das Mixnetz, im ' +
    'Demonetz dieses Computers oder in einem, dem man beigetreten ist. Gruppen, Dateien, ' +
    'Mitteilungen und Sicherungen gibt es noch nicht.',
} as const;
