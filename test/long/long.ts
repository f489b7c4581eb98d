// `npm run -s long -- NAME [--seed SEED] [--save]`: the long form of a proof. One JSON line on
// stdout with seed and commit; `--save` also keeps it as docs/evidence/NAME.json. Exit 1 where the
// proof fails.
import { parseArgs } from 'node:util';
import { monotonicMs } from '../../main/system.ts';
import { currentCommit, saveEvidence } from '../support/evidence.ts';

/** What a long form gives: whether the proof holds, and what it measured. */
export type LongResult = { readonly passed: boolean; readonly [name: string]: unknown };
export type LongForm = {
  readonly run: (options: {
    readonly seed: string;
    /** For people, on stderr. */
    readonly say: (text: string) => void;
  }) => Promise<LongResult>;
};

/** Every long form by name; its module exports it as `longForm`. */
const FORMS: Readonly<Record<string, () => Promise<{ readonly longForm: LongForm }>>> = {
  'first-start': () => import('./first-start.ts'),
  garbage: () => import('./garbage.ts'),
  delivery: () => import('./delivery.ts'),
  health: () => import('./health.ts'),
  'local-parsers': () => import('./local-parsers.ts'),
  loss: () => import('./loss.ts'),
  messenger: () => import('./messenger.ts'),
  'messenger-crash': () => import('./messenger-crash.ts'),
  mix: () => import('./mix.ts'),
  'network-parsers': () => import('./network-parsers.ts'),
  'packet-kinds': () => import('./packet-kinds.ts'),
  'provider-blindness': () => import('./provider-blindness.ts'),
  'provider-kill': () => import('./provider-kill.ts'),
  'simulation-day': () => import('./simulation-day.ts'),
  'simulation-hour': () => import('./simulation-hour.ts'),
  'socket-delays': () => import('./socket-delays.ts'),
  'socket-lateness': () => import('./socket-lateness.ts'),
  'sphinx-malformed': () => import('./sphinx-malformed.ts'),
  'session-parsers': () => import('./session-parsers.ts'),
};

const SEED = '20261123';
const say = (text: string): void => void process.stderr.write(`long: ${text}\n`);

if (import.meta.main) process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { seed: { type: 'string', default: SEED }, save: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const name = positionals[0] ?? '';
  const load = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  if (load === undefined) {
    say(`a name is needed, one of: ${Object.keys(FORMS).join(', ')}`);
    return 1;
  }
  const startedMs = monotonicMs();
  const { seed } = values;
  // Of what runs: files may change while it does.
  const commit = currentCommit();
  const result = await (await load()).longForm.run({ seed, say });
  const wallSeconds = Math.round((monotonicMs() - startedMs) / 100) / 10;
  const line = JSON.stringify({ name, seed, commit, ...result, wallSeconds });
  process.stdout.write(`${line}\n`);
  if (values.save) saveEvidence(name, line);
  return result.passed ? 0 : 1;
}
