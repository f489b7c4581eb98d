// German: the first start.
export const welcome = {
  'welcome.title': 'Privat, bis in den Verkehr.',
  'welcome.detail':
    'Deine Nachrichten reisen in einem steten Strom von Paketen, die alle gleich aussehen, ' +
    'sodass der Strom nicht verrät, wem du schreibst oder wann. Keine Telefonnummer, kein Konto.',
  'welcome.name': 'Wie sollen andere dich nennen?',
  'welcome.name.hint': 'Nur wem du schreibst, sieht diesen Namen. Du kannst ihn später ändern.',
  'welcome.name.missing': 'Ein Name fehlt',
  'welcome.continue': 'Weiter',
  'welcome.restore': 'Aus einer Sicherung wiederherstellen',
  'welcome.invited': 'Schon in ein Netzwerk eingeladen?',
  'welcome.join': 'Mit Link, QR oder Datei beitreten',
  'welcome.demo': 'Ein kleines Netzwerk startet auf diesem Computer',
  'welcome.demo.ready': 'Ein kleines Netzwerk läuft auf diesem Computer',
  'welcome.demo.detail':
    'Damit du alles gleich ausprobieren kannst. Es ist echt, ' +
    'nur klein: du und Echo, der antwortet.',
  'welcome.seconds': '{seconds}\u00a0s',
  'welcome.meanwhile': 'Du kannst inzwischen weitermachen.',
  'welcome.ready': 'Das Netzwerk steht.',
  'welcome.picture': 'Bild hinzufügen',
  'welcome.step.authorities': {
    count: 'all',
    one: '{ready} von {all} Verzeichnisstelle läuft',
    other: '{ready} von {all} Verzeichnisstellen laufen',
  },
  'welcome.step.nodes':
    '{mixes} von {allMixes} Mixen und {providers} von {allProviders} Anbietern laufen',
  'welcome.step.echo': 'Echo, der dir antwortet, ist da',
  'welcome.step.keys': 'Deine Schlüssel, sobald du weitermachst',
  'welcome.step.hello': 'Echo sagt hallo',
  'welcome.column.provider': 'Anbieter',
  'welcome.column.layer': 'Lage {layer}',
  'welcome.failed':
    '**Das kleine Netzwerk ist nicht gestartet.** Du kannst trotzdem weitermachen; Eddy versucht ' +
    'es beim nächsten Start wieder. Oder tritt einem Netzwerk bei, in das du eingeladen bist.',
  'welcome.off': 'Hier startet kein Netzwerk',
  'welcome.off.detail':
    'Tritt dem Netzwerk bei, in das du eingeladen bist, mit seinem Link oder seiner Datei.',
  'welcome.joined': 'Du trittst „{network}“ bei',
  'welcome.joined.detail':
    'Zuerst kommt seine Liste, dann dein Anbieter; das dauert einen Moment. Du kannst inzwischen ' +
    'weitermachen.',
  'welcome.joined.none': 'Die Verbindung beginnt, sobald du weitermachst',
  'welcome.joined.list': 'Die Liste des Netzwerks',
  'welcome.joined.provider': 'Eine Verbindung zu deinem Anbieter',
  'welcome.joined.mailbox': 'Ein Postfach dort',
  'welcome.engine': 'Startet',

  'join.title': 'Einem Netzwerk beitreten',
  'join.detail': 'Füge den Link ein, den du bekommen hast, oder wähle die Datei des Netzwerks.',
  'join.field': 'Link oder Datei des Netzwerks',
  'join.hint': 'Ein Link beginnt mit eddy:n/',
  'join.file': 'Datei wählen',
  'join.action': 'Beitreten',
  'join.back': 'Zurück',
  'join.good': '**Du bist {network} beigetreten.** Gib dir jetzt einen Namen.',
  'join.empty': '**Da ist nichts zu lesen.** Füge den Link ein, oder wähle die Datei.',
  'join.person':
    '**Das ist die Einladung einer Person, kein Netzwerk.** Nichts ist geschehen. Mach zuerst ' +
    'weiter; dann verwende sie unter Neuer Kontakt.',
  'join.bad':
    '**Das nennt kein Netzwerk.** Nichts ist geschehen. {detail}. Bitte noch einmal darum.',
  'join.large':
    '**Diese Datei ist für ein Netzwerk zu groß.** Nichts ist geschehen. Wähle eine andere.',
  'join.no_qr':
    '**In diesem Bild ist kein QR-Code zu finden.** Nichts ist geschehen. Nimm den Link.',

  'welcome.step.done': 'fertig',
  'welcome.step.now': 'im Gang',
  'welcome.step.later': 'noch nicht',
} as const;
