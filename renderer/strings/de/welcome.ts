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
  'welcome.demo.detail':
    'Damit du alles gleich ausprobieren kannst. Es ist echt, ' +
    'nur klein: du und Echo, der antwortet.',
  'welcome.seconds': '{seconds}\u00a0s',
  'welcome.left': {
    count: 'seconds',
    one: 'Noch etwa {seconds} Sekunde. Du kannst inzwischen weitermachen.',
    other: 'Noch etwa {seconds} Sekunden. Du kannst inzwischen weitermachen.',
  },
  'welcome.step.done': 'fertig',
  'welcome.step.now': 'im Gang',
  'welcome.step.later': 'noch nicht',
} as const;
