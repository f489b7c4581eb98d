// A report to hand to somebody who helps: numbers and states alone. No name of a node, a network or
// a person, no key, no path, no time of a single loop.
import type { Health } from '../../shared/api-health.ts';

const ms = (value: number | null | undefined) =>
  value === null || value === undefined ? 'unknown' : `${Math.round(value)} ms`;

/** English whatever the window speaks: it is for whoever looks into a fault. */
export function redactedReport(health: Health, version: string | null): string {
  const { loops, usual, roundTrip, history, pulls, queue, emissions, cost, network } = health;
  const rate =
    loops.rate === null
      ? 'unknown'
      : [loops.rate.low, loops.rate.estimate, loops.rate.high]
          .map((share) => `${(share * 100).toFixed(1)} %`)
          .join(' / ');
  const perLayer = [1, 2, 3].map((layer) => layerLine(health, layer)).filter((line) => line !== '');
  const voided = Object.entries(loops.voided).map(([reason, count]) => `${reason} ${count}`);
  return [
    'Eddy network report',
    'Without names, addresses, keys, paths and contents.',
    '',
    `version: ${version ?? 'unknown'}`,
    `state: ${health.state}, for ${ms(health.forMs)}${health.isHolding ? ', holding' : ''}`,
    `refusal: ${health.refusal ?? 'none'}`,
    `clock ahead: ${health.clockAheadMs === null ? 'fine' : ms(health.clockAheadMs)}`,
    `traffic: ${network?.traffic ?? 'unknown'}, ${network?.isLocal === true ? '' : 'not '}local`,
    `link: ${network?.linkGroup ?? 'none'}, retention ${ms(network?.retentionMs)}`,
    `loops in ${ms(loops.spanMs)}: returned ${loops.returned}, late ${loops.late}`,
    `lost: ${loops.lost}`,
    `rate, low / estimate / high: ${rate}`,
    `void: ${loops.void} (${voided.join(', ')}), on their way: ${loops.flying}`,
    `round trip: p50 ${ms(roundTrip?.p50Ms)}, p95 ${ms(roundTrip?.p95Ms)}`,
    `expected: p50 ${ms(history.expectedMs)}`,
    `message: p50 ${ms(usual?.fromMs)}, p95 ${ms(usual?.toMs)}`,
    `pull: ${ms(pulls.lastAgoMs)} ago, every ${ms(pulls.intervalMs)}, backlog ${pulls.backlog}`,
    `queue: ${queue.messages} messages, ${queue.packets} packets`,
    `sent: ${emissions.messages} messages, ${emissions.loops} loops, ${emissions.drops} drops`,
    `left out: ${emissions.forfeited}, in ${ms(emissions.sinceMs)}`,
    `rate: ${cost?.packetsPerSecond ?? 'unknown'} packets per second`,
    `pauses: ${history.pauses.length}`,
    ...perLayer,
    '',
  ].join('\n');
}

/** How the nodes of a layer did, the worst first, without saying which they are. */
function layerLine({ nodes }: Health, layer: number): string {
  const inLayer = nodes.filter((node) => node.layer === layer);
  if (inLayer.length === 0) return '';
  const shares = inLayer
    .toSorted((a, b) => (a.rate?.estimate ?? 1) - (b.rate?.estimate ?? 1))
    .map(({ returned, loops, state }) => `${returned}/${loops} ${state}`);
  return `layer ${layer}: ${shares.join(', ')}`;
}
