// German: people. How somebody becomes a contact, what is known of one, and pictures of people.
export const people = {
  'new.close': 'Schließen',
  'new.offline':
    '**Nicht mit dem Netzwerk verbunden.** Codes lassen sich trotzdem machen und verwenden; sie ' +
    'gehen hinaus, sobald es wieder da ist.',

  'invite.title': 'Jemanden einladen',
  'invite.detail':
    'Zeige dies, oder sende den Link auf einem Weg, dem du vertraust. Er gilt einmal und nur in ' +
    '„{network}“.',
  'invite.detail.address':
    'Wer diese Adresse hat, kann dich beliebig oft um Kontakt bitten. Sie gilt nur in ' +
    '„{network}“, bis du sie erneuerst oder zurückziehst.',
  'invite.network': 'deinem Netzwerk',
  'invite.kind': 'Für wen',
  'invite.kind.invite': 'Für eine Person',
  'invite.kind.address': 'Für viele',
  'invite.none':
    'Du hast keine offene Einladung. Mache eine für jede Person, die dich erreichen soll.',
  'invite.none.address':
    'Du hast noch keine Adresse. Eine Einladung ist sicherer: Sie gilt einmal.',
  'invite.make': 'Einladung machen',
  'invite.make.address': 'Adresse machen',
  'invite.another': 'Noch eine machen',
  'invite.renew': 'Erneuern',
  'invite.lifetime': 'Gültig für',
  'invite.hours': { count: 'hours', one: '{hours} Stunde', other: '{hours} Stunden' },
  'invite.days': { count: 'days', one: '{days} Tag', other: '{days} Tage' },
  'invite.copy': 'Link kopieren',
  'invite.copied': 'Kopiert',
  'invite.copied.detail':
    'Der Link liegt in der Zwischenablage. Andere Programme können ihn dort lesen.',
  'invite.uncopied': 'Der Link ließ sich nicht kopieren. Er ist markiert: Kopiere ihn mit Strg C.',
  'invite.link': 'Link',
  'invite.qr': 'QR-Code dieser Einladung',
  'invite.qr.address': 'QR-Code dieser Adresse',
  'invite.until': 'Gültig bis {moment}. Danach kann dir niemand mehr damit schreiben.',
  'invite.withdraw': 'Zurückziehen',
  'invite.telling': 'Zuerst erfährt dein Anbieter davon; das dauert ein paar Sekunden.',
  'invite.telling.offline':
    'Dein Anbieter erfährt davon, sobald das Netzwerk wieder da ist. Bis dahin kann sie niemand ' +
    'verwenden.',
  'invite.ready': 'Dein Anbieter kennt sie. Sie kann jetzt verwendet werden.',
  'invite.used': '**Verwendet.** Jemand hat damit um Kontakt gebeten; sie gilt nicht mehr.',
  'invite.withdrawn': '**Zurückgezogen.** Niemand kann dir mehr damit schreiben.',
  'invite.expired': '**Abgelaufen.** Niemand kann dir mehr damit schreiben.',
  'invite.open': 'Andere offene Codes',
  'invite.row.invite': 'Einladung vom {date}',
  'invite.row.address': 'Adresse vom {date}',
  'invite.row.until': 'Gültig bis {moment}',
  'invite.show': 'Zeigen',
  'invite.waiting': 'Deine Codes erscheinen, sobald der Kern antwortet.',

  'invite.withdraw.title': 'Diese Einladung zurückziehen?',
  'invite.withdraw.title.address': 'Diese Adresse zurückziehen?',
  'invite.withdraw.detail':
    'Niemand kann dich mehr damit um Kontakt bitten, wo immer der Link liegt. Das lässt sich ' +
    'nicht rückgängig machen. Deine Kontakte bleiben.',
  'invite.renew.title': 'Die Adresse erneuern?',
  'invite.renew.detail':
    'Eine neue Adresse entsteht, und die alte gilt nicht mehr, wo immer sie gedruckt oder ' +
    'gesendet wurde. Das lässt sich nicht rückgängig machen. Deine Kontakte bleiben.',
  'invite.keep': 'Behalten',

  'use.title': 'Eine Einladung verwenden',
  'use.detail': 'Füge den Link ein, oder gib ein Bild des QR-Codes.',
  'use.field': 'Einladung',
  'use.field.hint': 'Sie beginnt mit eddy:c/',
  'use.clear': 'Feld leeren',
  'use.choose': 'Bild wählen',
  'use.drop': 'Ein Bild eines QR-Codes hier ablegen',
  'use.drop.detail': 'Oder füge eines ein. Es wird nur auf diesem Computer gelesen.',
  'use.reading': 'Das Bild wird gelesen',
  'use.unread':
    '**In diesem Bild ist kein QR-Code zu finden.** Nichts wurde gesendet. Nimm es noch einmal ' +
    'auf, gerade von vorn und mit dem ganzen Code, oder bitte um den Link.',
  'use.no_picture':
    '**Dieses Bild lässt sich nicht lesen.** Nichts wurde gesendet. Gib eine PNG-, JPEG- oder ' +
    'WebP-Datei von höchstens {size}.',
  'use.then':
    'Was dann geschieht: Eine Anfrage geht durch das Netzwerk. Die Person sieht deinen Namen und ' +
    'kann sie annehmen oder nicht. Du siehst ihre Antwort, oder dass keine kam.',
  'use.good.invite':
    '**Eine ganze Einladung, in „{network}“.** Sie gilt einmal, bis {moment}. Wer sie gemacht ' +
    'hat, sieht deinen Namen.',
  'use.good.address':
    '**Eine ganze Adresse, in „{network}“.** Sie gilt bis {moment}. Wer sie gemacht hat, sieht ' +
    'deinen Namen.',
  'use.send': 'Anfrage senden',
  'use.sent': 'Die Anfrage ist unterwegs',
  'use.sent.detail':
    'Sie wartet dort, bis sie angenommen wird, und vorher reist nichts, was du schreibst. Du ' +
    'kannst diese Seite schließen.',
  'use.sent.accepted': 'Die Anfrage ist angenommen',
  'use.sent.accepted.detail': 'Du und {name} könnt euch jetzt schreiben.',
  'use.sent.offline':
    'Sie verlässt diesen Computer, sobald das Netzwerk wieder da ist, und wartet dort, bis sie ' +
    'angenommen wird.',
  'use.sent.open': 'Chat öffnen',
  'use.sent.next': 'Noch eine Einladung verwenden',
  'use.known.open': 'Chat öffnen',

  'refused.empty': '**Da ist nichts zu lesen.** Füge den ganzen Link ein.',
  'refused.network_link':
    '**Das ist ein Link zu einem Netzwerk, nicht zu einer Person.** Nichts wurde gesendet. ' +
    'Dieses Profil hat sein Netzwerk schon; bitte um eine Einladung, sie beginnt mit eddy:c/.',
  'refused.not_a_code':
    '**Das ist keine Einladung von Eddy.** Nichts wurde gesendet. Eine Einladung beginnt mit ' +
    'eddy:c/; bitte um den Link oder ein Bild des QR-Codes.',
  'refused.too_long':
    '**Das ist länger als jede Einladung.** Nichts wurde gesendet. Füge nur den Link ein, ohne ' +
    'den Text darum.',
  'refused.truncated':
    '**Diese Einladung ist abgeschnitten.** {count} Zeichen sind da; das Ende fehlt. Nichts ' +
    'wurde gesendet. Bitte noch einmal um den ganzen Link oder um ein Bild des QR-Codes.',
  'refused.altered':
    '**Buchstaben dieser Einladung wurden verändert.** Nichts wurde gesendet. Vielleicht war es ' +
    'ein Programm unterwegs; bitte auf anderem Weg darum oder um ein Bild des QR-Codes.',
  'refused.newer_version':
    '**Diese Einladung stammt von einem neueren Eddy.** Nichts wurde gesendet. Aktualisiere ' +
    'Eddy, oder bitte um eine Einladung aus dieser Version.',
  'refused.malformed':
    '**Diese Einladung ist ganz, aber kein Eddy hat sie richtig gemacht.** Nichts wurde ' +
    'gesendet. Bitte um eine neue.',
  'refused.forged':
    '**Diese Einladung ist nicht von ihrem Besitzer unterschrieben.** Nichts wurde gesendet. ' +
    'Jemand hat sie vielleicht absichtlich verändert; bitte auf einem Weg, dem du vertraust, um ' +
    'eine neue.',
  'refused.own':
    '**Das ist deine eigene Einladung.** Nichts wurde gesendet. Gib sie der Person, von der du ' +
    'hören möchtest.',
  'refused.foreign_network':
    '**Diese Einladung gilt im Netzwerk „{network}“.** Nichts wurde gesendet. Dieses Profil ' +
    'gehört zu „{own}“; ihr braucht dasselbe Netzwerk. Bitte um eine Einladung in „{own}“, oder ' +
    'tritt dem anderen mit einem weiteren Profil bei.',
  'refused.foreign_network.unnamed':
    '**Diese Einladung gilt in einem anderen Netzwerk.** Nichts wurde gesendet. Ihr braucht ' +
    'dasselbe Netzwerk.',
  'refused.reused':
    '**Du hast diese Einladung schon verwendet.** Sie gilt einmal. Nichts wurde gesendet. Bitte ' +
    'um eine neue.',
  'refused.expired':
    '**Diese Einladung ist am {moment} abgelaufen.** Nichts wurde gesendet. Bitte um eine neue; ' +
    'vielleicht geht auch die Uhr dieses Computers falsch.',
  'refused.expired.undated':
    '**Diese Einladung ist abgelaufen.** Nichts wurde gesendet. Bitte um eine neue.',
  'refused.known':
    '**Wer das gemacht hat, ist schon dein Kontakt.** Nichts wurde gesendet. Schreib einfach.',

  'contact.title': 'Kontakt',
  'contact.waiting': 'Der Kontakt erscheint, sobald der Kern antwortet.',
  'contact.gone': 'Diesen Kontakt gibt es nicht',
  'contact.gone.detail': 'Er wurde entfernt, hier oder in einem anderen Fenster.',
  'contact.gone.action': 'Zu den Unterhaltungen',
  'contact.since.own_invite': 'Bekannt seit {date}, durch deine Einladung.',
  'contact.since.own_address': 'Bekannt seit {date}, durch deine Adresse.',
  'contact.since.their_invite': 'Bekannt seit {date}, durch eine Einladung von dort.',
  'contact.since.their_address': 'Bekannt seit {date}, durch eine Adresse von dort.',
  'contact.provider': 'Der Anbieter dort ist {provider}.',
  'contact.own_name': 'Nennt sich selbst {name}.',
  'contact.requested': 'gefragt, noch nicht angenommen',
  'contact.blocked': 'blockiert',
  'contact.requested.detail':
    '**Die Anfrage wartet dort.** Sonst verlässt nichts diesen Computer, bis sie angenommen ist; ' +
    'dann lässt sich auch die Sicherheitsnummer vergleichen.',
  'contact.unanswered.detail':
    '**Es kam keine Antwort, und die Anfrage wird nicht länger aufgehoben.** Um noch einmal zu ' +
    'fragen, entferne diesen Kontakt und nimm einen neuen Code.',
  'contact.blocked.detail':
    '**Blockiert.** Nichts geht an {name}, und nichts von dort wird gezeigt. Es wird nicht gesagt.',
  'contact.rename': 'Umbenennen',
  'contact.write': 'Schreiben',
  'contact.alias': 'Dein Name dafür',
  'contact.alias.hint.unnamed': 'Nur du siehst ihn. Der eigene Name ist noch nicht bekannt.',
  'contact.alias.hint': 'Nur du siehst ihn. Leer gilt der eigene Name: {name}.',
  'contact.save': 'Speichern',
  'contact.cancel': 'Abbrechen',

  'contact.tells': '{name} sagen, wenn ich gelesen habe',
  'contact.tells.detail': 'Umgekehrt siehst du es nur, wenn es dort auch eingeschaltet ist.',
  'contact.reset': 'Verschlüsselung erneuern',
  'contact.reset.detail':
    'Nur wenn Nachrichten unlesbar bleiben. Ihr seht beide, dass es geschah; nichts wird gelöscht.',
  'contact.reset.action': 'Erneuern',
  'contact.reset.sure': 'Jetzt erneuern',
  'contact.reset.explained':
    '**Mit {name} werden neue Schlüssel vereinbart.** Was unter den alten unterwegs ist, kann ' +
    'verloren gehen und muss neu gesendet werden. Die Sicherheitsnummer bleibt.',
  'contact.reset.done': 'Die Verschlüsselung wird erneuert; der Chat sagt, wann es getan ist.',
  'contact.block': 'Blockieren',
  'contact.block.detail': 'Es wird nicht gesagt; Nachrichten von dort werden hier verworfen.',
  'contact.unblock': 'Freigeben',
  'contact.unblock.detail':
    'Dann kommt wieder an, was man dir schreibt, vielleicht auch von bisher.',
  'contact.remove': 'Entfernen',
  'contact.remove.detail': 'Vergisst den Kontakt und den Chat auf diesem Computer.',
  'contact.remove.title': '{name} und den Chat entfernen?',
  'contact.remove.explained':
    'Der Kontakt, die Schlüssel und alle Nachrichten werden hier gelöscht und lassen sich nicht ' +
    'zurückholen. Um euch wieder zu schreiben, braucht ihr eine neue Einladung.',
  'contact.keep': 'Behalten',
  'contact.settings': 'Einstellungen dieses Kontakts',

  'safety.title': 'Sicherheitsnummer',
  'safety.unverified': 'noch nicht geprüft',
  'safety.verified': 'geprüft am {date}',
  'safety.changed': 'seit der Prüfung geändert',
  'safety.detail':
    '{name} sieht dieselben zwölf Gruppen. Stimmen sie überein, sitzt niemand zwischen euch. ' +
    'Vergleicht sie, wenn ihr euch trefft, oder in einem Gespräch mit vertrauter Stimme.',
  'safety.changed.detail':
    '**Die Schlüssel von {name} haben sich seit der Prüfung geändert.** Ein neuer Computer oder ' +
    'ein zurückgespieltes Profil tut das; jemand zwischen euch auch. Vergleicht die Nummer neu.',
  'safety.changed.unverified':
    '**Die Schlüssel von {name} haben sich geändert.** Ein neuer Computer oder ein ' +
    'zurückgespieltes Profil tut das; jemand zwischen euch auch. Vergleicht die Nummer.',
  'safety.match': 'Sie stimmen überein',
  'safety.differ': 'Sie unterscheiden sich',
  'safety.undo': 'Doch nicht geprüft',
  'safety.copy': 'Nummer kopieren',
  'safety.copied': 'Die Nummer liegt in der Zwischenablage.',
  'safety.uncopied':
    'Die Nummer ließ sich nicht kopieren. Markiere sie und kopiere sie mit Strg C.',
  'safety.qr': 'Deine Sicherheitsnummer mit {name} als QR-Code',
  'safety.scan': 'Anderen Code lesen',
  'safety.scan.match': '**Sie stimmen überein.** {name} ist jetzt als geprüft markiert.',
  'safety.scan.mismatch':
    '**Sie stimmen nicht überein.** Entweder ist das der Code eines anderen Kontakts, oder ' +
    'jemand sitzt zwischen euch. Schreib nichts Geheimes, bevor du es weißt; vergleicht die ' +
    'Nummer im Gespräch oder wenn ihr euch trefft.',
  'safety.scan.own': '**Das ist dein eigener Code.** Lies den, den das andere Eddy für dich zeigt.',
  'safety.scan.newer_version':
    '**Dieser Code stammt von einem neueren Eddy.** Aktualisiere Eddy, oder vergleicht die zwölf ' +
    'Gruppen mit dem Auge.',
  'safety.scan.not_a_number':
    '**Das ist keine Sicherheitsnummer.** Vielleicht eine Einladung. Lies den Code, der auf dem ' +
    'anderen Bildschirm neben den zwölf Gruppen steht.',
  'safety.differ.detail':
    '**Dann schreib nichts Geheimes.** Vielleicht sitzt jemand zwischen euch, oder ihr seht ' +
    'verschiedene Kontakte an. Vergleicht noch einmal; bleibt es dabei, entferne den Kontakt und ' +
    'trefft euch für eine neue Einladung.',
  'safety.waiting': 'Die Nummer wird berechnet',

  'picture.title': 'Bild',
  'picture.detail':
    'Es bleibt vorerst auf diesem Computer: Diese Version sendet es niemandem. Es wird hier ' +
    'zugeschnitten und klein gemacht.',
  'picture.choose': 'Bild wählen',
  'picture.change': 'Ändern',
  'picture.remove': 'Entfernen',
  'picture.crop': 'Welcher Teil zu sehen ist',
  'picture.crop.hint': 'Zieh das Bild, oder nimm die Pfeiltasten an den Reglern.',
  'picture.zoom': 'Größe',
  'picture.across': 'Links und rechts',
  'picture.down': 'Oben und unten',
  'picture.take': 'Nehmen',
  'picture.bad':
    '**Dieses Bild lässt sich nicht lesen.** Gib eine PNG-, JPEG- oder WebP-Datei von höchstens ' +
    '{size}.',
  'picture.large': '**Dieses Bild bleibt zu groß, so klein man es macht.** Nimm ein anderes.',

  'failed.engine_unavailable':
    '**Der Kern ist nicht zu erreichen.** Nichts hat sich geändert. Versuche es, wenn er wieder ' +
    'da ist.',
  'failed.busy':
    '**Der Kern hat zu viel auf einmal zu tun.** Nichts hat sich geändert. Versuche es erneut.',
  'failed.store_full':
    '**Die Platte ist voll.** Nichts hat sich geändert. Schaff Platz und versuche es erneut.',
  'failed.store_failed':
    '**Die Platte nahm es nicht an.** Nichts hat sich geändert. Versuche es erneut; bleibt es ' +
    'so, sieh nach der Platte.',
  'failed.locked': '**Eddy ist gesperrt.** Nichts hat sich geändert.',
  'failed.no_network': '**Es gibt noch kein Netzwerk.** Nichts hat sich geändert.',
  'failed.codes_full':
    '**Zu viele Codes sind offen.** Nichts wurde gemacht. Zieh einen zurück, den du nicht mehr ' +
    'brauchst.',
  'failed.contacts_full': '**Mehr Kontakte merkt sich Eddy nicht.** Entferne zuerst einen.',
  'failed.bad_name':
    '**Dieser Name geht nicht.** Er darf höchstens 64 Bytes haben und keine Zeichen, die Text ' +
    'umdrehen oder verstecken.',
  'failed.bad_avatar': '**Dieses Bild wurde nicht genommen.** Wähle ein anderes.',
  'failed.unknown_contact': '**Diesen Kontakt gibt es nicht mehr.** Nichts hat sich geändert.',
  'failed.unknown_code': '**Diesen Code gibt es nicht mehr.** Nichts hat sich geändert.',
  'failed.not_accepted': '**Die Anfrage ist noch nicht angenommen.** Nichts hat sich geändert.',
  'failed.wrong_passphrase':
    '**Das ist nicht die Passphrase.** Nichts hat sich geändert; versuche es erneut.',
  'failed.no_passphrase':
    '**Es gibt keine Passphrase.** Nichts hat sich geändert. Setze zuerst eine.',
  'failed.no_keychain':
    '**Dieses System verwahrt keine Schlüssel für Eddy.** Nichts hat sich geändert. Nimm eine ' +
    'Passphrase.',
  'failed.joined_already':
    '**Dieses Profil hat sein Netzwerk schon.** Nichts hat sich geändert. Ein anderes Netzwerk ' +
    'braucht ein anderes Profil.',
  'failed.other': '**Der Kern hat es nicht getan.** Nichts hat sich geändert. Versuche es erneut.',
  'failed.again': 'Erneut versuchen',
} as const;
