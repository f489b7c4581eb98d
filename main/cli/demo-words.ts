// What the correspondent says: true sentences about what has just happened, in English or German.
// They are content of messages, not texts of the window.

type Facts = {
  /** From sending to the arrival at the correspondent's provider; null where that says nothing. */
  readonly seconds: number | null;
  /** The first words of the message. */
  readonly quote: string;
};

/** Characters of a message that an answer repeats. */
const QUOTE_LENGTH_MAX = 40;
/** Longer ago, a time says something else: somebody was away. */
const SECONDS_MAX = 600;

export function hello(name: string): string {
  return (
    `Hello, ${name}! I am Echo, a program on this computer that answers everything you send me. ` +
    'We have just agreed on keys through the same small network that our messages take: ' +
    'a provider, three mixes one after another, and a provider. All of it runs on this computer, ' +
    'so write me what you like. (Deutsch geht auch.)'
  );
}

/** The answer to one message, or to several that came together; `turn` makes them differ. */
export function answerTo(message: {
  readonly text: string;
  readonly sentUnixMs: number;
  readonly arrivedUnixMs: number | null;
  /** How many this one answer is for. */
  readonly count: number;
  readonly turn: number;
}): string {
  const { text, count, turn } = message;
  const facts = { seconds: secondsOf(message), quote: quoteOf(text) };
  const words = isGerman(text) ? german : english;
  if (count > 1) return words.several(count, facts);
  const answer = words.one[turn % words.one.length];
  return answer?.(facts) ?? words.several(count, facts);
}

const english = {
  one: [
    ({ quote, seconds }: Facts) =>
      `“${quote}” ${
        seconds === null ? 'is here' : `reached my provider ${inEnglish(seconds)} after you sent it`
      }. ` +
      'It left in one of the packets that your Eddy sends all the time anyway, and went through ' +
      'your provider, three mixes and my provider. My answer takes the same kind of way.',
    ({ seconds }: Facts) =>
      'Here it is. Your Eddy drew a random delay for each mix, and each held your packet for ' +
      `that long, so that what goes in cannot be matched with what comes out${
        seconds === null ? '.' : `; ${inEnglish(seconds)} with all of it.`
      }`,
    ({ seconds }: Facts) =>
      `I have read it${seconds === null ? '' : ` (${inEnglish(seconds)} on its way)`}. Whether ` +
      'we write or not, your Eddy and mine go on sending packets of one size; from outside, ' +
      'those with a message and those without look alike.',
    ({ seconds }: Facts) =>
      `Thank you${seconds === null ? '' : `, ${inEnglish(seconds)} this time`}. The tick under ` +
      'your message is a receipt of my Eddy. It comes back through the mixes, too, in a packet ' +
      'like all the others.',
    ({ seconds }: Facts) =>
      `Arrived${seconds === null ? '' : ` after ${inEnglish(seconds)}`}. To be honest about this ` +
      'demo: this network has hardly more users than you and me, and it is all on one computer. ' +
      'It shows how Eddy works; it cannot hide you in so small a crowd.',
  ],
  several: (count: number, { seconds }: Facts) =>
    `Your last ${count} messages came close together, so this answers all of them${
      seconds === null ? '.' : `; the newest took ${inEnglish(seconds)}.`
    }`,
};

const german = {
  one: [
    ({ quote, seconds }: Facts) =>
      `„${quote}“ war ${
        seconds === null ? 'da' : `${inGerman(seconds)} nach dem Absenden bei meinem Provider`
      }. ` +
      'Die Nachricht ging in einem der Pakete, die dein Eddy ohnehin immer schickt, durch deinen ' +
      'Provider, drei Mixe und meinen Provider. Meine Antwort nimmt die gleiche Art von Weg.',
    ({ seconds }: Facts) =>
      'Ist da. Dein Eddy hat für jeden Mix eine zufällige Wartezeit gezogen, und so lange hielt ' +
      'jeder dein Paket fest, damit niemand Eingang und Ausgang einander zuordnen kann' +
      `${seconds === null ? '.' : `; mit allem waren es ${inGerman(seconds)}.`}`,
    ({ seconds }: Facts) =>
      `Gelesen${seconds === null ? '' : ` (${inGerman(seconds)} unterwegs)`}. Ob wir schreiben ` +
      'oder nicht: Dein Eddy und meiner schicken weiter Pakete von einer Größe, und von außen ' +
      'sehen die mit Nachricht und die ohne gleich aus.',
    ({ seconds }: Facts) =>
      `Danke${seconds === null ? '' : `, diesmal ${inGerman(seconds)}`}. Der Haken unter deiner ` +
      'Nachricht ist eine Quittung von meinem Eddy. Auch sie kommt durch die Mixe zurück, in ' +
      'einem Paket wie alle anderen.',
    ({ seconds }: Facts) =>
      `Angekommen${seconds === null ? '' : ` nach ${inGerman(seconds)}`}. Ehrlich gesagt: Dieses ` +
      'Netz hat kaum mehr Benutzer als uns beide, und alles läuft auf einem Computer. Es zeigt, ' +
      'wie Eddy arbeitet; in einer so kleinen Menge kann es dich nicht verbergen.',
  ],
  several: (count: number, { seconds }: Facts) =>
    `Deine letzten ${count} Nachrichten kamen kurz nacheinander, das hier ist die Antwort auf ` +
    `alle${seconds === null ? '.' : `; die neueste brauchte ${inGerman(seconds)}.`}`,
};

const inEnglish = (seconds: number) => `${seconds.toFixed(1)} seconds`;
const inGerman = (seconds: number) => `${seconds.toFixed(1).replace('.', ',')} Sekunden`;

function secondsOf(message: { sentUnixMs: number; arrivedUnixMs: number | null }): number | null {
  if (message.arrivedUnixMs === null) return null;
  const seconds = (message.arrivedUnixMs - message.sentUnixMs) / 1_000;
  return seconds >= 0 && seconds <= SECONDS_MAX ? seconds : null;
}

/** In one line, without what would turn the line round. */
function quoteOf(text: string): string {
  const line = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  const characters = Array.from(line);
  if (characters.length <= QUOTE_LENGTH_MAX) return line;
  return `${characters.slice(0, QUOTE_LENGTH_MAX).join('').trimEnd()}…`;
}

const germanWords = new Set(
  (
    'hallo moin servus guten ich und nicht ist danke bitte wie geht gut du mir dir mich dich ' +
    'kannst bist ja nein heute warum mein dein ein eine das der auch schon noch mal wer'
  ).split(' '),
);

/** By umlauts and a few small words; anything else is answered in English. */
export function isGerman(text: string): boolean {
  if (/[äöüß]/i.test(text)) return true;
  return text
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .some((word) => germanWords.has(word));
}
