// Health as a real client role and the engine gave it (test/shots/record-health.ts), by state.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Health, healthSchema } from '../../../shared/api-health.ts';

const file = path.resolve(import.meta.dirname, '../../../scripts/shots-health.json');
const all = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;

export type Recorded = 'measuring' | 'good' | 'degraded' | 'failing' | 'offline' | 'clock_wrong';

/** Parsed by the contract: a recording that is out of date is found. */
export function recordedHealth(name: Recorded): Health {
  return healthSchema.parse(all[name]);
}
