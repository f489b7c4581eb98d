// What leaves this computer, what it costs, who is there, and how it is linked.
import type { Health } from '../../shared/api-health.ts';
import type { Speech } from '../strings/language.ts';
import { useSpeech } from '../strings/speech.tsx';
import { duration, seconds } from './durations.ts';
import { Panel } from './facts.tsx';
import { Shares } from './shares.tsx';

type Props = { readonly health: Health };

export function LeavesPanel({ health }: Props) {
  const speech = useSpeech();
  const { text, formats } = speech;
  const { messages, loops, drops, forfeited, sinceMs } = health.emissions;
  const number = formats.number(messages + loops + drops);
  return (
    <Panel title={text('health.leaves')}>
      <Shares
        shares={[
          { id: 'messages', words: text('health.leaves.messages'), count: messages, tone: 0 },
          { id: 'loops', words: text('health.leaves.loops'), count: loops, tone: 2 },
          { id: 'drops', words: text('health.leaves.drops'), count: drops, tone: 3 },
        ]}
      />
      <p className="panel-words">
        {text('health.leaves.detail', { number, time: duration(speech, sinceMs) })}{' '}
        {forfeited === 0 ? '' : text('health.leaves.forfeited.detail', { count: forfeited })}
      </p>
    </Panel>
  );
}

export function DataPanel({ health }: Props) {
  const { text, formats } = useSpeech();
  const { cost, days } = health;
  const today = days.at(-1);
  const pair = (sent: number, received: number) => {
    const [first, second] = [formats.size(sent), formats.size(received)];
    // A unit that both have is said once.
    const unit = /\s*\p{L}+$/u;
    const isSame = unit.exec(first)?.[0] === unit.exec(second)?.[0];
    return { sent: first, received: isSame ? second.replace(unit, '') : second };
  };
  return (
    <Panel title={text('health.data')} isQuiet>
      <p className="panel-value">
        {cost === null
          ? text('health.data.unknown')
          : text('health.data.value', pair(cost.bytesPerDaySent, cost.bytesPerDayReceived))}
      </p>
      {cost === null ? null : (
        <p className="panel-words">
          {text('health.data.detail', { rate: Math.round(cost.packetsPerSecond * 100) / 100 })}{' '}
          {today === undefined ? '' : text('health.data.today', pair(today.sent, today.received))}
        </p>
      )}
    </Panel>
  );
}

export function PeoplePanel({ health }: Props) {
  const { text } = useSpeech();
  const key = health.network?.isLocal === true ? 'local' : 'unknown';
  return (
    <Panel title={text('health.people')} isQuiet>
      <p className="panel-value">{text(`health.people.${key}`)}</p>
      <p className="panel-words">{text(`health.people.${key}.detail`)}</p>
    </Panel>
  );
}

export function LinkPanel({ health }: Props) {
  const speech = useSpeech();
  const { text } = speech;
  return (
    <Panel title={text('health.about')}>
      <dl className="panel-facts">
        {linkFacts(speech, health).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

type NamedFact = readonly [name: string, value: string];

function linkFacts(speech: Speech, health: Health): readonly NamedFact[] {
  const { text } = speech;
  const { network, cost, nodes } = health;
  const unknown = text('health.about.unknown');
  const layers = new Set(nodes.flatMap(({ layer }) => layer ?? [])).size;
  const or = <T,>(value: T | null | undefined, words: (known: T) => string) =>
    value === null || value === undefined ? unknown : words(value);
  return [
    [text('health.about.provider'), network?.provider ?? unknown],
    [
      text('health.about.path'),
      layers === 0 ? unknown : text('health.about.path.value', { layers }),
    ],
    [
      text('health.about.delay'),
      or(cost, ({ hopDelayMsMean }) =>
        text('health.about.delay.value', { time: seconds(speech, hopDelayMsMean) }),
      ),
    ],
    [text('health.about.link'), groupWords(speech, network?.linkGroup ?? null)],
    [text('health.about.retention'), or(network?.retentionMs, (ms) => duration(speech, ms))],
    [
      text('health.about.epoch'),
      or(network?.epoch, (epoch) => text('health.about.epoch.value', { epoch })),
    ],
  ];
}

function groupWords({ text }: Speech, group: string | null): string {
  if (group === null) return text('health.about.link.none');
  const isHybrid = /mlkem/i.test(group);
  return text(`health.about.link.${isHybrid ? 'hybrid' : 'plain'}`, { group });
}
