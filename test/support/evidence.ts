// What a proof or a benchmark gave, kept in docs/evidence with the commit that ran.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** Keeps one JSON line as docs/evidence/NAME.json. */
export function saveEvidence(name: string, line: string): void {
  writeFileSync(path.join(root, 'docs/evidence', `${name}.json`), `${line}\n`);
}

/** The commit that ran, with a mark where files differ from it. */
export function currentCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  try {
    // What another form has just kept is no change of what runs.
    const code = ['--', '.', ':!docs/evidence'];
    const isClean = git('status', '--porcelain', '--untracked-files=no', ...code) === '';
    return git('rev-parse', '--short', 'HEAD') + (isClean ? '' : ' and changes');
  } catch {
    return 'unknown';
  }
}
