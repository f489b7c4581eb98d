// Own loops over time, for a chart and its table: round trips and losses in equal steps of the wall
// clock, and when this computer slept or had no link.
import type { LoopOutcome } from './delivery.ts';
import { quantile } from './quantile.ts';

/** What is shown, the shortest that holds all that is known, and in how many steps. */
export const SPANS: readonly { readonly spanMs: number; readonly steps: number }[] = [
  { spanMs: 5 * 60_000, steps: 30 },
  { spanMs: 15 * 60_000, steps: 45 },
  { spanMs: 60 * 60_000, steps: 60 },
];
/** Pauses that are remembered; the oldest go. */
export const PAUSES_MAX = 64;
/** A look so much later than the one before it was a sleep, or a process that stood still. */
export const SLEEP_MS_MIN = 10_000;

export type TimedLoop = {
  readonly outcome: LoopOutcome;
  readonly sentUnixMs: number;
  /** From leaving until it was fetched; null of those that did not come back. */
  readonly roundTripMs: number | null;
};

export type HistoryStep = {
  readonly fromUnixMs: number;
  readonly returned: number;
  readonly late: number;
  readonly lost: number;
  readonly void: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
};

export type Pause = {
  readonly kind: 'slept' | 'offline';
  readonly fromUnixMs: number;
  readonly toUnixMs: number;
};

/** The span that holds everything since `sinceUnixMs`, the longest where none does. */
export function spanOf(sinceUnixMs: number, nowUnixMs: number): (typeof SPANS)[number] {
  const wanted = SPANS.find(({ spanMs }) => nowUnixMs - sinceUnixMs <= spanMs) ?? SPANS.at(-1);
  if (wanted === undefined) throw new Error('must hold: there is a span');
  return wanted;
}

/**
 * The steps of a span, oldest first; they begin at whole steps of the wall clock, so that a loop
 * does not move from one to the other while it is looked at. The last holds `nowUnixMs`.
 */
export function historyOf(
  loops: readonly TimedLoop[],
  { spanMs, steps }: (typeof SPANS)[number],
  nowUnixMs: number,
): HistoryStep[] {
  const stepMs = spanMs / steps;
  const endUnixMs = (Math.floor(nowUnixMs / stepMs) + 1) * stepMs;
  const fromUnixMs = endUnixMs - spanMs;
  const byStep: TimedLoop[][] = Array.from({ length: steps }, () => []);
  for (const loop of loops) byStep[Math.floor((loop.sentUnixMs - fromUnixMs) / stepMs)]?.push(loop);
  return byStep.map((inStep, index) => {
    const count = (outcome: LoopOutcome) =>
      inStep.filter((loop) => loop.outcome === outcome).length;
    const times = inStep.flatMap(({ roundTripMs }) => (roundTripMs === null ? [] : [roundTripMs]));
    return {
      fromUnixMs: fromUnixMs + index * stepMs,
      returned: count('returned'),
      late: count('late'),
      lost: count('lost'),
      void: count('void'),
      p50Ms: quantile(times, 0.5),
      p95Ms: quantile(times, 0.95),
    };
  });
}

/**
 * A wall clock for instants of the monotonic one, which on most systems stands still while a
 * computer sleeps, and the pauses in between. Told of both clocks every few seconds.
 */
export class Timeline {
  #offsets: { readonly fromMonotonicMs: number; readonly offsetMs: number }[] = [];
  #pauses: Pause[] = [];
  #last: { readonly monotonicMs: number; readonly unixMs: number } | null = null;
  #wasOnline = true;

  get pauses(): readonly Pause[] {
    return this.#pauses;
  }

  look(now: { readonly monotonicMs: number; readonly unixMs: number }, isOnline: boolean): void {
    const last = this.#last;
    const offsetMs = now.unixMs - now.monotonicMs;
    const known = this.#offsets.at(-1)?.offsetMs;
    if (known === undefined || Math.abs(offsetMs - known) > 1_000) {
      this.#offsets.push({ fromMonotonicMs: last?.monotonicMs ?? -Infinity, offsetMs });
      if (this.#offsets.length > PAUSES_MAX) this.#offsets.shift();
    }
    if (last !== null && now.unixMs - last.unixMs >= SLEEP_MS_MIN) {
      this.#add({ kind: 'slept', fromUnixMs: last.unixMs, toUnixMs: now.unixMs });
    } else if (last !== null && !isOnline && !this.#wasOnline) {
      this.#add({ kind: 'offline', fromUnixMs: last.unixMs, toUnixMs: now.unixMs });
    }
    this.#wasOnline = isOnline;
    this.#last = now;
  }

  /** When something was by the wall clock as it was then. */
  unixOf(monotonicMs: number): number {
    const before = this.#offsets.findLast(({ fromMonotonicMs }) => fromMonotonicMs < monotonicMs);
    return monotonicMs + (before ?? this.#offsets[0] ?? { offsetMs: 0 }).offsetMs;
  }

  /** Joins what follows a pause of the same kind. */
  #add(pause: Pause): void {
    const last = this.#pauses.at(-1);
    const isJoined = last?.kind === pause.kind && last.toUnixMs === pause.fromUnixMs;
    if (isJoined) this.#pauses.pop();
    this.#pauses.push(isJoined ? { ...pause, fromUnixMs: last.fromUnixMs } : pause);
    if (this.#pauses.length > PAUSES_MAX) this.#pauses.shift();
  }
}
