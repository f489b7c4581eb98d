// `npm run -s bench -- NAME [--json] [--save] [--seconds N] [--threads N]`: runs one benchmark of
// the registry. Each gives lines, one JSON object each; nothing timed fails anything. `--save` also
// keeps them as docs/evidence/bench-NAME.json, with the commit and how busy the machine was before
// and after. `--seconds` shortens what runs for a time; `--threads` is for what can use some.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { monotonicMs } from '../../main/system.ts';
import { currentCommit, saveEvidence } from '../support/evidence.ts';
import type { Benchmark } from './measure.ts';

/** Name → its file. */
const benchmarks: Readonly<Record<string, () => Promise<{ readonly benchmark: Benchmark }>>> = {
  client: () => import('./client.ts'),
  mix: () => import('./mix.ts'),
  provider: () => import('./provider.ts'),
  sphinx: () => import('./sphinx.ts'),
  store: () => import('./store.ts'),
};

/** What the growth of memory is measured over. */
const SECONDS = 60;

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    seconds: { type: 'string', default: `${SECONDS}` },
    threads: { type: 'string', default: '0' },
  },
  allowPositionals: true,
});
const name = positionals[0] ?? '';
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
const options = { seconds: Number(values.seconds), threads: Number(values.threads) };
if (load === undefined) leave(`one of ${Object.keys(benchmarks).join(', ')} is needed`);
if (!(options.seconds >= 1)) leave('--seconds is a number from 1');
if (!Number.isInteger(options.threads) || options.threads < 0) {
  leave('--threads is a whole number');
}
const { benchmark } = await load();
const loadBefore = loadAverage();
const lines: Readonly<Record<string, unknown>>[] = [];
let startedAt = monotonicMs();
for await (const line of benchmark(options)) {
  const seconds = Math.round((monotonicMs() - startedAt) / 10) / 100;
  const whole = { ...line, seconds, cores: os.availableParallelism() };
  lines.push(whole);
  if (values.json) process.stdout.write(`${JSON.stringify(whole)}\n`);
  else process.stdout.write(`${table(whole)}\n`);
  startedAt = monotonicMs();
}

if (values.save) {
  const machine = os.cpus()[0]?.model.trim() ?? 'unknown';
  const kept = {
    commit: currentCommit(),
    machine,
    options,
    loadBefore,
    loadAfter: loadAverage(),
    lines,
  };
  saveEvidence(`bench-${name}`, JSON.stringify({ name: `bench-${name}`, ...kept }));
}

function leave(text: string): never {
  process.stderr.write(`bench: ${text}\n`);
  process.exit(2);
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
