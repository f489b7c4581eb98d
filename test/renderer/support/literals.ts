// Finds text for people that stands in a component instead of the catalogue: JSX text, and
// literals in the attributes that are read or shown.
import { parseSync } from 'vite';

type Node = { readonly type: string; readonly start: number } & Readonly<Record<string, unknown>>;

const shownAttributes = new Set([
  'aria-label',
  'aria-description',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'alt',
  'description',
  'detail',
  'error',
  'hint',
  'label',
  'name',
  'placeholder',
  'title',
  'words',
]);
const hasLetter = /\p{L}/u;

/** The literals of one file, each as `line: text`. */
export function literalFindings(file: { readonly path: string; readonly text: string }): string[] {
  const { program } = parseSync(file.path, file.text);
  const found: string[] = [];
  const say = (node: Node, text: string) => {
    if (!hasLetter.test(text)) return;
    const line = file.text.slice(0, node.start).split('\n').length;
    found.push(`${file.path}:${line}: ${text.trim()}`);
  };
  /** A value that is shown: through conditions and fragments, never into calls. */
  const shown = (node: Node) => {
    if (node.type === 'Literal') {
      if (typeof node['value'] === 'string') say(node, node['value']);
    } else if (node.type === 'TemplateLiteral') {
      for (const part of nodesOf(node['quasis'])) {
        say(part, String((part['value'] as { cooked?: string }).cooked ?? ''));
      }
    } else if (node.type === 'ConditionalExpression') {
      for (const key of ['consequent', 'alternate']) nodesOf(node[key]).forEach(shown);
    } else if (node.type === 'LogicalExpression') {
      for (const key of ['left', 'right']) nodesOf(node[key]).forEach(shown);
    } else if (node.type === 'JSXExpressionContainer') {
      nodesOf(node['expression']).forEach(shown);
    }
  };
  const walk = (node: Node) => {
    if (node.type === 'JSXText') say(node, String(node['value']));
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      for (const child of nodesOf(node['children'])) {
        if (child.type === 'JSXExpressionContainer') shown(child);
      }
    }
    if (node.type === 'JSXAttribute' && isShown(node)) nodesOf(node['value']).forEach(shown);
    for (const value of Object.values(node)) nodesOf(value).forEach(walk);
  };
  nodesOf(program).forEach(walk);
  return found;
}

function isShown(attribute: Node): boolean {
  const name = nodesOf(attribute['name'])[0]?.['name'];
  return typeof name === 'string' && shownAttributes.has(name);
}

function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  const isNode =
    typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
  return isNode ? [value as Node] : [];
}
