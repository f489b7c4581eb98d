// Nodes as the picture and the table show them: counts of own loops, never a verdict that they do
// not bear.
import type { Health } from '../../shared/api-health.ts';
import type { Speech } from '../strings/language.ts';
import { percent } from './durations.ts';
import { lossOf } from './health-words.ts';
import type { Column, PictureNode } from './network-picture.tsx';

type HealthNode = Health['nodes'][number];
/** Nodes of a column that a picture has room for; larger networks are a table. */
export const ROWS_MAX = 10;

/** Layers between where packets leave and where they arrive; null where nobody could read it. */
export function pictureColumns(speech: Speech, health: Health): readonly Column[] | null {
  const { text } = speech;
  const drawn = health.nodes.map((node, index) => ({ node, index }));
  const byName = drawn.toSorted((a, b) => a.node.name.localeCompare(b.node.name));
  const pictured = (wanted: (node: HealthNode) => boolean): PictureNode[] =>
    byName
      .filter(({ node }) => wanted(node))
      .map(({ node, index }) => pictureNode(speech, health, node, index));
  const layers = [...new Set(health.nodes.flatMap(({ layer }) => layer ?? []))].toSorted(
    (a, b) => a - b,
  );
  const columns = [
    { title: text('health.nodes.out'), nodes: pictured(({ isOwnProvider }) => isOwnProvider) },
    ...layers.map((layer) => ({
      title: text('health.nodes.layer', { number: layer }),
      nodes: pictured((node) => node.layer === layer),
    })),
    {
      title: text('health.nodes.back'),
      nodes: pictured(({ kind, standing }) => kind === 'provider' && standing !== 'out'),
    },
  ];
  return columns.every(({ nodes }) => nodes.length <= ROWS_MAX) ? columns : null;
}

/** What a node is called by in the picture: its place in the list. */
export const idOfNode = (index: number): string => `${index}`;

function pictureNode(speech: Speech, health: Health, node: HealthNode, index: number): PictureNode {
  const { text } = speech;
  const base = { id: idOfNode(index), kind: node.kind, name: node.name };
  if (node.isOwnProvider) {
    const state = node.loops === 0 ? 'unknown' : node.state;
    return { ...base, state, words: text('health.node.yours') };
  }
  if (node.state === 'unknown') {
    const wordsShort = text('health.node.unknown.short');
    return { ...base, state: 'unknown', words: unknownWords(speech, health, node), wordsShort };
  }
  const counts = countsOf(speech, node);
  const wordsShort = text('health.node.percent', {
    percent: percent(speech, node.rate?.estimate ?? 0),
  });
  if (node.state === 'good') {
    return { ...base, state: 'good', words: text('health.node.share', counts), wordsShort };
  }
  const words = text('health.node.share.suspected', counts);
  return { ...base, state: 'suspected', words, wordsShort, loss: lossOf(node, health.nodes) };
}

function countsOf({ formats }: Speech, { returned, loops }: HealthNode) {
  return { returned: formats.number(returned), loops: formats.number(loops) };
}

function unknownWords({ text }: Speech, { measured }: Health, node: HealthNode): string {
  if (node.loops === 0) return text('health.node.unknown');
  return text(node.loops < measured.needed ? 'health.node.few' : 'health.node.unsure');
}

/** The state of a node in the table: standing first, then what loops say. */
export function nodeState({ text }: Speech, health: Health, node: HealthNode): string {
  if (node.standing !== 'normal') return text(`health.node.${node.standing}`);
  if (node.kind === 'mix' && node.layer === null) return text('health.node.unused');
  if (node.state !== 'unknown') return text(`health.node.${node.state}`);
  if (node.loops === 0) return text('health.node.unknown');
  const { needed } = health.measured;
  return node.loops < needed ? text('health.node.needs', { needed }) : text('health.node.unsure');
}
