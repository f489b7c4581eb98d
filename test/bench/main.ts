// `npm run -s bench -- NAME [--json] [--save]`: runs one benchmark of the registry. Each gives
// lines, one JSON object each; nothing timed fails anything. `--save` also keeps them as
// docs/evidence/bench-NAME.json, with the commit and how busy the machine was before and after.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { monotonicMs } from '../../main/system.ts';
import { currentCommit, saveEvidence } from '../support/evidence.ts';
import type { Benchmark } from './measure.ts';

/** Name → its file. */
const benchmarks: Readonly<Record<string, () => Promise<{ readonly benchmark: Benchmark }>>> = {
  mix: () => import('./mix.ts'),
  provider: () => import('./provider.ts'),
  sphinx: () => import('./sphinx.ts'),
};

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const name = positionals[0] ?? '';
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (load === undefined) {
  process.stderr.write(`bench: one of ${Object.keys(benchmarks).join(', ')} is needed\n`);
  process.exit(2);
}
const { benchmark } = await load();
const loadBefore = loadAverage();
const lines: Readonly<Record<string, unknown>>[] = [];
let startedAt = monotonicMs();
for await (const line of benchmark()) {
  const seconds = Math.round((monotonicMs() - startedAt) / 10) / 100;
  const whole = { ...line, seconds, cores: os.availableParallelism() };
  lines.push(whole);
  if (values.json) process.stdout.write(`${JSON.stringify(whole)}\n`);
  else process.stdout.write(`${table(whole)}\n`);
  startedAt = monotonicMs();
}

if (values.save) {
  const machine = os.cpus()[0]?.model.trim() ?? 'unknown';
  const kept = { commit: currentCommit(), machine, loadBefore, loadAfter: loadAverage(), lines };
  saveEvidence(`bench-${name}`, JSON.stringify({ name: `bench-${name}`, ...kept }));
}

/** Processes that wanted a core, mean of the last minute. */
function loadAverage(): number {
  return Math.round((os.loadavg()[0] ?? 0) * 10) / 10;
}

function table(line: Readonly<Record<string, unknown>>): string {
  return Object.entries(line)
    .map(([name, value]) => `${name.padEnd(24)}${JSON.stringify(value)}\n`)
    .join('');
}
