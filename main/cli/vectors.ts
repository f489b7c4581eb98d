// `npm run -s vectors -- FILE`: the Sphinx implementation against a vector file, on every engine.
// Last line on stdout `N passed, N failed`; what failed, was left out or is stricter goes to
// stderr.
import { readFileSync } from 'node:fs';
import type { CryptoEngine } from '../../shared/crypto.ts';
import { engineLoaders } from '../crypto/choose.ts';
import { checkFile } from './vector-check.ts';
import { parseVectorFile } from './vector-file.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

process.exitCode = await run(process.argv[2]);

async function run(path: string | undefined): Promise<number> {
  if (path === undefined) {
    say(
      'vectors: a vector file is needed, as in: npm run -s vectors -- test/vectors/nym-sphinx.json',
    );
    return finish(0, 1);
  }
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    say(`vectors: ${path} cannot be read: ${error instanceof Error ? error.message : ''}`);
    return finish(0, 1);
  }
  const file = parseVectorFile(text);
  if (typeof file === 'string') {
    say(`vectors: ${path} is not a vector file: ${file}`);
    return finish(0, 1);
  }
  const engines = await loadEngines();
  say(`engines: ${engines.map((engine) => engine.name).join(', ')}`);
  const report = checkFile(file, engines);
  for (const item of report.leftOut) say(`left out: ${item}`);
  for (const { id, reasons } of report.stricter) say(`stricter: ${id}: ${reasons.join(', ')}`);
  for (const failure of report.failures) say(`failed: ${failure}`);
  return finish(report.passed, report.failed);
}

/** Every engine that loads here, without its self-test: the vectors are to judge it. */
async function loadEngines(): Promise<CryptoEngine[]> {
  const engines: CryptoEngine[] = [];
  for (const { name, load } of engineLoaders) {
    try {
      engines.push(await load());
    } catch {
      say(`engine ${name} does not load on this machine`);
    }
  }
  return engines;
}

function finish(passed: number, failed: number): number {
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
