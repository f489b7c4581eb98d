// `npm run -s bench -- NAME [--json]`: runs one benchmark of the registry. Each gives lines, one
// JSON object each; nothing timed fails anything.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { monotonicMs } from '../../main/system.ts';
import type { Benchmark } from './measure.ts';

/** Name → its file. */
const benchmarks: Readonly<Record<string, () => Promise<{ readonly benchmark: Benchmark }>>> = {
  mix: () => import('./mix.ts'),
  provider: () => import('./provider.ts'),
  sphinx: () => import('./sphinx.ts'),
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const load = benchmarks[positionals[0] ?? ''];
if (load === undefined) {
  process.stderr.write(`bench: one of ${Object.keys(benchmarks).join(', ')} is needed\n`);
  process.exit(2);
}
const { benchmark } = await load();
let startedAt = monotonicMs();
for await (const line of benchmark()) {
  const seconds = Math.round((monotonicMs() - startedAt) / 10) / 100;
  const whole = { ...line, seconds, cores: os.availableParallelism() };
  if (values.json) process.stdout.write(`${JSON.stringify(whole)}\n`);
  else process.stdout.write(`${table(whole)}\n`);
  startedAt = monotonicMs();
}

function table(line: Readonly<Record<string, unknown>>): string {
  return Object.entries(line)
    .map(([name, value]) => `${name.padEnd(24)}${JSON.stringify(value)}\n`)
    .join('');
}
