// German: conversations, messages and what is known of their way, the composer, the network's line.
export const chat = {
  'row.draft': 'Entwurf:',
  'name.unnamed': 'Ohne Namen, {date}',
  'row.trouble.failed': 'Nicht gesendet',
  'row.trouble.expired': 'Abgelaufen',
  'row.trouble.not_confirmed': 'Nicht bestätigt',
  'row.unread': {
    count: 'count',
    one: '{count} ungelesene Nachricht',
    other: '{count} ungelesene Nachrichten',
  },
  'row.unread.muted': {
    count: 'count',
    one: '{count} ungelesene Nachricht, stumm',
    other: '{count} ungelesene Nachrichten, stumm',
  },
  'row.verified': 'Verifiziert',
  'row.pinned': 'Angeheftet',
  'row.muted': 'Stumm',
  'row.requests': {
    count: 'count',
    one: '{count} Kontaktanfrage',
    other: '{count} Kontaktanfragen',
  },
  'row.archived': 'Archiviert',
  'row.blocked': 'Blockiert',
  'row.requested': 'Deine Anfrage wartet auf Antwort',
  'row.nothing': 'Noch keine Nachrichten',
  'row.menu': 'Aktionen für {name}',
  'row.pin': 'Anheften',
  'row.unpin': 'Nicht mehr anheften',
  'row.mute': 'Stumm schalten',
  'row.unmute': 'Nicht mehr stumm',
  'row.archive': 'Archivieren',
  'row.unarchive': 'Aus dem Archiv holen',
  'row.read': 'Als gelesen markieren',

  'list.empty':
    'Noch keine Unterhaltungen. Sie beginnen mit einem Code, den einer dem anderen gibt.',
  'list.empty.action': 'Kontakt hinzufügen',
  'list.empty.archive': 'Nichts ist archiviert.',
  'list.waiting': 'Deine Unterhaltungen werden gelesen',
  'list.failed':
    '**Deine Unterhaltungen konnten nicht gelesen werden.** Nichts davon ist verloren.',
  'list.failed.action': 'Erneut versuchen',
  'list.unsaved': '**Das wurde nicht gespeichert.** Der Kern nahm es nicht an; versuche es erneut.',

  'search.label': 'Suchen',
  'search.clear': 'Suche leeren',
  'search.shortcut': 'Strg K',
  'search.shortcut.mac': '⌘ K',
  'search.scope': 'Im Chat mit {name}',
  'search.everywhere': 'In allen Chats suchen',
  'search.results': 'Treffer',
  'search.people': 'Personen',
  'search.messages': 'Nachrichten',
  'search.you': 'Du:',
  'search.searching': 'Wird gesucht',
  'search.nothing': 'Nichts gefunden',
  'search.nothing.newest': 'In den neuesten Nachrichten wurde nichts gefunden',
  'search.partial': 'Ältere Nachrichten wurden noch nicht durchsucht.',
  'search.older': 'Ältere Nachrichten durchsuchen',
  'search.nothing.detail':
    'Jedes Wort muss in der Nachricht stehen. Auch Teile von Wörtern zählen.',
  'search.count': { count: 'count', one: '{count} Treffer', other: '{count} Treffer' },
  'search.count.more': 'Die neuesten {number} Treffer',
  'search.more': 'Mehr zeigen',
  'search.limit': 'Die neuesten {count} stehen hier. Mehr Wörter finden die anderen.',
  'search.failed': '**Die Suche ging nicht.** Tippe erneut, um sie zu wiederholen.',

  'delivery.queued': {
    count: 'seconds',
    one: 'In der Schlange, geht in etwa {seconds} Sekunde',
    other: 'In der Schlange, geht in etwa {seconds} Sekunden',
  },
  'delivery.queued.unknown': 'In der Schlange, geht, wenn sie an der Reihe ist',
  'delivery.in_the_mix': 'Im Mix seit {time}, meist {from} bis {to} Sekunden',
  'delivery.in_the_mix.unknown': 'Im Mix seit {time}',
  'delivery.at_provider': 'Beim Provider von {name}, {time}',
  'delivery.delivered': 'Zugestellt {time}',
  'delivery.read': 'Gelesen {time}',
  'delivery.waiting': 'Wartet auf das Netzwerk, geht von selbst hinaus',
  'delivery.retrying': {
    count: 'try',
    ordinal: 'yes',
    other: 'Noch einmal, {try}. Versuch',
  },
  'delivery.not_confirmed': 'Nicht bestätigt, vielleicht angekommen',
  'delivery.expired': 'Abgelaufen, kein Beleg kam vor der Frist ihres Providers',
  'delivery.failed': 'Nicht gesendet: {reason}',
  'delivery.reason.too_large': 'zu groß für dieses Netzwerk',
  'delivery.reason.blocked': 'dieser Kontakt ist blockiert',
  'delivery.reason.no_session': 'mit diesem Kontakt ist keine Verschlüsselung vereinbart',
  'delivery.reason.outbox_full': 'zu viel wartet darauf, gesendet zu werden',
  'delivery.reason.unknown': 'der Kern nennt keinen Grund',
  'delivery.queued.name': 'In der Schlange auf diesem Computer',
  'delivery.in_the_mix.name': 'Im Mix, verließ diesen Computer um {time}',
  'delivery.at_provider.name': 'Liegt bei ihrem Provider, {time}',
  'delivery.delivered.name': 'Ihrem Eddy zugestellt, {time}',
  'delivery.read.name': 'Gelesen, {time}',
  'delivery.waiting.name': 'Wartet auf das Netzwerk',
  'delivery.expired.name': 'Abgelaufen, kein Beleg kam',
  'delivery.cancel': 'Abbrechen',
  'delivery.again': 'Erneut senden',

  'message.late': 'Gesendet {sent}, angekommen {arrived}',
  'message.edited': 'Bearbeitet',
  'message.deleted': 'Diese Nachricht wurde gelöscht',
  'message.gap': {
    count: 'count',
    one: 'Eine Nachricht ist noch unterwegs. Sie wird hier erscheinen.',
    other: '{count} Nachrichten sind noch unterwegs. Sie werden hier erscheinen.',
  },
  'message.gap.lost': {
    count: 'count',
    one: 'Eine Nachricht ging unterwegs verloren und kommt nicht mehr.',
    other: '{count} Nachrichten gingen unterwegs verloren und kommen nicht mehr.',
  },

  'note.accepted': 'Du und {name} könnt einander nun schreiben.',
  'note.session_reset.own.asked': 'Du hast die Verschlüsselung mit {name} erneuert.',
  'note.session_reset.own.broken':
    'Dein Eddy hat die Verschlüsselung mit {name} erneuert: Eine Nachricht war nicht zu öffnen.',
  'note.session_reset.own.restored':
    'Dein Eddy hat die Verschlüsselung mit {name} erneuert: Das Profil von {name} läuft doppelt ' +
    'oder kam aus einer Kopie.',
  'note.session_reset.theirs.asked': '{name} hat die Verschlüsselung mit dir erneuert.',
  'note.session_reset.theirs.broken':
    'Das Eddy von {name} hat die Verschlüsselung erneuert: Eine Nachricht war nicht zu öffnen.',
  'note.session_reset.theirs.restored':
    'Das Eddy von {name} hat die Verschlüsselung erneuert: Dein Profil läuft doppelt oder kam ' +
    'aus einer Kopie.',
  'note.asked_again':
    '{name} hat mit einem deiner Codes erneut angefragt: Das Eddy dort kannte dich nicht mehr. ' +
    'Die Verschlüsselung ist eine neue.',
  'note.no_answer.request':
    '{name} hat auf deine Anfrage nicht geantwortet, und sie wird nicht länger aufgehoben. Um ' +
    'noch einmal zu fragen, entferne diesen Kontakt und nimm einen neuen Code.',
  'note.no_answer.acceptance':
    'Seit du angenommen hast, kam nichts von {name}; deine Antwort ging vielleicht verloren. Um ' +
    'neu anzufangen, entferne diesen Kontakt und gib {name} einen neuen Code.',
  'note.no_answer.reset':
    'Seit die Verschlüsselung erneuert wurde, hat {name} nicht geantwortet. Kommen Nachrichten ' +
    'nicht an, erneuere sie noch einmal.',
  'note.verified': 'Du hast {name} verifiziert.',
  'note.unverified': 'Du hast zurückgenommen, dass {name} verifiziert ist.',
  'note.keys_changed':
    'Die Schlüssel von {name} haben sich geändert. Vergleiche die Sicherheitsnummer, bevor du ' +
    'diesem Chat traust.',
  'note.compare': 'Jetzt vergleichen',
  'note.renamed': '{from} heißt jetzt {to}.',
  'note.profile_copied':
    'Das Profil von {name} läuft doppelt oder kam aus einer Kopie. Frage nach, ob das stimmt.',
  'note.unknown_kind': '{name} hat etwas gesendet, das diese Version von Eddy nicht zeigen kann.',
  'message.unread': {
    count: 'count',
    one: '{count} ungelesene Nachricht',
    other: '{count} ungelesene Nachrichten',
  },
  'message.list': 'Nachrichten mit {name}',
  'message.own': 'Du an {name}, {time}',
  'message.theirs': '{name}, {time}',
  'message.said': '{who}: {words}',
  'message.said.way': '{said} ({way})',
  'message.menu': 'Aktionen für diese Nachricht',
  'message.copy': 'Text kopieren',
  'message.details': 'Einzelheiten der Zustellung',
  'message.details.hide': 'Einzelheiten verbergen',
  'message.delete': 'Hier löschen',
  'message.delete.title': 'Diese Nachricht hier löschen?',
  'message.delete.detail': 'Sie ist von diesem Computer für immer weg. {name} behält sie.',
  'message.delete.unsettled':
    'Sie ist hier für immer weg und geht nicht mehr hinaus. Kam sie an, behält {name} sie.',
  'message.delete.keep': 'Behalten',

  'details.received': 'Von {name} empfangen',
  'details.written': 'Geschrieben',
  'details.sent': 'Gesendet, nach deren Uhr',
  'details.arrived': 'Bei deinem Provider angekommen',
  'details.since': 'Bekannt seit',
  'details.packets': 'Bestätigte Pakete',
  'details.packets.of': '{confirmed} von {all}',
  'details.tries': 'Versuch',

  'chat.search': 'In diesem Chat suchen',
  'chat.details': 'Über diesen Kontakt',
  'chat.verified': 'Verifiziert am {day}',
  'chat.unverified': 'Nicht verifiziert',
  'chat.older': 'Ältere Nachrichten werden gelesen',
  'chat.waiting': 'Die Nachrichten werden gelesen',
  'chat.failed': '**Die Nachrichten konnten nicht gelesen werden.** Nichts davon ist verloren.',
  'chat.refused': '**Das ging nicht.** Der Kern hat es nicht getan; versuche es erneut.',
  'chat.empty': 'Noch keine Nachrichten mit {name}. Was du schreibst, erscheint hier.',
  'chat.unknown': 'Dieser Chat ist nicht hier',
  'chat.unknown.detail':
    'Der Kontakt wurde entfernt, oder die Adresse gehört zu einem anderen Profil.',
  'chat.to_end': 'Zur neuesten Nachricht',
  'chat.said': '{name}: {words}',
  'chat.said.many': {
    count: 'count',
    one: '{count} neue Nachricht von {name}',
    other: '{count} neue Nachrichten von {name}',
  },

  'requests.detail':
    'Fremde, die einen Code von dir haben. Sie erfahren nichts, ob du dies liest oder nicht; ' +
    'nur Annehmen sendet eine Antwort.',
  'requests.none': 'Keine Anfragen',
  'requests.none.detail': 'Wer einen Code von dir nutzt, erscheint zuerst hier.',
  'requests.refused':
    'Die Anfragen konnten nicht gelesen werden. Was zu tun ist, steht bei der Liste.',
  'requests.waiting': 'Die Anfragen werden gelesen',
  'request.arrived.invite': 'Über eine Einmal-Einladung von dir · {when}',
  'request.arrived.address': 'Über deine dauerhafte Adresse · {when}',
  'request.name': 'Den Namen hat der Absender gewählt. Er sagt nicht, wer es ist.',
  'request.accept': 'Annehmen',
  'request.decline': 'Ablehnen',
  'request.block': 'Blockieren',
  'request.explain': 'Was diese tun',
  'request.accept.detail':
    '**Annehmen** antwortet, und ihr könnt einander schreiben. Eine einmalige Einladung lässt ' +
    'eine Person ein: Andere Anfragen mit derselben Einladung verschwinden.',
  'request.decline.detail':
    '**Ablehnen** entfernt die Anfrage. Nichts wird gesendet; sie kann wiederkommen.',
  'request.block.detail':
    '**Blockieren** entfernt sie und verwirft, was sonst von diesen Schlüsseln kommt.',
  'request.failed': '**Das ging nicht.** Die Anfrage ist noch hier; versuche es erneut.',
  'request.failed.full': '**Mehr Kontakte passen nicht in dieses Profil.** Entferne erst einen.',
  'request.failed.code_used':
    '**Mit dieser Einladung kam schon jemand.** Sie lässt eine Person ein. Lehne die Anfrage ab ' +
    'und mach eine neue Einladung.',
  'request.failed.strangers_full':
    '**Mehr Fremde lassen sich nicht blockieren.** Gib unter Einstellungen, Privatsphäre, welche ' +
    'frei, oder lehne ab.',

  'composer.label': 'Nachricht an {name}',
  'composer.attach': 'Eine Datei anhängen',
  'composer.emoji': 'Ein Emoji wählen',
  'composer.send': 'Senden',
  'composer.empty': 'Noch ist nichts geschrieben',
  'composer.keys': 'Enter sendet, Umschalt Enter macht eine neue Zeile',
  'composer.keys.ctrl': 'Strg Enter sendet, Enter macht eine neue Zeile',
  'composer.left': { count: 'count', one: 'noch {count} Byte', other: 'noch {count} Byte' },
  'composer.too_long': {
    count: 'count',
    one: '{count} Byte zu lang; sende es in Teilen',
    other: '{count} Byte zu lang; sende es in Teilen',
  },
  'composer.held': '**Nichts wird zugestellt.** Sie wartet hier, bis die Zustellung wieder geht',
  'composer.requested':
    'Deine Anfrage ist unterwegs zu {name}. Du kannst schreiben, sobald sie angenommen ist.',
  'composer.unblock.failed': '**Der Kontakt ist weiter blockiert.** Der Kern nahm es nicht an.',
  'composer.failed':
    '**Nicht gesendet.** Der Kern nahm die Nachricht nicht an; sie steht hier wie zuvor.',
  'composer.failed.outbox_full':
    '**Nicht gesendet.** Zu viel wartet schon. Versuche es erneut, wenn etwas hinausgegangen ist.',
  'composer.failed.store_full':
    '**Nicht gesendet.** Der Datenträger ist voll. Schaffe Platz und sende erneut.',
  'composer.failed.engine_unavailable':
    '**Vielleicht gesendet.** Es kam keine Antwort. Sieh im Chat nach, bevor du erneut sendest.',
  'composer.failed.too_large':
    '**Nicht gesendet.** Die Nachricht ist zu lang. Sende sie in Teilen.',
  'composer.reply': 'Antwort an {name}',
  'composer.edit': 'Die Nachricht bearbeiten',
  'composer.drop_reply': 'Ohne die Antwort',
  'composer.forecast': 'Zum Provider von {name}: **meist {from} bis {to} Sekunden**',
  'composer.offline': '**Offline.** Sie wartet hier, bis das Netzwerk zurück ist',
  'composer.blocked':
    'Du hast {name} blockiert. Bis du das aufhebst, wird nichts gesendet und nichts Neues gezeigt.',
  'composer.unblock': 'Blockierung aufheben',

  'strip.loops':
    'Die letzten {all} Schleifen: {returned} zurück, {lost} verloren, {flying} unterwegs',

  'lock.title': 'Eddy ist gesperrt',
  'lock.detail': 'Nachrichten kommen weiter ungesehen an.',
  'lock.spooled': {
    count: 'count',
    one: 'Nachrichten kommen weiter ungesehen an: {count} seit dem Sperren.',
    other: 'Nachrichten kommen weiter ungesehen an: {count} seit dem Sperren.',
  },
  'lock.passphrase': 'Passphrase',
  'lock.show': 'Passphrase zeigen',
  'lock.hide': 'Passphrase verbergen',
  'lock.unlock': 'Entsperren',
  'lock.working': 'Wird geprüft; das dauert etwa eine Sekunde.',
  'lock.wrong': 'Das ist nicht die Passphrase. Nichts wurde geöffnet; versuche es erneut.',
  'lock.no_keychain':
    'Dieses System bewahrt keine Schlüssel für Eddy auf, darum öffnet nur die Passphrase.',
  'lock.keychain.away':
    'Der Schlüsselbund, der den Schlüssel auch hält, ist von hier nicht erreichbar; darum öffnet ' +
    'nur die Passphrase.',
  'lock.keychain':
    'Der Schlüssel dieses Profils liegt im Schlüsselbund dieses Computers, und Eddy hat ihn von ' +
    'dort nicht bekommen.',
  'lock.keychain.advice':
    'Entsperre den Schlüsselbund und versuche es erneut. Ein Browser erreicht ihn nicht: Öffne ' +
    'dieses Profil dann in der Desktop-App, so angemeldet wie bisher.',
  'lock.keychain.working': 'Der Schlüsselbund wird gefragt; vielleicht fragt er zuerst dich.',
  'lock.keychain.refused':
    '**Der Schlüsselbund gab keinen Schlüssel.** Nichts wurde geöffnet. Entsperre ihn und ' +
    'erlaube Eddy den Zugriff, oder starte Eddy neu.',
  'lock.keychain.none':
    '**Von hier ist kein Schlüsselbund erreichbar.** Nichts wurde geöffnet, nichts ist verloren. ' +
    'Öffne dieses Profil in der Desktop-App.',
  'lock.unopened': 'Das Profil ließ sich nicht wieder öffnen. Nichts davon ist verloren.',
  'lock.other': 'Anderes Profil',
  'lock.not_locked':
    '**Eddy ist nicht gesperrt.** Vielleicht ist die Platte voll. Wer Eddy beendet, sperrt es.',
} as const;
