// `npm test` and `npm run check`: every step in order, all of them even after one failed, and one
// last line that counts: `N passed, N failed` with `, N skipped` where something was skipped by
// name.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from './build.ts';
import { prepareBrowsers } from './test-browsers.ts';

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});

/**
 * No step may hang. The whole run is meant to stay within ten minutes; a machine that has much else
 * to do is slower, and is given its time.
 */
const STEP_MS_MAX = 15 * 60_000;

/** Of each message of what failed, which is said once more at the end. */
const FAILURE_LENGTH_MAX = 1_500;

type Counts = { passed: number; failed: number; failures: string[]; skipped: string[] };
const total: Counts = { passed: 0, failed: 0, failures: [], skipped: [] };
const scratch = mkdtempSync(path.join(os.tmpdir(), 'eddy-test-'));

const lintFolders = ['main', 'renderer', 'shared', 'test', 'scripts'];
const biome = ['check', '--error-on-warnings', '.'];
const oxlint = ['--type-aware', '--deny-warnings', ...lintFolders];
// The compiler takes as long as both others, on one core.
await Promise.all([
  step('types (tsc -b)', 'tsc', ['-b']),
  step('format and lint (biome)', 'biome', biome).then(() =>
    step('lint with types (oxlint)', 'oxlint', oxlint),
  ),
]);
if (values.quick) {
  await vitest(['core', 'ui'], {});
} else {
  await counted('build', buildAll);
  await vitest(['core', 'ui'], {});
  await vitest(['quiet'], {});
  const browsers = prepareBrowsers(say);
  for (const failure of browsers.failures) count(false, failure);
  await vitest(['e2e'], browsers.env);
}
rmSync(scratch, { recursive: true, force: true });

for (const name of total.skipped) say(`skipped: ${name}`);
for (const failure of total.failures) say(`failed: ${failure}`);
const skipped = total.skipped.length === 0 ? '' : `, ${total.skipped.length} skipped`;
process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

function say(text: string): void {
  process.stdout.write(`eddy: ${text}\n`);
}

/** One tool as one test. */
async function step(name: string, tool: string, args: string[]): Promise<void> {
  say(name);
  count((await run(tool, args, {})) === 0, name);
}

async function counted(name: string, work: () => Promise<void>): Promise<void> {
  say(name);
  try {
    await work();
    count(true, name);
  } catch (error) {
    process.stdout.write(`${String(error)}\n`);
    count(false, name);
  }
}

function count(passed: boolean, name: string): void {
  if (passed) total.passed += 1;
  else {
    total.failed += 1;
    total.failures.push(name);
    say(`failed: ${name}`);
  }
}

/** Runs vitest projects and adds what its report counts; a report that is missing is a failure. */
async function vitest(projects: string[], env: Readonly<Record<string, string>>): Promise<void> {
  const name = projects.join(' and ');
  say(`tests: ${name}`);
  const report = path.join(scratch, `${projects.join('-')}.json`);
  const args = ['run', ...projects.flatMap((project) => ['--project', project])];
  args.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...positionals);
  const code = await run('vitest', args, env);
  type Report = {
    numPassedTests: number;
    numFailedTests: number;
    testResults: {
      name: string;
      status: string;
      assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
    }[];
  };
  let parsed: Report;
  try {
    parsed = JSON.parse(readFileSync(report, 'utf8')) as Report;
  } catch {
    return count(false, `${name}: no report`);
  }
  total.passed += parsed.numPassedTests;
  total.failed += parsed.numFailedTests;
  for (const file of parsed.testResults) {
    const failedInside = file.assertionResults.some((result) => result.status === 'failed');
    if (file.status === 'failed' && !failedInside) count(false, `${file.name}: could not be run`);
    for (const result of file.assertionResults) {
      if (result.status === 'pending' || result.status === 'skipped' || result.status === 'todo') {
        total.skipped.push(result.fullName);
      }
      if (result.status === 'failed') {
        const message = result.failureMessages.join('\n').slice(0, FAILURE_LENGTH_MAX);
        total.failures.push(`${path.relative(root, file.name)}: ${result.fullName}\n${message}`);
      }
    }
  }
  if (code !== 0 && parsed.numFailedTests === 0) count(false, `${name}: vitest ended with ${code}`);
}

function run(tool: string, args: string[], env: Readonly<Record<string, string>>): Promise<number> {
  const file = path.join(root, 'node_modules', '.bin', tool);
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: 'inherit',
      env: { ...process.env, ...env },
      shell: process.platform === 'win32',
    });
    const limit = setTimeout(() => {
      say(`${tool} was not done after ${STEP_MS_MAX / 60_000} minutes; killed`);
      child.kill('SIGKILL');
    }, STEP_MS_MAX);
    const settle = (code: number) => {
      clearTimeout(limit);
      resolve(code);
    };
    child.on('error', () => settle(127));
    child.on('exit', (code) => settle(code ?? 1));
  });
}
