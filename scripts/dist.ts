// `npm run dist`: builds, then makes this platform's installers in release/. Electron and the
// packaging tools are downloaded by electron-builder.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildAll } from './build.ts';

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
await buildAll();
const tool = path.join(root, 'node_modules', '.bin', 'electron-builder');
const args = ['--publish', 'never', ...process.argv.slice(2)];
const done = spawnSync(tool, args, { stdio: 'inherit', shell: process.platform === 'win32' });
process.exitCode = done.status ?? 1;
