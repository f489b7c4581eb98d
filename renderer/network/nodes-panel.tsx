// The network as a picture with a loop on its way, or as a table of every node.
import { useState } from 'react';
import type { Health } from '../../shared/api-health.ts';
import type { Speech } from '../strings/language.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Table, type TableRow } from '../ui/table.tsx';
import { percent } from './durations.ts';
import { Panel } from './facts.tsx';
import { type Column, NetworkPicture } from './network-picture.tsx';
import { nodeState, pictureColumns } from './node-words.ts';
import { useFlight } from './use-flight.ts';

export function NodesPanel({ health }: { readonly health: Health }) {
  const speech = useSpeech();
  const { text } = speech;
  const [view, setView] = useState<'picture' | 'table'>('picture');
  const columns = pictureColumns(speech, health);
  const { nodes } = health;
  if (nodes.length === 0) {
    return (
      <Panel title={text('health.nodes')}>
        <p className="panel-words">{text('health.nodes.empty')}</p>
      </Panel>
    );
  }
  const choice = {
    label: text('health.nodes.view'),
    value: view,
    choices: [
      { value: 'picture', words: text('health.nodes.picture') },
      { value: 'table', words: text('health.chart.table') },
    ] as const,
    onChange: setView,
  };
  return (
    <Panel
      title={text('health.nodes')}
      note={noteOf(speech, health)}
      {...(columns === null ? {} : { view: choice })}
    >
      {columns === null || view === 'table' ? (
        <NodesTable health={health} />
      ) : (
        <Picture health={health} columns={columns} />
      )}
    </Panel>
  );
}

function noteOf({ text }: Speech, { nodes }: Health): string {
  const loops = nodes.find(({ isOwnProvider }) => isOwnProvider)?.loops ?? 0;
  return loops === 0 ? text('health.nodes.note.none') : text('health.nodes.note', { loops });
}

function Picture(props: { readonly health: Health; readonly columns: readonly Column[] }) {
  const { text } = useSpeech();
  const { nodes } = props.health;
  const flight = useFlight(props.health);
  const mixes = nodes.filter(({ layer }) => layer !== null);
  const count = (state: Health['nodes'][number]['state']) =>
    mixes.filter((node) => node.state === state).length;
  return (
    <NetworkPicture
      label={text('health.nodes.label', {
        mixes: mixes.length,
        layers: new Set(mixes.map(({ layer }) => layer)).size,
        suspected: count('suspected'),
        unknown: count('unknown'),
      })}
      columns={props.columns}
      {...(flight === null ? {} : { flight })}
    />
  );
}

function NodesTable({ health }: { readonly health: Health }) {
  const speech = useSpeech();
  const { text } = speech;
  return (
    <div className="table-tall">
      <Table
        caption={text('health.nodes.caption')}
        columns={[
          { id: 'node', words: text('health.column.node') },
          { id: 'layer', words: text('health.column.layer') },
          { id: 'loops', words: text('health.column.loops'), numeric: true },
          { id: 'back', words: text('health.column.returned'), numeric: true },
          { id: 'share', words: text('health.column.share'), numeric: true },
          { id: 'between', words: text('health.column.between'), numeric: true },
          { id: 'state', words: text('health.column.state') },
        ]}
        rows={rowsOf(speech, health)}
      />
    </div>
  );
}

function StateCell(props: { readonly words: string; readonly isSuspected: boolean }) {
  return props.isSuspected ? <b className="table-caution">{props.words}</b> : props.words;
}

function rowsOf(speech: Speech, health: Health): readonly TableRow[] {
  const { text, formats } = speech;
  const place = ({ layer, kind }: Health['nodes'][number]) =>
    kind === 'provider' ? 4 : (layer ?? 5);
  return health.nodes
    .map((node, index) => ({ node, index }))
    .toSorted((a, b) => place(a.node) - place(b.node) || a.node.name.localeCompare(b.node.name))
    .map(({ node, index }) => {
      const { rate, layer, kind } = node;
      const between =
        rate === null ? '–' : `${percent(speech, rate.low)} – ${percent(speech, rate.high)}`;
      const share = rate === null ? '–' : `${percent(speech, rate.estimate)} %`;
      const state = nodeState(speech, health, node);
      return {
        id: `${index}`,
        cells: [
          node.name,
          kind === 'provider' ? text('health.node.provider') : layer === null ? '–' : `${layer}`,
          formats.number(node.loops),
          formats.number(node.returned),
          share,
          between,
          <StateCell key="state" words={state} isSuspected={node.state === 'suspected'} />,
        ],
      };
    });
}
