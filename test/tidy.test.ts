// The style rules that a machine can check, on every file of the project, and each on a planted
// violation, which it must find. Paths of planted files decide which rules hold for them.
import { describe, expect, it } from 'vitest';
import { importFindings, unusedFindings } from './support/imports.ts';
import { isSource, parseSource, readProject, type TextFile } from './support/source.ts';
import {
  banFindings,
  bans,
  type Finding,
  layoutFindings,
  shapeFindings,
  suppressionFindings,
  textFindings,
} from './support/tidy-rules.ts';

const files = readProject();
const sources = files.filter(isSource).map(parseSource);
const named = packageNames(files);
const handWritten = files.filter(
  ({ path }) => !/^(package-lock\.json|LICENSE|test\/vectors\/)/.test(path),
);

function packageNames(all: readonly TextFile[]): Set<string> {
  const text = all.find(({ path }) => path === 'package.json')?.text ?? '{}';
  const manifest = JSON.parse(text) as Record<string, Record<string, string>>;
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];
  return new Set(kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {})));
}

const lines = (found: Finding[]) => found.map(({ path, line, what }) => `${path}:${line} ${what}`);
const planted = (path: string, text: string) => parseSource({ path, text });
const imported = (path: string, text: string) => importFindings(planted(path, text), named);
const header = '// Planted, so that a rule has something to find.\n';

describe('the project', () => {
  it('has files to look at', () => {
    expect(sources.length).toBeGreaterThan(20);
  });
  it('imports as the table allows', () => {
    expect(lines(sources.flatMap((source) => importFindings(source, named)))).toEqual([]);
  });
  it('calls nothing outside its home', () => {
    expect(lines(sources.flatMap(banFindings))).toEqual([]);
  });
  it('has files and functions of a legible length, and no barrels', () => {
    expect(lines(sources.flatMap(shapeFindings))).toEqual([]);
  });
  it('has headers, names that say something and lines that fit', () => {
    expect(lines(handWritten.flatMap(layoutFindings))).toEqual([]);
  });
  it('leaves nothing unfinished and names no machine', () => {
    expect(lines(handWritten.flatMap(textFindings))).toEqual([]);
  });
  it('gives a reason wherever a check is switched off', () => {
    expect(lines(sources.flatMap(suppressionFindings))).toEqual([]);
  });
  it('gives every decision a number of its own, and the same in its heading', () => {
    const decisions = files.filter(({ path }) => path.startsWith('docs/decisions/'));
    const numbers = decisions.map(({ path }) => Number(path.split('/').at(-1)?.slice(0, 4)));
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
    const headings = decisions.map(({ text }) => Number(/^# (\d+)\./.exec(text)?.[1]));
    expect(headings).toEqual(numbers);
  });
  it('uses every file', () => {
    expect(lines(unusedFindings(sources))).toEqual([]);
  });
});

describe('the import table finds', () => {
  const forbidden: [string, string][] = [
    ['shared/bytes.ts', "import '../main/system.ts';"],
    ['shared/bytes.ts', "import type { Log } from '../main/log.ts';"],
    ['shared/bytes.ts', "type Log = import('../main/log.ts').Log;"],
    ['shared/bytes.ts', "export { createLog } from '../main/log.ts';"],
    ['shared/bytes.ts', "const log = await import('../main/log.ts');"],
    ['shared/bytes.ts', "import { readFileSync } from 'node:fs';"],
    ['shared/api.ts', "import * as z from 'zod';"],
    ['shared/sphinx/header.ts', "import { x25519 } from '@noble/curves/ed25519.js';"],
    ['main/mixnet/mix.ts', "import { unixMs } from '../system.ts';"],
    ['main/mixnet/mix.ts', "import { Socket } from 'node:net';"],
    ['main/net/link.ts', "import { openDatabase } from '../store/database.ts';"],
    ['main/store/outbox.ts', "import { createEngine } from '../engine/engine.ts';"],
    ['main/crypto/native.ts', "import { createLog } from '../log.ts';"],
    ['main/engine/engine.ts', "import { app } from 'electron';"],
    ['main/engine/engine.ts', "import { createWindow } from '../app/window.ts';"],
    ['main/shell/server.ts', "import { openDatabase } from '../store/database.ts';"],
    ['main/app/preload.ts', "import path from 'node:path';"],
    ['main/cli/node.ts', "import { createWindow } from '../app/window.ts';"],
    ['renderer/app.tsx', "import type { Log } from '../main/log.ts';"],
    ['renderer/app.tsx', "import { hex } from '../shared/bytes.ts';"],
    ['renderer/app.tsx', "import path from 'node:path';"],
    ['main/system.ts', "import { root } from '../test/support/source.ts';"],
    ['scripts/start.ts', "import { root } from '../test/support/source.ts';"],
    ['scripts/bootstrap.mjs', "import { build } from 'vite';"],
    ['test/shared/bytes.test.ts', "import 'a-package-that-nobody-named';"],
    ['shared/bytes.ts', 'const name = 1; await import(String(name));'],
    ['lib/bytes.ts', 'export const one = 1;'],
    ['main/extra/bytes.ts', 'export const one = 1;'],
  ];
  it.each(forbidden)('%s with %s', (path, text) => {
    expect(imported(path, text)).toHaveLength(1);
  });
  it('and lets through what is allowed', () => {
    expect(imported('main/mixnet/mix.ts', "import '../../shared/bytes.ts';")).toEqual([]);
    expect(imported('main/engine/engine.ts', "import '../store/database.ts';")).toEqual([]);
    expect(imported('shared/api.ts', "import * as z from 'zod/mini';")).toEqual([]);
  });
});

describe('the bans find', () => {
  const forbidden: [string, string][] = [
    ['shared/a.ts', 'const at = Date.now();'],
    ['test/main/a.test.ts', 'const at = new Date();'],
    ['main/mixnet/a.ts', 'const at = performance.now();'],
    ['main/store/a.ts', 'setTimeout(() => {}, 1);'],
    ['test/sim/a.ts', 'const x = Math.random();'],
    ['main/engine/a.ts', "import { randomBytes } from 'node:crypto';"],
    ['renderer/a.ts', 'crypto.getRandomValues(new Uint8Array(1));'],
    ['main/net/a.ts', "console.log('x');"],
    ['main/app/tray.ts', 'new BrowserWindow({});'],
    ['main/app/tray.ts', "ipcMain.handle('x', f);"],
    ['main/app/tray.ts', "ipcRenderer.send('x');"],
    ['main/app/tray.ts', "shell.openExternal('x');"],
    ['main/app/tray.ts', "require('electron');"],
    ['main/engine/a.ts', "process.env['HOME'];"],
    ['main/engine/a.ts', 'process.exit(1);'],
    ['renderer/a.ts', "eval('1');"],
    ['renderer/a.ts', "element.innerHTML = '';"],
    ['renderer/a.ts', "localStorage.getItem('x');"],
    ['renderer/a.ts', "fetch('/x');"],
    ['renderer/a.ts', "new WebSocket('x');"],
    ['main/engine/a.ts', "new Database('x');"],
    ['main/engine/a.ts', 'if (import.meta.main) run();'],
  ];
  it.each(forbidden)('%s with %s', (path, text) => {
    expect(banFindings(planted(path, text)).length).toBeGreaterThan(0);
  });
  it('each, by a case of its own', () => {
    const untried = bans.filter(
      (ban) => !forbidden.some(([path, text]) => ban.within.test(path) && text.match(ban.pattern)),
    );
    expect(untried.map((ban) => ban.instead)).toEqual([]);
  });
  it('nothing in comments, texts and homes', () => {
    expect(banFindings(planted('shared/a.ts', "// Date.now()\nconst a = 'Date.now()';"))).toEqual(
      [],
    );
    expect(banFindings(planted('main/system.ts', 'const at = Date.now();'))).toEqual([]);
  });
  it('calls inside a template', () => {
    expect(banFindings(planted('shared/a.ts', `const a = \`${'$'}{Date.now()}\`;`))).toHaveLength(
      1,
    );
  });
});

describe('the rules on shape and text find', () => {
  const shape = (text: string) => shapeFindings(planted('shared/a.ts', text));
  const layout = (path: string, text: string) => layoutFindings({ path, text });
  const text = (given: string) => textFindings({ path: 'docs/a.md', text: given });

  it('a file of 401 lines, and not one of 400', () => {
    expect(shape('const a = 1;\n'.repeat(1) + '\n'.repeat(399))).toEqual([]);
    expect(shape('const a = 1;\n'.repeat(1) + '\n'.repeat(400))).toHaveLength(1);
  });
  it('a function of 61 lines, and not one of 60', () => {
    expect(shape(`function f() {${'\n'.repeat(59)}}`)).toEqual([]);
    expect(shape(`function f() {${'\n'.repeat(60)}}`)).toHaveLength(1);
  });
  it('a barrel', () => {
    expect(shape("export * from './b.ts';\nexport { c } from './c.ts';")).toHaveLength(1);
  });
  it('a line of 101 columns, and not one of 100', () => {
    expect(layout('shared/a.ts', header + 'x '.repeat(50))).toEqual([]);
    expect(layout('shared/a.ts', `${header + 'x '.repeat(50)}x`)).toHaveLength(1);
  });
  it('a file without a header, with an empty one, with one too long', () => {
    expect(layout('shared/a.ts', 'const a = 1;\n')).toHaveLength(1);
    expect(layout('shared/a.ts', '//\nconst a = 1;\n')).toHaveLength(1);
    expect(layout('shared/a.ts', '// A line of it.\n'.repeat(11))).toHaveLength(1);
    expect(layout('renderer/a.css', '.a { color: red; }\n')).toHaveLength(1);
  });
  it('a name that says nothing, and one in another case', () => {
    expect(layout('shared/utils.ts', header)).toHaveLength(1);
    expect(layout('shared/someThing.ts', header)).toHaveLength(1);
  });
  it('what is unfinished', () => {
    expect(text(`TO${'DO'}: later`)).toHaveLength(1);
    expect(text(`// FIX${'ME'}`)).toHaveLength(1);
    expect(text(`X${'XX'} here`)).toHaveLength(1);
  });
  it('folders of a machine, the folder beside the project, and registries', () => {
    expect(text(`see ${['', 'home', 'ann', 'x'].join('/')}`)).toHaveLength(1);
    expect(text(`cd ${['', 'work', 'x'].join('/')}`)).toHaveLength(1);
    expect(text(['C:', 'Users', 'ann'].join('\\'))).toHaveLength(1);
    expect(text(`see ../shared${'/tools'}/x`)).toHaveLength(1);
    expect(text(`https:${'//'}registry.${'npmjs'}.org/x`).length).toBeGreaterThan(0);
  });
  it('a check that is switched off without a reason', () => {
    const off = (comment: string) => suppressionFindings(planted('shared/a.ts', `// ${comment}\n`));
    expect(off('biome-ignore lint/style/x')).toHaveLength(1);
    expect(off('biome-ignore lint/style/x: ok')).toHaveLength(1);
    expect(off('oxlint-disable-next-line no-x')).toHaveLength(1);
    expect(off('@ts-expect-error')).toHaveLength(1);
    expect(off('@ts-ignore because it is too hard to fix')).toHaveLength(1);
    expect(off('biome-ignore lint/style/x: the parser gives no other name for it')).toEqual([]);
  });
  it('a file that nobody imports', () => {
    const used = planted('shared/used.ts', 'export const one = 1;');
    const entry = planted('main/cli/run.ts', "import '../../shared/used.ts';");
    const lost = planted('shared/lost.ts', 'export const two = 2;');
    expect(unusedFindings([used, entry])).toEqual([]);
    expect(unusedFindings([used, entry, lost])).toHaveLength(1);
  });
});
