// What is said of the network: the line under the list, the sentence with its cause and action. A
// state names what is known; what is not measured is not claimed.
import type { Health } from '../../shared/api-health.ts';
import type { Speech } from '../strings/language.ts';
import { duration, range, shortDuration } from './durations.ts';

/** Without a return for so long, that is told. */
const SILENCE_TOLD_MS = 20_000;

/** "Network good", "messages take 3 to 7 s". */
export type LineWords = { readonly words: string; readonly fact: string };

export function lineWords(speech: Speech, health: Health): LineWords {
  const { text } = speech;
  if (health.state === 'none')
    return { words: text('network.none'), fact: text('network.none.detail') };
  return { words: text(`health.state.${health.state}`), fact: factOf(speech, health) };
}

function factOf(speech: Speech, health: Health): string {
  const { text } = speech;
  const { state, usual, measured } = health;
  switch (state) {
    case 'none':
      return text('network.none.detail');
    case 'connecting':
      return text('health.fact.since', { time: shortDuration(speech, health.forMs) });
    case 'measuring':
      return text('health.fact.measuring', measured);
    case 'good':
      return usual === null ? '' : text('health.fact.takes', { time: range(speech, usual, true) });
    case 'slow':
      return usual === null ? '' : range(speech, usual, true);
    case 'degraded':
      return text('health.fact.degraded');
    case 'failing':
      return text(health.isHolding ? 'health.fact.held' : 'health.fact.let_go');
    case 'offline':
    case 'stale':
      return text('health.fact.wait');
    case 'clock_wrong': {
      const { clockAheadMs } = health;
      if (clockAheadMs === null) return '';
      return text('health.fact.by', { time: shortDuration(speech, Math.abs(clockAheadMs)) });
    }
  }
}

/** The sentence at the head of the page, and what stands behind it or can be done. */
export type HeadWords = { readonly title: string; readonly detail: string };

export function headWords(speech: Speech, health: Health): HeadWords {
  const { text } = speech;
  const { state } = health;
  switch (state) {
    case 'none':
    case 'stale':
    case 'connecting':
      return said(speech, state);
    case 'measuring':
      return {
        title: text('health.head.measuring', health.measured),
        detail: text('health.head.measuring.detail'),
      };
    case 'good':
      return { title: goodTitle(speech, health), detail: goodDetail(speech, health) };
    case 'slow':
      return { title: slowTitle(speech, health), detail: text('health.head.slow.detail') };
    case 'degraded':
      return {
        title: text('health.head.degraded'),
        detail: suspectWords(speech, health) ?? text('health.head.degraded.detail', back(health)),
      };
    case 'failing': {
      const key = health.isHolding ? 'failing' : 'let_go';
      const detail = text(`health.head.${key}.detail`);
      return {
        title: text(`health.head.${key}`),
        detail: `${failingCause(speech, health)} ${detail}`,
      };
    }
    case 'offline':
      return said(speech, health.refusal ?? 'offline');
    case 'clock_wrong':
      return { title: clockTitle(speech, health), detail: text('health.head.clock_wrong.detail') };
  }
}

/** A silence says more than a count of the time before it. */
function failingCause(speech: Speech, health: Health): string {
  const { lastBackAgoMs } = health.loops;
  if (lastBackAgoMs !== null && lastBackAgoMs < SILENCE_TOLD_MS) {
    return speech.text('health.head.failing.share', back(health));
  }
  const time = duration(speech, lastBackAgoMs ?? health.loops.spanMs);
  return speech.text('health.head.failing.silence', { time });
}

function said(
  { text }: Speech,
  key: 'none' | 'stale' | 'connecting' | 'offline' | 'refused' | 'provider_gone',
): HeadWords {
  return { title: text(`health.head.${key}`), detail: text(`health.head.${key}.detail`) };
}

function goodTitle(speech: Speech, { usual }: Health): string {
  const { text } = speech;
  if (usual === null) return text('health.head.good.unknown');
  return text('health.head.good', { time: duration(speech, usual.toMs) });
}

function goodDetail(speech: Speech, health: Health): string {
  const { text } = speech;
  const suspect = suspectWords(speech, health);
  if (suspect !== null) return suspect;
  const { lost } = health.loops;
  if (lost === 0) return text('health.head.good.detail');
  return text('health.head.good.lost', {
    lost,
    decided: back(health).decided,
    again: text('health.head.again'),
  });
}

function slowTitle(speech: Speech, { usual }: Health): string {
  const { text } = speech;
  if (usual === null) return text('health.head.slow.unknown');
  return text('health.head.slow', { time: range(speech, usual, false) });
}

function clockTitle(speech: Speech, { clockAheadMs }: Health): string {
  const { text } = speech;
  if (clockAheadMs === null) return text('health.head.clock_wrong');
  const time = duration(speech, Math.abs(clockAheadMs));
  return text(`health.head.clock_wrong.${clockAheadMs > 0 ? 'behind' : 'ahead'}`, { time });
}

/** Of the one node that stands out, how much less comes back over it than over its layer. */
function suspectWords(speech: Speech, { nodes }: Health): string | null {
  const [suspect, ...others] = nodes.filter(({ state }) => state === 'suspected');
  if (suspect === undefined || suspect.layer === null || others.length > 0) return null;
  const loss = lossOf(suspect, nodes);
  if (loss === 0) return null;
  const { layer, name: node } = suspect;
  const again = speech.text('health.head.again');
  const number = Math.round(1 / loss);
  return speech.text('health.head.suspected', { node, layer, number, again });
}

/** What a node loses that the others of its layer do not: 0 to 1. */
export function lossOf(node: Health['nodes'][number], nodes: Health['nodes']): number {
  const shares = nodes
    .filter((other) => other !== node && other.layer === node.layer && other.state !== 'suspected')
    .flatMap(({ rate }) => (rate === null ? [] : [rate.estimate]));
  const usual = shares.length === 0 ? 1 : Math.max(...shares);
  const own = node.rate?.estimate ?? 0;
  return usual === 0 ? 0 : Math.min(1, Math.max(0, 1 - own / usual));
}

function back({ loops }: Health): { readonly back: number; readonly decided: number } {
  const { returned, late, lost } = loops;
  return { back: returned + late, decided: returned + late + lost };
}

/** States that a banner above the list tells of, once they have lasted. */
export function isTrouble({ state }: Health): boolean {
  return state === 'failing' || state === 'offline' || state === 'clock_wrong' || state === 'stale';
}
