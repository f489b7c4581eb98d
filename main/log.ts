// Structured logging: one JSON line each, on stderr. It is handed closed words and numbers; texts
// of users, keys, addresses and full identities have no way in, since values are numbers and short
// words.
import { unixMs } from './system.ts';

export type LogFields = Readonly<Record<string, number | boolean | string | null>>;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** Writes one line; `event` is a fixed name, values are counted quantities or closed words. */
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/**
 * Longest string value that is written; what is longer is cut, so that no content slips through.
 */
export const LOG_VALUE_LENGTH_MAX = 120;

const rank: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A log that writes lines of at least `level` to `write` (stderr unless told otherwise). */
export function createLog(
  level: LogLevel,
  write: (line: string) => void = (line) => process.stderr.write(line),
): Log {
  return (lineLevel, event, fields = {}) => {
    if (rank[lineLevel] < rank[level]) return;
    const line: Record<string, unknown> = {
      at: new Date(unixMs()).toISOString(),
      level: lineLevel,
    };
    line['event'] = event;
    for (const [name, value] of Object.entries(fields)) {
      line[name] = typeof value === 'string' ? value.slice(0, LOG_VALUE_LENGTH_MAX) : value;
    }
    write(`${JSON.stringify(line)}\n`);
  };
}
