// Lengths of time and shares as people say them: whole seconds, then minutes, hours, days.
import type { Speech } from '../strings/language.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "7 seconds", "4 minutes", "15 days"; whole, one second at least. */
export function duration({ text }: Speech, ms: number): string {
  const whole = (unitMs: number) => Math.max(1, Math.round(ms / unitMs));
  if (ms < 2 * MINUTE_MS) return text('time.seconds.long', { number: whole(SECOND_MS) });
  if (ms < 2 * HOUR_MS) return text('time.minutes.long', { number: whole(MINUTE_MS) });
  if (ms < 2 * DAY_MS) return text('time.hours.long', { number: whole(HOUR_MS) });
  return text('time.days.long', { number: whole(DAY_MS) });
}

/** "6 s", "4 min": where there is little room. */
export function shortDuration({ text }: Speech, ms: number): string {
  return ms < 2 * MINUTE_MS
    ? text('time.seconds', { number: Math.max(1, Math.round(ms / SECOND_MS)) })
    : text('time.minutes', { number: Math.round(ms / MINUTE_MS) });
}

/** "4.4 s", "0.85 s": a measured time, two digits of it at least. */
export function seconds({ text }: Speech, ms: number): string {
  const digits = ms < SECOND_MS ? 100 : 10;
  return text('time.seconds', { number: Math.round((ms / SECOND_MS) * digits) / digits });
}

export type Range = { readonly fromMs: number; readonly toMs: number };

/** "3 to 7 seconds"; one number where both are the same. */
export function range(speech: Speech, { fromMs, toMs }: Range, isShort: boolean): string {
  const whole = (ms: number) => Math.max(1, Math.round(ms / SECOND_MS));
  const [from, to] = [whole(fromMs), whole(toMs)];
  if (from === to) return (isShort ? shortDuration : duration)(speech, to * SECOND_MS);
  return speech.text(isShort ? 'time.range.seconds' : 'time.range.seconds.long', { from, to });
}

/** "96.4": a share in hundredths with one digit after the point. */
export function percent({ locale }: Speech, share: number): string {
  const digits = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return digits.format(share * 100);
}
