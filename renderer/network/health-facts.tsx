// The three facts of the page: how long a message takes, how many loops came back, when mail was
// fetched. Numbers come with their interval and their count.
import type { Health } from '../../shared/api-health.ts';
import type { Speech } from '../strings/language.ts';
import { useSpeech } from '../strings/speech.tsx';
import { duration, percent, range, seconds } from './durations.ts';
import { Fact, Facts } from './facts.tsx';
import { isTrouble } from './health-words.ts';
import { IntervalBar } from './interval-bar.tsx';

/** Where the drawn scale of the share begins, unless its interval reaches below. */
const SCALE_FROM = 0.85;

export function HealthFacts({ health }: { readonly health: Health }) {
  const speech = useSpeech();
  const { text } = speech;
  const { rate } = health.loops;
  const from = rate !== null && rate.low < SCALE_FROM ? 0 : SCALE_FROM;
  return (
    <Facts>
      <Fact
        label={text('health.takes')}
        value={takesValue(speech, health)}
        lines={[takesLine(speech, health), queueLine(speech, health)]}
      />
      <Fact
        label={text('health.back', { time: duration(speech, health.loops.spanMs) })}
        value={backValue(speech, health)}
        graphic={rate === null ? null : <IntervalBar {...rate} from={from} />}
        lines={backLines(speech, health)}
      />
      <Fact
        label={text('health.fetched')}
        value={fetchedValue(speech, health)}
        lines={fetchedLines(speech, health)}
      />
    </Facts>
  );
}

function takesValue(speech: Speech, health: Health): string {
  if (isTrouble(health)) return speech.text('health.takes.stopped');
  if (health.usual === null) return speech.text('health.takes.unknown');
  return range(speech, health.usual, false);
}

function takesLine(speech: Speech, health: Health): string {
  const { text } = speech;
  const { usual, measured } = health;
  if (usual === null) return text('health.takes.needed', { needed: measured.needed });
  if (isTrouble(health)) {
    return text('health.takes.before', { time: range(speech, usual, false) });
  }
  const half = seconds(speech, usual.fromMs);
  return text('health.takes.detail', { half, most: seconds(speech, usual.toMs) });
}

function queueLine(speech: Speech, { queue, isHolding }: Health): string {
  const { text } = speech;
  const { messages, departureMs } = queue;
  if (messages === 0) return text('health.queue.none');
  if (isHolding || departureMs === null) return text('health.queue.held', { messages });
  return text('health.queue', { messages, time: duration(speech, departureMs) });
}

function backValue({ text, formats }: Speech, { loops }: Health): string {
  const { returned, late, lost } = loops;
  const decided = returned + late + lost;
  if (decided === 0) return text('health.back.none');
  return text('health.back.value', {
    back: formats.number(returned + late),
    decided: formats.number(decided),
  });
}

const reasons = ['sleep', 'reconnect', 'key_change', 'no_token'] as const;

function backLines(speech: Speech, { loops }: Health): readonly string[] {
  const { text } = speech;
  const lines: string[] = [];
  if (loops.rate !== null) {
    const { estimate, low, high } = loops.rate;
    const shares = {
      estimate: percent(speech, estimate),
      low: percent(speech, low),
      high: percent(speech, high),
    };
    const late = loops.late === 0 ? '' : ` ${text('health.back.late', { late: loops.late })}`;
    lines.push(text('health.back.detail', shares) + late);
  }
  const why = reasons
    .filter((reason) => loops.voided[reason] > 0)
    .map((reason) => text(`health.void.${reason}`));
  lines.push(
    loops.void === 0
      ? text('health.back.void.none')
      : text('health.back.void', { count: loops.void, reasons: why.join(', ') }),
  );
  return lines;
}

function fetchedValue(speech: Speech, { pulls }: Health): string {
  const { text } = speech;
  if (pulls.lastAgoMs === null) return text('health.fetched.never');
  if (pulls.lastAgoMs < 1_000) return text('health.fetched.now');
  return text('health.fetched.ago', { time: duration(speech, pulls.lastAgoMs) });
}

function fetchedLines(speech: Speech, { pulls, network }: Health): readonly string[] {
  const { text } = speech;
  const { intervalMs, backlog } = pulls;
  const provider = network?.provider ?? null;
  const lines: string[] = [];
  if (intervalMs !== null && provider !== null) {
    const time = intervalMs < 1_000 ? seconds(speech, intervalMs) : duration(speech, intervalMs);
    lines.push(text('health.fetched.detail', { provider, time }));
  }
  if (backlog > 0) lines.push(text('health.fetched.backlog', { count: backlog }));
  return lines;
}
