// The project's text files as the tidy rules see them: read from the working folder, parsed with
// the parser of the build, so that a rule looks at code and not at comments or strings.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'vite';

export const root = path.resolve(import.meta.dirname, '../..');

/** A text file; `path` is relative to the project with '/' on every system. */
export type TextFile = { readonly path: string; readonly text: string };

export type ImportUse = {
  /** As written, without a query. Null where it is computed. */
  readonly specifier: string | null;
  /** Names as exported by the other file; empty for a dynamic or bare import. */
  readonly names: readonly string[];
  readonly line: number;
};

export type FunctionSpan = {
  readonly line: number;
  /** Lines of the function without those of functions inside it. */
  readonly ownLines: number;
};

/** A parsed source file. */
export type Source = TextFile & {
  readonly lines: readonly string[];
  /** The text with comments and the contents of literals blanked; same length, same lines. */
  readonly code: string;
  readonly comments: readonly { readonly text: string; readonly start: number }[];
  readonly imports: readonly ImportUse[];
  readonly functions: readonly FunctionSpan[];
  /** True where every statement hands on what another file exports. */
  readonly isBarrel: boolean;
};

type Node = { type: string; start: number; end: number } & Record<string, unknown>;

const skippedFolders = new Set(['node_modules', 'dist', 'release', '.git', '.cache', 'coverage']);
const binaryEndings = /\.(png|ico|icns|woff2?|node|gz|db|sqlite|bin)$/;
const sourceEndings = /\.(ts|tsx|mjs)$/;

/** Every text file of the project that is not made by a build. */
export function readProject(dir = root): TextFile[] {
  const found: TextFile[] = [];
  const walk = (folder: string) => {
    for (const entry of readdirSync(path.join(dir, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !skippedFolders.has(entry.name)) walk(name);
      if (!entry.isFile() || entry.name === '.git' || entry.name.endsWith('.log')) continue;
      if (binaryEndings.test(name)) continue;
      found.push({ path: name, text: readFileSync(path.join(dir, name), 'utf8') });
    }
  };
  walk('');
  return found;
}

export function isSource(file: TextFile): boolean {
  return sourceEndings.test(file.path);
}

/** Throws where the text does not parse. */
export function parseSource(file: TextFile): Source {
  const lang = file.path.endsWith('.tsx') ? 'tsx' : file.path.endsWith('.ts') ? 'ts' : 'js';
  const parsed = parseSync(file.path, file.text, { lang });
  if (parsed.errors.length > 0) throw new Error(`${file.path}: ${parsed.errors[0]?.message}`);
  const blanks: [number, number][] = [];
  const imports: ImportUse[] = [];
  const nodes: Node[] = [];
  visit(parsed.program as unknown as Node, nodes);
  const lineAt = lineFinder(file.text);
  for (const node of nodes) {
    if (isLiteral(node)) blanks.push([node.start + 1, node.end - 1]);
    if (node.type === 'TemplateElement' || node.type === 'JSXText') {
      blanks.push([node.start, node.end]);
    }
    const use = importOf(node, lineAt);
    if (use !== null) imports.push(use);
  }
  for (const comment of parsed.comments) blanks.push([comment.start, comment.end]);
  const body = (parsed.program as unknown as { body: Node[] }).body;
  return {
    ...file,
    lines: file.text.replace(/\n$/, '').split('\n'),
    code: blank(file.text, blanks),
    comments: parsed.comments.map(({ value, start }) => ({ text: value, start })),
    imports,
    functions: functionSpans(nodes, lineAt),
    isBarrel: body.length > 0 && body.every(isHandedOn),
  };
}

/** 1 for the first line. */
export function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

function visit(value: unknown, into: Node[]): void {
  if (Array.isArray(value)) for (const item of value) visit(item, into);
  else if (typeof value === 'object' && value !== null && !(value instanceof RegExp)) {
    if (typeof (value as Node).type === 'string') into.push(value as Node);
    for (const child of Object.values(value)) visit(child, into);
  }
}

function isLiteral(node: Node): boolean {
  return node.type === 'Literal' && (typeof node['value'] === 'string' || 'regex' in node);
}

function isHandedOn(node: Node): boolean {
  return (
    node.type === 'ExportAllDeclaration' ||
    (node.type === 'ExportNamedDeclaration' && Boolean(node['source']))
  );
}

/** Static, dynamic, type-only and handed-on imports alike. */
function importOf(node: Node, lineAt: (offset: number) => number): ImportUse | null {
  const kinds = ['ImportDeclaration', 'ExportAllDeclaration', 'ExportNamedDeclaration'];
  kinds.push('ImportExpression', 'TSImportType', 'TSImportEqualsDeclaration');
  if (!kinds.includes(node.type)) return null;
  const from = (node['source'] ?? node['argument'] ?? node['moduleReference']) as Node | null;
  if (from === null || from === undefined) return null;
  const value = (from['value'] ?? (from['literal'] as Node | undefined)?.['value']) as unknown;
  const specifiers = (node['specifiers'] ?? []) as { imported?: { name?: string } }[];
  return {
    specifier: typeof value === 'string' ? value.replace(/\?.*$/, '') : null,
    names: specifiers.flatMap((one) => one.imported?.name ?? []),
    line: lineAt(node.start),
  };
}

function functionSpans(nodes: Node[], lineAt: (offset: number) => number): FunctionSpan[] {
  const kinds = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];
  const functions = nodes.filter((node) => kinds.includes(node.type));
  const span = (node: Node) => lineAt(node.end) - lineAt(node.start) + 1;
  return functions.map((node) => {
    const inside = functions.filter((one) => one.start > node.start && one.end <= node.end);
    const direct = inside.filter(
      (one) => !inside.some((other) => other.start < one.start && other.end >= one.end),
    );
    const nested = direct.reduce((sum, one) => sum + Math.max(0, span(one) - 2), 0);
    return { line: lineAt(node.start), ownLines: span(node) - nested };
  });
}

function blank(text: string, spans: [number, number][]): string {
  const out = text.split('');
  for (const [start, end] of spans) {
    for (let at = start; at < end; at++) if (out[at] !== '\n') out[at] = ' ';
  }
  return out.join('');
}
