// Bytes of frames that passed, by day: what cover costs its user. In memory only.
import type { DayBytes } from './contract.ts';

const DAY_MS = 24 * 3_600_000;

export type ByteCount = {
  readonly add: (
    unixMs: number,
    bytes: { readonly sent?: number; readonly received?: number },
  ) => void;
  /** This day and the one before. */
  readonly days: () => readonly DayBytes[];
};

export function createByteCount(): ByteCount {
  let days: DayBytes[] = [];
  return {
    add: (unixMs, { sent = 0, received = 0 }) => {
      const day = Math.floor(unixMs / DAY_MS);
      const last = days.at(-1);
      const today = last?.day === day ? last : { day, sent: 0, received: 0 };
      const counted = { day, sent: today.sent + sent, received: today.received + received };
      days = [...days.filter((one) => one.day !== day).slice(-1), counted];
    },
    days: () => days,
  };
}
