// Times, days and numbers as people of a locale write them. Everything takes wall time in ms since
// 1970 and the time zone of the machine, so that a test can name its own.
export type Formats = {
  /** "14:02" */
  readonly time: (unixMs: number) => string;
  /** "14:02:10", for what comes several times a minute. */
  readonly clock: (unixMs: number) => string;
  /** "3 November", with the year where it is not the year of `nowUnixMs`. */
  readonly day: (unixMs: number, nowUnixMs: number) => string;
  /** For a list: the time today, "Yesterday", a weekday within six days, else the date. */
  readonly stamp: (unixMs: number, nowUnixMs: number) => string;
  /** For a day among messages: "Today", "Yesterday", else the date with its weekday. */
  readonly dayOfChat: (unixMs: number, nowUnixMs: number) => string;
  /** The day alone as a key: the same for two instants of one day. */
  readonly civilDay: (unixMs: number) => string;
  /** Day and time: "3 Nov 2026, 14:02:07". */
  readonly moment: (unixMs: number) => string;
  /** "12 October 2026" */
  readonly date: (unixMs: number) => string;
  /** "Sunday 29 November 2026 at 14:14", for what holds until then. */
  readonly until: (unixMs: number) => string;
  readonly number: (value: number) => string;
  /** "640 kB", "20 MB": three digits at most. */
  readonly size: (bytes: number) => string;
  /** The name of a language in this one: "German". */
  readonly languageName: (tag: string) => string;
};

const DAY_MS = 86_400_000;
const SIZE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export function createFormats(locale: string, timeZone?: string): Formats {
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', ...zone });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', ...zone });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', ...zone });
  const dated = new Intl.DateTimeFormat(locale, { dateStyle: 'long', ...zone });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', ...zone });
  const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...zone });
  const week = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...zone,
  });
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...zone,
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const civil = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...zone });
  const until = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    ...zone,
  });
  const digits = new Intl.NumberFormat(locale);
  const names = new Intl.DisplayNames(locale, { type: 'language' });
  const dayOf = (unixMs: number) => civil.format(unixMs);
  return {
    time: (unixMs) => time.format(unixMs),
    clock: (unixMs) => clock.format(unixMs),
    day: (unixMs, nowUnixMs) =>
      dayOf(unixMs).slice(0, 4) === dayOf(nowUnixMs).slice(0, 4)
        ? day.format(unixMs)
        : dated.format(unixMs),
    stamp: (unixMs, nowUnixMs) => {
      if (dayOf(unixMs) === dayOf(nowUnixMs)) return time.format(unixMs);
      if (dayOf(unixMs) === dayOf(nowUnixMs - DAY_MS)) return sentence(relative.format(-1, 'day'));
      // By days, not by hours: what is listed says the same from midnight to midnight.
      const isOfLastDays = unixMs <= nowUnixMs && dayOf(unixMs) >= dayOf(nowUnixMs - 6 * DAY_MS);
      return isOfLastDays ? weekday.format(unixMs) : short.format(unixMs);
    },
    dayOfChat: (unixMs, nowUnixMs) => {
      if (dayOf(unixMs) === dayOf(nowUnixMs)) return sentence(relative.format(0, 'day'));
      if (dayOf(unixMs) === dayOf(nowUnixMs - DAY_MS)) return sentence(relative.format(-1, 'day'));
      return dayOf(unixMs).slice(0, 4) === dayOf(nowUnixMs).slice(0, 4)
        ? week.format(unixMs)
        : dated.format(unixMs);
    },
    civilDay: dayOf,
    moment: (unixMs) => moment.format(unixMs),
    date: (unixMs) => dated.format(unixMs),
    until: (unixMs) => until.format(unixMs),
    number: (value) => digits.format(value),
    size: (bytes) => {
      const at = SIZE_UNITS.findIndex((_unit, index) => bytes < 1_000 ** (index + 1));
      const power = at === -1 ? SIZE_UNITS.length - 1 : at;
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: SIZE_UNITS[power] ?? 'byte',
        maximumSignificantDigits: 3,
      }).format(bytes / 1_000 ** power);
    },
    languageName: (tag) => names.of(tag) ?? tag,
  };
}

/** With the first letter as a sentence begins. */
function sentence(words: string): string {
  const [first = ''] = words;
  return first.toLocaleUpperCase() + words.slice(first.length);
}
