// Round trips of own loops over time, as a chart or as a table of the same numbers.
import { useState } from 'react';
import type { Health } from '../../shared/api-health.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Table } from '../ui/table.tsx';
import { duration, seconds } from './durations.ts';
import { Panel } from './facts.tsx';
import { RoundTripChart } from './round-trip-chart.tsx';

export function RoundTripPanel({ health }: { readonly health: Health }) {
  const speech = useSpeech();
  const { text } = speech;
  const [view, setView] = useState<'chart' | 'table'>('chart');
  return (
    <Panel
      title={text('health.chart')}
      note={text('health.chart.span', { time: duration(speech, health.history.spanMs) })}
      view={{
        label: text('health.chart.view'),
        value: view,
        choices: [
          { value: 'chart', words: text('health.chart.chart') },
          { value: 'table', words: text('health.chart.table') },
        ],
        onChange: setView,
      }}
    >
      {view === 'chart' ? (
        <RoundTripChart key={speech.language} health={health} />
      ) : (
        <RoundTripTable health={health} />
      )}
    </Panel>
  );
}

/** Newest first: what somebody looks for is at the top. */
function RoundTripTable({ health }: { readonly health: Health }) {
  const speech = useSpeech();
  const { text, formats } = speech;
  const time = (ms: number | null) => (ms === null ? '–' : seconds(speech, ms));
  const rows = health.history.steps
    .filter((step) => step.returned + step.late + step.lost + step.void > 0)
    .toReversed()
    .map((step) => ({
      id: `${step.fromUnixMs}`,
      cells: [
        formats.clock(step.fromUnixMs),
        formats.number(step.returned + step.late),
        formats.number(step.late),
        formats.number(step.lost),
        formats.number(step.void),
        time(step.p50Ms),
        time(step.p95Ms),
      ],
    }));
  return (
    <div className="table-tall">
      <Table
        caption={text('health.chart.caption')}
        columns={[
          { id: 'from', words: text('health.column.from') },
          { id: 'back', words: text('health.column.back'), numeric: true },
          { id: 'late', words: text('health.column.late'), numeric: true },
          { id: 'lost', words: text('health.column.lost'), numeric: true },
          { id: 'void', words: text('health.column.void'), numeric: true },
          { id: 'p50', words: text('health.column.p50'), numeric: true },
          { id: 'p95', words: text('health.column.p95'), numeric: true },
        ]}
        rows={rows}
      />
    </div>
  );
}
